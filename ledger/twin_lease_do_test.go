package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinTerms are what a lease says beyond what every estate says.
type twinTerms struct {
	renew, clauseNotice    uint64
	clause                 tx.Clause
	agent                  wire.Address
	suspend, reversion     bool
	operator, abuse, price string
	first                  string // authorisations that enter at a start to come
	suspended, spent       uint64
	answer                 wire.Hash
	lessor                 wire.Address // to whom back comes back
	back                   []twinOrigin
}

// doLease carries out an act of the lease family.
func (w *twin) doLease(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.LeaseAccept:
		w.acceptLease(w.take(b.Offer), id)
	case *tx.LeaseConsent:
		o := w.offer(b.Offer)
		o.consents = append(slices.Clone(o.consents), twinConsent{by: author})
		if o.kind() != tx.KindLeaseAssign && w.waits(o.body) {
			o.earliest = max(o.earliest, w.now+w.accounts[author].delay)
		}
	case *tx.LeaseNotice:
		e := w.estate(b.Resource, b.Lease, true)
		e.ends, e.warning, e.answer = w.noticeEnd(e, author), id, wire.Hash{}
		w.touch(b.Resource)
		if e.ends <= w.now {
			w.end(b.Resource, b.Lease, w.now)
		}
	case *tx.LeaseSuspend:
		e := w.estate(b.Resource, b.Lease, true)
		if b.Until > max(e.suspended, w.now) { // a longer one is a new one
			e.answer = wire.Hash{}
		}
		e.spent -= e.running(w.now)
		e.suspended = max(b.Until, w.now)
		e.spent += e.running(w.now)
		w.touch(b.Resource)
	case *tx.LeaseAnswer:
		e := w.estate(b.Resource, b.Lease, true)
		e.answer = id
		w.touch(b.Resource)
	}
}

func (w *twin) acceptLease(o twinOffer, id wire.Hash) {
	switch b := o.body.(type) {
	case *tx.LeaseOffer:
		w.lease(o, b, id)
	case *tx.LeaseRenew:
		e := w.estate(o.at, b.Lease, true)
		e.ends, e.warning = b.End, e.id
		w.touch(o.at)
	case *tx.LeaseEnd:
		w.end(o.at, b.Lease, w.now)
	case *tx.LeaseAssign:
		w.assign(o, b)
	}
}

// lease enters a lease; one whose start has come begins at once.
func (w *twin) lease(o twinOffer, b *tx.LeaseOffer, id wire.Hash) {
	e := twinEstate{
		at: o.at, id: id, lease: true, holder: o.to, start: max(b.Start, w.now), notice: b.Notice, sub: b.SubLet, ends: b.End,
		twinTerms: twinTerms{
			renew: b.Renew, clause: b.Clause, clauseNotice: b.ClauseNotice, agent: b.Agent, suspend: b.Suspend,
			reversion: b.Reversion, operator: b.Operator, abuse: b.Abuse, price: b.Price, first: b.Origins,
		},
	}
	if b.End != 0 {
		e.warning = id
	}
	w.estates = append(w.estates, e)
	w.touch(o.at)
	if e.start == w.now {
		w.begin(e.right(), w.narrow)
	}
}

// begin starts a lease: what the former possessor authorised is narrowed, and
// the first authorisations enter, but for those that a rule refuses.
func (w *twin) begin(r twinRight, narrow func(wire.Address, wire.Resource) []twinOrigin) {
	former := w.possessorOf(r.at)
	e := &w.estates[w.place(r)]
	e.started = true
	w.touch(r.at)
	displaced := narrow(former, r.at)
	w.oust(former, e.holder, r.at)
	if e.reversion {
		e.lessor, e.back = former, displaced[:min(len(displaced), record.BackMax)]
	}
	for _, o := range firstOrigins(e.first, e.holder) {
		w.enter(o)
	}
	e.first = ""
}

// enter adds an authorisation unless a rule refuses it.
func (w *twin) enter(o twinOrigin) {
	refused := false
	w.brokenOrigin(func(_ string, broken bool) { refused = refused || broken }, o)
	if !refused && w.fits(o) {
		w.origins = append(w.origins, o)
	}
}

// possessorOf is the holder of the innermost right over a block.
func (w *twin) possessorOf(r wire.Resource) wire.Address {
	if list := w.rights(r); len(list) > 0 {
		return list[len(list)-1].holder
	}
	return w.titleOf(r).holder
}

// revert brings back what the start of a lease displaced.
func (w *twin) revert(e twinEstate) {
	for _, c := range cells(e.at) {
		if w.possessor(c) != e.lessor {
			return
		}
	}
	for _, o := range e.back {
		w.enter(o)
	}
}

// assign gives a lease to another lessee.
func (w *twin) assign(o twinOffer, b *tx.LeaseAssign) {
	e := w.estate(o.at, b.Lease, true)
	var moving []twinOrigin
	for _, x := range w.origins {
		if x.holder == e.holder && slices.Contains(w.rests(x), e.right()) {
			moving = append(moving, x)
		}
	}
	w.origins = slices.DeleteFunc(w.origins, func(x twinOrigin) bool { return slices.Contains(moving, x) })
	former := e.holder
	w.passOn(e.right(), o.at, o.to, b.Keep)
	e.holder, e.operator, e.abuse = o.to, b.Operator, b.Abuse
	if !b.Keep {
		e.first = ""
	}
	w.touch(o.at)
	w.narrow(former, o.at)
	for _, x := range moving {
		if b.Keep {
			w.replace(x, o.to, func(r wire.Resource) bool { return inr.Covers(o.at, r) && !w.othersHold(r, o.to) })
		}
	}
}
