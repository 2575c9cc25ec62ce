package inr

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"ipledger/ledger/wire"
)

// vectors are specs/vectors/resources.json.
type vectors struct {
	Parse []struct {
		Text  string `json:"text"`
		Valid bool   `json:"valid"`
		Why   string `json:"why"`
	} `json:"parse"`
	Blocks []struct {
		First  string   `json:"first"`
		Last   string   `json:"last"`
		Blocks []string `json:"blocks"`
	} `json:"blocks"`
	Registrable []struct {
		Text        string `json:"text"`
		Registrable bool   `json:"registrable"`
	} `json:"registrable"`
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	raw, err := os.ReadFile("../../specs/vectors/resources.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse_RES2(t *testing.T) {
	v := readVectors(t)
	if len(v.Parse) < 40 {
		t.Fatalf("%d spellings, at least 40 wanted", len(v.Parse))
	}
	for _, c := range v.Parse {
		t.Run(c.Text+" "+c.Why, func(t *testing.T) {
			r, err := Parse(c.Text)
			if c.Valid != (err == nil) {
				t.Fatalf("Parse(%q) = %v, %v; want valid %v: %s", c.Text, r, err, c.Valid, c.Why)
			}
			if err != nil && !errors.Is(err, ErrText) {
				t.Errorf("error %v is no ErrText", err)
			}
			if err == nil && (r.String() != c.Text || !r.Valid()) {
				t.Errorf("%q reads as %v, valid %v", c.Text, r, r.Valid())
			}
		})
	}
}

func TestFromPrefix_RES1(t *testing.T) {
	for _, text := range []string{"192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "::/0", "2001:db8::1/128"} {
		r := must(t, text)
		if got := FromPrefix(r.Prefix()); got != r {
			t.Errorf("FromPrefix(%v) = %v", r, got)
		}
	}
	if r := ASBlock(64499, 30); r != must(t, "AS64496-AS64499") || ASNumber(r) != 64496 {
		t.Errorf("ASBlock(64499, 30) = %v", r)
	}
	if r := AS(64499); r != must(t, "AS64499") || ASNumber(r) != 64499 {
		t.Errorf("AS(64499) = %v", r)
	}
	for _, bad := range []wire.Resource{{Family: 3}, {Len: 33}, {Family: wire.ASN, Len: 33}, {Len: 8, Addr: [16]byte{10, 1}},
		{Len: 32, Addr: [16]byte{4: 1}}} {
		if bad.Valid() {
			t.Errorf("%+v is valid", bad)
		}
	}
}

func FuzzParse_RES2(f *testing.F) {
	for _, s := range []string{"192.0.2.0/24", "2001:db8::/32", "AS64496", "AS64496-AS64511", "AS1-AS2", "::ffff:10.0.0.0/104", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		if r.String() != text || !r.Valid() {
			t.Fatalf("%q reads as %v, valid %v", text, r, r.Valid())
		}
		if back, err := wire.ResourceFromKey(r.Key()); err != nil || back != r {
			t.Fatalf("%v has key %x, which reads as %v, %v", r, r.Key(), back, err)
		}
	})
}

func must(t *testing.T, text string) wire.Resource {
	t.Helper()
	r, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
