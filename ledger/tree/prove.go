package tree

import (
	"encoding/binary"

	"ipledger/ledger/wire"
)

// The first byte of a proof says what it proves (TREE-8).
const (
	proofPoint    = 1 // every value that covers a key, and what lies beneath
	proofRangeEnd = 2 // a list to the end of what was asked
	proofRange    = 3 // a list with more after it
)

// Prove is the point proof for k, which may hold no value and may be any valid
// key: for an address, a key of full width. It panics if k is not valid.
func (s State) Prove(k Key) []byte {
	p := prover{window: window{lo: k, hi: k}}
	return p.prove(s, proofPoint, k.Subtree)
}

// prover writes a proof in pre-order: hashes into one row, everything that
// decides which hash is which into bits after it.
type prover struct {
	window
	bits   bitWriter
	hashes []wire.Hash
}

func (p *prover) prove(f State, kind byte, s Subtree) []byte {
	top := f.tops().siblings(s)
	p.hashes = append(p.hashes, top[:]...)
	root := f.forest[s]
	if root == nil {
		root = &node{}
	}
	p.open(kid{node: root}, RootKey(s))
	out := make([]byte, 0, proofHead+32*len(p.hashes)+len(p.bits.out))
	out = binary.BigEndian.AppendUint16(append(out, kind), uint16(len(p.hashes)))
	for _, h := range p.hashes {
		out = append(out, h[:]...)
	}
	return append(out, p.bits.out...)
}

// open writes the node at k: what it has, and its halves.
func (p *prover) open(c kid, k Key) {
	leaf := c.leaf()
	valued := leaf != nil
	if !p.lists(&k) {
		if !valueImplied(k) {
			p.bits.flag(valued)
		}
		if valued {
			p.hashes = append(p.hashes, leaf.Value)
		}
	}
	if int(k.Len) == k.Subtree.Width() {
		return
	}
	for side, next := range c.kids() {
		half := k.half(side)
		at := p.place(&half)
		if at == inside {
			continue
		}
		if free(k, valued) {
			p.bits.flag(!next.empty())
		}
		if next.empty() {
			continue
		}
		if at == outside {
			p.hashes = append(p.hashes, c.node.sums[side])
			continue
		}
		p.descend(next, half)
	}
}

// descend writes where the node in half stands, and the node.
func (p *prover) descend(c kid, half Key) {
	k := c.key()
	covers := k.Covers(p.guide(half))
	p.bits.flag(!covers)
	p.bits.gamma(int(k.Len-half.Len) + 1)
	if !covers {
		for i := half.Len; i < k.Len; i++ {
			p.bits.bit(k.bit(int(i)))
		}
	}
	p.open(c, k)
}
