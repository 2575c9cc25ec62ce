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
	c := kid{node: n}
	for c.node != nil && c.node.len < key.Len {
		next := c.node.kids[key.bit(int(c.node.len))]
		if next.empty() {
			break
		}
		c = next
	}
	if c.len() == 0 {
		return
	}
	near := &c.sample().Key
	p.meets = uint16(common(near.Addr[:], key.Addr[:], int(min(near.Len, key.Len))))
	if p.meets < near.Len {
		p.turn = near.bit(int(p.meets))
	}
}

// insert puts the place's leaf at or beneath c and returns what now stands in
// c's stead, whose hash the caller's node has not.
func (e *Editor) insert(c kid, p *place) kid {
	length := p.leaf.Key.Len
	switch {
	case c.len() > p.meets:
		return e.fork(c, p)
	case c.node == nil && c.tip.Key.Len == length:
		return kid{tip: p.leaf}
	case c.node == nil: // it has something beneath it from now on
		c.node = &node{leaf: c.tip, len: c.tip.Key.Len, gen: e.gen}
	}
	n := e.own(c.node)
	if n.len == length {
		if n.leaf == nil {
			e.count++
		}
		n.leaf = p.leaf
		return kid{node: n}
	}
	side := p.leaf.Key.bit(int(n.len))
	n.stale |= 1 << side
	if n.kids[side].empty() {
		n.kids[side] = e.tip(p)
	} else {
		n.kids[side] = e.insert(n.kids[side], p)
	}
	return kid{node: n}
}

// fork makes a node above c, where the key leaves the way to c or ends.
func (e *Editor) fork(c kid, p *place) kid {
	above := &node{len: p.meets, gen: e.gen, stale: 1 | 2}
	above.kids[p.turn] = c
	if tip := e.tip(p); p.meets == p.leaf.Key.Len {
		above.leaf = tip.tip
	} else {
		above.kids[1-p.turn] = tip
	}
	return kid{node: above}
}

func (e *Editor) tip(p *place) kid {
	e.count++
	return kid{tip: p.leaf}
}

// remove takes the leaf at k, which is there, out of c and what lies beneath it,
// and returns what now stands in c's stead, whose hash the caller's node has not.
//
// specs/05 TREE-7: Content alone determines the tree, whatever order it was
// written in.
func (e *Editor) remove(c kid, k *Key) kid {
	if c.node == nil {
		return kid{}
	}
	n := e.own(c.node)
	if n.len == k.Len {
		n.leaf = nil
	} else {
		side := k.bit(int(n.len))
		n.stale |= 1 << side
		n.kids[side] = e.remove(n.kids[side], k)
	}
	left, right := n.kids[0], n.kids[1]
	switch {
	case n.len == 0:
	case n.leaf != nil && left.empty() && right.empty():
		return kid{tip: n.leaf}
	case n.leaf != nil:
	case left.empty():
		return right
	case right.empty():
		return left
	}
	return kid{node: n}
}
