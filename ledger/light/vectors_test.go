package light

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite specs/vectors/proofs.json")

const vectorsFile = "../../specs/vectors/proofs.json"

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
}

type invalid struct {
	Name string `json:"name"`
	Rule string `json:"rule"`
	File string `json:"file"`
}

// makeVectors writes the vectors anew from keys that never change.
func makeVectors(t *testing.T) vectors {
	files, trust := samples(t)
	v := vectors{Trust: string(trust.Bytes())}
	for name, f := range files {
		v.Valid = append(v.Valid, valid{name, f.Statement, string(f.Bytes())})
	}
	slices.SortFunc(v.Valid, func(a, b valid) int { return strings.Compare(a.Name, b.Name) })
	good := files["resource"]
	spoil := func(name, rule string, change func(*File)) {
		f := *good
		change(&f)
		v.Invalid = append(v.Invalid, invalid{name, rule, string(f.Bytes())})
	}
	c := newCommittee(1, 4)
	s := source(c, world(t), nil)
	spoil("two of four validators signed", "PRF-4", func(f *File) { f.Certificate = c.certify(s.Next, 2).Bytes() })
	spoil("another block", "PRF-5", func(f *File) { f.Block = f.Header })
	spoil("the height is another", "PRF-5", func(f *File) { f.Height++ })
	spoil("another genesis", "PRF-6", func(f *File) { f.GenesisHash[31] ^= 1 })
	spoil("a step that is no header", "PRF-7", func(f *File) { f.Steps = []Step{{}} })
	spoil("a record is missing", "PRF-9", func(f *File) {
		part := *f.Resource
		part.Records = part.Records[1:]
		f.Resource = &part
	})
	spoil("the statement says another state", "PRF-13", func(f *File) { f.Statement = strings.Replace(f.Statement, "held", "free", 1) })
	spoil("the part of another kind", "PRF-2", func(f *File) { f.Kind = KindAct })
	v.Invalid = append(v.Invalid,
		invalid{"a key in another case", "PRF-2", strings.Replace(string(good.Bytes()), `"height"`, `"Height"`, 1)},
		invalid{"no newline at the end", "PRF-2", strings.TrimSuffix(string(good.Bytes()), "\n")})
	return v
}

// TestVectors_frozen holds the format: today's code writes the same bytes.
func TestVectors_frozen(t *testing.T) {
	made := encode(makeVectors(t))
	if *update {
		if err := os.WriteFile(vectorsFile, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	frozen, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(frozen) != string(made) {
		t.Error("the vectors would be written otherwise today: the format changed")
	}
}

func TestVectors_verify(t *testing.T) {
	raw, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	trust, err := TrustFromBytes([]byte(v.Trust))
	if err != nil || len(v.Valid) == 0 || len(v.Invalid) == 0 {
		t.Fatalf("got %d and %d vectors, %v", len(v.Valid), len(v.Invalid), err)
	}
	for _, c := range v.Valid {
		got, err := Verify([]byte(c.File), trust)
		if err != nil || got.Statement != c.Statement {
			t.Errorf("%s: got %+v, %v", c.Name, got, err)
		}
	}
	for _, c := range v.Invalid {
		if _, err := Verify([]byte(c.File), trust); err == nil || !strings.Contains(err.Error(), "("+c.Rule+")") {
			t.Errorf("%s: got %v, want %s", c.Name, err, c.Rule)
		}
	}
}
