package chain

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"ipledger/ledger/wire"
)

// FrontierBytesMax fits the 63 roots of a log of LeavesMax.
const FrontierBytesMax = ProofBytesMax

// LogLeaf is the hash of an act-bearing block's leaf in the log.
//
// specs/06 CHAIN-17: The leaf of an act-bearing block MUST be its height in 8
// bytes, big-endian, and its header's hash, and the log MUST have the leaves
// of all such blocks in order of height, and no other.
func LogLeaf(height uint64, header wire.Hash) wire.Hash {
	return leaf(append(binary.BigEndian.AppendUint64(nil, height), header[:]...))
}

// AppHash is what the header AFTER a block says of the ledger.
//
// specs/06 CHAIN-20: The app hash of the header after a block MUST be SHA-256 of
// 0x61, the state root and the log root, both as they are after the block.
func AppHash(state, log wire.Hash) wire.Hash {
	return wire.Sum(wire.TagApp, state[:], log[:])
}

// Frontier is the log's right edge: all that is needed to append to it. It is
// a value: Append leaves the old one as it was. The zero Frontier is the empty log.
type Frontier struct {
	Size  uint64      // leaves, at most LeavesMax
	Roots []wire.Hash // of the perfect trees that cover them, the largest first
}

// Check reports whether f is within its bounds.
//
// specs/06 CHAIN-18: A frontier MUST have one root for each bit set in its
// size, the highest bit first, and a size of at most 2^63-1.
func (f Frontier) Check() error {
	if f.Size > LeavesMax || bits.OnesCount64(f.Size) != len(f.Roots) {
		return formError("CHAIN-18", "a frontier of %d leaves with %d roots", f.Size, len(f.Roots))
	}
	return nil
}

// Append is the log with one leaf more, given its hash.
func (f Frontier) Append(leaf wire.Hash) Frontier {
	roots := slices.Clone(f.Roots)
	for size := f.Size; size&1 == 1; size >>= 1 {
		last := len(roots) - 1
		leaf, roots = node(roots[last], leaf), roots[:last]
	}
	return Frontier{Size: f.Size + 1, Roots: append(roots, leaf)}
}

// Root is the log's list hash.
func (f Frontier) Root() wire.Hash {
	if len(f.Roots) == 0 {
		return Root(nil)
	}
	last := len(f.Roots) - 1
	root := f.Roots[last]
	for i := last - 1; i >= 0; i-- {
		root = node(f.Roots[i], root)
	}
	return root
}

// Bytes is the frontier's canonical encoding.
func (f Frontier) Bytes() []byte { return wire.Encode(f) }

// DecodeFrontier reads what Bytes writes, at most FrontierBytesMax of it.
func DecodeFrontier(raw []byte) (Frontier, error) {
	return decode[Frontier]("frontier", raw, FrontierBytesMax)
}

// Consistency proves that a log of New leaves begins with the log of Old.
type Consistency struct {
	Old, New uint64
	Path     []wire.Hash
}

// ProveConsistency proves that leaves begin with the first old of them; the
// caller MUST give an old within the number of leaves.
func ProveConsistency(leaves []wire.Hash, old uint64) Consistency {
	p := Consistency{Old: old, New: uint64(len(leaves))}
	if old > 0 {
		p.Path = prefixPath(leaves, old, true)
	}
	return p
}

// prefixPath is SUBPROOF of RFC 6962, Section 2.1.2. Whole says that the first
// old leaves are the old log, whose root the verifier has.
func prefixPath(leaves []wire.Hash, old uint64, whole bool) []wire.Hash {
	if old == uint64(len(leaves)) {
		if whole {
			return nil
		}
		return []wire.Hash{Root(leaves)}
	}
	k := split(uint64(len(leaves)))
	if old <= k {
		return append(prefixPath(leaves[:k], old, whole), Root(leaves[k:]))
	}
	return append(prefixPath(leaves[k:], old-k, false), Root(leaves[:k]))
}

// Check reports whether p is within its bounds.
func (p Consistency) Check() error {
	if p.New > LeavesMax || p.Old > p.New || len(p.Path) > PathMax {
		return formError("CHAIN-19", "from %d leaves to %d with %d hashes", p.Old, p.New, len(p.Path))
	}
	return nil
}

// Bytes is the proof's canonical encoding.
func (p Consistency) Bytes() []byte { return wire.Encode(p) }

// DecodeConsistency reads what Bytes writes, at most ProofBytesMax of it.
func DecodeConsistency(raw []byte) (Consistency, error) {
	return decode[Consistency]("consistency proof", raw, ProofBytesMax)
}

// Verify reports whether the log with newRoot begins with the log with
// oldRoot. Errors: ErrForm, ErrProof.
//
// specs/06 CHAIN-19: A consistency proof MUST have sizes that do not fall, the
// new of at most 2^63-1, and exactly the hashes of RFC 6962, Section 2.1.2, none
// from size 0, and they MUST lead to both roots.
func (p Consistency) Verify(oldRoot, newRoot wire.Hash) error {
	if err := p.Check(); err != nil {
		return err
	}
	old, now, ok := oldRoot, newRoot, true
	if p.Old == 0 {
		ok = len(p.Path) == 0 && oldRoot == Root(nil) && (p.New > 0 || newRoot == oldRoot)
	} else {
		old, now, ok = climbBoth(p.Old, p.New, true, oldRoot, p.Path)
	}
	if !ok || old != oldRoot || now != newRoot {
		return fmt.Errorf("%w (CHAIN-19): from %d leaves to %d; keep both roots and their certificates, they may show a rewritten log",
			ErrProof, p.Old, p.New)
	}
	return nil
}

// climbBoth is the two roots to which path leads; false if path has too few
// or too many hashes. It mirrors prefixPath.
func climbBoth(old, size uint64, whole bool, oldRoot wire.Hash, path []wire.Hash) (was, is wire.Hash, ok bool) {
	if old == size && whole {
		return oldRoot, oldRoot, len(path) == 0
	}
	if len(path) == 0 {
		return was, is, false
	}
	rest, last := path[:len(path)-1], path[len(path)-1]
	if old == size {
		return last, last, len(rest) == 0
	}
	k := split(size)
	if old <= k {
		was, is, ok = climbBoth(old, k, whole, oldRoot, rest)
		return was, node(is, last), ok
	}
	was, is, ok = climbBoth(old-k, size-k, false, oldRoot, rest)
	return node(last, was), node(last, is), ok
}
