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

// intend lets what a holder does to its whole title by itself take effect after the
// holder's delay, or at once without one. Until then it stands on the table as an
// offer to nobody.
func (b *block) intend(id wire.Hash, author wire.Address, t titled, body tx.Body, value wire.Hash) error {
	if now := t.folio.Dealing(); value != now {
		return tx.Refuse("DEAL-1", "value", "the title %v stands at %v", t.at, now)
	}
	delay := b.accountAt(author).Delay
	if b.recovering(author) {
		delay = max(delay, RetrySeconds)
	}
	if delay == 0 {
		b.intended(t, body)
		return nil
	}
	at := b.now.Time + delay
	o := &record.Offer{Maker: author, Resource: t.at, Value: value, Earliest: at, Until: at}
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
// estate lies on it and no charge.
func (b *block) free(t titled, r wire.Resource) error {
	if r != t.at {
		return tx.Refuse("SUR-1", "resource", "%v is a part of the title %v", r, t.at)
	}
	if n := len(chargesOver(t)); n > 0 {
		return tx.Refuse("SUR-1", "resource", "%d charges stand over %v", n, r)
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
func (b *block) intended(t titled, body tx.Body) {
	if forum, ok := body.(*tx.ForumSet); ok {
		b.retitle(t, func(title *record.Title) { title.Forum, title.Counter = forum.Forum, title.Counter+1 })
		return
	}
	b.giveBack(t)
}

// dueSurrender lets a surrender, or a forum, take effect if the title is as it was.
//
// specs/16 SUR-2: until then it lapses when the title's dealing value changes,
// and it waits while a recovery of its author's account runs; one made before the
// recovery has lapsed (specs/17 RCV-7).
func (b *block) dueSurrender(id wire.Hash) {
	o, ok := b.offer(id)
	if !ok {
		return
	}
	b.dropOffer(id)
	t, ok := b.titleOf(o.Resource)
	if !ok || t.at != o.Title || t.folio.Dealing() != o.Value || b.outlived(o) {
		return
	}
	if b.recovering(o.Maker) {
		o.Until = b.now.Time + RetrySeconds
		b.putOffer(id, o)
		return
	}
	b.intended(t, terms[tx.Body](o))
}

// giveBack makes a title unclaimed.
//
// specs/16 SUR-3: Surrendered, a title is unclaimed: no holder, grade 0, its
// source row as it was; what rests on it ends.
func (b *block) giveBack(t titled) {
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
