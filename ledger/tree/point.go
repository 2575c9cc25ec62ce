package tree

import (
	"fmt"

	"ipledger/ledger/wire"
)

// PointBytesMax bounds a point proof: 331 hashes, for a path of the widest
// subtree that parts at every bit, and the bits of 330 nodes.
const PointBytesMax = 12 << 10

// Point is what a point proof shows of a key.
type Point struct {
	// Chain is every value at a key that covers the query, the shortest key
	// first, the query's own last.
	Chain []KeyValue
	Found bool // the query itself holds a value, the last of Chain
	More  bool // values stand beneath the query
	Steps int  // nodes that were hashed, and levels of the top
}

// VerifyPoint checks that raw is the point proof for query under root, and says
// what it shows. A proof for a key that holds nothing shows just that.
func VerifyPoint(root wire.Hash, query Key, raw []byte) (Point, error) {
	// specs/05 TREE-12: A verifier MUST look at sizes first.
	if len(raw) > PointBytesMax {
		return Point{}, fmt.Errorf("%w: point proof of %d bytes, at most %d (TREE-12)", ErrSize, len(raw), PointBytesMax)
	}
	if !query.Valid() {
		return Point{}, fmt.Errorf("%w: the query (TREE-2)", ErrKey)
	}
	if len(raw) < proofHead || raw[0] != proofPoint {
		return Point{}, refused("it is no point proof (TREE-8)")
	}
	v := verifier{window: window{lo: query, hi: query}, asked: query}
	if err := v.run(root, raw); err != nil {
		return Point{}, err
	}
	p := Point{Chain: v.chain, More: v.more, Steps: v.nodes + topLevels}
	p.Found = len(p.Chain) > 0 && p.Chain[len(p.Chain)-1].Key == query
	return p, nil
}
