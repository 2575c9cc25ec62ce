package ledger_test

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinAhead is how far ahead a lease may reach without waiting for a delay.
const twinAhead = 30 * 24 * 3600

// twinSuspend bounds a suspension, and all of a lease together.
const twinSuspend = 14 * 24 * 3600

func (w *twin) brokenLeaseAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.LeaseOffer:
		add("EST-11", firstElsewhere(b.Resource, b.Origins))
		w.brokenLeaseOffer(add, author, b)
	case *tx.LeaseRenew:
		w.brokenRenew(add, author, b)
	case *tx.LeaseEnd:
		e := w.brokenNaming(add, b.Resource, b.Lease)
		add("LEASE-13", e != nil && e.holder != author && w.outside(*e) != author)
		w.brokenHold(add, b.Resource)
		if e != nil {
			w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
		}
	case *tx.LeaseAssign:
		e := w.brokenNaming(add, b.Resource, b.Lease)
		add("LEASE-15", e != nil && e.holder != author)
		w.brokenHold(add, b.Resource)
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.LeaseAccept:
		w.brokenLeaseAccept(add, author, b)
	case *tx.LeaseConsent:
		w.brokenConsent(add, author, b)
	case *tx.LeaseNotice:
		e := w.brokenNaming(add, b.Resource, b.Lease)
		add("LEASE-17", e != nil && w.noticeEnd(e, author) == 0)
	case *tx.LeaseSuspend:
		e := w.brokenNaming(add, b.Resource, b.Lease)
		add("LEASE-18", e != nil && w.wrongSuspension(e, author, b.Until))
	case *tx.LeaseAnswer:
		w.brokenHold(add, b.Resource)
		e := w.brokenNaming(add, b.Resource, b.Lease)
		add("LEASE-19", e != nil && (e.holder != author || !e.answer.IsZero() || e.spent == 0 && (e.ends == 0 || e.warning == e.id)))
	}
}

// brokenNaming is the lease that an act names.
func (w *twin) brokenNaming(add breaks, r wire.Resource, id wire.Hash) *twinEstate {
	e := w.estate(r, id, true)
	add("LEASE-20", e == nil)
	return e
}

// otherParty is whom an offer of one party of a lease is made to.
func (w *twin) otherParty(r wire.Resource, id wire.Hash, author wire.Address) wire.Address {
	e := w.estate(r, id, true)
	if e == nil {
		return wire.Address{}
	}
	if e.holder == author {
		return w.outside(*e)
	}
	return e.holder
}

func (w *twin) brokenLeaseOffer(add breaks, author wire.Address, b *tx.LeaseOffer) {
	w.brokenDealable(add, b.Resource)
	w.brokenHold(add, b.Resource)
	w.brokenOffer(add, w.offerOf(wire.Hash{}, author, b), b.Value)
	add("LEASE-1", b.Start != 0 && (b.Start < w.now || b.Start-w.now > 366*24*3600))
	add("LEASE-1", b.End != 0 && b.End <= w.now)
	add("LEASE-6", b.Clause == tx.ClauseNotice && b.ClauseNotice < w.params["clause_min_seconds"])
	if w.titleOf(b.Resource) == nil {
		return
	}
	from := max(b.Start, w.now)
	w.brokenTerm(add, b.Resource, author, b.To, from, b.End, nil)
	w.brokenDepth(add, b.Resource, from, b.End)
	w.brokenPlaces(add, b.Resource, author, from)
}

func (w *twin) brokenRenew(add breaks, author wire.Address, b *tx.LeaseRenew) {
	e := w.brokenNaming(add, b.Resource, b.Lease)
	if e == nil {
		return
	}
	w.brokenHold(add, b.Resource)
	add("LEASE-13", e.holder != author && w.outside(*e) != author)
	add("LEASE-13", e.renew != 0)
	add("LEASE-14", b.End <= e.ends)
	add("LEASE-5", w.lessorWaits(e, author, b.End))
	if e.renew == 0 && b.End > e.ends {
		w.brokenTerm(add, e.at, w.outside(*e), e.holder, e.ends, b.End, e)
	}
	w.brokenOffer(add, w.offerOf(wire.Hash{}, author, b), b.Value)
}

