package rpki

import (
	"bytes"
	"sort"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// span is the numbers from first to last, left-aligned as in inr.Ends.
type span struct{ first, last [16]byte }

// Resources is a set of Internet numbers. Its zero value is empty.
type Resources struct {
	spans [3][]span // by family, ascending, apart and never end to end
}

// Covers reports whether every number of a block is in the set.
func (s Resources) Covers(block wire.Resource) bool {
	if !block.Valid() {
		return false
	}
	first, last := inr.Ends(block)
	return holds(s.spans[block.Family], span{first, last})
}

// Blocks is the set as the fewest aligned blocks, in the order of inr.Compare.
// A checklist has at most ChecklistSpansMax spans, each of at most 254 blocks.
func (s Resources) Blocks() (out []wire.Resource) {
	for family, spans := range s.spans {
		for _, sp := range spans {
			blocks, err := inr.Blocks(wire.Family(family), sp.first, sp.last)
			if err != nil {
				panic(err) // a span is ordered and within its family
			}
			out = append(out, blocks...)
		}
	}
	return out
}

// within reports whether every number of s is in outer.
func (s Resources) within(outer Resources) bool {
	for family, spans := range s.spans {
		for _, sp := range spans {
			if !holds(outer.spans[family], sp) {
				return false
			}
		}
	}
	return true
}

// holds reports whether one of spans holds all of sp: spans are never end to
// end, so that no two of them together do.
func holds(spans []span, sp span) bool {
	i := sort.Search(len(spans), func(i int) bool { return bytes.Compare(spans[i].last[:], sp.last[:]) >= 0 })
	return i < len(spans) && bytes.Compare(spans[i].first[:], sp.first[:]) <= 0
}

// claim is what a certificate says of resources, family by family: nothing, a
// set, or that they are its issuer's.
type claim struct {
	set     Resources
	inherit [3]bool
}

// empty reports whether nothing is said of a family.
func (c *claim) empty(family wire.Family) bool {
	return !c.inherit[family] && len(c.set.spans[family]) == 0
}

// resolve is what a certificate holds under an issuer that holds outer; why is
// not empty if the certificate claims what its issuer does not hold.
//
// specs/19 RPKI-15: A certificate's resources MUST lie in its issuer's;
// `inherit` takes all that the issuer holds of the family, which MUST be something.
func (c *claim) resolve(outer Resources) (own Resources, why string) {
	own = c.set
	for family := range own.spans {
		if c.inherit[family] {
			own.spans[family] = outer.spans[family]
			if len(own.spans[family]) == 0 {
				return own, "it inherits numbers of which its issuer has none"
			}
		}
	}
	if !own.within(outer) {
		return own, "it claims numbers that its issuer does not hold"
	}
	return own, ""
}
