package tree

import (
	"crypto/sha256"

	"ipledger/ledger/wire"
)

// Leaf is a value and the data it commits to. How a value is made of data is
// the affair of the rooms above (specs/14). Nobody changes Data, neither who
// puts it nor who reads it.
type Leaf struct {
	Key   Key
	Value wire.Hash
	Data  []byte
}

// node is a place that holds a value, or parts two ways, or is a subtree's root.
//
// It fills 64 bytes, the size class of the allocator, for there are 1.6 nodes
// to a value: it holds no address. A valued node's address stands in its body;
// a branch's is the first len bits of any value's beneath it.
type node struct {
	kids [2]*node
	body *body
	hash wire.Hash // undefined while stale
	gen  uint32    // of the editor that made it, the only one who may change it
	len  uint16    // bits of address
	// stale says that hash no longer tells the content. Only nodes of an
	// editor at work are stale; a State has none.
	stale bool
}

// body is what a valued node holds. It never changes, so states share it.
type body struct {
	value wire.Hash
	raw   []byte // the address at full width, then the data: one allocation
}

func newBody(l Leaf) *body {
	w := l.Key.Subtree.bytes()
	raw := make([]byte, w+len(l.Data))
	copy(raw, l.Key.Addr[:w])
	copy(raw[w:], l.Data)
	return &body{value: l.Value, raw: raw}
}

// leaf is the body of n as its owner gave it. n holds a value.
func (n *node) leaf(s Subtree) Leaf {
	w := s.bytes()
	raw := n.body.raw
	return Leaf{Key: n.keyOf(s, raw), Value: n.body.value, Data: raw[w:len(raw):len(raw)]}
}

// key is the place of n. It costs a way down to a value.
func (n *node) key(s Subtree) Key { return n.keyOf(s, n.sample().body.raw) }

// keyOf is the place of n, given the address of any value at or beneath it.
func (n *node) keyOf(s Subtree, addr []byte) Key {
	k := Key{Subtree: s}
	copy(k.Addr[:], addr[:s.bytes()])
	return k.cut(int(n.len))
}

// sample is some valued node at or beneath n.
func (n *node) sample() *node {
	for n.body == nil {
		if n.kids[0] != nil {
			n = n.kids[0]
		} else {
			n = n.kids[1]
		}
	}
	return n
}

// refresh computes the hashes of the stale nodes at and beneath n. It returns
// the address of a value beneath if it came by one, to spare its callers the
// way down.
func (n *node) refresh(s Subtree) (addr []byte) {
	if n == nil || !n.stale {
		return nil
	}
	for _, kid := range n.kids {
		if a := kid.refresh(s); a != nil {
			addr = a
		}
	}
	if addr == nil {
		addr = n.sample().body.raw
	}
	n.seal(s, addr)
	return addr
}

// seal computes n's own hash from its children's, which are fresh.
func (n *node) seal(s Subtree, addr []byte) {
	var value, left, right *wire.Hash
	if n.body != nil {
		value = &n.body.value
	}
	if n.kids[0] != nil {
		left = &n.kids[0].hash
	}
	if n.kids[1] != nil {
		right = &n.kids[1].hash
	}
	n.hash = nodeHash(s, int(n.len), addr, value, left, right)
	n.stale = false
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
	w := s.bytes()
	end := 4 + w
	full := (length + 7) / 8
	copy(buf[4:4+full], addr)
	if length%8 != 0 {
		buf[4+full-1] &= 0xff << (8 - length%8)
	}
	for i, part := range [3]*wire.Hash{value, left, right} {
		if part != nil {
			buf[0] |= 1 << i
			end += copy(buf[end:], part[:])
		}
	}
	return sha256.Sum256(buf[:end])
}

// rootHash is the hash of a subtree, which may be empty.
func rootHash(s Subtree, n *node) wire.Hash {
	if n == nil {
		return nodeHash(s, 0, nil, nil, nil, nil)
	}
	return n.hash
}
