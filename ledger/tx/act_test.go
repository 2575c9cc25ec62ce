package tx

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

func TestSamples_ACT2(t *testing.T) {
	seen := map[Kind]bool{}
	for _, a := range append(samples(), byKey(t)) {
		seen[a.Body.Kind()] = true
		wantRule(t, a.Body.Kind().String(), a.Check(), "")
	}
	names := map[string]bool{}
	for kind, k := range kinds {
		if !seen[kind] || k.empty().Kind() != kind {
			t.Errorf("%v has no sample or another kind's body", kind)
		}
		if want := reflect.TypeOf(k.empty()).Elem().Name(); k.name != want || names[k.name] {
			t.Errorf("kind %d is named %s, its body %s", kind, k.name, want)
		}
		names[k.name] = true
	}
}

// counter counts the fields that a walk shows.
type counter struct{ names []string }

func (c *counter) number(name string, _ *uint64, _ uint64) { c.names = append(c.names, name) }
func (c *counter) flag(name string, _ *bool)               { c.names = append(c.names, name) }
func (c *counter) text(name string, _ *string, _ int)      { c.names = append(c.names, name) }
func (c *counter) bytes(name string, _ *[]byte, _ int)     { c.names = append(c.names, name) }
func (c *counter) address(name string, _ *wire.Address)    { c.names = append(c.names, name) }
func (c *counter) hash(name string, _ *wire.Hash)          { c.names = append(c.names, name) }
func (c *counter) resource(name string, _ *wire.Resource)  { c.names = append(c.names, name) }
func (c *counter) keys(name string, _ *[]account.Key)      { c.names = append(c.names, name) }

// Each walk shows every field once, under a name that no other has, so that a
// wallet's flat message has a place for each.
func TestWalk_ACT3_ACT8(t *testing.T) {
	for kind, k := range kinds {
		body, c := k.empty(), new(counter)
		body.walk(c)
		new(Header).walk(c)
		want := reflect.TypeOf(body).Elem().NumField() + reflect.TypeFor[Header]().NumField()
		if len(c.names) != want {
			t.Errorf("%v: the walks show %d fields of %d", kind, len(c.names), want)
		}
		if want > MembersMax {
			t.Errorf("%v: %d members, at most %d", kind, want, MembersMax)
		}
		slices.Sort(c.names)
		if dup := slices.Compact(slices.Clone(c.names)); len(dup) != len(c.names) {
			t.Errorf("%v: one name twice in %v", kind, c.names)
		}
	}
}

// change alters one value as little as it can.
func change(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *uint64:
		*x ^= 1
	case *Clause, *ChargeMode, *Purpose:
		v.SetUint(v.Uint() ^ 3)
	case *Ground, *Verdict, *OrderState:
		v.SetUint(v.Uint() ^ 1)
	case *bool:
		*x = !*x
	case *string:
		if *x == "" { // a field that this act leaves empty
			*x = "x"
			return
		}
		*x = (*x)[:len(*x)-1] + string((*x)[len(*x)-1]^1)
	case *[]byte:
		if *x = bytes.Clone(*x); len(*x) == 0 {
			*x = []byte{0}
		}
		(*x)[len(*x)-1] ^= 1
	case *wire.Address:
		x[19] ^= 1
	case *wire.Hash:
		x[31] ^= 1
	case *wire.Resource:
		x.Addr[(x.Len-1)/8] ^= 1 << ((8 - x.Len%8) % 8)
	case *[]account.Key:
		*x = slices.Clone(*x)
		(*x)[len(*x)-1].Addr[19] ^= 1
	default:
		panic(v.Type().String())
	}
}

// For every kind and every field of it: a change changes the bytes and what is
// signed, and both forms keep it.
func TestEveryField_ACT3_ACT9(t *testing.T) {
	for i, a := range samples() {
		raw, id := a.Encode(), a.ID(salt)
		again, err := Decode(raw)
		if err != nil || !reflect.DeepEqual(again, a) {
			t.Fatalf("%v: not read back: %v", a.Body.Kind(), err)
		}
		bodyFields := reflect.TypeOf(a.Body).Elem().NumField()
		for f := range bodyFields + reflect.TypeFor[Header]().NumField() {
			b := samples()[i]
			v := reflect.ValueOf(b.Body).Elem()
			name := ""
			if f < bodyFields {
				name, v = v.Type().Field(f).Name, v.Field(f)
			} else {
				h := reflect.ValueOf(&b.Header).Elem()
				name, v = h.Type().Field(f-bodyFields).Name, h.Field(f-bodyFields)
			}
			change(v)
			if bytes.Equal(b.Encode(), raw) {
				t.Errorf("%v: a change of %s leaves the bytes", a.Body.Kind(), name)
			}
			if b.ID(salt) == id {
				t.Errorf("%v: a change of %s leaves what is signed", a.Body.Kind(), name)
			}
			if back, err := Decode(b.Encode()); err != nil || !reflect.DeepEqual(back, b) {
				t.Errorf("%v: a change of %s is not read back: %v", a.Body.Kind(), name, err)
			}
		}
	}
}

func TestID_ACT9(t *testing.T) {
	a := samples()[2]
	before := a.ID(salt)
	if a.ID(mark(1)) == before {
		t.Error("two chains know one act by one id")
	}
	if signed(t, a, 3); a.ID(salt) != before {
		t.Error("signatures change the id")
	}
	ids := map[wire.Hash]Kind{}
	for _, a := range samples() {
		a.Header = Header{Rules: RulesVersion}
		if other, dup := ids[a.ID(salt)]; dup {
			t.Errorf("%v and %v have one id", other, a.Body.Kind())
		}
		ids[a.ID(salt)] = a.Body.Kind()
	}
	// Two kinds with the same fields differ by their type alone.
	accept := New(Header{}, &TransferAccept{Offer: mark(1), Resource: resource("AS1"), Value: mark(2)})
	grant := New(Header{}, &GrantAccept{Offer: mark(1), Resource: resource("AS1"), Value: mark(2)})
	if accept.ID(salt) == grant.ID(salt) {
		t.Error("the kind is not part of what is signed")
	}
}

