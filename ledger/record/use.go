package record

import (
	"fmt"
	"math/bits"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Numbers counts a registry's numbers, each family in a unit that 64 bits hold.
type Numbers struct {
	V4 uint64 // addresses
	V6 uint64 // /64s; a longer block counts as one
	AS uint64 // AS numbers
}

// Count is how many numbers a block has, in the units of Numbers.
func Count(r wire.Resource) Numbers {
	size := func(of uint8) uint64 { return 1 << min(of-min(r.Len, of), 63) }
	switch r.Family {
	case wire.IPv4:
		return Numbers{V4: size(32)}
	case wire.IPv6:
		return Numbers{V6: size(64)}
	}
	return Numbers{AS: size(32)}
}

// Plus is the sum of two counts.
func (n Numbers) Plus(x Numbers) Numbers { return Numbers{n.V4 + x.V4, n.V6 + x.V6, n.AS + x.AS} }

// Minus is what is left of a count without a part of it.
func (n Numbers) Minus(x Numbers) Numbers { return Numbers{n.V4 - x.V4, n.V6 - x.V6, n.AS - x.AS} }

// Within reports whether no family's count is more than x's.
func (n Numbers) Within(x Numbers) bool { return n.V4 <= x.V4 && n.V6 <= x.V6 && n.AS <= x.AS }

// Share is so many millionths of a count, rounded down.
func (n Numbers) Share(millionths uint64) Numbers {
	part := func(x uint64) uint64 {
		high, low := bits.Mul64(x, min(millionths, million))
		q, _ := bits.Div64(high, low, million)
		return q
	}
	return Numbers{part(n.V4), part(n.V6), part(n.AS)}
}

// UseParts is into how many parts the time is divided over which a registrar's
// attestations are counted: a day each of the usual month.
const UseParts = 30

// Use is how much of one registry's numbers a registrar attested of late: one
// count for each part of the time that still matters, so that the record is
// bounded however much it attests.
type Use struct {
	Rules uint64
	Parts []UsePart // ascending by Part, at most UseParts + 1
}

// UsePart is what was attested in one part of time.
type UsePart struct {
	Part    uint64 // header time divided by a part's seconds
	Numbers Numbers
}

// UseFromBytes reads a canonical use.
func UseFromBytes(raw []byte) (*Use, error) {
	x := new(Use)
	if err := wire.Decode(raw, 64*(UseParts+2), x); err != nil {
		return nil, fmt.Errorf("use: %w", err)
	}
	if len(x.Parts) > UseParts+1 {
		return nil, fmt.Errorf("use: %w: %d parts", wire.ErrCanonical, len(x.Parts))
	}
	return x, nil
}

// UseKey is where a registrar's use of one registry's numbers is kept.
func UseKey(registrar wire.Address, registry string) tree.Key {
	return dealKey(dealUse, append(registrar[:], registry...))
}