func (w *twin) brokenLeaseAccept(add breaks, author wire.Address, b *tx.LeaseAccept) {
	o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindLeaseOffer, tx.KindLeaseRenew, tx.KindLeaseEnd, tx.KindLeaseAssign)
	if o == nil {
		return
	}
	switch x := o.body.(type) {
	case *tx.LeaseOffer:
		passed := x.Start != 0 && x.Start < w.now || x.End != 0 && x.End <= w.now
		add("LEASE-1", passed)
		if passed {
			return
		}
		from := max(x.Start, w.now)
		by := w.brokenTerm(add, o.at, o.maker, o.to, from, x.End, nil)
		add("LEASE-4", !by.IsZero() && !o.consented(by))
		w.brokenDepth(add, o.at, from, x.End)
		w.brokenPlaces(add, o.at, o.maker, from)
		w.brokenLenders(add, "CHARGE-5", o, func(c twinCharge) bool {
			return max(x.End, w.now)-w.now > c.longest || x.Renew > 0 && max(x.Notice, from-w.now)+x.Renew > c.longest
		})
		if from == w.now {
			add("LEASE-12", x.Reversion && len(w.clone().narrowed(o)) > record.BackMax)
			w.brokenFirst(add, "LEASE-9", o, author, b, x.Origins)
		}
	case *tx.LeaseRenew:
		e := w.estate(o.at, x.Lease, true)
		add("LEASE-5", w.lessorWaits(e, o.maker, x.End))
		by := w.brokenTerm(add, o.at, w.outside(*e), e.holder, e.ends, x.End, e)
		add("LEASE-4", !by.IsZero() && !o.consented(by))
		w.brokenDepth(add, o.at, e.ends, x.End)
		w.brokenLenders(add, "CHARGE-5", o, func(c twinCharge) bool { return x.End-w.now > c.longest })
	case *tx.LeaseAssign:
		lessor := w.outside(*w.estate(o.at, x.Lease, true))
		add("LEASE-15", lessor != o.to && !o.consented(lessor))
	}
}

// narrowed are the lessor's authorisations that a lease displaces if it starts
// now; it is tried on a copy.
func (w *twin) narrowed(o *twinOffer) []twinOrigin {
	former := w.possessorOf(o.at)
	w.estates = append(w.estates, twinEstate{at: o.at, id: wire.Hash{9}, lease: true, holder: o.to, started: true, start: w.now})
	return w.narrow(former, o.at)
}

// noticeEnd is where the author's notice ends a lease: 0 if it may not give one
// or the lease would not end sooner by it.
func (w *twin) noticeEnd(e *twinEstate, author wire.Address) uint64 {
	lessor, end := w.outside(*e), uint64(0)
	if e.renew != 0 && (author == e.holder || author == lessor) {
		end = e.periodEnd(w.now)
	}
	named := e.clause == tx.ClauseNotice && author == lessor || e.clause == tx.ClauseAgent && author == e.agent
	if at := w.now + e.clauseNotice; named && (end == 0 || at < end) {
		end = at
	}
	if e.ends != 0 && end >= e.ends {
		return 0
	}
	return end
}

func (w *twin) wrongSuspension(e *twinEstate, author wire.Address, until uint64) bool {
	spent := e.spent - e.running(w.now) + max(until, w.now) - w.now
	idle := until <= w.now && e.running(w.now) == 0
	return idle || !e.suspend || w.outside(*e) != author || until > w.now+twinSuspend || spent > twinSuspend
}

// running is for how many seconds more a suspension runs.
func (e *twinEstate) running(now uint64) uint64 { return max(e.suspended, now) - now }
