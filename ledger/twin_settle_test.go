package ledger_test

import (
	"crypto/sha256"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// brokenHold is of acts that a title on hold refuses.
func (w *twin) brokenHold(add breaks, r wire.Resource) {
	t := w.titleOf(r)
	add("TITLE-9", t != nil && !t.hold.IsZero())
}

// brokenSettleAct is of conditional transfers, surrenders and listings.
func (w *twin) brokenSettleAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		if b.Conditional() {
			add("COND-1", !b.Agent.IsZero() && w.accounts[b.Agent] == nil)
			add("COND-1", b.Settle-b.Until > 366*24*3600)
		}
	case *tx.TransferRelease:
		w.brokenRelease(add, author, b)
	case *tx.Surrender:
		w.brokenTitle(add, b.Resource, author)
		w.brokenHold(add, b.Resource)
		if t := w.titleOf(b.Resource); t != nil {
			laden := slices.ContainsFunc(w.estates, func(e twinEstate) bool { return inr.Overlaps(e.at, t.at) })
			add("SUR-1", t.at != b.Resource || t.holder != author || laden)
		}
		add("DEAL-1", !w.current(b.Resource, b.Value))
		w.brokenIntent(add, author, b.Resource)
	case *tx.List:
		w.brokenHold(add, b.Resource)
		t := w.titleOf(b.Resource)
		add("TITLE-1", t == nil)
		add("LIST-2", b.Until <= w.now || b.Until-w.now > 366*24*3600 || w.listed(author, b.Resource) >= record.OffersMax)
		if t != nil {
			add("TITLE-3", !t.dealable)
			add("LIST-1", b.Purpose == tx.ForSale && t.holder != author)
			add("TITLE-4", b.Purpose == tx.ForSale && tooSmall(b.Resource) && t.at != b.Resource)
			add("LIST-1", b.Purpose == tx.ForLease && !w.possesses(author, b.Resource))
		}
	}
}

// possesses reports whether an account's right over a block is the innermost,
// and no other lies inside.
func (w *twin) possesses(who wire.Address, r wire.Resource) bool {
	inside := slices.ContainsFunc(w.estates, func(e twinEstate) bool { return e.started && inr.Covers(r, e.at) && e.at != r })
	return !inside && w.possessorOf(r) == who
}

func (w *twin) listed(maker wire.Address, r wire.Resource) (n int) {
	t := w.titleOf(r)
	for _, o := range w.offers {
		if t != nil && o.title == t.at && o.maker == maker && o.kind() == tx.KindList {
			n++
		}
	}
	return n
}

func (w *twin) brokenRelease(add breaks, author wire.Address, b *tx.TransferRelease) {
	o := w.offer(b.Offer)
	if o == nil || o.accepted == 0 || o.at != b.Resource {
		add("COND-5", true)
		return
	}
	agent, secret := o.meets(author, b)
	add("COND-3", !agent && !secret)
	if c := w.clone(); c.meet(author, b) {
		add("TITLE-5", w.notWhole(o.at) && w.fresh(o.at))
	}
}

// meets says which condition a release meets.
func (o *twinOffer) meets(author wire.Address, b *tx.TransferRelease) (agent, secret bool) {
	t := o.body.(*tx.TransferOffer)
	if b.Secret.IsZero() {
		return t.Agent == author, false
	}
	return false, !t.Lock.IsZero() && sha256.Sum256(b.Secret[:]) == t.Lock
}

// meet notes a condition that is met, and reports whether all are.
func (w *twin) meet(author wire.Address, b *tx.TransferRelease) bool {
	o := w.offer(b.Offer)
	t := o.body.(*tx.TransferOffer)
	agent, secret := o.meets(author, b)
	o.byAgent, o.bySecret = o.byAgent || agent, o.bySecret || secret
	return (t.Agent.IsZero() || o.byAgent) && (t.Lock.IsZero() || o.bySecret)
}

func (w *twin) doSettle(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.TransferRelease:
		if o := w.offer(b.Offer); w.meet(author, b) {
			w.titleOf(o.at).hold = wire.Hash{}
			w.transfer(w.take(b.Offer))
		}
	case *tx.Surrender:
		w.intend(author, body, id, b.Resource, b.Resource)
	case *tx.Merge:
		low, _, _ := inr.Halves(b.Resource)
		w.intend(author, body, id, b.Resource, low)
	case *tx.List:
		o := w.offerOf(id, author, body)
		o.at, o.title, o.until = b.Resource, w.titleOf(b.Resource).at, b.Until
		w.offers = append(w.offers, o)
	}
}

// hold is an acceptance that waits for its conditions.
func (w *twin) hold(id wire.Hash) {
	o := w.offer(id)
	o.accepted, o.until = w.now, o.body.(*tx.TransferOffer).Settle
	w.titleOf(o.at).hold = id
	w.touch(o.at)
}

// dueOffer takes an offer off the table at its time.
func (w *twin) dueOffer(o twinOffer) twinDue {
	if o.intent() {
		return twinDue{o.until, 4, o.id, func() { w.fulfil(o.id) }}
	}
	return twinDue{o.until, 1, o.id, func() {
		if w.take(o.id); o.accepted != 0 {
			w.titleOf(o.at).hold = wire.Hash{}
			w.touch(o.at)
		}
	}}
}

func (w *twin) giveBack(t *twinTitle) {
	w.vacate(t.at)
	t.holder, t.dealable, t.state, t.since = wire.Address{}, false, record.Unclaimed, w.now
	t.charges = nil
	t.grade, t.proved, t.qualified, t.basis = record.GradeNone, 0, 0, nil
	t.forum = ""
	w.touch(t.at)
}

// vacate ends what rests on a title, but for what it permits outside.
func (w *twin) vacate(title wire.Resource) {
	w.endServices(func(r twinRight) bool { return r == twinRight{at: title} })
	for _, x := range slices.Clone(w.origins) {
		if w.restsOnTitle(x, title) {
			w.origins = slices.DeleteFunc(w.origins, func(y twinOrigin) bool { return x == y })
			w.replace(x, x.holder, func(r wire.Resource) bool { return !inr.Overlaps(r, title) })
		}
	}
}
