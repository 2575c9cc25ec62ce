package ledger

import (
	"encoding/binary"
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Worst cases of due items, in record changes (specs/07 DUE-3).
const (
	worstOffer = 3 // the offer, its index, its due item
	// worstResting is to take away, or to write anew, what rests on one
	// possession: each authorisation, the indexes of all it rests on, services.
	worstResting = record.OriginsMax*(1+coverMax) + record.PlacesMax
	// worstEstates are the folios of the title and of all estates over a block.
	worstEstates = 1 + record.AtMax
	// worstEstate is the end of one estate with nothing inside it: what rests on
	// it goes; what its holder authorised by the rights outside it is narrowed,
	// gone and written anew; what its start displaced comes back; then its
	// index, its items and their counts, the title and the estates.
	worstEstate = worstResting + record.DepthMax*2*worstResting + record.BackMax*(1+coverMax) + 5 + worstEstates
	// worstStart is the start of one lease: what its lessee and its lessor
	// authorised by the rights outside it goes and is written anew, and the first
	// authorisations enter.
	worstStart = record.DepthMax*2*worstResting + tx.FirstOriginsMax*(1+coverMax) + 5 + worstEstates
	// worstWeight bounds the data of one such end or start: some 200 folios and
	// indexes of at most 2 KiB on the average, before and after, and services of
	// 4 KiB on each right.
	worstWeight = 512<<10 + (1+record.DepthMax)*record.PlacesMax*4<<10
)

// Any one item fits an empty ledger block.
const (
	_ = uint(BlockChangesMax - endChanges - worstEstate)
	_ = uint(BlockChangesMax - endChanges - worstStart)
)

// sweep settles what is due at or before the header's time.
//
// specs/07 DUE-1: everything due at or before the header's time is settled
// before any act. specs/07 DUE-2: in order of time, rank, id. specs/07 DUE-3:
// at most 2,000 items, stopping before one whose worst case exceeds what is
// left of the ledger block's record changes.
func (b *block) sweep() error {
	for b.dues < BlockDueMax {
		leaf, ok := b.nextDue()
		if !ok {
			return nil
		}
		if !b.settle(leaf.Key, wire.Own[record.Due](leaf.Data)) {
			break
		}
		b.dues++
	}
	_, b.backlog = b.nextDue()
	return nil
}

// nextDue is the first item due at or before the header's time.
func (b *block) nextDue() (found tree.Leaf, ok bool) {
	b.e.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		if dueRank(l.Key) == record.RankCount {
			return true
		}
		found, ok = l, dueTime(l.Key) <= b.now.Time
		return false
	})
	return found, ok
}

func dueTime(k tree.Key) uint64 { return binary.BigEndian.Uint64(k.Addr[:8]) }
func dueRank(k tree.Key) uint8  { return k.Addr[8] }

// settle does what an item says and takes it from the queue; done is false,
// and the item stays, when the ledger block may not have room for it.
func (b *block) settle(k tree.Key, d *record.Due) (done bool) {
	switch d.Kind {
	case record.DueOffer:
		return b.fits(worstOffer) && b.then(func() { b.dropOffer(d.Act) })
	case record.DueWait:
		return b.fits(worstWait) && b.then(func() { b.remove(k); b.dueWait(d) })
	case record.DueRecovery:
		return b.fits(worstRecovery) && b.then(func() { b.remove(k); b.dueRecovery(d) })
	case record.DueSettle:
		return b.fits(worstSettle) && b.then(func() { b.timeOut(d.Act) })
	case record.DueSurrender:
		return b.fitsSeizure() && b.then(func() { b.dueIntent(d.Act) })
	case record.DueEnforce:
		return b.dueEnforce(d)
	case record.DueStart:
		return b.left(worstStart) > 0 && b.then(func() { b.dueStart(d) })
	case record.DueEstate:
		return b.dueEstate(k, d)
	case record.DueEvidence:
		return b.fits(worstEvidence) && b.then(func() { b.dropEvidence(k, d) })
	case record.DueSource:
		return b.dueSource(k, d)
	case record.DueRestriction:
		return b.fits(worstRestriction) && b.then(func() { b.dueRestriction(d) })
	case record.DueMotion:
		return b.fits(worstMotion) && b.then(func() { b.remove(k); b.dueMotion(d.Act) })
	case record.DueCure:
		return b.fits(worstMotion) && b.then(func() { b.remove(k); b.dueCure(d) })
	case record.DueDeferred:
		return b.fitsSeizure() && b.then(func() { b.remove(k); b.dueDeferred(d) })
	case record.DueClaim, record.DueSuccession:
		return b.dueClaim(d.Act)
	case record.DueRemoval:
		return b.dueRemoval(k, d)
	case record.DueCase:
		return b.fits(worstMatter) && b.then(func() { b.dueMatter(d) })
	}
	panic(fmt.Errorf("%w: a due item of kind %d", ErrCorrupt, d.Kind))
}

