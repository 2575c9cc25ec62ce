package tree

import (
	"maps"
	"math/rand"
	"reflect"
	"testing"
)

// scribble makes n random changes to e and to its twin.
func scribble(r *rand.Rand, e *Editor, o oracle, n int) {
	for range n {
		if len(o) > 0 && r.Intn(2) == 0 {
			k := o.any(r)
			e.Delete(k)
			delete(o, k)
			continue
		}
		l := randomLeaf(r)
		e.Put(l)
		o[l.Key] = l
	}
}

func TestRollback_TREE7_is_the_exact_inverse(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for i := range 150 {
		s, o := randomState(t, r, i%50)
		e := s.Edit()
		scribble(r, e, o, r.Intn(10))
		mark, root, changes, count := e.Mark(), e.Root(), e.Changes(), e.count
		scribble(r, e, maps.Clone(o), r.Intn(20))
		if r.Intn(2) == 0 {
			e.Root()
		}
		e.Rollback(mark)
		if e.Root() != root || e.count != count || !reflect.DeepEqual(e.Changes(), changes) {
			t.Fatal("rollback left a trace")
		}
		compare(t, r, e.Freeze(), o)
		e.Rollback(0)
		if e.Root() != s.Root() || len(e.Changes()) > 0 {
			t.Fatal("rollback to the start left a trace")
		}
	}
}

func TestEdit_TREE7_leaves_the_old_state_as_it_was(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	for i := range 60 {
		s, o := randomState(t, r, i)
		old := maps.Clone(o)
		e := s.Edit()
		scribble(r, e, o, 30)
		middle, then := e.Freeze(), maps.Clone(o)
		scribble(r, e, o, 30)
		other := middle.Edit()
		apart := maps.Clone(then)
		scribble(r, other, apart, 30)
		compare(t, r, e.Freeze(), o)
		compare(t, r, other.Freeze(), apart)
		compare(t, r, middle, then)
		compare(t, r, s, old)
	}
}

func TestChanges_TREE7_are_the_net_ones(t *testing.T) {
	r := rand.New(rand.NewSource(8))
	for i := range 100 {
		s, o := randomState(t, r, i%40)
		old := maps.Clone(o)
		e := s.Edit()
		scribble(r, e, o, 20)
		got := map[Key]Change{}
		last := Key{}
		for j, c := range e.Changes() {
			if j > 0 && last.Compare(c.Key) >= 0 {
				t.Fatal("changes are out of order")
			}
			got[c.Key], last = c, c.Key
		}
		keys := maps.Clone(old)
		maps.Copy(keys, o)
		for k := range keys {
			before, was := old[k]
			after, is := o[k]
			c, ok := got[k]
			if same := was == is && equalLeaves([]Leaf{before}, []Leaf{after}); same == ok {
				t.Fatalf("%v: the same %v, listed %v", k, same, ok)
			}
			if ok && (!isLeaf(c.Old, before, was) || !isLeaf(c.New, after, is)) {
				t.Fatalf("%v: got %+v, want %v and %v", k, c, before, after)
			}
		}
	}
}

func isLeaf(got *Leaf, want Leaf, there bool) bool {
	if got == nil {
		return !there
	}
	return there && equalLeaves([]Leaf{*got}, []Leaf{want})
}

func TestPut_TREE7_again_or_back_is_no_change(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	s, o := randomState(t, r, 20)
	e := s.Edit()
	l := o.sorted()[3]
	e.Put(l)
	if e.Mark() != 0 {
		t.Error("the same leaf again is journalled")
	}
	changed := l
	changed.Data = append([]byte{1}, l.Data...)
	e.Put(changed)
	if len(e.Changes()) != 1 {
		t.Errorf("other data at the same value: got %v", e.Changes())
	}
	e.Put(l)
	if _, there := e.Delete(AccountKey([20]byte{1, 2, 3, 4})); there || len(e.Changes()) != 0 || e.Root() != s.Root() {
		t.Errorf("back again: got %v", e.Changes())
	}
}