// bounder puts one field, the n-th, just above its bound or on it.
type bounder struct {
	n, at int
	above bool
	hit   string // the field, or empty where it has no bound below its type's
}

func (b *bounder) turn() bool { b.at++; return b.at == b.n }

func (b *bounder) number(name string, v *uint64, most uint64) {
	if b.turn() && most < most64 {
		*v, b.hit = most, name
		if b.above {
			*v++
		}
	}
}

func (b *bounder) text(name string, v *string, bytesMax int) {
	if b.turn() {
		*v, b.hit = strings.Repeat("n", bytesMax), name
		if b.above {
			*v += "n"
		}
	}
}

func (b *bounder) bytes(name string, v *[]byte, most int) {
	if b.turn() {
		*v, b.hit = make([]byte, most), name
		if b.above {
			*v = append(*v, 0)
		}
	}
}

func (b *bounder) keys(name string, v *[]account.Key) {
	if b.turn() {
		*v, b.hit = make([]account.Key, account.KeysMax), name
		if b.above {
			*v = make([]account.Key, account.KeysMax+1)
		}
	}
}

func (b *bounder) flag(string, *bool)              { b.turn() }
func (b *bounder) address(string, *wire.Address)   { b.turn() }
func (b *bounder) hash(string, *wire.Hash)         { b.turn() }
func (b *bounder) resource(string, *wire.Resource) { b.turn() }

// For every kind and every field that has a bound: the bound is read, one more
// is refused.
func TestEveryBound_ACT4(t *testing.T) {
	hits := 0
	for i := range samples() {
		for n := 1; n <= MembersMax; n++ {
			for _, above := range []bool{false, true} {
				a := samples()[i]
				b := &bounder{n: n, above: above}
				a.Body.walk(b)
				a.Header.walk(b)
				if b.hit == "" {
					continue
				}
				hits++
				_, err := Decode(a.Encode())
				rule := ""
				if above {
					rule = "ACT-4"
				}
				wantRule(t, a.Body.Kind().String()+" "+b.hit, err, rule)
			}
		}
	}
	if hits == 0 {
		t.Error("no field has a bound")
	}
}

// The largest act that the bounds of its fields allow fits the bound of all.
func TestLargest_ACT1(t *testing.T) {
	for _, a := range samples() {
		for n := 1; n <= MembersMax; n++ {
			b := &bounder{n: n}
			a.Body.walk(b)
			a.Header.walk(b)
		}
		a.Policy, a.Number, a.Expires = most64, most64, most64
		a.Signatures = make([]account.Signature, account.SignaturesMax)
		raw, most := a.Encode(), BytesMax
		if a.Body.Kind() == KindEvidence {
			most = LargestBytesMax
		}
		if len(raw) > most {
			t.Errorf("%v: %d bytes, at most %d", a.Body.Kind(), len(raw), most)
		}
		if _, err := Decode(raw); err != nil {
			t.Errorf("%v: %v", a.Body.Kind(), err)
		}
	}
	_, err := Decode(make([]byte, BytesMax+1))
	wantRule(t, "4097 bytes", err, "ACT-1")
	large := make([]byte, LargestBytesMax+1)
	for _, c := range []struct {
		why, head string
		size      int
		rule      string
	}{
		{"a transfer of 4097 bytes", "\xf9\x0f\xfe\x0a", BytesMax + 1, "ACT-1"},
		{"evidence of 4097 bytes", "\xf9\x0f\xfe\x30", BytesMax + 1, "WIRE-1"},
		{"evidence of 69,632 bytes", "\xfa\x01\x0f\xfc\x30", LargestBytesMax, "WIRE-1"},
		{"evidence of 69,633 bytes", "\xfa\x01\x0f\xfd\x30", LargestBytesMax + 1, "ACT-1"},
		{"a length of four bytes", "\xfb\x00\x01\x0f\xfb\x30", LargestBytesMax, "ACT-1"},
		{"a string", "\xb9\x0f\xfe\x30", BytesMax + 1, "ACT-1"},
		{"a kind of two bytes", "\xf9\x0f\xfe\x81\x30", BytesMax + 1, "ACT-1"},
	} {
		copy(large, c.head)
		_, err := Decode(large[:c.size])
		wantRule(t, c.why, err, c.rule)
	}
}

func FuzzDecode_WIRE1(f *testing.F) {
	for _, a := range samples() {
		f.Add(signed(f, a, 1).Encode())
	}
	f.Add(byWork(f).Encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := Decode(raw)
		if err == nil && !bytes.Equal(a.Encode(), raw) {
			t.Errorf("%x is written again as %x", raw, a.Encode())
		}
		if _, err := Verify(raw, salt); err == nil && a == nil {
			t.Errorf("%x verifies and is not decoded", raw)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	a := samples()[2]
	a.Bundle, a.Index, a.Count = wire.Hash{}, 0, 0
	raw := signed(b, a, 1).Encode()
	known := func(wire.Hash, []byte) bool { return true }
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Verify(raw, salt); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := VerifyWith(raw, salt, known); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("id", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a.ID(salt)
		}
	})
}
