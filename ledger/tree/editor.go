package tree

import (
	"fmt"
	"slices"

	"ipledger/ledger/wire"
)

// Editor makes a new State from another. Its reads see its own writes. It
// copies the nodes on the way to a change once and afterwards changes its own
// copies; hashes are computed when a root is asked for. One goroutine may use
// it at a time.
type Editor struct {
	forest
	above   tops
	stale   [SubtreeCount]bool // subtrees whose hash in above is not theirs
	base    State
	gen     uint32
	count   int
	journal []entry // one for each change since Edit, undone ones left out
	made    *made   // by the latest Changes, nil once more has changed
}

// Reserve makes room for as many changes more.
func (e *Editor) Reserve(changes int) { e.journal = slices.Grow(e.journal, changes) }

// Put writes a leaf over what stands at its key, and gives what stood there, the
// zero Leaf for nothing. It copies the data. It panics if the key cannot hold a value (TREE-3) or the data exceed DataBytesMax: the
// rooms above check both.
func (e *Editor) Put(l Leaf) (old Leaf) {
	if !l.Key.Holds() {
		panic(fmt.Sprintf("tree: %v, length %d, holds no value (TREE-3)", l.Key, l.Key.Len))
	}
	if len(l.Data) > DataBytesMax {
		panic(fmt.Sprintf("tree: %d bytes of data at %v, at most %d (TREE-12)", len(l.Data), l.Key, DataBytesMax))
	}
	was := e.leaf(&l.Key)
	switch {
	case was == nil:
		e.set(&l.Key, e.note(nil, l.own()))
		return Leaf{}
	case !same(was, &l):
		e.replace(&l.Key, e.note(was, l.own()))
	}
	return *was
}

// note enters a change in the journal, and gives what it puts.
func (e *Editor) note(old, new *Leaf) *Leaf {
	e.journal = append(e.journal, entry{old: old, new: new})
	e.made = nil
	return new
}

// replace puts l at k, where a leaf stands: one way down, no looking round.
func (e *Editor) replace(k *Key, l *Leaf) {
	e.stale[k.Subtree] = true
	at := &e.forest[k.Subtree]
	for {
		n := *at
		if n.gen != e.gen {
			n = e.own(n)
			*at = n
		}
		if n.len == k.Len {
			n.leaf = l
			return
		}
		side := k.bit(int(n.len))
		n.stale |= 1 << side
		c := &n.kids[side]
		if c.node == nil {
			c.tip = l
			return
		}
		at = &c.node
	}
}

// Delete removes the leaf at k and gives it; ok is false if there was none.
func (e *Editor) Delete(k Key) (old Leaf, ok bool) {
	was := e.leaf(&k)
	if was == nil {
		return Leaf{}, false
	}
	e.set(&k, e.note(was, nil))
	return *was, true
}

// Root is the root of the state that Freeze would give.
func (e *Editor) Root() wire.Hash {
	for s, n := range e.forest {
		switch {
		case !e.stale[s]:
		case n == nil:
			e.above[s] = emptySums[s]
		default:
			e.above[s], _ = n.refresh(Subtree(s))
		}
		e.stale[s] = false
	}
	e.above.fold()
	return e.above.root()
}

// Freeze gives what stands written as a State. The editor may go on: it copies
// from the State as it copied from its base, and its marks and changes remain.
func (e *Editor) Freeze() State {
	e.Root()
	above := e.above
	s := State{forest: e.forest, above: &above, gen: e.gen, count: e.count, made: e.made}
	e.gen = nextGen(e.gen)
	return s
}

// set puts l at k; nil removes. It keeps the form that content alone decides.
func (e *Editor) set(k *Key, l *Leaf) {
	e.stale[k.Subtree] = true
	root := e.forest[k.Subtree]
	if l == nil {
		e.count--
		root = e.remove(kid{node: root}, k).node
		if root.leaf == nil && root.kids[0].empty() && root.kids[1].empty() {
			root = nil
		}
	} else {
		if root == nil {
			root = &node{gen: e.gen}
		}
		at := place{leaf: l}
		at.find(root)
		root = e.insert(kid{node: root}, &at).node
	}
	e.forest[k.Subtree] = root
}

// own is n if this editor made it, else a copy that it may change.
func (e *Editor) own(n *node) *node {
	if n.gen != e.gen {
		own := *n
		own.gen = e.gen
		return &own
	}
	return n
}
