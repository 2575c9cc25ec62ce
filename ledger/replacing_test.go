package ledger_test

import (
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// permit is a prefix and how long its announcements may be.
type permit struct {
	at   wire.Resource
	most uint64
}

// smallest carries out the words of ROUTE-1, announcement by announcement, for
// those inside a block, down to a length, that are permitted.
func smallest(whole wire.Resource, most uint64, permitted func(wire.Resource) bool) []permit {
	done := map[wire.Resource]bool{}
	var out []permit
	for _, x := range announcements(whole, most) {
		if !permitted(x) || done[x] {
			continue
		}
		p := x
		for n := x.Len; n > whole.Len; n-- {
			if up := inr.Truncate(x, n-1); allPermitted(up, uint64(x.Len), permitted) {
				p = up
			}
		}
		m := uint64(x.Len)
		for m < most && allPermitted(p, m+1, permitted) {
			m++
		}
		out = append(out, permit{p, m})
		for _, y := range announcements(p, m) {
			done[y] = true
		}
	}
	return out
}

// replacing is the set that replaces (whole, most) for AS1 when others possess
// the hole.
func replacing(whole string, most uint64, hole string) []string {
	h := resource(hole)
	var out []string
	for _, p := range smallest(resource(whole), most, func(r wire.Resource) bool { return !inr.Covers(h, r) }) {
		out = append(out, fmt.Sprintf("%v-%d AS1", p.at, p.most))
	}
	return out
}

func allPermitted(p wire.Resource, most uint64, permitted func(wire.Resource) bool) bool {
	for _, r := range announcements(p, most) {
		if !permitted(r) {
			return false
		}
	}
	return true
}

// announcements lists a block and all inside it down to a length, by length,
// then address.
func announcements(r wire.Resource, most uint64) []wire.Resource {
	out := []wire.Resource{r}
	for i := 0; i < len(out); i++ {
		if low, high, ok := inr.Halves(out[i]); ok && uint64(low.Len) <= most {
			out = append(out, low, high)
		}
	}
	slices.SortStableFunc(out, func(a, b wire.Resource) int { return int(a.Len) - int(b.Len) })
	return out
}
