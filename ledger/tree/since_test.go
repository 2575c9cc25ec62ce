package tree

import (
	"maps"
	"math/rand"
	"testing"
)

func changesOf(before, after State) (all []Change) {
	for c := range after.Since(before) {
		for _, leaf := range []**Leaf{&c.Old, &c.New} {
			if *leaf != nil {
				own := **leaf
				*leaf = &own
			}
		}
		all = append(all, c)
	}
	return all
}

// diff is the slow twin of Since.
func (o oracle) diff(before oracle) (all []Change) {
	both := maps.Clone(before)
	maps.Copy(both, o)
	for _, l := range both.sorted() {
		c := Change{Key: l.Key}
		if old, ok := before[l.Key]; ok {
			c.Old = &old
		}
		if new, ok := o[l.Key]; ok {
			c.New = &new
		}
		if !equalEnds(c.Old, c.New) {
			all = append(all, c)
		}
	}
	return all
}

func equalEnds(a, b *Leaf) bool {
	if a == nil || b == nil {
		return a == b
	}
	return equalLeaves([]Leaf{*a}, []Leaf{*b})
}

func equalChanges(a, b []Change) bool {
	for i := range a {
		if len(a) != len(b) || a[i].Key != b[i].Key || !equalEnds(a[i].Old, b[i].Old) || !equalEnds(a[i].New, b[i].New) {
			return false
		}
	}
	return len(a) == len(b)
}

// TestSince_TREE7 compares states that descend from one another, and states
// that share no node, with the list of all their leaves and with the journal.
func TestSince_TREE7(t *testing.T) {
	r := rand.New(rand.NewSource(8))
	for i := range 300 {
		before, o := randomState(t, r, i%80)
		e, then := before.Edit(), maps.Clone(o)
		scribble(r, e, o, r.Intn(30))
		changes, after := e.Changes(), e.Freeze()
		if got := changesOf(before, after); !equalChanges(got, o.diff(then)) || !equalChanges(got, changes) {
			t.Fatalf("%d changes, %d found by looking at all leaves, %d in the journal", len(got), len(o.diff(then)), len(changes))
		}
		if !equalChanges(changesOf(after, before), then.diff(o)) {
			t.Fatal("the way back differs")
		}
		other, apart := randomState(t, r, i%50)
		if !equalChanges(changesOf(before, other), apart.diff(then)) {
			t.Fatal("a state that shares nothing differs")
		}
		for range after.Since(before) {
			break // a receiver may stop
		}
	}
}

// TestMadeOf_STO12 asks a state for what Since would find.
func TestMadeOf_STO12(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	for i := range 50 {
		before, o := randomState(t, r, i)
		e, then := before.Edit(), maps.Clone(o)
		scribble(r, e, o, 1+r.Intn(30))
		mark := e.Mark()
		e.Put(randomLeaf(r))
		changes, after := e.Changes(), e.Freeze()
		if len(changes) == 0 {
			continue
		}
		if !after.MadeOf(before, changes) {
			t.Fatal("a state does not know how it was made")
		}
		again := State{}.Edit()
		for _, l := range then {
			again.Put(l)
		}
		twin := again.Freeze()
		for what, known := range map[string]bool{
			"another base":        after.MadeOf(after, changes),
			"the same base twice": before.MadeOf(before, nil),
			"one change less":     after.MadeOf(before, changes[1:]),
			"a base of its own":   after.MadeOf(twin, changes),
		} {
			if known {
				t.Fatalf("%s: taken for what made the state", what)
			}
		}
		changes[0].New, changes[0].Old = changes[0].Old, changes[0].New
		if after.MadeOf(before, changes) {
			t.Fatal("changes that were changed are taken for those that made the state")
		}
		e.Rollback(mark)
		if e.Freeze().MadeOf(before, e.Changes()) {
			t.Fatal("a state made before the changes were asked for claims to know them")
		}
	}
}
