package drift

import (
	"cmp"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// compareKeys orders payloads by what they permit: prefix, AS, greatest length.
func compareKeys(a, b vrp.Payload) int {
	if c := inr.Compare(a.Prefix, b.Prefix); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.AS, b.AS), cmp.Compare(a.MaxLength, b.MaxLength))
}

// ordered is a list of payloads in order, each once; of those that differ in grade
// alone the weakest stands. The caller's list stays as it is.
func ordered(list []vrp.Payload) []vrp.Payload {
	same := func(a, b vrp.Payload) bool { return compareKeys(a, b) == 0 }
	rises := true
	for i := 1; i < len(list) && rises; i++ {
		rises = compareKeys(list[i-1], list[i]) < 0
	}
	if rises {
		return list
	}
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b vrp.Payload) int { return cmp.Or(compareKeys(a, b), cmp.Compare(b.Grade, a.Grade)) })
	return slices.CompactFunc(out, same)
}

// group is the payloads at one prefix.
type group struct {
	prefix     wire.Resource
	first, end int
}

// sweep passes over routes and payloads once, both in order: whatever covers a
// route stands before it, so the blocks around the present place are a stack, as
// deep as an address has bits.
type sweep struct {
	payloads []vrp.Payload
	next     int
	around   []group // outermost first
	// Of each payload: how many routes are valid by it, and the longest of them.
	used    []uint32
	longest []uint8
}

func newSweep(payloads []vrp.Payload) *sweep {
	return &sweep{payloads: payloads, used: make([]uint32, len(payloads)), longest: make([]uint8, len(payloads))}
}

// to moves on to a place: after it, around is the groups that cover the place.
func (s *sweep) to(at wire.Resource) {
	for s.next < len(s.payloads) && inr.Compare(s.payloads[s.next].Prefix, at) <= 0 {
		g := group{prefix: s.payloads[s.next].Prefix, first: s.next}
		for s.next < len(s.payloads) && s.payloads[s.next].Prefix == g.prefix {
			s.next++
		}
		g.end = s.next
		s.leave(g.prefix)
		s.around = append(s.around, g)
	}
	s.leave(at)
}

// leave drops what does not cover a place.
func (s *sweep) leave(at wire.Resource) {
	for n := len(s.around); n > 0 && !inr.Covers(s.around[n-1].prefix, at); n-- {
		s.around = s.around[:n-1]
	}
}

// judge is the state of the next route, and the index of the payload that decides
// it: negative for an unknown route. It counts the route for each payload that it
// is valid by.
//
// specs/31 DRIFT-3: The state of a route by a list of payloads MUST be that of
// RFC 6811, Section 2.
func (s *sweep) judge(r rib.Route) (state State, by int) {
	s.to(r.Prefix)
	if len(s.around) == 0 {
		return Unknown, -1
	}
	state, by = InvalidOrigin, s.around[len(s.around)-1].first
	if r.Origin == rib.NONE {
		return state, by
	}
	for i := len(s.around) - 1; i >= 0; i-- {
		first, end := s.of(s.around[i], uint64(r.Origin))
		if first == end {
			continue
		}
		if state == InvalidOrigin {
			state, by = InvalidLength, end-1
		}
		for k := end - 1; k >= first && s.payloads[k].MaxLength >= uint64(r.Prefix.Len); k-- {
			if s.used[k]++; state != Valid {
				state, by = Valid, k
			}
			s.longest[k] = max(s.longest[k], r.Prefix.Len)
		}
	}
	return state, by
}

// of is where the payloads of an AS stand in a group, by rising length.
func (s *sweep) of(g group, as uint64) (first, end int) {
	list := s.payloads[g.first:g.end]
	first, _ = slices.BinarySearchFunc(list, as, func(p vrp.Payload, as uint64) int { return cmp.Compare(p.AS, as) })
	for end = first; end < len(list) && list[end].AS == as; end++ {
	}
	return g.first + first, g.first + end
}
