package chain

import (
	"crypto/sha256"
	"fmt"
	"math/bits"

	"ipledger/ledger/wire"
)

// Bounds of a proof (specs/06 CHAIN-16). A tree of that many leaves is 63
// high, and a consistency proof may have one hash more.
const (
	LeavesMax     = 1<<63 - 1
	PathMax       = 64
	ProofBytesMax = 32 + 33*PathMax
)

// Root is the list hash over hashes of leaves.
//
// specs/06 CHAIN-13: The list hash of leaves MUST be the Merkle tree hash of
// RFC 6962, Section 2.1, with SHA-256: SHA-256 of nothing for no leaf, of 0x00
// and the leaf for one, and of 0x01 and the list hashes of the two parts for
// more, split at the largest power of two below their number.
func Root(leaves []wire.Hash) wire.Hash {
	switch len(leaves) {
	case 0:
		return wire.Hash(sha256.Sum256(nil))
	case 1:
		return leaves[0]
	}
	k := split(uint64(len(leaves)))
	return node(Root(leaves[:k]), Root(leaves[k:]))
}

func listHash[T ~[]byte](leaves ...T) wire.Hash {
	hashes := make([]wire.Hash, len(leaves))
	for i, data := range leaves {
		hashes[i] = leaf(data)
	}
	return Root(hashes)
}

func leaf(data []byte) wire.Hash { return wire.Sum(wire.TagLogLeaf, data) }

func node(left, right wire.Hash) wire.Hash { return wire.Sum(wire.TagLogNode, left[:], right[:]) }

// Node is the hash of two subtrees side by side.
func Node(left, right wire.Hash) wire.Hash { return node(left, right) }

// split is the largest power of two below n, which is at least 2.
func split(n uint64) uint64 { return 1 << (bits.Len64(n-1) - 1) }

// Inclusion proves that a leaf is at Index in the list of Size leaves.
type Inclusion struct {
	Index, Size uint64
	Path        []wire.Hash // the other child at each step, from the leaf up
}

// ProveInclusion proves leaves[index]; the caller MUST give an index within
// the leaves. It hashes every leaf's way up once.
func ProveInclusion(leaves []wire.Hash, index uint64) Inclusion {
	return Inclusion{Index: index, Size: uint64(len(leaves)), Path: path(leaves, index)}
}

func path(leaves []wire.Hash, index uint64) []wire.Hash {
	if len(leaves) == 1 {
		return nil
	}
	k := split(uint64(len(leaves)))
	if index < k {
		return append(path(leaves[:k], index), Root(leaves[k:]))
	}
	return append(path(leaves[k:], index-k), Root(leaves[:k]))
}

// Check reports whether p is within its bounds.
func (p Inclusion) Check() error {
	if p.Size > LeavesMax || p.Index >= p.Size || len(p.Path) > PathMax {
		return formError("CHAIN-16", "leaf %d of %d with %d hashes", p.Index, p.Size, len(p.Path))
	}
	return nil
}

// Bytes is the proof's canonical encoding.
func (p Inclusion) Bytes() []byte { return wire.Encode(p) }

// DecodeInclusion reads what Bytes writes, at most ProofBytesMax of it.
func DecodeInclusion(raw []byte) (Inclusion, error) {
	return decode[Inclusion]("inclusion proof", raw, ProofBytesMax)
}

// Verify reports whether the leaf hashed to leaf is where p says, under root.
// Errors: ErrForm, ErrProof.
//
// specs/06 CHAIN-16: An inclusion proof MUST have an index below its size, a
// size of at most 2^63-1, and exactly the hashes of RFC 6962, Section 2.1.1, and
// they MUST lead from the leaf to the root.
func (p Inclusion) Verify(leaf, root wire.Hash) error {
	if err := p.Check(); err != nil {
		return err
	}
	if got, ok := climb(p.Index, p.Size, leaf, p.Path); !ok || got != root {
		return fmt.Errorf("%w (CHAIN-16): leaf %d of %d; ask another node for the proof", ErrProof, p.Index, p.Size)
	}
	return nil
}

// climb is the root over size leaves of which path proves one; false if path
// has too few or too many hashes.
func climb(index, size uint64, leaf wire.Hash, path []wire.Hash) (wire.Hash, bool) {
	if size == 1 || len(path) == 0 {
		return leaf, size == 1 && len(path) == 0
	}
	k, rest, last := split(size), path[:len(path)-1], path[len(path)-1]
	if index < k {
		left, ok := climb(index, k, leaf, rest)
		return node(left, last), ok
	}
	right, ok := climb(index-k, size-k, leaf, rest)
	return node(last, right), ok
}
