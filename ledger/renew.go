package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// otherParty is to whom one party's offer about a lease is made.
//
// specs/15 LEASE-13: a renewal and an end are offered by the lessor or the
// lessee and accepted by the other.
func (b *block) otherParty(l *ended, author wire.Address) (wire.Address, error) {
	lessor := b.lessor(l)
	switch author {
	case l.Holder:
		return lessor, b.addressee(lessor, author)
	case lessor:
		return l.Holder, nil
	}
	return wire.Address{}, tx.Refuse("LEASE-13", "account", "the parties are %v and %v", lessor, l.Holder)
}

// between finds the lease that a party makes an offer on, the title it lies in and
// the other party.
func (b *block) between(author wire.Address, r wire.Resource, lease wire.Hash) (l *ended, t titled, to wire.Address, err error) {
	if l, err = b.leaseAt(r, lease); err != nil {
		return nil, t, to, err
	}
	if to, err = b.otherParty(l, author); err != nil {
		return nil, t, to, err
	}
	t, err = b.endable(r)
	return l, t, to, err
}

// offerRenewal offers a lease a later end.
func (b *block) offerRenewal(id wire.Hash, author wire.Address, body *tx.LeaseRenew) error {
	l, t, to, err := b.between(author, body.Resource, body.Lease)
	if err != nil {
		return err
	}
	if err := unbound(t, body.Resource); err != nil {
		return err
	}
	right, err := b.renewable(l, body.End)
	if err != nil {
		return err
	}
	if err := b.bounded("end", right, body.End); err != nil {
		return err
	}
	if err := b.lessorWaits(l, author, body.End); err != nil {
		return err
	}
	return b.makeOfferAfter(b.delayOf(author, body.End), id, t, body, &record.Offer{
		Maker: author, To: to, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// lessorWaits keeps that a lessor's delay comes before each long renewal.
//
// specs/15 LEASE-5: a lessee offers no longer renewal to a lessor whose account
// has a delay, since an acceptance does not wait.
func (b *block) lessorWaits(l *ended, maker wire.Address, end uint64) error {
	if delay := b.delayOf(b.lessor(l), end); maker == l.Holder && delay > 0 {
		return tx.Refuse("LEASE-5", "end", "the lessor has a delay of %d seconds and offers renewals itself", delay)
	}
	return nil
}

// renewable checks the time that a renewal adds, and gives the lessor's right
// with those outside it.
//
// specs/15 LEASE-14: a renewal MUST name a later end, and LEASE-2 to LEASE-5
// apply to the time it adds. specs/15 LEASE-13: an evergreen lease is not
// renewed so.
func (b *block) renewable(l *ended, end uint64) ([]layer, error) {
	if l.Lease[0].Renew > 0 {
		return nil, tx.Refuse("LEASE-13", "lease", "the lease %v renews until notice", l.ID)
	}
	if end <= l.Ends {
		return nil, tx.Refuse("LEASE-14", "end", "it ends at %s already", tx.UTC(l.Ends))
	}
	right := b.outside(l)
	c := carving{maker: right[len(right)-1].holder, at: l.at, kind: record.Lease, term: term{l.Ends, end}}
	if err := c.allowed(right[len(right)-1].estate); err != nil {
		return nil, err
	}
	around, err := b.estatesAround(l.at)
	if err != nil {
		return nil, err
	}
	return right, b.vacant(c, right, around, l)
}

// prolong moves the end of a lease. A notice that was given is withdrawn by both.
func (b *block) prolong(o *record.Offer, t titled, body *tx.LeaseRenew) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	if err := b.lessorWaits(l, o.Maker, body.End); err != nil {
		return err
	}
	right, err := b.renewable(l, body.End)
	if err != nil {
		return err
	}
	if err := b.agreed(o, t, right, body.End, term{b.now.Time, body.End}.seconds()); err != nil {
		return err
	}
	return b.moveEnd(l, body.End, l.ID)
}

// offerEnd offers the other party to end a lease at its acceptance.
func (b *block) offerEnd(id wire.Hash, author wire.Address, body *tx.LeaseEnd) error {
	_, t, to, err := b.between(author, body.Resource, body.Lease)
	if err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: to, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// endByConsent ends a lease by both parties.
//
// specs/15 LEASE-6: inside its term a lease ends only by both parties, or as its
// clause says (R6).
func (b *block) endByConsent(id wire.Hash, body *tx.LeaseEnd) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	return b.endEstate(l.at, l.ID, id)
}
