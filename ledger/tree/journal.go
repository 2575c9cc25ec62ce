package tree

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// entry is what stood at a key before a change and after it, nil if nothing.
type entry struct{ old, new *Leaf }

func (e *entry) key() *Key {
	if e.new != nil {
		return &e.new.Key
	}
	return &e.old.Key
}

// Change is what an editor made of one key. Old or New is nil where there was
// or is no leaf. Nobody changes the leaves: they stand in trees.
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
		e.set(last.key(), last.old)
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
	for i := 0; i < len(order); {
		first := &e.journal[order[i].at]
		last := first
		for i++; i < len(order) && *e.journal[order[i].at].key() == *first.key(); i++ {
			last = &e.journal[order[i].at]
		}
		if !same(first.old, last.new) {
			out = append(out, Change{Key: *first.key(), Old: first.old, New: last.new})
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
		k := e.journal[i].key()
		order[i] = sortable{uint64(k.Subtree)<<56 | binary.BigEndian.Uint64(k.Addr[:])>>8, i}
	}
	slices.SortFunc(order, func(a, b sortable) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Or(e.journal[a.at].key().Compare(*e.journal[b.at].key()), cmp.Compare(a.at, b.at))
	})
	return order
}
