package tree

import (
	"crypto/sha256"

	"ipledger/ledger/wire"
)

// topLevels is the height of the tree above the eight subtrees.
const topLevels = 3

// emptyRoot is the root of the zero State.
var emptyRoot = forest{}.root()

// topHash joins two halves of the top.
//
// specs/05 TREE-6: The state root MUST be the tree over the eight subtrees with
// N(level, l, r) = SHA-256(0x60 ‖ level ‖ l ‖ r).
func topHash(level int, left, right wire.Hash) wire.Hash {
	raw := [2 + 2*32]byte{wire.TagTreeTop, byte(level)}
	copy(raw[2:], left[:])
	copy(raw[2+32:], right[:])
	return sha256.Sum256(raw[:])
}

// foldTop climbs from a subtree's root to the state root by its siblings.
func foldTop(s Subtree, root wire.Hash, siblings [topLevels]wire.Hash) wire.Hash {
	for level, sibling := range siblings {
		if s>>level&1 == 0 {
			root = topHash(level, root, sibling)
		} else {
			root = topHash(level, sibling, root)
		}
	}
	return root
}

// siblings are the hashes that foldTop needs for a subtree, lowest first.
func (f forest) siblings(s Subtree) (out [topLevels]wire.Hash) {
	row := f.roots()
	for level := range out {
		at := int(s) >> level
		out[level] = row[at^1]
		for i := 0; i < len(row)/2; i++ {
			row[i] = topHash(level, row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return out
}

func (f forest) root() wire.Hash {
	return foldTop(IPv4, rootHash(IPv4, f[IPv4]), f.siblings(IPv4))
}

func (f forest) roots() []wire.Hash {
	row := make([]wire.Hash, SubtreeCount)
	for s, n := range f {
		row[s] = rootHash(Subtree(s), n)
	}
	return row
}
