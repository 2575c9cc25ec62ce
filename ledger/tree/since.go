package tree

import "iter"

// Since is what leads from before to s: the keys at which they differ in value
// or data, ascending, as Editor.Changes gives them. It passes over the nodes
// that both share, so between a state and one edited from it the work is
// proportional to the changes.
func (s State) Since(before State) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for i := range Subtree(SubtreeCount) {
			d := differ{yield}
			if !d.walk(before.forest[i], s.forest[i], 0) {
				return
			}
		}
	}
}

// differ goes through two versions of one subtree side by side. Its methods
// report whether to go on.
type differ struct {
	yield func(Change) bool
}

// walk shows how b differs from a. The addresses of both, where there are both,
// begin with the same known bits.
func (d *differ) walk(a, b *node, known int) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return d.alone(a, b)
	}
	limit := int(min(a.len, b.len))
	meets := limit
	if known < limit && !touch(a, b) {
		meets = common(a.sample().Key.Addr[:], b.sample().Key.Addr[:], limit)
	}
	switch {
	case meets < limit:
		return d.part(a, b, meets)
	case a.len == b.len:
		return d.leaf(a, b) && d.walk(a.kids[0], b.kids[0], limit+1) && d.walk(a.kids[1], b.kids[1], limit+1)
	case a.len < b.len:
		kids := under(b, limit)
		return d.leaf(a, nil) && d.walk(a.kids[0], kids[0], limit+1) && d.walk(a.kids[1], kids[1], limit+1)
	}
	kids := under(a, limit)
	return d.leaf(nil, b) && d.walk(kids[0], b.kids[0], limit+1) && d.walk(kids[1], b.kids[1], limit+1)
}

// touch spares two nodes of one length the way down to their addresses: those
// that share a child, or a leaf, share their address.
func touch(a, b *node) bool {
	if a.len != b.len {
		return false
	}
	return a.leaf != nil && a.leaf == b.leaf || a.kids[0] != nil && a.kids[0] == b.kids[0] || a.kids[1] != nil && a.kids[1] == b.kids[1]
}

// under is n as the one child of a place of so many bits above it.
func under(n *node, bits int) (kids [2]*node) {
	kids[n.sample().Key.bit(bits)] = n
	return kids
}

// alone shows all of one side, where the other has nothing.
func (d *differ) alone(a, b *node) bool {
	if a == nil {
		return d.leaf(nil, b) && d.walk(nil, b.kids[0], 0) && d.walk(nil, b.kids[1], 0)
	}
	return d.leaf(a, nil) && d.walk(a.kids[0], nil, 0) && d.walk(a.kids[1], nil, 0)
}

// part shows all of both sides, which part after so many bits.
func (d *differ) part(a, b *node, bits int) bool {
	if a.sample().Key.bit(bits) == 0 {
		return d.alone(a, nil) && d.alone(nil, b)
	}
	return d.alone(nil, b) && d.alone(a, nil)
}

// leaf shows how the leaves at one place differ, if they do.
func (d *differ) leaf(a, b *node) bool {
	var c Change
	if a != nil {
		c.Old = a.leaf
	}
	if b != nil {
		c.New = b.leaf
	}
	if same(c.Old, c.New) {
		return true
	}
	e := entry{c.Old, c.New}
	c.Key = *e.key()
	return d.yield(c)
}
