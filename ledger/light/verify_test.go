package light

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// refusedBy checks that err is of the class and names the rule.
func refusedBy(t *testing.T, err error, class error, rule string) {
	t.Helper()
	if !errors.Is(err, class) || !strings.Contains(err.Error(), "("+rule+")") {
		t.Errorf("got %v, want %v by %s", err, class, rule)
	}
}

func TestVerify_everyKind(t *testing.T) {
	files, trust := samples(t)
	for name, f := range files {
		v, err := Verify(f.Bytes(), trust)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v.Height != testHeight || v.Time != clockZero || v.Statement == "" || v.Basis == "" {
			t.Errorf("%s: got %+v", name, v)
		}
		if w, err := Inspect(f.Bytes()); err != nil || !strings.Contains(w.Basis, "NOT compared") {
			t.Errorf("%s: inspect gives %v, %v", name, w, err)
		}
	}
	if size := len(files["resource"].Bytes()); size > 6000 {
		t.Errorf("a point proof file of four validators has %d bytes, at most 6000 wanted", size)
	}
}

func TestVerify_answerOfResource(t *testing.T) {
	files, trust := samples(t)
	v, err := Verify(files["resource"].Bytes(), trust)
	if err != nil {
		t.Fatal(err)
	}
	a := v.Resource
	if a.State != "held" || a.Grade != record.GradeT || a.Title.Holder != alice || a.Possessor != customer || len(a.Estates) != 2 || len(a.Origins) != 2 || a.More {
		t.Errorf("got %+v", a)
	}
	for name, want := range map[string]string{"divided": Divided, "unregistered": Unregistered} {
		v, err := Verify(files[name].Bytes(), trust)
		if err != nil || v.Resource.State != want {
			t.Errorf("%s: got %+v, %v", name, v, err)
		}
	}
}

func TestVerify_PRF1(t *testing.T) {
	_, err := Parse(bytes.Repeat([]byte{'{'}, FileBytesMax+1))
	refusedBy(t, err, ErrForm, "PRF-1")
	_, err = TrustFromBytes(bytes.Repeat([]byte{' '}, TrustBytesMax+1))
	refusedBy(t, err, ErrForm, "PRF-1")
}

