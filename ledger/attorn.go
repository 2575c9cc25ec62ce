package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// ended is an estate where it stands, or stood until it ended.
type ended struct {
	at wire.Resource
	record.Estate
}

// endEstate ends an estate now, with what ends with it, by an act. With more inside than
// one act may change or look at, it ends in the next second as by its term.
//
// specs/04 EST-10: an end at once that changes or looks at more than half of what a
// ledger block may comes in the next second.
func (b *block) endEstate(r wire.Resource, id, act wire.Hash) error {
	e, i, ok := b.findEstate(r, id)
	if !ok {
		return nil
	}
	gone := b.ending(r, i, b.now.Time)
	mark, m, soon := b.e.Mark(), b.meter(), *e
	if b.mayEndAtOnce(gone) {
		if b.endAll(gone); !b.excess(m) {
			return nil
		}
		b.undo(mark)
		b.unwrite(m)
	}
	b.dropTimes(r, &soon)
	soon.Ends, soon.Warning = b.roomFrom(b.now.Time+1), act
	if err := b.addTimes(r, &soon); err != nil {
		return err
	}
	b.editEstate(r, id, func(x *record.Estate) { x.Ends, x.Warning = soon.Ends, soon.Warning })
	b.raise(r)
	return nil
}

// mayEndAtOnce reports whether it is worth trying to end estates by one act: what they
// look at at most, and what rests on them, is within its bounds.
func (b *block) mayEndAtOnce(gone []ended) bool {
	changes, looks := 0, 0
	for i := range gone {
		x := b.resting(gone[i].at, gone[i].ID)
		changes += len(x.Refs) + len(x.Places)
		looks += b.costOf(&gone[i]).looks
	}
	return changes <= ownChangesMax && looks <= ownLooksMax
}

// endAll ends estates, innermost first, each with the authorisations that rest
// on it, and then narrows what their holders authorised further out: only then
// is it plain who possesses what.
//
// specs/04 ROUTE-4: authorisations end with the possession they rest on.
func (b *block) endAll(gone []ended) {
	for i := range gone {
		g := &gone[i]
		if g.Started {
			b.takeResting(g.Holder, layer{at: g.at, estate: &g.Estate, holder: g.Holder})
		}
		b.dropTimes(g.at, &g.Estate)
		b.dropEstate(g)
		b.raise(g.at)
	}
	for i := range gone {
		if gone[i].Started {
			b.retreatAll(&gone[i], b.stack(gone[i].at))
		}
	}
	for i := range gone {
		b.revert(&gone[i])
	}
}

// ending lists the estate at place i of block r, which ends at a moment, and
// what ends with it, innermost first.
//
// specs/04 EST-10, specs/15 LEASE-10: grants end with what they were carved
// from. specs/15 LEASE-11: leases that do not end by then stand, and attorn to
// the next right outside by where they stand.
func (b *block) ending(r wire.Resource, i int, at uint64) []ended {
	within := b.within(r, i)
	gone := within[:0]
	for j := range within {
		x := within[j]
		if j == 0 || endsAt(&x.Estate) <= at || x.Kind == record.Grant && b.rests(&x, gone) {
			gone = append(gone, x)
		}
	}
	slices.Reverse(gone)
	return gone
}

// rests reports whether the next right outside a grant is one of some estates.
func (b *block) rests(grant *ended, gone []ended) bool {
	outer := b.outside(grant)
	if len(outer) == 0 {
		return true
	}
	next := outer[len(outer)-1]
	return slices.ContainsFunc(gone, func(g ended) bool { return g.at == next.at && g.ID == next.id() })
}

// within lists the estate at place i of block r and every estate inside it, the
// outer ones first.
func (b *block) within(r wire.Resource, i int) []ended {
	var out []ended
	b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		out = b.page(&l).appendEstates(out)
		return true
	})
	return out[i:]
}

// addEstate writes an estate inside all that stand at its block or over it.
func (b *block) addEstate(r wire.Resource, e record.Estate) {
	b.countInside(r, len(b.pageAt(r).estatesHere()), 1, toCome(&e))
	b.putEstates(r, append(slices.Clone(b.pageAt(r).estatesHere()), e))
}

func (b *block) dropEstate(g *ended) {
	_, i, ok := b.findEstate(g.at, g.ID)
	if !ok {
		return
	}
	b.countInside(g.at, i, -1, -toCome(&g.Estate))
	b.putEstates(g.at, slices.Delete(slices.Clone(b.pageAt(g.at).estatesHere()), i, i+1))
}

// toCome is 1 for an estate to come, 0 for one that is live.
func toCome(e *record.Estate) int {
	if e.Started {
		return 0
	}
	return 1
}

// countInside changes the counts of what lies inside each estate over a block
// and inside the first few that are written at it.
func (b *block) countInside(r wire.Resource, here, inside, coming int) {
	for _, l := range b.e.AppendPath(nil, tree.ResourceKey(r)) {
		p := b.page(&l)
		list := slices.Clone(p.estatesHere())
		n := len(list)
		if p.at == r {
			n = here
		}
		for i := range n {
			list[i].Inside += uint64(inside)
			list[i].Coming += uint64(coming)
		}
		if n > 0 {
			b.putEstates(p.at, list)
		}
	}
}

func (b *block) putEstates(r wire.Resource, list []record.Estate) {
	f := b.folio(r)
	f.Estates = record.EstatesBytes(list)
	b.putFolio(r, f)
}

// retreatAll narrows what the holder of an ended estate authorised further out:
// it no longer possesses the block.
func (b *block) retreatAll(g *ended, outer []layer) {
	b.looks = 0
	if len(outer) == 0 || outer[len(outer)-1].holder == g.Holder {
		return
	}
	b.displaceOrEnd(g.Holder, g.at, outer)
}

// displaceOrEnd is displace for what waits for nobody.
//
// specs/04 ROUTE-2: where ORIGIN-4 or ORIGIN-7 would refuse the set, at due work
// or at an end, all that overlap the block end instead.
func (b *block) displaceOrEnd(who wire.Address, r wire.Resource, outer []layer) []placed {
	mark := b.e.Mark()
	taken, err := b.displace(who, r, outer)
	if err != nil {
		b.undo(mark)
		b.endInside(who, r, outer)
		b.endOverlapping(who, r, outer)
	}
	return taken
}

// endOverlapping ends what an account authorised over a block by the rights given.
func (b *block) endOverlapping(who wire.Address, r wire.Resource, layers []layer) {
	for _, l := range layers {
		if l.holder != who {
			continue
		}
		for _, ref := range b.resting(l.at, l.id()).Refs {
			if inr.Overlaps(ref.Resource, r) {
				b.dropOrigin(who, ref)
			}
		}
	}
}
