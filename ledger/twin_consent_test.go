package ledger_test

import (
	"slices"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (o *twinOffer) consented(by wire.Address) bool {
	return slices.Contains(o.consents, twinConsent{by: by})
}

// brokenConsent is of a lessor's or title holder's word for an offer.
func (w *twin) brokenConsent(add breaks, author wire.Address, b *tx.LeaseConsent) {
	o := w.offer(b.Offer)
	if o == nil {
		add("DEAL-5", true)
		add("LEASE-16", true)
		return
	}
	lapsed := o.kind() != tx.KindList && w.lapsed(o)
	add("DEAL-2", lapsed)
	add("RCV-7", lapsed && o.renewed != w.accounts[o.maker].renewed)
	add("LEASE-16", lapsed || o.at != b.Resource)
	add("DEAL-6", o.at != b.Resource)
	add("DEAL-1", !lapsed && !w.current(o.at, b.Value))
	add("LEASE-16", o.consented(author))
	if !lapsed {
		add("LEASE-16", author != w.consenter(o))
	}
}

// consenter is whose word an offer needs, or nobody's.
func (w *twin) consenter(o *twinOffer) wire.Address {
	none := func(string, bool) {}
	switch x := o.body.(type) {
	case *tx.LeaseAssign:
		if lessor := w.outside(*w.estate(o.at, x.Lease, true)); lessor != o.to {
			return lessor
		}
	case *tx.LeaseOffer:
		if x.Start != 0 && x.Start < w.now || x.End != 0 && x.End <= w.now {
			return wire.Address{} // it can be accepted no more
		}
		return w.brokenTerm(none, o.at, o.maker, o.to, max(x.Start, w.now), x.End, nil)
	case *tx.LeaseRenew:
		e := w.estate(o.at, x.Lease, true)
		return w.brokenTerm(none, o.at, w.outside(*e), e.holder, e.ends, x.End, e)
	}
	return wire.Address{}
}
