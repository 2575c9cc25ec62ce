package genesis

import (
	"sort"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// overlapped is where, in a list that is ascending and disjoint, the titles stand
// that overlap a block.
func overlapped(list []*Listed, r wire.Resource) (from, to int) {
	from = sort.Search(len(list), func(i int) bool { return inr.Compare(list[i].Resource, r) >= 0 })
	if from > 0 && inr.Covers(list[from-1].Resource, r) {
		return from - 1, from
	}
	for to = from; to < len(list) && inr.Covers(r, list[to].Resource); to++ {
	}
	return from, to
}

// rest is a block less another, either lying anywhere.
func rest(whole, part wire.Resource) []wire.Resource {
	switch {
	case inr.Covers(part, whole):
		return nil
	case inr.Covers(whole, part):
		return inr.Cut(whole, part)
	}
	return []wire.Resource{whole}
}
