package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// consentLease notes the consent of a lessor or a title holder on an offer.
//
// specs/15 LEASE-16: a consent MUST name an offer that is open and needs it, and
// the title's dealing value; it is given once, by the lessor or the title holder,
// before the acceptance.
func (b *block) consentLease(author wire.Address, body *tx.LeaseConsent) error {
	o, ok := b.offer(body.Offer)
	if !ok || o.Resource != body.Resource || !acceptedAsLease(tx.Kind(o.Kind)) {
		return tx.Refuse("LEASE-16", "offer", "no offer %v on a lease of %v is open", body.Offer, body.Resource)
	}
	t, err := b.unchanged(o, body.Value)
	if err != nil {
		return err
	}
	if by, needed := b.consenter(o, t); !needed || by != author {
		return tx.Refuse("LEASE-16", "account", "the offer needs no consent of the author's")
	}
	if agreedTo(o, author) {
		return tx.Refuse("LEASE-16", "offer", "consent is given")
	}
	o.Consents = append(o.Consents, record.Consent{By: author})
	o.Earliest = max(o.Earliest, b.now.Time+b.delayOf(author, b.possessedUntil(o)))
	b.write(record.OfferKey(body.Offer), o)
	return nil
}

// possessedUntil is until when a lessee would possess by an offer of a lease or
// a renewal; 0 for other offers.
//
// specs/15 LEASE-16: for more than 30 days ahead the earliest acceptance is at
// least its giver's delay later.
func (b *block) possessedUntil(o *record.Offer) uint64 {
	switch body := must(tx.DecodeBody(tx.Kind(o.Kind), o.Body)).(type) {
	case *tx.LeaseOffer:
		if body.Evergreen() {
			return never
		}
		return body.End
	case *tx.LeaseRenew:
		return body.End
	}
	return 0
}

// consenter is whose consent, besides those of lenders, an offer needs.
func (b *block) consenter(o *record.Offer, t titled) (by wire.Address, needed bool) {
	switch tx.Kind(o.Kind) {
	case tx.KindLeaseAssign:
		l, err := b.leaseAt(o.Resource, terms[*tx.LeaseAssign](o).Lease)
		if err != nil {
			return by, false
		}
		return b.lessor(l), b.lessor(l) != o.To
	case tx.KindLeaseOffer:
		c, err := b.leasing(o, terms[*tx.LeaseOffer](o))
		if err != nil {
			return by, false
		}
		return b.beyond(o, makersRight(b.stack(o.Resource), o.Maker, c.term.start), c.term.end)
	case tx.KindLeaseRenew:
		body := terms[*tx.LeaseRenew](o)
		l, err := b.leaseAt(o.Resource, body.Lease)
		if err != nil {
			return by, false
		}
		return b.beyond(o, b.outside(l), body.End)
	}
	return by, false
}
