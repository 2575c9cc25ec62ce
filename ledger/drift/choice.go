package drift

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Choice is what is judged. A nil list chooses everything, an empty one nothing.
type Choice struct {
	Blocks []wire.Resource // prefixes
	AS     []wire.Resource // blocks of AS numbers
	Holder []wire.Resource // what somebody holds: both
}

// Keep is the choice as Compare takes it, nil where it chooses everything.
//
// specs/31 DRIFT-9: Blocks choose what lies inside one of them, AS numbers what names
// one of them, an account what lies inside its blocks or names one of its AS numbers;
// of several kinds all must choose.
func (c *Choice) Keep() func(wire.Resource, uint32) bool {
	if c.Blocks == nil && c.AS == nil && c.Holder == nil {
		return nil
	}
	blocks, as, holder := newBlocks(c.Blocks), newBlocks(c.AS), newBlocks(c.Holder)
	return func(at wire.Resource, n uint32) bool {
		return (c.Blocks == nil || blocks.cover(at)) && (c.AS == nil || as.cover(inr.AS(n))) &&
			(c.Holder == nil || holder.cover(at) || n != 0 && holder.cover(inr.AS(n)))
	}
}

// blocks finds among many one that covers a block, by the lengths that there are.
type blocks struct {
	have    map[wire.Resource]bool
	lengths [3][]uint8 // by family, each once
}

func newBlocks(list []wire.Resource) *blocks {
	b := &blocks{have: make(map[wire.Resource]bool, len(list))}
	var seen [3][129]bool
	for _, r := range list {
		if b.have[r] = true; !seen[r.Family][r.Len] {
			seen[r.Family][r.Len] = true
			b.lengths[r.Family] = append(b.lengths[r.Family], r.Len)
		}
	}
	return b
}

func (b *blocks) cover(r wire.Resource) bool {
	for _, length := range b.lengths[r.Family] {
		if length <= r.Len && b.have[inr.Truncate(r, length)] {
			return true
		}
	}
	return false
}
