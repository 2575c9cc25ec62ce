package observed

import (
	"cmp"
	"slices"
	"sort"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Contradicting is which of list, by their places in it, contradict others. Both
// are in order of prefix, AS number and length.
//
// specs/30 FILE-4: A payload contradicts a set if it permits an announcement that is
// invalid by that set alone (RFC 6811), or if it is of AS 0 and the set has a payload
// of another AS at its prefix or around it.
//
// What does neither can be merged with the set: no announcement is valid then that
// was invalid, and none is ever made invalid that was valid.
func Contradicting(list, others []Payload) (places []int) {
	s := sweep{rest: others}
	for i, p := range list {
		above, inside := s.to(p.Prefix)
		if contradicts(p, above, inside) {
			places = append(places, i)
		}
	}
	return places
}

// sweep goes along others beside an ascending list of prefixes.
type sweep struct {
	rest  []Payload // from the first at or inside the prefix on
	above []Payload // around the prefix, outermost first
}

// to gives what lies around a prefix, and what lies at it or inside.
func (s *sweep) to(at wire.Resource) (above, inside []Payload) {
	n := sort.Search(len(s.rest), func(i int) bool { return inr.Compare(s.rest[i].Prefix, at) >= 0 })
	s.above = around(s.above, at)
	for _, p := range s.rest[:n] {
		if inr.Covers(p.Prefix, at) {
			s.above = append(s.above, p)
		}
	}
	s.rest = s.rest[n:]
	return s.above, s.rest[:within(s.rest, at)]
}

// around keeps what covers a prefix.
func around(list []Payload, at wire.Resource) []Payload {
	return slices.DeleteFunc(list, func(p Payload) bool { return !inr.Covers(p.Prefix, at) })
}

// within is how many of an ascending list, from its start, lie at or inside a
// prefix that nothing in the list comes before.
func within(list []Payload, at wire.Resource) int {
	return sort.Search(len(list), func(i int) bool { return !inr.Covers(at, list[i].Prefix) })
}

func contradicts(p Payload, above, inside []Payload) bool {
	if p.AS == 0 {
		another := func(o Payload) bool { return o.AS != 0 && inr.Covers(o.Prefix, p.Prefix) }
		return slices.ContainsFunc(above, another) || slices.ContainsFunc(inside[:count(inside, p.Prefix)], another)
	}
	c := covered{as: p.AS, most: p.MaxLength}
	for _, o := range above {
		c.take(o)
	}
	return c.invalid(p.Prefix, inside)
}

// count is how many of a list's first have exactly a prefix.
func count(list []Payload, at wire.Resource) int {
	n := 0
	for n < len(list) && list[n].Prefix == at {
		n++
	}
	return n
}

// covered is what payloads around a prefix say of announcements by one AS.
type covered struct {
	as, most uint64 // what is permitted elsewhere: lengths up to most
	any      bool   // something covers it
	valid    uint64 // lengths up to this are valid
}

func (c *covered) take(o Payload) {
	c.any = true
	if o.AS == c.as {
		c.valid = max(c.valid, o.MaxLength)
	}
}

// invalid reports whether an announcement at or inside a prefix, of a length up to
// most, is covered and not valid. It goes down the halves of the prefix as far as
// payloads lie inside: elsewhere all of one length fare alike. It ends at the first
// that is, so it looks at no more payloads than are valid for this AS.
func (c covered) invalid(at wire.Resource, inside []Payload) bool {
	n := count(inside, at)
	for _, o := range inside[:n] {
		c.take(o)
	}
	inside = inside[n:]
	if c.any && c.valid < uint64(at.Len) {
		return true
	}
	if len(inside) == 0 || c.any && c.valid >= c.most {
		return c.any && c.valid < c.most
	}
	low, high, ok := inr.Halves(at)
	if !ok || uint64(at.Len) == c.most {
		return false
	}
	half := within(inside, low)
	return c.invalid(low, inside[:half]) || c.invalid(high, inside[half:])
}

// ProvidersContradicting is which of list, by their places in it, others state
// otherwise. Both are ascending by customer.
//
// specs/30 FILE-5: Providers contradict a set that has the same customer with other
// providers: merged, they would permit what neither does.
func ProvidersContradicting(list, others []Providers) (places []int) {
	for i, p := range list {
		at, found := slices.BinarySearchFunc(others, p.Customer, func(o Providers, c uint64) int { return cmp.Compare(o.Customer, c) })
		if found && !slices.Equal(others[at].List, p.List) {
			places = append(places, i)
		}
	}
	return places
}
