package ledger

import (
	"cmp"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Sequel is what would come of what is tried: of the acceptance of its offers, each as
// soon as it may be given and with every consent, or of the start of a lease.
type Sequel struct {
	Before  tree.State
	State   tree.State
	Time    uint64     // header time of the last acceptance, or of the start
	Changed []tree.Key // ascending: what differs from the state that was tried on
}

// Start is what the start of a lease to come would make of the state.
type Start struct {
	At wire.Resource
	Sequel
}

// sequel accepts the offers of some acts, in their order and as far as each can be
// after those before it, and then lets each lease to come start that the acts or the
// acceptances wrote; all of it is taken back. The first is nil where nothing is
// accepted.
func (b *block) sequel(acts []tx.Verified) (accepted *Sequel, starts []Start) {
	mark, now, base := b.e.Mark(), b.now, b.base
	defer func() {
		b.undo(mark)
		b.now, b.base = now, base
	}()
	before := b.e.Freeze()
	b.base = before // an acceptance comes in a later ledger block (TITLE-5)
	var leases []ended
	for _, v := range acts {
		if body, ok := v.Body().(*tx.LeaseAccept); ok {
			leases = append(leases, b.leaseToCome(body.Resource, v.ID())...)
		}
		o, open := b.offer(offerOf(v))
		if !open || intent(o) {
			continue
		}
		if _, ok := b.acceptSoon(offerOf(v)); ok {
			accepted = b.outcome(before)
			leases = append(leases, b.leaseToCome(o.Resource, offerOf(v))...)
		}
	}
	for i := range leases {
		starts = append(starts, b.startOf(&leases[i]))
	}
	return accepted, starts
}

// leaseToCome is the lease that an act wrote at a block, if it did and it is to come.
func (b *block) leaseToCome(r wire.Resource, id wire.Hash) []ended {
	if e, _, ok := b.findEstate(r, id); ok && !e.Started {
		return []ended{{r, *e}}
	}
	return nil
}

func (b *block) outcome(before tree.State) *Sequel {
	s := &Sequel{Before: before, State: b.e.Freeze(), Time: b.now.Time}
	for _, c := range b.e.Changes() {
		s.Changed = append(s.Changed, c.Key)
	}
	return s
}

// startOf lets a lease to come start, once those estates over and inside its block
// have ended whose term is over by then; it is taken back.
func (b *block) startOf(l *ended) Start {
	mark, now := b.e.Mark(), b.now
	defer func() {
		b.undo(mark)
		b.now = now
	}()
	b.now.Time, b.looks = l.Start, 0
	b.endBy(l)
	before := b.e.Freeze()
	b.dueStart(&record.Due{Resource: l.at, Estate: l.ID})
	return Start{l.at, *b.outcome(before)}
}

// endBy ends the estates around a lease's block that end by its start, in the order of
// their ends.
func (b *block) endBy(l *ended) {
	around, err := b.estatesAround(l.at)
	if err != nil {
		return // there are too many to look at: what is told is as if they stood
	}
	slices.SortStableFunc(around, func(x, y ended) int { return cmp.Compare(endsAt(&x.Estate), endsAt(&y.Estate)) })
	for i := range around {
		x := &around[i]
		if endsAt(&x.Estate) > l.Start {
			return
		}
		if _, at, ok := b.findEstate(x.at, x.ID); ok {
			b.endAll(b.ending(x.at, at, x.Ends))
		}
	}
}
