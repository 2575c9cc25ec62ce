package ledger_test

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinConsentTime is for how long a merge or a surrender waits for lenders.
const twinConsentTime = 30 * 24 * 3600

// intent reports whether what waits is no offer: it takes effect by itself.
func (o *twinOffer) intent() bool {
	return o.kind() == tx.KindSurrender || o.kind() == tx.KindMerge || o.kind() == tx.KindForumSet
}

// waiting reports whether what a holder does to a title by itself waits.
func (w *twin) waiting(who wire.Address, title *twinTitle) bool {
	a := w.accounts[who]
	return a.delay > 0 || a.running() || len(title.charges) > 0
}

func (w *twin) brokenIntent(add breaks, author wire.Address, r wire.Resource) {
	t := w.titleOf(r)
	open, _ := w.made(author, r)
	add("DEAL-4", t != nil && w.waiting(author, t) && open >= record.OffersMax)
}

// intend puts a merge or a surrender on the table, or does it at once (MERGE-3,
// SUR-2, CHARGE-21).
func (w *twin) intend(author wire.Address, body tx.Body, id wire.Hash, r, title wire.Resource) {
	o := w.offerOf(id, author, body)
	t, a := w.titleOf(title), w.accounts[author]
	o.at, o.title, o.stamp, o.earliest = r, title, t.stamp, w.now+a.delay
	if a.running() {
		o.earliest = max(o.earliest, w.now+twinAgain)
	}
	if o.until = o.earliest; len(t.charges) > 0 {
		o.until += twinConsentTime
	}
	if !w.waiting(author, t) {
		w.carry(&o)
		return
	}
	w.tidy(&o, t)
	w.offers = append(w.offers, o)
}

// carry does what a merge or a surrender says.
func (w *twin) carry(o *twinOffer) {
	switch b := o.body.(type) {
	case *tx.Merge:
		w.merge(o.at)
		return
	case *tx.ForumSet:
		w.titleOf(o.at).forum = b.Forum
		w.touch(o.at)
		return
	}
	w.giveBack(w.titleOf(o.at))
}

// agreed reports whether each lender has consented.
func (w *twin) agreed(o *twinOffer) bool {
	return !slices.ContainsFunc(w.titleOf(o.title).charges, func(c twinCharge) bool {
		return !slices.ContainsFunc(o.consents, func(x twinConsent) bool { return x.charge == c.id })
	})
}

// fulfil lets a merge or a surrender take effect at its time, or lapse, or wait on.
func (w *twin) fulfil(id wire.Hash) {
	o := w.offer(id)
	if w.accounts[o.maker].running() && !w.lapsed(o) {
		o.until = w.now + twinAgain
		return
	}
	given := w.take(id)
	if w.lapsed(&given) || !w.agreed(&given) {
		return
	}
	if given.kind() == tx.KindMerge {
		refused := false
		note := func(_ string, broken bool) { refused = refused || broken }
		w.brokenMerge(note, given.at, given.maker)
		w.brokenMarks(note, given.at)
		if refused {
			return
		}
		c := w.clone()
		if c.merge(given.at); c.laden() {
			return
		}
	}
	w.carry(&given)
}
