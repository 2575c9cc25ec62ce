package tree

import (
	"bytes"
	"slices"
)

// entry says what stood at a key before a change; old is nil if nothing did.
type entry struct {
	key Key
	old *body
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
	keys := make([]Key, len(e.journal))
	for i, entry := range e.journal {
		keys[i] = entry.key
	}
	slices.SortFunc(keys, Key.Compare)
	var out []Change
	for _, k := range slices.Compact(keys) {
		c := Change{Key: k, Old: found(e.base.Get(k)), New: found(e.Get(k))}
		if !same(c.Old, c.New) {
			out = append(out, c)
		}
	}
	return out
}

func found(l Leaf, ok bool) *Leaf {
	if !ok {
		return nil
	}
	return &l
}

func same(a, b *Leaf) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Value == b.Value && bytes.Equal(a.Data, b.Data)
}