func TestParse_PRF2(t *testing.T) {
	files, _ := samples(t)
	good := string(files["resource"].Bytes())
	for name, bad := range map[string]string{
		"another letter case of a key": strings.Replace(good, `"format"`, `"Format"`, 1),
		"a key twice":                  strings.Replace(good, `  "kind"`, "  \"kind\": \"resource\",\n  \"kind\"", 1),
		"a key more":                   strings.Replace(good, `  "kind"`, "  \"note\": \"\",\n  \"kind\"", 1),
		"no newline at the end":        strings.TrimSuffix(good, "\n"),
		"two newlines":                 good + "\n",
		"upper-case digits":            strings.Replace(good, `"genesis_hash": "`, `"genesis_hash": "A`, 1),
		"another format":               strings.Replace(good, Format, "ipledger-proof/2", 1),
		"another kind":                 strings.Replace(good, `"kind": "resource"`, `"kind": "account"`, 1),
		"an escape":                    strings.Replace(good, "After block", `\u0041fter block`, 1),
		"steps that are null":          strings.Replace(good, `"steps": []`, `"steps": null`, 1),
		"nothing":                      "",
		"a bare null":                  "null\n",
	} {
		if bad == good {
			t.Errorf("%s: the case changes nothing", name)
		}
		if _, err := Parse([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: got %v, want %v", name, err, ErrForm)
		}
	}
	f := *files["resource"]
	f.Account = files["account"].Account
	_, err := Parse(f.Bytes())
	refusedBy(t, err, ErrForm, "PRF-2")
	f = *files["resource"]
	f.Steps = make([]Step, StepsMax+1)
	_, err = Parse(f.Bytes())
	refusedBy(t, err, ErrForm, "PRF-2")
}

func TestTrust_PRF3(t *testing.T) {
	_, trust := samples(t)
	good := trust.Bytes()
	again, err := TrustFromBytes(good)
	if err != nil || *again != *trust {
		t.Fatalf("got %v, %v", again, err)
	}
	for name, bad := range map[string]string{
		"a number for the height": strings.Replace(string(good), `"31"`, `31`, 1),
		"a zero before it":        strings.Replace(string(good), `"31"`, `"031"`, 1),
		"another order":           "{\n  \"genesis_hash\": \"\"\n}\n",
		"no chain id":             strings.Replace(string(good), testChain, "", 1),
		"height zero":             strings.Replace(string(good), `"31"`, `"0"`, 1),
	} {
		if _, err := TrustFromBytes([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: got %v, want %v", name, err, ErrForm)
		}
	}
}

// altered verifies a source with something changed after it was signed or before.
func altered(t *testing.T, change func(*Source)) error {
	t.Helper()
	c := newCommittee(1, 4)
	s := source(c, world(t), nil)
	change(&s)
	_, err := s.Resource(parse(t, "193.0.8.1/32"))
	return err
}

func TestVerify_PRF4(t *testing.T) {
	c := newCommittee(1, 4)
	refusedBy(t, altered(t, func(s *Source) { s.Certificate = c.certify(s.Next, 2) }), ErrProof, "PRF-4")
	refusedBy(t, altered(t, func(s *Source) { s.Next.Time.Seconds++ }), ErrProof, "PRF-4")
	refusedBy(t, altered(t, func(s *Source) { s.Validators = newCommittee(2, 4).set }), ErrProof, "PRF-4")
	if err := altered(t, func(s *Source) { s.Certificate = c.certify(s.Next, 1) }); err != nil {
		t.Errorf("three of four: %v", err)
	}
}

func TestVerify_PRF5(t *testing.T) {
	c := newCommittee(1, 4)
	refusedBy(t, altered(t, func(s *Source) { s.Block.Time.Seconds++ }), ErrProof, "PRF-5")
	refusedBy(t, altered(t, func(s *Source) {
		s.Block.Height--
		s.Next.LastBlock.Hash = s.Block.Hash()
		s.Certificate = c.certify(s.Next, 0)
	}), ErrProof, "PRF-5")
	files, trust := samples(t)
	f := *files["resource"]
	f.Height++
	_, err := Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-5")
	f = *files["resource"]
	f.ChainID = "another"
	_, err = Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-5")
}

func TestVerify_PRF6(t *testing.T) {
	files, trust := samples(t)
	raw := files["resource"].Bytes()
	for _, change := range []func(*Trust){
		func(t *Trust) { t.ChainID += "x" },
		func(t *Trust) { t.GenesisHash[0]++ },
		func(t *Trust) { t.ValidatorsHash[0]++ },
	} {
		other := *trust
		change(&other)
		_, err := Verify(raw, &other)
		refusedBy(t, err, ErrProof, "PRF-6")
	}
}

func TestVerify_PRF8(t *testing.T) {
	files, trust := samples(t)
	raw := files["resource"].Bytes()
	for _, height := range []uint64{testHeight, testHeight + 1} {
		pin := *trust
		pin.Height = height
		_, err := Verify(raw, &pin)
		refusedBy(t, err, ErrProof, "PRF-8")
	}
	c := newCommittee(1, 4)
	s := source(c, world(t), nil)
	pin := *trust
	pin.Height, pin.HeaderHash = testHeight+1, s.Next.Hash()
	f, err := s.Resource(parse(t, "193.0.8.1/32"))
	if _, err = file(t, f, err).Verify(&pin); err != nil {
		t.Error(err)
	}
}

func TestVerify_PRF9(t *testing.T) {
	refusedBy(t, altered(t, func(s *Source) { s.Log[0]++ }), ErrProof, "PRF-9")
	refusedBy(t, altered(t, func(s *Source) { s.State = tree.State{} }), ErrProof, "PRF-9")
	files, trust := samples(t)
	for name, change := range map[string]func(*ResourcePart){
		"a record less":  func(p *ResourcePart) { p.Records = p.Records[:1] },
		"a record more":  func(p *ResourcePart) { p.Records = append(p.Records, p.Records[0]) },
		"records turned": func(p *ResourcePart) { p.Records[0], p.Records[1] = p.Records[1], p.Records[0] },
		"another query":  func(p *ResourcePart) { p.Query = "193.0.8.2/32" },
		"a query amiss":  func(p *ResourcePart) { p.Query = "193.0.8.1/24" },
		"another root":   func(p *ResourcePart) { p.State[0]++ },
	} {
		f := *files["resource"]
		part := *f.Resource
		part.Records = append([]Hex{}, part.Records...)
		change(&part)
		f.Resource = &part
		_, err := Verify(f.Bytes(), trust)
		if name == "another query" && err == nil {
			t.Errorf("%s was taken", name)
		}
		if name != "another query" {
			refusedBy(t, err, ErrProof, "PRF-9")
		}
	}
	for name, record := range map[string]Hex{"no account": {1}, "account": {}} {
		f := *files[name]
		part := *f.Account
		part.Record = record
		f.Account = &part
		_, err := Verify(f.Bytes(), trust)
		refusedBy(t, err, ErrProof, "PRF-9")
	}
}

func TestVerify_PRF12(t *testing.T) {
	files, trust := samples(t)
	for name, change := range map[string]func(*ActPart){
		"another receipt":   func(p *ActPart) { p.Receipt = append(Hex{}, p.Receipt...); p.Receipt[len(p.Receipt)-1]++ },
		"another signature": func(p *ActPart) { p.Act = append(Hex{}, p.Act...); p.Act[len(p.Act)-1] ^= 1 },
		"another place": func(p *ActPart) {
			in, _ := chain.DecodeInclusion(p.Inclusion)
			in.Index = 0
			p.Inclusion = in.Bytes()
		},
		"no receipt": func(p *ActPart) { p.Receipt = nil },
	} {
		f := *files["act"]
		part := *f.Act
		change(&part)
		f.Act = &part
		_, err := Verify(f.Bytes(), trust)
		if err == nil {
			t.Errorf("%s was taken", name)
		}
		refusedBy(t, err, ErrProof, "PRF-12")
	}
	f := *files["act"]
	f.GenesisHash = wire.Hash{1}
	_, err := Verify(f.Bytes(), trust)
	refusedBy(t, err, ErrProof, "PRF-12")
}

func TestVerify_PRF13(t *testing.T) {
	files, trust := samples(t)
	for _, f := range files {
		g := *f
		g.Statement = strings.Replace(g.Statement, "lock", "lick", 1)
		_, err := Verify(g.Bytes(), trust)
		refusedBy(t, err, ErrProof, "PRF-13")
	}
}

// TestVerify_everyBit flips each bit of a small file, and of larger ones each or, where
// that was not asked for, one in eleven: none may verify.
func TestVerify_everyBit(t *testing.T) {
	files, trust := samples(t)
	step := map[string]int{"resource": 11, "no account": 1, "act": 11}
	for name := range step {
		if *everyBit {
			step[name] = 1
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := files[name].Bytes()
			for i := 0; i < 8*len(raw); i += step[name] {
				raw[i/8] ^= 1 << (i % 8)
				if _, err := Verify(raw, trust); !errors.Is(err, ErrForm) && !errors.Is(err, ErrProof) {
					t.Fatalf("bit %d of byte %d flipped: %v", i%8, i/8, err)
				}
				raw[i/8] ^= 1 << (i % 8)
			}
		})
	}
}

// TestVerify_manyBits flips one bit in eleven of the larger kinds.
func TestVerify_manyBits_PRF17_PRF18_PRF19(t *testing.T) {
	files, trust := samples(t)
	for _, name := range []string{"chain of title", "beneath", "holdings"} {
		raw := files[name].Bytes()
		for i := 0; i < 8*len(raw); i += 11 {
			raw[i/8] ^= 1 << (i % 8)
			if _, err := Verify(raw, trust); !errors.Is(err, ErrForm) && !errors.Is(err, ErrProof) {
				t.Fatalf("%s: bit %d of byte %d flipped: %v", name, i%8, i/8, err)
			}
			raw[i/8] ^= 1 << (i % 8)
		}
	}
}

func TestTrust_everyBit(t *testing.T) {
	_, trust := samples(t)
	trusted := trust.Bytes()
	for i := range 8 * len(trusted) {
		trusted[i/8] ^= 1 << (i % 8)
		other, err := TrustFromBytes(trusted)
		if err == nil && *other == *trust {
			t.Fatalf("trust file: bit %d of byte %d says nothing", i%8, i/8)
		}
		trusted[i/8] ^= 1 << (i % 8)
	}
}

func FuzzParse_PRF2_PRF21(f *testing.F) {
	files, trust := samples(f)
	for _, sample := range files {
		f.Add(sample.Bytes())
		f.Add(sample.Binary())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Parse(raw)
		if err != nil {
			return
		}
		again := got.Bytes()
		if isBinary(raw) {
			again = got.Binary()
		}
		if !bytes.Equal(again, raw) {
			t.Errorf("%q re-encodes to %q", raw, again)
		}
		_, _ = got.Verify(trust)
	})
}

func FuzzTrust_PRF3(f *testing.F) {
	_, trust := samples(f)
	f.Add(trust.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := TrustFromBytes(raw); err == nil && !bytes.Equal(got.Bytes(), raw) {
			t.Errorf("%q re-encodes to %q", raw, got.Bytes())
		}
	})
}
