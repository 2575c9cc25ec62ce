package tree

import (
	"bytes"
	"errors"
	"math/rand"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

func resource(t testing.TB, text string) Key {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return ResourceKey(r)
}

func TestKey_TREE1_each_kind_has_its_subtree(t *testing.T) {
	id := wire.Hash{1, 2, 3}
	for _, c := range []struct {
		name string
		key  Key
		s    Subtree
		bits uint16
	}{
		{"an IPv4 prefix", resource(t, "192.0.2.0/24"), IPv4, 24},
		{"an IPv6 prefix", resource(t, "2001:db8::/32"), IPv6, 32},
		{"an AS number", resource(t, "AS64496"), ASN, 32},
		{"an account", AccountKey(wire.Address{9}), Accounts, 160},
		{"a body", HashKey(Bodies, id), Bodies, 256},
		{"a parameter", HashKey(Parameters, id), Parameters, 256},
		{"a dealing", HashKey(Dealings, id), Dealings, 256},
		{"something due", DueKey(7, 1, id), Due, 328},
	} {
		if c.key.Subtree != c.s || c.key.Len != c.bits || !c.key.Holds() {
			t.Errorf("%s: got %+v, want subtree %d, %d bits", c.name, c.key, c.s, c.bits)
		}
	}
	if at, rank, got, ok := DueKey(7, 1, id).Due(); at != 7 || rank != 1 || got != id || !ok {
		t.Errorf("due: got %d, %d, %v, %v", at, rank, got, ok)
	}
	if r := resource(t, "2001:db8::/32").Resource(); r.String() != "2001:db8::/32" {
		t.Errorf("got resource %v", r)
	}
}

func TestState_TREE1_families_stay_apart(t *testing.T) {
	four, six := resource(t, "192.0.2.0/24"), resource(t, "::/0")
	mapped := six
	mapped.Len = 120
	copy(mapped.Addr[10:], []byte{0xff, 0xff, 192, 0, 2})
	as := four
	as.Subtree = ASN
	e := State{}.Edit()
	e.Put(Leaf{Key: four, Value: wire.Hash{1}})
	s := e.Freeze()
	for _, k := range []Key{mapped, as} {
		if _, ok := s.Get(k); ok || len(s.Path(k)) > 0 {
			t.Errorf("%v is found at %v", four, k)
		}
		if _, err := VerifyPoint(s.Root(), k, s.Prove(four)); err == nil {
			t.Errorf("the proof of %v holds for %v", four, k)
		}
	}
}

func TestKey_TREE2_no_bit_beyond_the_length(t *testing.T) {
	k := resource(t, "192.0.2.0/24")
	for _, c := range []struct {
		name string
		edit func(*Key)
	}{
		{"a bit beyond the length", func(k *Key) { k.Addr[3] = 1 }},
		{"a bit beyond the width", func(k *Key) { k.Addr[40] = 1 }},
		{"longer than the family", func(k *Key) { k.Len = 33 }},
		{"no such subtree", func(k *Key) { k.Subtree = 8 }},
	} {
		bad := k
		c.edit(&bad)
		if bad.Valid() || bad.Holds() {
			t.Errorf("%s: valid", c.name)
		}
		if bad.Subtree < SubtreeCount {
			if _, err := VerifyPoint(wire.Hash{}, bad, State{}.Prove(k)); !errors.Is(err, ErrKey) {
				t.Errorf("%s: got %v, want %v", c.name, err, ErrKey)
			}
		}
	}
}

func TestPut_TREE3_fixed_length_is_full_width(t *testing.T) {
	short := AccountKey(wire.Address{9}).cut(159)
	if short.Holds() || !short.Valid() {
		t.Fatal("159 bits of an account are a key that holds nothing")
	}
	if _, err := Build(func(yield func(Leaf) bool) { yield(Leaf{Key: short}) }); !errors.Is(err, ErrKey) {
		t.Errorf("Build: got %v, want %v", err, ErrKey)
	}
	if err := checkList(window{lo: RootKey(Accounts), hi: RootKey(Accounts).last()}, []KeyValue{{Key: short}}); !errors.Is(err, ErrKey) {
		t.Errorf("list: got %v, want %v", err, ErrKey)
	}
	defer func() {
		if recover() == nil {
			t.Error("Put took it")
		}
	}()
	State{}.Edit().Put(Leaf{Key: short})
}

func TestKey_TREE4_bytes_sort_as_keys(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for range 20_000 {
		a, b := randomQuery(r), randomQuery(r)
		if got, want := a.Compare(b), bytes.Compare(a.Bytes(), b.Bytes()); (got > 0) != (want > 0) || (got < 0) != (want < 0) {
			t.Fatalf("%v and %v: got %d, want %d", a, b, got, want)
		}
		if back, err := ParseKey(a.Bytes()); err != nil || back != a {
			t.Fatalf("%v: got %v, %v", a, back, err)
		}
		if a.Covers(b) != covers(a, b) {
			t.Fatalf("%v covers %v: got %v", a, b, a.Covers(b))
		}
		next, ok := a.Next()
		if ok && (a.Compare(next) >= 0 || !next.Valid()) || !ok && a != RootKey(a.Subtree).last() {
			t.Fatalf("after %v: got %v, %v", a, next, ok)
		}
		if ok && a.Subtree == b.Subtree && b.Compare(a) > 0 && b.Compare(next) < 0 {
			t.Fatalf("%v lies between %v and its next %v", b, a, next)
		}
	}
}

func TestParseKey_TREE4_refuses(t *testing.T) {
	good := resource(t, "192.0.2.0/24").Bytes()
	change := func(at int, to byte) []byte {
		raw := bytes.Clone(good)
		raw[at] = to
		return raw
	}
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"nothing", nil},
		{"too short", good[:6]},
		{"too long", append(bytes.Clone(good), 0)},
		{"no such subtree", change(0, 8)},
		{"another subtree's width", change(0, 1)},
		{"a bit beyond the length", change(4, 1)},
		{"a length beyond the width", change(6, 33)},
		{"a length beyond a byte", change(5, 1)},
	} {
		if k, err := ParseKey(c.raw); !errors.Is(err, ErrKey) {
			t.Errorf("%s: got %v, %v, want %v", c.name, k, err, ErrKey)
		}
	}
}

func FuzzParseKey_TREE4(f *testing.F) {
	f.Add(resource(f, "2001:db8::/32").Bytes())
	f.Add(DueKey(1, 2, wire.Hash{3}).Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if k, err := ParseKey(raw); err == nil && !bytes.Equal(k.Bytes(), raw) {
			t.Fatalf("%x re-encodes to %x", raw, k.Bytes())
		}
	})
}
