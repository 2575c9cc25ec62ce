package tree

// place is where a leaf goes in: found on a first way down, used on the second.
type place struct {
	leaf *Leaf
	// meets is how many bits the key shares with what stands nearest to it,
	// turn is the next bit of what stands there.
	meets uint16
	turn  int
}

// find goes down from a subtree's root as far as the key's bits lead. Whatever
// stands below that point shares with the key as much as anything does.
func (p *place) find(n *node) {
	key := &p.leaf.Key
	for n.len < key.Len {
		next := n.kids[key.bit(int(n.len))]
		if next == nil {
			break
		}
		n = next
	}
	if n.len == 0 {
		return
	}
	near := &n.sample().Key
	p.meets = uint16(common(near.Addr[:], key.Addr[:], int(min(near.Len, key.Len))))
	if p.meets < near.Len {
		p.turn = near.bit(int(p.meets))
	}
}

// insert puts the place's leaf at or beneath n and returns what now stands in
// n's stead, whose hash the caller's node has not.
func (e *Editor) insert(n *node, p *place) *node {
	if n.len > p.meets {
		return e.fork(n, p)
	}
	n = e.own(n)
	if n.len == p.leaf.Key.Len {
		if n.leaf == nil {
			e.count++
		}
		n.leaf = p.leaf
		return n
	}
	side := p.leaf.Key.bit(int(n.len))
	n.stale |= 1 << side
	if n.kids[side] == nil {
		n.kids[side] = e.tip(p)
	} else {
		n.kids[side] = e.insert(n.kids[side], p)
	}
	return n
}

// fork makes a node above n, where the key leaves the way to n or ends.
func (e *Editor) fork(n *node, p *place) *node {
	if p.meets == p.leaf.Key.Len {
		above := e.tip(p)
		above.kids[p.turn] = n
		above.stale = 1 << p.turn
		return above
	}
	above := &node{len: p.meets, gen: e.gen, stale: 1 | 2}
	above.kids[p.turn] = n
	above.kids[1-p.turn] = e.tip(p)
	return above
}

func (e *Editor) tip(p *place) *node {
	e.count++
	return &node{leaf: p.leaf, len: p.leaf.Key.Len, gen: e.gen}
}

// remove takes the value at k, which is there, out of n and what lies beneath
// it, and returns what now stands in n's stead, whose hash the caller's node
// has not.
//
// specs/05 TREE-7: Content alone determines the tree, whatever order it was
// written in.
func (e *Editor) remove(n *node, k *Key) *node {
	n = e.own(n)
	if n.len == k.Len {
		n.leaf = nil
	} else {
		side := k.bit(int(n.len))
		n.stale |= 1 << side
		n.kids[side] = e.remove(n.kids[side], k)
	}
	if n.leaf != nil || n.len == 0 {
		return n
	}
	if n.kids[0] == nil {
		return n.kids[1]
	}
	if n.kids[1] == nil {
		return n.kids[0]
	}
	return n
}
