package tree

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// entry says what stood at a key before a change and after it, nil if nothing.
type entry struct {
	key      Key
	old, new *body
}

// Change is what an editor made of one key. Old or New is nil where there was
// or is no leaf.
type Change struct {
	Key      Key
	Old, New *Leaf
}

// Mark is the present point, for Rollback.
func (e *Editor) Mark() int { return len(e.journal) }

// Rollback undoes every change since mark, which Mark gave: afterwards the
// editor is as it was then, its root and its Changes too. It panics for a mark
// that lies ahead.
func (e *Editor) Rollback(mark int) {
	for len(e.journal) > mark {
		last := e.journal[len(e.journal)-1]
		e.journal = e.journal[:len(e.journal)-1]
		e.set(last.key, last.old)
	}
	if mark != len(e.journal) {
		panic("tree: rollback to a mark that lies ahead")
	}
}

// Changes is the net change of each key since Edit, in the order of keys. A key
// whose value and data ended where they began is left out.
func (e *Editor) Changes() []Change {
	order := e.order()
	out := make([]Change, 0, len(order))
	leaves := make([]Leaf, 0, 2*len(order))
	for i := 0; i < len(order); {
		first := &e.journal[order[i].at]
		last := first
		for i++; i < len(order) && e.journal[order[i].at].key == first.key; i++ {
			last = &e.journal[order[i].at]
		}
		if !same(first.old, last.new) {
			c := Change{Key: first.key}
			leaves, c.Old = leafOf(leaves, first.key, first.old)
			leaves, c.New = leafOf(leaves, first.key, last.new)
			out = append(out, c)
		}
	}
	return out
}

// sortable is an entry's place in the journal, with the beginning of its key:
// few comparisons look further.
type sortable struct {
	head uint64
	at   int
}

// order is the journal by key, the entries of one key in their order.
func (e *Editor) order() []sortable {
	order := make([]sortable, len(e.journal))
	for i := range e.journal {
		k := &e.journal[i].key
		order[i] = sortable{uint64(k.Subtree)<<56 | binary.BigEndian.Uint64(k.Addr[:])>>8, i}
	}
	slices.SortFunc(order, func(a, b sortable) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Or(e.journal[a.at].key.Compare(e.journal[b.at].key), cmp.Compare(a.at, b.at))
	})
	return order
}

// leafOf is the leaf at k that b is the body of, in room that is large enough;
// nil for no body.
func leafOf(room []Leaf, k Key, b *body) ([]Leaf, *Leaf) {
	if b == nil {
		return room, nil
	}
	raw := b.raw[k.Subtree.bytes():]
	room = append(room, Leaf{Key: k, Value: b.value, Data: raw[:len(raw):len(raw)]})
	return room, &room[len(room)-1]
}

// same compares what two bodies of one key hold.
func same(a, b *body) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a == b || a.value == b.value && bytes.Equal(a.raw, b.raw)
}
