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
			if !d.walk(kid{node: before.forest[i]}, kid{node: s.forest[i]}, 0) {
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
func (d *differ) walk(a, b kid, known int) bool {
	if a == b {
		return true
	}
	if a.empty() || b.empty() {
		return d.alone(a, b)
	}
	limit := int(min(a.len(), b.len()))
	meets := limit
	if known < limit && !touch(a, b) {
		meets = common(a.sample().Key.Addr[:], b.sample().Key.Addr[:], limit)
	}
	switch {
	case meets < limit:
		return d.part(a, b, meets)
	case a.len() == b.len():
		return d.leaf(a, b) && d.both(a.kids(), b.kids(), limit+1)
	case a.len() < b.len():
		return d.leaf(a, kid{}) && d.both(a.kids(), under(b, limit), limit+1)
	}
	return d.leaf(kid{}, b) && d.both(under(a, limit), b.kids(), limit+1)
}

func (d *differ) both(a, b [2]kid, known int) bool {
	return d.walk(a[0], b[0], known) && d.walk(a[1], b[1], known)
}

// touch spares two nodes of one length the way down to their addresses: those
// that share a child, or a leaf, share their address.
func touch(a, b kid) bool {
	if a.len() != b.len() {
		return false
	}
	if l := a.leaf(); l != nil && l == b.leaf() {
		return true
	}
	left, right := a.kids(), b.kids()
	return !left[0].empty() && left[0] == right[0] || !left[1].empty() && left[1] == right[1]
}

// under is n as the one child of a place of so many bits above it.
func under(n kid, bits int) (kids [2]kid) {
	kids[n.sample().Key.bit(bits)] = n
	return kids
}

// alone shows all of one side, where the other has nothing.
func (d *differ) alone(a, b kid) bool {
	if a.empty() && b.empty() {
		return true
	}
	return d.leaf(a, b) && d.both(a.kids(), b.kids(), 0)
}

// part shows all of both sides, which part after so many bits.
func (d *differ) part(a, b kid, bits int) bool {
	if a.sample().Key.bit(bits) == 0 {
		return d.alone(a, kid{}) && d.alone(kid{}, b)
	}
	return d.alone(kid{}, b) && d.alone(a, kid{})
}

// leaf shows how the leaves at one place differ, if they do.
func (d *differ) leaf(a, b kid) bool {
	c := Change{Old: a.leaf(), New: b.leaf()}
	if same(c.Old, c.New) {
		return true
	}
	e := entry{c.Old, c.New}
	c.Key = *e.key()
	return d.yield(c)
}
