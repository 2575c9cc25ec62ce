package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
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
	hole, err := b.hole(r, widest, who)
	if err != nil {
		return nil, err
	}
	var left []placed
	for _, ref := range refs {
		old, rest := b.narrow(who, ref, r, hole)
		taken, left = append(taken, old...), append(left, rest...)
	}
	return taken, b.addOrigins(left)
}

// narrow takes one authorisation away if it permits something inside the hole,
// the largest block round r that others possess, and gives it and what must be
// authorised in its place. All are taken before any is given, so that only what
// is left counts (ORIGIN-4).
func (b *block) narrow(who wire.Address, ref record.Ref, r, hole wire.Resource) (taken, left []placed) {
	if !inr.Covers(ref.Resource, r) {
		hole = r
	} else if hole.Len < ref.Resource.Len {
		hole = ref.Resource
	}
	if uint64(hole.Len) > ref.MaxLength {
		return nil, nil
	}
	taken = b.dropOrigin(who, ref)
	for _, old := range taken {
		left = append(left, around(old, hole)...)
	}
	return taken, left
}

func (b *block) addOrigins(list []placed) error {
	for _, p := range list {
		if err := b.addOrigin(p); err != nil {
			return err
		}
	}
	return nil
}

// around is the smallest set that permits what old permits outside a hole: the
// whole down to just above the hole, then each block beside the way to it.
//
// specs/04 ROUTE-1: in order of length, then address, every announcement not
// yet permitted adds (P, m), P being the shortest prefix over it whose
// announcements down to that length are all permitted, m the largest length
// for which that holds.
func around(old placed, hole wire.Resource) []placed {
	if inr.Covers(hole, old.at) {
		return nil
	}
	shorter := old
	shorter.MaxLength = uint64(hole.Len) - 1
	out := []placed{shorter}
	for _, beside := range inr.Cut(old.at, hole) {
		p := old
		p.at = beside
		out = append(out, p)
	}
	return out
}
