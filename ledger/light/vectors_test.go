package light

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ipledger/specs/frozen"
)

// vectors are specs/vectors/proofs.json: files that verify against the trust
// file, and files that a rule refuses.
type vectors struct {
	Trust   string    `json:"trust"`
	Valid   []valid   `json:"valid"`
	Invalid []invalid `json:"invalid"`
}

type valid struct {
	Name      string `json:"name"`
	Statement string `json:"statement"`
	File      string `json:"file"`
	Binary    Hex    `json:"binary"` // the same file in its binary form
}

type invalid struct {
	Name  string `json:"name"`
	Rule  string `json:"rule"`
	Trust string `json:"trust,omitempty"` // where it is not that of all
	File  string `json:"file,omitempty"`
	Hex   Hex    `json:"hex,omitempty"` // the file where it is not UTF-8
}

// makeVectors writes the vectors anew from keys that never change.
func makeVectors(t *testing.T) vectors {
	files, trust := samples(t)
	v := vectors{Trust: string(trust.Bytes())}
	for name, f := range files {
		v.Valid = append(v.Valid, valid{name, f.Statement, string(f.Bytes()), f.Binary()})
	}
	slices.SortFunc(v.Valid, func(a, b valid) int { return strings.Compare(a.Name, b.Name) })
	for _, x := range forgeries(t) {
		c := invalid{Name: x.name, Rule: x.rule}
		if x.trust != nil {
			c.Trust = string(x.trust.Bytes())
		}
		if utf8.Valid(x.raw) {
			c.File = string(x.raw)
		} else {
			c.Hex = x.raw
		}
		v.Invalid = append(v.Invalid, c)
	}
	return v
}

// TestVectors_frozen holds the format: today's code writes the same bytes.
func TestVectors_frozen(t *testing.T) { frozen.Hold(t, "proofs", encode(makeVectors(t))) }

func TestVectors_verify(t *testing.T) {
	var v vectors
	frozen.Read(t, "proofs", &v)
	trust, err := TrustFromBytes([]byte(v.Trust))
	if err != nil || len(v.Valid) == 0 || len(v.Invalid) == 0 {
		t.Fatalf("got %d and %d vectors, %v", len(v.Valid), len(v.Invalid), err)
	}
	for _, c := range v.Valid {
		got, err := Verify([]byte(c.File), trust)
		if err != nil || got.Statement != c.Statement {
			t.Errorf("%s: got %+v, %v", c.Name, got, err)
		}
		if got, err := Verify(c.Binary, trust); err != nil || got.Statement != c.Statement {
			t.Errorf("%s, binary: got %+v, %v", c.Name, got, err)
		}
	}
	for _, c := range v.Invalid {
		trust, raw := trust, []byte(c.File)
		if c.Trust != "" {
			if trust, err = TrustFromBytes([]byte(c.Trust)); err != nil {
				t.Fatal(err)
			}
		}
		if c.Hex != nil {
			raw = c.Hex
		}
		if _, err := Verify(raw, trust); err == nil || !strings.Contains(err.Error(), "("+c.Rule+")") {
			t.Errorf("%s: got %v, want %s", c.Name, err, c.Rule)
		}
	}
}
