package tree

import (
	"encoding/hex"
	"slices"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// text is bytes as the vectors write them, in hexadecimal digits.
type text []byte

func (x text) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, x), nil }

func (x *text) UnmarshalText(in []byte) (err error) {
	*x, err = hex.DecodeString(string(in))
	return err
}

type pairVector struct {
	Key   text      `json:"key"`
	Value wire.Hash `json:"value"`
}

type vectorFile struct {
	Chapter string `json:"chapter"`
	Values  string `json:"values"`
	Keys    []struct {
		Why   string `json:"why"`
		Key   text   `json:"key"`
		Valid bool   `json:"valid"`
	} `json:"keys"`
	States []struct {
		Why    string       `json:"why"`
		Leaves []pairVector `json:"leaves"`
		Root   wire.Hash    `json:"root"`
	} `json:"states"`
	Points []pointVector `json:"points"`
	Ranges []rangeVector `json:"ranges"`
	Chunks []chunkVector `json:"chunks"`
}

type pointVector struct {
	Why   string       `json:"why"`
	Root  wire.Hash    `json:"root"`
	Query text         `json:"query"`
	Proof text         `json:"proof"`
	Valid bool         `json:"valid"`
	Chain []pairVector `json:"chain,omitempty"`
	Found bool         `json:"found,omitempty"`
	More  bool         `json:"more,omitempty"`
}

type rangeVector struct {
	Why   string       `json:"why"`
	Root  wire.Hash    `json:"root"`
	Under text         `json:"under"`
	From  text         `json:"from"`
	List  []pairVector `json:"list"`
	Proof text         `json:"proof"`
	Valid bool         `json:"valid"`
	Above []pairVector `json:"above,omitempty"`
	More  bool         `json:"more,omitempty"`
	Next  text         `json:"next,omitempty"`
}

type chunkVector struct {
	Why    string    `json:"why"`
	Root   wire.Hash `json:"root"`
	Chunk  text      `json:"chunk"`
	Valid  bool      `json:"valid"`
	Leaves int       `json:"leaves,omitempty"`
	Next   text      `json:"next,omitempty"`
}

func vectors(t *testing.T) (file vectorFile) {
	t.Helper()
	frozen.Read(t, "tree", &file)
	if len(file.Keys) == 0 || len(file.States) == 0 || len(file.Points) == 0 || len(file.Ranges) == 0 || len(file.Chunks) == 0 {
		t.Fatal("a list of vectors is empty")
	}
	return file
}

// keyed reads a key that a vector means to be valid.
func keyed(t *testing.T, raw []byte) Key {
	t.Helper()
	k, err := ParseKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func keyedList(t *testing.T, list []pairVector) (out []KeyValue) {
	for _, p := range list {
		out = append(out, KeyValue{keyed(t, p.Key), p.Value})
	}
	return out
}

func TestVectors_TREE4_keys(t *testing.T) {
	for _, v := range vectors(t).Keys {
		if k, err := ParseKey(v.Key); (err == nil) != v.Valid {
			t.Errorf("%s: got %v, %v", v.Why, k, err)
		}
	}
}

func TestVectors_TREE6_states(t *testing.T) {
	for _, v := range vectors(t).States {
		e := State{}.Edit()
		o := oracle{}
		for _, l := range keyedList(t, v.Leaves) {
			e.Put(Leaf{Key: l.Key, Value: l.Value})
			o[l.Key] = Leaf{Key: l.Key, Value: l.Value}
		}
		if e.Root() != v.Root || o.root() != v.Root {
			t.Errorf("%s: got root %v, want %v", v.Why, e.Root(), v.Root)
		}
	}
}

func TestVectors_TREE8_points(t *testing.T) {
	for _, v := range vectors(t).Points {
		got, err := VerifyPoint(v.Root, keyed(t, v.Query), v.Proof)
		want := Point{Chain: keyedList(t, v.Chain), Found: v.Found, More: v.More}
		if (err == nil) != v.Valid || v.Valid && !samePoint(got, want) {
			t.Errorf("%s: got %+v, %v", v.Why, got, err)
		}
	}
}

func TestVectors_TREE10_ranges(t *testing.T) {
	for _, v := range vectors(t).Ranges {
		got, err := VerifyRange(v.Root, keyed(t, v.Under), keyed(t, v.From), keyedList(t, v.List), v.Proof)
		if (err == nil) != v.Valid {
			t.Errorf("%s: got %+v, %v", v.Why, got, err)
			continue
		}
		if !v.Valid {
			continue
		}
		if got.More != v.More || !slices.Equal(got.Above, keyedList(t, v.Above)) || v.More && got.Next != keyed(t, v.Next) {
			t.Errorf("%s: got %+v", v.Why, got)
		}
	}
}

func TestVectors_TREE11_chunks(t *testing.T) {
	for _, v := range vectors(t).Chunks {
		c, err := OpenChunk(v.Root, v.Chunk, valueOf)
		if (err == nil) != v.Valid {
			t.Errorf("%s: got %+v, %v", v.Why, c, err)
			continue
		}
		if !v.Valid {
			continue
		}
		next, more := c.Next()
		if len(c.Leaves) != v.Leaves || more != (v.Next != nil) || more && next != keyed(t, v.Next) {
			t.Errorf("%s: got %d leaves, next %v, %v", v.Why, len(c.Leaves), next, more)
		}
	}
}
