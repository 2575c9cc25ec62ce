package tree

import (
	"bytes"
	"crypto/sha256"

	"ipledger/ledger/wire"
)

// Leaf is a value and the data it commits to. How a value is made of data is
// the affair of the rooms above (specs/14). A leaf that stands in a tree never
// changes, so states share it; nobody changes Data, neither who puts it nor who
// reads it.
type Leaf struct {
	Key   Key
	Value wire.Hash
	Data  []byte
}

// own is a copy of l with data of its own.
func (l *Leaf) own() *Leaf {
	out := &Leaf{Key: l.Key, Value: l.Value, Data: make([]byte, len(l.Data))}
	copy(out.Data, l.Data)
	return out
}

// same compares what two leaves at one key hold; nil is no leaf.
func same(a, b *Leaf) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a == b || a.Value == b.Value && bytes.Equal(a.Data, b.Data)
}

// node is a place that parts two ways, or holds a leaf with something beneath it,
// or is a subtree's root. Leaves with nothing beneath need none.
//
// It fills 112 bytes, a size class of the allocator, and there are 0.8 nodes to
// a leaf: it holds no address. A branch's is the first len bits of any leaf's
// beneath it. It has the hashes of its children, not its own, so that neither a
// hash nor a proof of a path reads the nodes beside it, each of them a way to
// the memory and back.
type node struct {
	kids [2]kid
	leaf *Leaf  // nil if there is none
	gen  uint32 // of the editor that made it, the only one who may change it
	len  uint16 // bits of address
	// stale has bit i set while sums[i] does not tell what kids[i] holds. Only
	// nodes of an editor at work are stale; a State has none.
	stale uint8
	sums  [2]wire.Hash // undefined where there is no child
}

// sample is some leaf at or beneath n.
func (n *node) sample() *Leaf {
	for n.leaf == nil {
		c := &n.kids[0]
		if c.empty() {
			c = &n.kids[1]
		}
		if c.node == nil {
			return c.tip
		}
		n = c.node
	}
	return n.leaf
}

// refresh computes the stale hashes at and beneath n, and n's own. It gives
// the address of a leaf beneath, too, to spare its callers the way down.
func (n *node) refresh(s Subtree) (sum wire.Hash, addr []byte) {
	if n.stale != 0 { // else it may be a State's, which others read
		for side := range n.kids {
			if n.stale>>side&1 == 1 && !n.kids[side].empty() {
				n.sums[side], addr = n.kids[side].refresh(s)
			}
		}
		n.stale = 0
	}
	switch {
	case n.leaf != nil:
		addr = n.leaf.Key.Addr[:]
	case addr == nil:
		addr = n.sample().Key.Addr[:]
	}
	return n.sum(s, addr), addr
}

// sum is n's own hash, given the address of any leaf at or beneath it. Its
// children's are not stale.
func (n *node) sum(s Subtree, addr []byte) wire.Hash {
	var value, left, right *wire.Hash
	if n.leaf != nil {
		value = &n.leaf.Value
	}
	if !n.kids[0].empty() {
		left = &n.sums[0]
	}
	if !n.kids[1].empty() {
		right = &n.sums[1]
	}
	return nodeHash(s, int(n.len), addr, value, left, right)
}

// nodeHash is the hash of a node; nil stands for what it has not.
//
// specs/05 TREE-5: The hash of a node MUST be SHA-256(tag ‖ subtree ‖ length ‖
// address, padded to the subtree's width ‖ value ‖ left ‖ right).
func nodeHash(s Subtree, length int, addr []byte, value, left, right *wire.Hash) wire.Hash {
	var buf [4 + WidthMax/8 + 3*32]byte
	buf[0] = wire.TagTreeNode
	buf[1] = byte(s)
	buf[2], buf[3] = byte(length>>8), byte(length)
	end := 4 + s.bytes()
	full := (length + 7) / 8
	copy(buf[4:4+full], addr)
	if length%8 != 0 {
		buf[4+full-1] &= 0xff << (8 - length%8)
	}
	for i, part := range [3]*wire.Hash{value, left, right} {
		if part != nil {
			buf[0] |= 1 << i
			*(*wire.Hash)(buf[end:]) = *part
			end += len(part)
		}
	}
	return sha256.Sum256(buf[:end])
}
