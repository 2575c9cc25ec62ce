package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// coverMax is how many possessions one authorisation may rest on: an aggregate
// of as many adjacent titles.
const coverMax = 16

// cover finds the rights of an account that together cover a block: the
// innermost one that covers all of it, or else those inside it.
func (b *block) cover(who wire.Address, r wire.Resource) ([]layer, bool) {
	return b.coverUnder(b.stack(r), who, r)
}

// coverUnder is cover for who knows the stack of r.
func (b *block) coverUnder(stack []layer, who wire.Address, r wire.Resource) ([]layer, bool) {
	var out []layer
	ok := b.coverInto(&out, stack, who, r)
	return out, ok
}

func (b *block) coverInto(out *[]layer, layers []layer, who wire.Address, r wire.Resource) bool {
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i].holder == who {
			*out = append(*out, layers[i])
			return len(*out) <= coverMax
		}
	}
	low, high, ok := inr.Halves(r)
	if !ok || !(&survey{b: b}).rightBeneath(r) {
		return false
	}
	return b.coverInto(out, b.stack(low), who, low) && b.coverInto(out, b.stack(high), who, high)
}

// retreat narrows what an account authorised over the rights given, now that r
// is in another's possession.
func (b *block) retreat(who wire.Address, r wire.Resource, layers []layer) error {
	_, err := b.displace(who, r, layers)
	return err
}

// displace is retreat that also gives what it took or replaced.
//
// specs/04 ROUTE-2: each authorisation that permits something inside the block
// others now possess is replaced by the smallest set that permits the rest.
func (b *block) displace(who wire.Address, r wire.Resource, layers []layer) (taken []placed, err error) {
	b.endInside(who, r, layers)
	var refs []record.Ref
	widest := r
	for _, l := range layers {
		if l.holder != who {
			continue
		}
		for _, ref := range overlapping(b.resting(l.at, l.id()).Refs, r) {
			refs = append(refs, ref)
			if ref.Resource.Len < widest.Len {
				widest = ref.Resource
			}
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	holes, err := b.holes(r, widest, who)
	if err != nil {
		return nil, err
	}
	var left []placed
	for _, ref := range refs {
		if !opens(ref, holes) {
			continue
		}
		for _, old := range b.dropOrigin(who, ref) {
			taken = append(taken, old)
			left = append(left, around(old, holes)...)
		}
		if len(left) > leftMax {
			return nil, tx.Refuse("ORIGIN-4", "resource", "%d authorisations and more would take the place of those over %v", leftMax, r)
		}
	}
	return taken, b.addOrigins(left)
}

// leftMax is more authorisations than may rest on the rights of one account over
// a block, or inside one that each of them is over: no more are made that could
// not be written.
const leftMax = (record.DepthMax + 1 + coverMax) * record.OriginsMax

// opens reports whether an authorisation permits something inside a hole.
func opens(ref record.Ref, holes []wire.Resource) bool {
	for _, hole := range holes {
		if inr.Overlaps(hole, ref.Resource) && uint64(max(hole.Len, ref.Resource.Len)) <= ref.MaxLength {
			return true
		}
	}
	return false
}

func (b *block) addOrigins(list []placed) error {
	for _, p := range list {
		if err := b.addOrigin(p); err != nil {
			return err
		}
	}
	return nil
}

// around is the smallest set that permits what old permits outside holes: the
// whole down to just above the first of them, then the same for each block
// beside those of that length.
//
// specs/04 ROUTE-1: in order of length, then address, every announcement not
// yet permitted adds (P, m), P being the shortest prefix over it whose
// announcements down to that length are all permitted, m the largest length
// for which that holds.
func around(old placed, holes []wire.Resource) []placed {
	holes = holesOver(holes, old.at)
	first := old.MaxLength + 1
	for _, hole := range holes {
		if inr.Covers(hole, old.at) {
			return nil
		}
		if inr.Covers(old.at, hole) {
			first = min(first, uint64(hole.Len))
		}
	}
	if first > old.MaxLength {
		return []placed{old}
	}
	shorter := old
	shorter.MaxLength = first - 1
	out := []placed{shorter}
	for _, beside := range without(old.at, holes, uint8(first)) {
		p := old
		p.at = beside
		out = append(out, around(p, holes)...)
	}
	return out
}

// without is the largest blocks of a whole beside the holes of one length.
func without(whole wire.Resource, holes []wire.Resource, length uint8) []wire.Resource {
	holes = holesOver(holes, whole)
	inside := false
	for _, hole := range holes {
		if hole == whole {
			return nil
		}
		inside = inside || hole.Len == length && inr.Covers(whole, hole)
	}
	if !inside {
		return []wire.Resource{whole}
	}
	low, high, _ := inr.Halves(whole)
	return append(without(low, holes, length), without(high, holes, length)...)
}

// holesOver is those of some holes, in the order of addresses, that lie in a
// block or over it: a run of them.
func holesOver(holes []wire.Resource, r wire.Resource) []wire.Resource {
	from := 0
	for from < len(holes) && !inr.Overlaps(holes[from], r) {
		from++
	}
	to := from
	for to < len(holes) && inr.Overlaps(holes[to], r) {
		to++
	}
	return holes[from:to]
}
