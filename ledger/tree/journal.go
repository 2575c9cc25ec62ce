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
	firsts := make([]*entry, 0, len(e.journal))
	seen := make(map[Key]bool, len(e.journal))
	for i := range e.journal {
		if k := e.journal[i].key; !seen[k] {
			seen[k] = true
			firsts = append(firsts, &e.journal[i])
		}
	}
	slices.SortFunc(firsts, func(a, b *entry) int { return a.key.Compare(b.key) })
	out := make([]Change, 0, len(firsts))
	for _, first := range firsts {
		c := Change{Key: first.key, Old: leafOf(first.key, first.old), New: leafOf(first.key, e.body(first.key))}
		if !same(c.Old, c.New) {
			out = append(out, c)
		}
	}
	return out
}

// leafOf is the leaf at k that b is the body of; nil for no body.
func leafOf(k Key, b *body) *Leaf {
	if b == nil {
		return nil
	}
	raw := b.raw[k.Subtree.bytes():]
	return &Leaf{Key: k, Value: b.value, Data: raw[:len(raw):len(raw)]}
}

func same(a, b *Leaf) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Value == b.Value && bytes.Equal(a.Data, b.Data)
}
