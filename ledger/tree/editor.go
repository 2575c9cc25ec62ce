package tree

import (
	"bytes"
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
	base    State
	gen     uint32
	count   int
	journal []entry // one for each change since Edit, undone ones left out
}

// Reserve makes room for as many changes more.
func (e *Editor) Reserve(changes int) { e.journal = slices.Grow(e.journal, changes) }

// Put writes a leaf over what stands at its key. It copies the data. It panics
// if the key cannot hold a value (TREE-3) or the data exceed DataBytesMax: the
// rooms above check both.
func (e *Editor) Put(l Leaf) {
	if !l.Key.Holds() {
		panic(fmt.Sprintf("tree: %v, length %d, holds no value (TREE-3)", l.Key, l.Key.Len))
	}
	if len(l.Data) > DataBytesMax {
		panic(fmt.Sprintf("tree: %d bytes of data at %v, at most %d (TREE-12)", len(l.Data), l.Key, DataBytesMax))
	}
	old := e.body(&l.Key)
	if old != nil && old.value == l.Value && bytes.Equal(old.raw[l.Key.Subtree.bytes():], l.Data) {
		return
	}
	b := newBody(l)
	e.journal = append(e.journal, entry{key: l.Key, old: old, new: b})
	if old != nil {
		e.replace(&l.Key, b)
		return
	}
	e.set(l.Key, b)
}

// replace puts b at k, where a value stands: one way down, no looking round.
func (e *Editor) replace(k *Key, b *body) {
	at := &e.forest[k.Subtree]
	for {
		n := e.own(*at)
		*at = n
		if n.len == k.Len {
			n.body = b
			return
		}
		at = &n.kids[k.bit(int(n.len))]
	}
}

// Delete removes the leaf at k and reports whether there was one.
func (e *Editor) Delete(k Key) bool {
	old := e.body(&k)
	if old == nil {
		return false
	}
	e.journal = append(e.journal, entry{key: k, old: old})
	e.set(k, nil)
	return true
}

// Root is the root of the state that Freeze would give.
func (e *Editor) Root() wire.Hash {
	for s, n := range e.forest {
		n.refresh(Subtree(s))
	}
	return e.root()
}

// Freeze gives what stands written as a State. The editor may go on: it copies
// from the State as it copied from its base, and its marks and changes remain.
func (e *Editor) Freeze() State {
	s := State{forest: e.forest, top: e.Root(), gen: e.gen, count: e.count}
	e.gen = nextGen(e.gen)
	return s
}

func (e *Editor) body(k *Key) *body {
	if n := e.find(k); n != nil {
		return n.body
	}
	return nil
}

// set puts b at k; nil removes. It keeps the form that content alone decides.
func (e *Editor) set(k Key, b *body) {
	root := e.forest[k.Subtree]
	if b == nil {
		e.count--
		root = e.remove(root, k)
		if root.body == nil && root.kids[0] == nil && root.kids[1] == nil {
			root = nil
		}
	} else {
		if root == nil {
			root = &node{gen: e.gen, stale: true}
		}
		at := place{key: k, body: b}
		at.find(root)
		root = e.insert(root, &at)
	}
	e.forest[k.Subtree] = root
}

// own is n if this editor made it, else a copy that it may change.
func (e *Editor) own(n *node) *node {
	if n.gen != e.gen {
		n = &node{kids: n.kids, body: n.body, len: n.len, gen: e.gen}
	}
	n.stale = true
	return n
}
