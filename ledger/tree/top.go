package tree

import (
	"crypto/sha256"

	"ipledger/ledger/wire"
)

// topLevels is the height of the tree above the eight subtrees.
const topLevels = 3

// tops are the hashes of the tree above the subtrees, by level: the eight
// subtrees in order, the four pairs, the two halves, the state root.
type tops [2*SubtreeCount - 1]wire.Hash

// emptySums has the hash of each subtree while it is empty.
var emptySums = func() (sums [SubtreeCount]wire.Hash) {
	for s := range sums {
		sums[s] = nodeHash(Subtree(s), 0, nil, nil, nil, nil)
	}
	return sums
}()

// emptyTops are those of the zero State.
var emptyTops = func() *tops {
	var t tops
	copy(t[:], emptySums[:])
	t.fold()
	return &t
}()

// fold computes what stands above the subtrees.
func (t *tops) fold() {
	row, level := 0, 0
	for size := SubtreeCount; size > 1; size /= 2 {
		for i := range size / 2 {
			t[row+size+i] = topHash(level, t[row+2*i], t[row+2*i+1])
		}
		row, level = row+size, level+1
	}
}

// root is the state root.
func (t *tops) root() wire.Hash { return t[len(t)-1] }

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
func (t *tops) siblings(s Subtree) (out [topLevels]wire.Hash) {
	row, size := 0, SubtreeCount
	for level := range out {
		out[level] = t[row+int(s)>>level^1]
		row, size = row+size, size/2
	}
	return out
}
