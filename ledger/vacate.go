package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

const (
	// worstSeizure is the most records that change when a title comes to another
	// holder, or to none, without its holder's act: what the holder authorised on
	// it, at most 64 prefixes in the indexes of at most 16 rights, is taken away
	// and, for those over the title, entered beside it; what the new holder
	// authorised on several of its rights comes to rest on the title; the title,
	// its services, 8 charges' items, two accounts, an offer.
	worstSeizure = record.OriginsMax*(1+coverMax) + 4*record.OriginsMax + 4*coverMax
	// worstSeizureWeight bounds its data: a thousand indexes of at most 1.4 KiB,
	// before and after, and 200 folios.
	worstSeizureWeight = 6 << 20
)

// Any one fits an empty ledger block.
const (
	_ = uint(BlockChangesMax - endChanges - worstSeizure)
	_ = uint(BlockWeightMax - endWeight - worstSeizureWeight)
)

func (b *block) fitsSeizure() bool {
	return b.fits(worstSeizure) && b.weight+worstSeizureWeight <= BlockWeightMax-endWeight
}

// ref names an authorisation where it is written.
func (p placed) ref() record.Ref {
	return record.Ref{Resource: p.at, MaxLength: p.MaxLength, AS: p.AS}
}

// vacate takes away everything that rests on a title whose holder goes by due
// work, and gives it, so that what lies outside can go on.
func (b *block) vacate(t titled) []placed {
	b.endPlaces(t.at, wire.Hash{}, func(wire.Resource) bool { return true })
	return b.takeOverlapping(t.Holder, t.at, t.at)
}

// goOn enters what is left, outside a title, of what was taken away with it. No
// possession has more of it than before, so it fits; were it not so it would
// end, for what is due waits for nobody.
//
// specs/04 ROUTE-3: they go on for the announcements wholly outside.
func (b *block) goOn(gone []placed, title wire.Resource) {
	var left []placed
	for _, old := range gone {
		for _, r := range rest(old.at, title) {
			if uint64(r.Len) <= old.MaxLength {
				left = append(left, placed{r, old.Origin})
			}
		}
	}
	b.enterWhatFits(left)
}

// enterWhatFits enters authorisations anew, leaving out what a bound refuses.
func (b *block) enterWhatFits(list []placed) {
	for _, p := range list {
		_ = b.addOrigin(p)
	}
}

// survive finds what the new holder of a title by due work authorised on several
// of its rights, some of them inside the title: it is to rest on the title. ok is
// false when the ledger block has no room to see all of it, or when some of it
// had to end first.
//
// specs/16 CHARGE-18: The new holder's own authorisations that rest on several
// of its rights, some inside the title, rest on the title from then on, at most
// 64 of them; those beyond end, in as many ledger blocks as that takes.
func (b *block) survive(who wire.Address, t titled) (own []placed, ok bool) {
	if !b.fitsSeizure() {
		return nil, false
	}
	if who == t.Holder {
		return nil, true
	}
	own, ok = b.aggregates(who, t.at, max(0, blockLooksMax-b.looked))
	extra := own[min(record.OriginsMax, len(own)):]
	if !ok || len(extra) == 0 {
		return own, ok
	}
	for _, p := range extra {
		if !b.fits(1 + coverMax) {
			break
		}
		b.dropOrigin(who, p.ref())
	}
	b.partly = true
	return nil, false
}

// aggregates is what an account authorised at a block, over it and inside it,
// that rests on several of its rights; all is false when more than most blocks
// would have to be looked at.
func (b *block) aggregates(who wire.Address, r wire.Resource, most int) (out []placed, all bool) {
	path := b.e.AppendPath(nil, tree.ResourceKey(r))
	var found []placed
	for i := range path {
		found = append(found, b.page(&path[i]).by(who)...)
	}
	inside, all := b.writtenWithin(who, r, most)
	for _, p := range append(found, inside...) {
		if layers, _ := b.cover(who, p.at); len(layers) > 1 {
			out = append(out, p)
		}
	}
	return out, all
}

// writtenWithin is what an account authorised strictly inside a block; all is
// false when more than most blocks would have to be looked at.
func (b *block) writtenWithin(who wire.Address, r wire.Resource, most int) (out []placed, all bool) {
	looks := 0
	b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		// Not remembered: these may be a million pages that nobody asks for again.
		if p := (&page{at: l.Key.Resource(), folio: wire.Own[record.Folio](l.Data)}); p.at != r {
			mine := p.by(who)
			out = append(out, mine...)
			looks += len(mine) // each is looked at again
		}
		looks++
		return looks <= most
	})
	b.looked += looks
	return out, looks <= most
}

// by is what an account authorised on the page.
func (p *page) by(who wire.Address) (out []placed) {
	for _, o := range p.originsHere() {
		if o.Holder == who {
			out = append(out, placed{p.at, o})
		}
	}
	return out
}
