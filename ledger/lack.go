package ledger

import (
	"errors"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// unconsented is a refusal for want of a consent.
type unconsented struct {
	*tx.RuleError
	by     wire.Address
	charge wire.Hash // the lender's; zero for a lessor's or title holder's
}

// Unwrap gives the rule that refused.
func (u *unconsented) Unwrap() error { return u.RuleError }

// needs is a refusal that one's consent would mend.
func needs(by wire.Address, charge wire.Hash, rule, field, format string, args ...any) error {
	refused := tx.Refuse(rule, field, format, args...)
	var rules *tx.RuleError
	if !errors.As(refused, &rules) {
		panic("ledger: a refusal without a rule")
	}
	return &unconsented{rules, by, charge}
}

// Lack is a consent that an offer needs and does not have.
type Lack struct {
	Offer  wire.Hash
	By     wire.Address
	Charge wire.Hash // the lender's; zero for a lessor's or title holder's
	Rule   string
}

// lacking tries to accept an offer as soon as it may be, giving it the consents that
// refuse it one by one, and tells which; all of it is taken back.
func (b *block) lacking(id wire.Hash) []Lack {
	mark, now := b.e.Mark(), b.now
	defer func() {
		b.undo(mark)
		b.now = now
	}()
	lacking, _ := b.acceptSoon(id)
	return lacking
}

// acceptSoon accepts an offer as soon as it may be, giving it the consents that refuse
// it one by one; ok is false where nothing is open, or a rule refuses the acceptance
// for more than a consent.
func (b *block) acceptSoon(id wire.Hash) (lacking []Lack, ok bool) {
	o, ok := b.offer(id)
	if !ok || o.Accepted != 0 {
		return nil, false
	}
	b.now.Time = max(b.now.Time, o.Earliest)
	lacking, err := b.acceptConsented(id)
	return lacking, err == nil
}

// acceptConsented accepts an offer, giving it the consents that refuse it one by one;
// err is what refuses it for more than a consent.
func (b *block) acceptConsented(id wire.Hash) (lacking []Lack, err error) {
	for range record.ConsentsMax + 1 {
		var want *unconsented
		inner := b.e.Mark()
		b.looks = 0
		if err = b.acceptAsOffered(id); err == nil {
			return lacking, nil
		}
		b.undo(inner)
		if !errors.As(err, &want) {
			break
		}
		lacking = append(lacking, Lack{id, want.by, want.charge, want.Rule})
		b.consentAsIf(id, want)
	}
	return lacking, err
}

// consentAsIf notes a consent on an offer that nobody gave.
func (b *block) consentAsIf(id wire.Hash, want *unconsented) {
	o, _ := b.offer(id)
	given := *o
	given.Consents = append(given.Consents[:len(given.Consents):len(given.Consents)], record.Consent{By: want.by, Charge: want.charge})
	b.write(record.OfferKey(id), &given)
}

// acceptAsOffered does what the addressee's acceptance would, or the time of what
// waits for no acceptance.
func (b *block) acceptAsOffered(id wire.Hash) error {
	o, _ := b.offer(id)
	switch tx.Kind(o.Kind) {
	case tx.KindTransferOffer:
		return b.acceptTransfer(o.To, &tx.TransferAccept{Offer: id, Resource: o.Resource, Value: o.Value})
	case tx.KindGrantOffer, tx.KindNoticeWithdraw:
		return b.acceptGrant(id, o.To, &tx.GrantAccept{Offer: id, Resource: o.Resource, Value: o.Value})
	case tx.KindLeaseOffer, tx.KindLeaseRenew, tx.KindLeaseEnd, tx.KindLeaseAssign:
		return b.acceptLease(id, o.To, &tx.LeaseAccept{Offer: id, Resource: o.Resource, Value: o.Value})
	case tx.KindChargePropose, tx.KindChargeRedeem:
		return b.acceptCharge(id, o.To, &tx.ChargeAccept{Offer: id, Resource: o.Resource, Value: o.Value})
	case tx.KindMerge, tx.KindSurrender:
		b.dropOffer(id)
		t, err := b.unchanged(o, o.Value)
		if err != nil {
			return err
		}
		return b.fulfil(o, t)
	}
	return errNoOffer
}

// errNoOffer reports what nobody accepts and no lender speaks of: a forum, a listing.
var errNoOffer = errors.New("ledger: nobody accepts it")

// offerOf is the offer that an act makes, accepts or consents to.
func offerOf(v tx.Verified) wire.Hash {
	switch body := v.Body().(type) {
	case *tx.TransferAccept:
		return body.Offer
	case *tx.LeaseAccept:
		return body.Offer
	case *tx.LeaseConsent:
		return body.Offer
	case *tx.ChargeConsent:
		return body.Offer
	}
	return v.ID()
}
