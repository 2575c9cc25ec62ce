package tree

import (
	"cmp"
	"encoding/binary"
	"math/bits"
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
		e.made = nil
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
	order, mask := e.order()
	out := make([]Change, 0, len(order))
	for i := 0; i < len(order); {
		first := &e.journal[order[i]&mask]
		last := first
		for i++; i < len(order) && *e.journal[order[i]&mask].key() == *first.key(); i++ {
			last = &e.journal[order[i]&mask]
		}
		if !same(first.old, last.new) {
			out = append(out, Change{Key: *first.key(), Old: first.old, New: last.new})
		}
	}
	e.made = &made{base: e.base.tops(), changes: slices.Clone(out)}
	return out
}

// order is the journal by key, the entries of one key in their order: in the
// bits of mask an entry's place, above them the beginning of its key, so that
// plain numbers are sorted and few keys compared.
func (e *Editor) order() (order []uint64, mask uint64) {
	mask = 1<<bits.Len(uint(len(e.journal))) - 1
	order = make([]uint64, len(e.journal))
	for i := range e.journal {
		k := e.journal[i].key()
		head := uint64(k.Subtree)<<56 | binary.BigEndian.Uint64(k.Addr[:])>>8
		order[i] = head&^mask | uint64(i)
	}
	slices.Sort(order)
	for from, to := 0, 0; from < len(order); from = to {
		for to = from + 1; to < len(order) && order[to]&^mask == order[from]&^mask; to++ {
		}
		slices.SortFunc(order[from:to], func(a, b uint64) int {
			return cmp.Or(e.journal[a&mask].key().Compare(*e.journal[b&mask].key()), cmp.Compare(a, b))
		})
	}
	return order, mask
}
