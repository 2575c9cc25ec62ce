package tree

import (
	"fmt"

	"ipledger/ledger/wire"
)

// RangeBytesMax bounds a range proof: it is at most two paths of a point proof.
const RangeBytesMax = 2 * PointBytesMax

// RangeEntriesMax bounds the leaves of one range proof: more than a chunk of
// ChunkBytesMax can hold.
const RangeEntriesMax = 1 << 16

// Range is what a range proof shows beyond its list.
type Range struct {
	// Above is every value at or above what was asked for that the list leaves
	// out, the shortest key first.
	Above []KeyValue
	// More says that the list does not reach the end; the next page starts at Next.
	More bool
	Next Key
}

// ProveRange lists the leaves at or beneath under, from from on, at most limit,
// and proves that none is left out. The first page has from = under, the next
// ones start at the last key's Next. It panics unless under covers from; limit
// is held between 1 and RangeEntriesMax.
func (s State) ProveRange(under, from Key, limit int) ([]Leaf, []byte) {
	limit = max(1, min(limit, RangeEntriesMax))
	n := 0
	return s.proveRange(under, from, func(Leaf) bool {
		n++
		return n <= limit
	})
}

// proveRange is ProveRange that asks of each leaf whether it still fits. The
// first one is in the list whatever the answer: a page goes forward.
func (s State) proveRange(under, from Key, fits func(Leaf) bool) ([]Leaf, []byte) {
	if !from.Valid() || !under.Covers(from) {
		panic(fmt.Sprintf("tree: %v does not cover %v, where the page starts (TREE-10)", under, from))
	}
	var list []Leaf
	w := window{lo: from, hi: under.last(), listed: true}
	kind := byte(proofRangeEnd)
	s.WalkFrom(under, from, func(l Leaf) bool {
		if !fits(l) && len(list) > 0 {
			kind, w.hi = proofRange, list[len(list)-1].Key
			return false
		}
		list = append(list, l)
		return true
	})
	p := prover{window: w}
	return list, p.prove(s, kind, under.Subtree)
}

// VerifyRange checks that list is every leaf at or beneath under, from from on,
// as far as the list goes, and that raw is the proof of it under root.
func VerifyRange(root wire.Hash, under, from Key, list []KeyValue, raw []byte) (Range, error) {
	if len(raw) > RangeBytesMax || len(list) > RangeEntriesMax {
		return Range{}, fmt.Errorf("%w: range proof of %d bytes and %d entries, at most %d and %d (TREE-12)",
			ErrSize, len(raw), len(list), RangeBytesMax, RangeEntriesMax)
	}
	if !from.Valid() || !under.Valid() || !under.Covers(from) {
		return Range{}, fmt.Errorf("%w: a page beneath one key starts at or beneath it (TREE-10)", ErrKey)
	}
	w := window{lo: from, hi: under.last(), listed: true}
	more := len(raw) > 0 && raw[0] == proofRange
	if len(raw) < proofHead || !more && raw[0] != proofRangeEnd || more && len(list) == 0 {
		return Range{}, refused("it is no range proof (TREE-8)")
	}
	if more {
		w.hi = list[len(list)-1].Key
	}
	if err := checkList(w, list); err != nil {
		return Range{}, err
	}
	return verifyWindow(root, w, under, list, raw, more)
}

func verifyWindow(root wire.Hash, w window, under Key, list []KeyValue, raw []byte, more bool) (Range, error) {
	v := verifier{window: w, asked: under, list: list}
	if err := v.run(root, raw); err != nil {
		return Range{}, err
	}
	// specs/05 TREE-10: ... only if it says that more follows exactly when
	// something stands beneath the key asked for and after the window.
	if v.more != more {
		return Range{}, refused("it says that more follows, and nothing does (TREE-10)")
	}
	r := Range{Above: v.chain, More: more}
	if more {
		r.Next, _ = w.hi.Next()
	}
	return r, nil
}
