package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// consentTo notes a lender's consent on an offer.
//
// specs/16 CHARGE-8: A consent MUST name an open offer of a transfer, grant,
// lease or renewal, or to withdraw a notice, or a merge or surrender that waits,
// over a title under that charge, and come from its lender, before the
// acceptance; it is given once and final.
func (b *block) consentTo(author wire.Address, body *tx.ChargeConsent) error {
	o, ok := b.offer(body.Offer)
	if !ok || o.Accepted != 0 || !needsLender(tx.Kind(o.Kind)) || o.Resource != body.Resource {
		return tx.Refuse("CHARGE-8", "offer", "no offer %v of a transfer or lease of %v is open", body.Offer, body.Resource)
	}
	if err := mayRelease(tx.Kind(o.Kind), body.Release); err != nil {
		return err
	}
	t, err := b.unchanged(o, body.Value)
	if err != nil {
		return err
	}
	by := func(c record.Charge) bool { return c.ID == body.Charge && c.Lender == author }
	if !slices.ContainsFunc(chargesOver(t), by) {
		return tx.Refuse("CHARGE-8", "charge", "no charge %v of the author's over the title %v", body.Charge, t.at)
	}
	if _, given := consented(o, body.Charge); given {
		return tx.Refuse("CHARGE-8", "charge", "consent is given")
	}
	o.Consents = append(o.Consents, record.Consent{By: author, Charge: body.Charge, Release: body.Release})
	b.write(record.OfferKey(body.Offer), o)
	if intent(o) {
		b.hasten(body.Offer, o, t)
	}
	return nil
}

// mayRelease keeps specs/16 CHARGE-8: it releases under a transfer if it says so,
// MUST release under a surrender, and MUST NOT under anything else.
func mayRelease(k tx.Kind, release bool) error {
	switch {
	case k == tx.KindSurrender && !release:
		return tx.Refuse("CHARGE-8", "release", "a surrender ends the charge, so its consent releases")
	case k != tx.KindSurrender && k != tx.KindTransferOffer && release:
		return tx.Refuse("CHARGE-8", "release", "only what is transferred or surrendered leaves a charge")
	}
	return nil
}

func needsLender(k tx.Kind) bool {
	if k == tx.KindMerge || k == tx.KindSurrender {
		return true
	}
	return k == tx.KindTransferOffer || k == tx.KindGrantOffer || k == tx.KindNoticeWithdraw || k == tx.KindLeaseOffer || k == tx.KindLeaseRenew
}

// unchanged finds the title of an offer that has not lapsed, and checks that who
// speaks of the offer saw the title as it is (specs/04 DEAL-1, DEAL-2).
func (b *block) unchanged(o *record.Offer, value wire.Hash) (titled, error) {
	at := o.Resource
	if tx.Kind(o.Kind) == tx.KindMerge {
		at = o.Title // the lower half
	}
	t, ok := b.titleOf(at)
	if !ok || t.at != o.Title || t.folio.Dealing() != o.Value {
		return t, tx.Refuse("DEAL-2", "offer", "it has lapsed: the title %v changed since it was made", o.Title)
	}
	if b.outlived(o) {
		return t, tx.Refuse("RCV-7", "offer", "it has lapsed: a recovery replaced the keys of its maker %v", o.Maker)
	}
	if value != o.Value {
		return t, tx.Refuse("DEAL-1", "value", "the title %v stands at %v", t.at, o.Value)
	}
	return t, nil
}

// consented finds the consent of a charge's lender to an offer.
func consented(o *record.Offer, charge wire.Hash) (record.Consent, bool) {
	i := slices.IndexFunc(o.Consents, func(c record.Consent) bool { return c.Charge == charge })
	if i < 0 {
		return record.Consent{}, false
	}
	return o.Consents[i], true
}

// lendersConsent checks that what is transferred may leave its holder.
//
// specs/16 CHARGE-4: A title under charge is transferred only with the consent
// of each lender, given to that very offer (R9).
func lendersConsent(o *record.Offer, t titled) error {
	for _, c := range chargesOver(t) {
		if _, given := consented(o, c.ID); !given {
			return needs(c.Lender, c.ID, "CHARGE-4", "offer", "the lender %v of charge %v has not consented", c.Lender, c.ID)
		}
	}
	return nil
}

// lendersAllow checks that a title's lenders allow a lease or renewal of so many
// seconds from its acceptance to its end; of an evergreen lease they are its
// notice and period together.
//
// specs/16 CHARGE-5: A lease or renewal of more than a charge's longest seconds
// from acceptance to end, an evergreen lease whose notice, or what is left until
// its start, and period together are more, and a grant whose notice is more,
// new or when its notice is withdrawn, need that lender's consent.
func (b *block) lendersAllow(o *record.Offer, t titled, seconds uint64) error {
	for _, c := range chargesOver(t) {
		if _, given := consented(o, c.ID); seconds > c.Longest && !given {
			return needs(c.Lender, c.ID, "CHARGE-5", "offer", "charge %v allows leases of %d seconds, its lender %v has not consented to %d", c.ID, c.Longest, c.Lender, seconds)
		}
	}
	return nil
}

// carry leaves on what was transferred the charges that follow it.
//
// specs/16 CHARGE-4: the consent says whether the charge follows what is
// transferred or what is transferred is released; an enforcement under way ends
// on what is transferred.
func (b *block) carry(o *record.Offer) {
	t, _ := b.titleOf(o.Resource)
	list := slices.DeleteFunc(chargesOver(t), func(c record.Charge) bool {
		given, _ := consented(o, c.ID)
		return given.Release
	})
	for i := range list {
		calm(&list[i])
	}
	b.putCharges(t, list)
}
