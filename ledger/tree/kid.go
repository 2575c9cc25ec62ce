package tree

import "ipledger/ledger/wire"

// kid is what stands in one half of a node: a node, or a tip, a leaf with nothing
// beneath it, or neither.
type kid struct {
	node *node
	tip  *Leaf
}

func (c kid) empty() bool { return c.node == nil && c.tip == nil }

// leaf is what stands at the kid's own place, nil for none.
func (c kid) leaf() *Leaf {
	if c.node != nil {
		return c.node.leaf
	}
	return c.tip
}

// kids is what stands in its halves.
func (c kid) kids() [2]kid {
	if c.node != nil {
		return c.node.kids
	}
	return [2]kid{}
}

// len is the bits of its address; it is not empty.
func (c kid) len() uint16 {
	if c.node != nil {
		return c.node.len
	}
	return c.tip.Key.Len
}

// sample is some leaf at or beneath it; it is not empty.
func (c kid) sample() *Leaf {
	if c.node != nil {
		return c.node.sample()
	}
	return c.tip
}

// key is its place. It costs a way down to a leaf.
func (c kid) key() Key { return c.sample().Key.cut(int(c.len())) }

// refresh is the refresh of a node.
func (c kid) refresh(s Subtree) (sum wire.Hash, addr []byte) {
	if c.node != nil {
		return c.node.refresh(s)
	}
	addr = c.tip.Key.Addr[:]
	return nodeHash(s, int(c.tip.Key.Len), addr, &c.tip.Value, nil, nil), addr
}

// walkFrom visits the leaves at or beneath it from from on, and reports whether
// to go on. Below a place before from that does not cover it, all is before.
func (c kid) walkFrom(from Key, visit func(Leaf) bool) bool {
	if c.empty() {
		return true
	}
	at := c.key()
	if at.Compare(from) >= 0 {
		return c.walk(visit)
	}
	if !at.Covers(from) {
		return true
	}
	kids := c.kids()
	if from.bit(int(at.Len)) == 1 {
		return kids[1].walkFrom(from, visit)
	}
	return kids[0].walkFrom(from, visit) && kids[1].walk(visit)
}

// walk visits all leaves at or beneath it in pre-order, which is the order of
// keys.
func (c kid) walk(visit func(Leaf) bool) bool {
	if l := c.leaf(); l != nil && !visit(*l) {
		return false
	}
	return c.node == nil || c.node.kids[0].walk(visit) && c.node.kids[1].walk(visit)
}
