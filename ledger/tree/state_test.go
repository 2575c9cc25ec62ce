package tree

import (
	"math/rand"
	"slices"
	"testing"
)

// compare holds a State against its twin in every way of reading.
func compare(t *testing.T, r *rand.Rand, s State, o oracle) {
	t.Helper()
	if s.Root() != o.root() {
		t.Fatal("root differs from the oracle's")
	}
	if s.Len() != len(o) {
		t.Fatalf("got %d leaves, want %d", s.Len(), len(o))
	}
	for range 8 {
		compareReads(t, s, o, randomQuery(r))
		if len(o) > 0 {
			compareReads(t, s, o, o.any(r))
		}
	}
}

func compareReads(t *testing.T, s State, o oracle, q Key) {
	t.Helper()
	want, ok := o[q]
	if got, found := s.Get(q); found != ok || !equalLeaves([]Leaf{got}, []Leaf{want}) {
		t.Fatalf("Get %v: got %v, want %v", q, got, want)
	}
	if got, want := s.Path(q), o.path(q); !equalLeaves(got, want) {
		t.Fatalf("Path %v: got %v, want %v", q, got, want)
	}
	if got, want := collect(s, q, q), o.under(q); !equalLeaves(got, want) {
		t.Fatalf("Walk %v: got %v, want %v", q, got, want)
	}
	from, ok := q.Next()
	if !ok {
		return
	}
	want2 := slices.DeleteFunc(o.under(RootKey(q.Subtree)), func(l Leaf) bool { return l.Key.Compare(from) < 0 })
	if got := collect(s, RootKey(q.Subtree), from); !equalLeaves(got, want2) {
		t.Fatalf("WalkFrom %v: got %v, want %v", from, got, want2)
	}
}

func collect(s State, under, from Key) (out []Leaf) {
	s.WalkFrom(under, from, func(l Leaf) bool {
		out = append(out, l)
		return true
	})
	return out
}

func TestState_TREE6_agrees_with_the_oracle(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for i := range 300 {
		s, o := randomState(t, r, i%80)
		compare(t, r, s, o)
	}
}

func TestEdit_TREE7_content_alone_decides(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for i := range 200 {
		s, o := randomState(t, r, i%60)
		e := s.Edit()
		for range r.Intn(40) {
			if l := randomLeaf(r); r.Intn(2) == 0 || len(o) == 0 {
				e.Put(l)
				o[l.Key] = l
				continue
			}
			k := o.any(r)
			if old, there := e.Delete(k); !there || !equalLeaves([]Leaf{old}, []Leaf{o[k]}) {
				t.Fatalf("Delete %v: not there", k)
			}
			delete(o, k)
		}
		edited := e.Freeze()
		compare(t, r, edited, o)
		built, err := Build(slices.Values(o.sorted()))
		if err != nil {
			t.Fatal(err)
		}
		compare(t, r, built, o)
	}
}