func (b *block) then(do func()) bool { do(); return true }

// dueEstate ends an estate and what ends with it, innermost first, as far as
// the ledger block has room; the rest is left for the next.
func (b *block) dueEstate(k tree.Key, d *record.Due) (done bool) {
	_, i, ok := b.findEstate(d.Resource, d.Estate)
	if !ok {
		panic(fmt.Errorf("%w: no estate %v at %v for its due item", ErrCorrupt, d.Estate, d.Resource))
	}
	gone := b.ending(d.Resource, i, dueTime(k))
	for len(gone) > 0 {
		n := b.batch(gone)
		if n == 0 {
			return false
		}
		b.endAll(gone[:n])
		gone = gone[n:]
		b.partly = len(gone) > 0
	}
	return true
}

// left is for how many items of a worst case, with what they look at, the ledger
// block surely has room.
func (b *block) left(worst int) int {
	changes := max(0, BlockChangesMax-endChanges-b.written) / worst
	looks := max(0, blockLooksMax-b.looked) / looksMax
	return min(changes, looks, max(0, BlockWeightMax-endWeight-b.weight)/worstWeight)
}

func (b *block) fits(worst int) bool {
	return b.written+worst <= BlockChangesMax-endChanges && b.weight+worstWeight <= BlockWeightMax-endWeight
}

// estateDue is where the end of an estate waits.
//
// specs/07 DUE-2: an item's id is that of the act that made it; for an estate,
// which a change of title may divide, SHA-256(0x72 ‖ act ‖ block).
func estateDue(at uint64, act wire.Hash, r wire.Resource) tree.Key {
	return tree.DueKey(at, record.RankEstate, wire.Sum(wire.TagDealing, act[:], r.Key()))
}

// startDue is where the start of a lease waits.
func startDue(at uint64, estate wire.Hash, r wire.Resource) tree.Key {
	return tree.DueKey(at, record.RankStart, wire.Sum(wire.TagDealing, estate[:], r.Key()))
}

// addTimes queues the end that is set for an estate, and the start of one that
// is to come.
//
// specs/04 EST-7: at most 5,000 terms start or end in one second.
func (b *block) addTimes(r wire.Resource, e *record.Estate) error {
	due := record.Due{Rules: record.Rules, Kind: record.DueEstate, Act: e.Warning, Resource: r, Estate: e.ID}
	if e.Ends != 0 {
		if !b.countTerm(e.Ends, 1) {
			return tx.Refuse("EST-7", "resource", "%d terms start or end at %s already", record.TermsMax, tx.UTC(e.Ends))
		}
		b.write(estateDue(e.Ends, e.Warning, r), &due)
	}
	if !e.Started {
		if !b.countTerm(e.Start, 1) {
			return tx.Refuse("EST-7", "resource", "%d terms start or end at %s already", record.TermsMax, tx.UTC(e.Start))
		}
		due.Kind, due.Act = record.DueStart, e.ID
		b.write(startDue(e.Start, e.ID, r), &due)
	}
	return nil
}

// dropTimes takes an estate's end, and its start if that is to come, from the queue.
func (b *block) dropTimes(r wire.Resource, e *record.Estate) {
	if e.Ends != 0 {
		b.remove(estateDue(e.Ends, e.Warning, r))
		b.countTerm(e.Ends, -1)
	}
	if !e.Started {
		b.remove(startDue(e.Start, e.ID, r))
		b.countTerm(e.Start, -1)
	}
}

// termsAt is the count of terms that start or end in one second, and of
// enforcements that take effect in it.
func (b *block) termsAt(at uint64) *record.Ends {
	if leaf, has := b.e.Get(tree.DueKey(at, record.RankCount, wire.Hash{})); has {
		return wire.Own[record.Ends](leaf.Data)
	}
	return &record.Ends{Rules: record.Rules}
}

// countTerm keeps that count. What is decided is counted beyond the bound, too.
func (b *block) countTerm(at uint64, by int) (ok bool) {
	k, terms := tree.DueKey(at, record.RankCount, wire.Hash{}), b.termsAt(at)
	if by > 0 && terms.Count >= record.TermsMax && !b.decreed {
		return false
	}
	terms.Count += uint64(by)
	if terms.Count == 0 {
		b.remove(k)
		return true
	}
	b.put(k, wire.Encode(terms))
	return true
}
