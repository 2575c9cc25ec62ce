package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// surrender gives a title up.
//
// specs/16 SUR-2: A surrender takes effect after its author's delay, at once if
// there is none. It waits while a recovery of its author's account runs,
// and is looked at again every 86,400 seconds.
func (b *block) surrender(id wire.Hash, author wire.Address, body *tx.Surrender) error {
	t, err := b.owned(body.Resource, author)
	if err != nil {
		return err
	}
	if err := b.free(t, body.Resource); err != nil {
		return err
	}
	return b.intend(id, author, t, body, body.Value)
}

// ConsentSeconds is for how long after its author's delay a merge or a surrender
// waits for the consents of lenders (specs/16 CHARGE-21).
const ConsentSeconds = 30 * 24 * 3600

// intend lets what a holder does to its own titles by itself take effect after the
// holder's delay and with the consent of lenders, or at once without either. Until
// then it stands on the table as an offer to nobody.
func (b *block) intend(id wire.Hash, author wire.Address, t titled, body tx.Body, value wire.Hash) error {
	if now := t.folio.Dealing(); value != now {
		return tx.Refuse("DEAL-1", "value", "the title %v stands at %v", t.at, now)
	}
	delay := b.accountAt(author).Delay
	if b.recovering(author) {
		delay = max(delay, RetrySeconds)
	}
	if delay == 0 && len(t.folio.Charges) == 0 {
		return b.intended(t, body)
	}
	at := b.now.Time + delay
	o := &record.Offer{Maker: author, Resource: t.at, Value: value, Earliest: at, Until: at}
	if len(t.folio.Charges) > 0 {
		o.Until += ConsentSeconds
	}
	if m, ok := body.(*tx.Merge); ok {
		o.Resource = m.Resource
	}
	b.describe(o, t, body)
	if err := b.countOffers(o, t); err != nil {
		return err
	}
	b.putOffer(id, o)
	return nil
}

// free checks that nobody else has a right in a title.
//
// specs/16 SUR-1: A title is surrendered only by its holder, whole, while no
// estate lies on it.
func (b *block) free(t titled, r wire.Resource) error {
	if r != t.at {
		return tx.Refuse("SUR-1", "resource", "%v is a part of the title %v", r, t.at)
	}
	at, busy := b.estateBeneath(r)
	if len(b.pageAt(r).estatesHere()) > 0 {
		at, busy = r, true
	}
	if busy {
		return tx.Refuse("SUR-1", "resource", "an estate lies at %v", at)
	}
	return nil
}

// intended does to a title what its holder intended.
func (b *block) intended(t titled, body tx.Body) error {
	switch body := body.(type) {
	case *tx.ForumSet:
		b.retitle(t, func(title *record.Title) { title.Forum, title.Counter = body.Forum, title.Counter+1 })
	case *tx.Merge:
		return b.mergeNow(body.Resource, t.Holder)
	default:
		b.giveBack(t)
	}
	return nil
}

// dueIntent lets a surrender, a merge or a forum take effect if the title is as it
// was and no rule refuses it.
//
// specs/16 SUR-2: until then it lapses when the title's dealing value changes,
// and it waits while a recovery of its author's account runs; one made before the
// recovery has lapsed (specs/17 RCV-7).
func (b *block) dueIntent(id wire.Hash) {
	o, ok := b.offer(id)
	if !ok {
		return
	}
	b.dropOffer(id)
	t, err := b.unchanged(o, o.Value)
	if err != nil {
		return
	}
	if b.recovering(o.Maker) {
		o.Until = b.now.Time + RetrySeconds
		b.putOffer(id, o)
		return
	}
	mark := b.e.Mark()
	b.looks = 0
	if err := b.fulfil(o, t); err != nil {
		b.undo(mark)
	}
}

// fulfil does what an intent says.
//
// specs/16 CHARGE-21: only with the consent of each lender, given to that very merge
// or surrender.
func (b *block) fulfil(o *record.Offer, t titled) error {
	for _, c := range chargesOver(t) {
		if _, given := consented(o, c.ID); !given {
			return needs(c.Lender, c.ID, "CHARGE-21", "offer", "the lender %v of charge %v has not consented", c.Lender, c.ID)
		}
	}
	return b.intended(t, terms[tx.Body](o))
}

// hasten lets what waited for consents alone take effect once all are given.
//
// specs/16 CHARGE-21: in the second after the last consent, but not before the delay
// is over.
func (b *block) hasten(id wire.Hash, o *record.Offer, t titled) {
	for _, c := range chargesOver(t) {
		if _, given := consented(o, c.ID); !given {
			return
		}
	}
	b.dropOffer(id)
	o.Until = max(o.Earliest, b.now.Time+1)
	b.putOffer(id, o)
}

// giveBack makes a title unclaimed.
//
// specs/16 SUR-3: Surrendered, a title is unclaimed: no holder, grade 0, its
// source row as it was; what rests on it ends.
func (b *block) giveBack(t titled) {
	if len(t.folio.Charges) > 0 {
		b.putCharges(t, nil)
		t, _ = b.titleOf(t.at)
	}
	gone := b.vacate(t)
	b.discount(t.at, t.Holder)
	b.retitle(t, func(title *record.Title) {
		title.State, title.Holder, title.Grade, title.Proved = record.Unclaimed, wire.Address{}, record.GradeNone, 0
		title.Qualified, title.Basis, title.Forum = 0, nil, ""
		title.Since = b.now.Time
		title.Counter++
	})
	b.goOn(gone, t.at)
}
