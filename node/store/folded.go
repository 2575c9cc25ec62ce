package store

import (
	"ipledger/ledger/tree"
)

// folded is what some blocks did at one key.
type folded struct {
	first, last *tree.Change
	heights     []uint64 // of the blocks that changed it, ascending
}

// merged is what all blocks did, in the order of keys.
func merged(blocks []recent) []folded {
	switch len(blocks) {
	case 0:
		return nil
	case 1:
		return single(&blocks[0])
	}
	half := len(blocks) / 2
	return merge(merged(blocks[:half]), merged(blocks[half:]))
}

func single(b *recent) []folded {
	out, heights := make([]folded, len(b.changes)), make([]uint64, len(b.changes))
	for i := range b.changes {
		heights[i] = b.height
		out[i] = folded{&b.changes[i], &b.changes[i], heights[i : i+1 : i+1]}
	}
	return out
}

// merge joins what earlier blocks did and what later ones did.
func merge(earlier, later []folded) []folded {
	out := make([]folded, 0, len(earlier)+len(later))
	for len(earlier) > 0 && len(later) > 0 {
		switch c := earlier[0].first.Key.Compare(later[0].first.Key); {
		case c < 0:
			out, earlier = append(out, earlier[0]), earlier[1:]
		case c > 0:
			out, later = append(out, later[0]), later[1:]
		default:
			out = append(out, folded{earlier[0].first, later[0].last, append(earlier[0].heights, later[0].heights...)})
			earlier, later = earlier[1:], later[1:]
		}
	}
	return append(append(out, earlier...), later...)
}
