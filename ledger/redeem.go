package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offerRedemption offers a lender to be paid off.
//
// specs/16 CHARGE-15: A charge is redeemed by an offer of the holder, or of a
// later lender.
func (b *block) offerRedemption(id wire.Hash, author wire.Address, body *tx.ChargeRedeem) error {
	t, i, err := b.chargeAt(body.Resource, body.Charge)
	if err != nil {
		return err
	}
	if _, err := b.dealable(t.at); err != nil {
		return err
	}
	list := chargesOver(t)
	later := slices.ContainsFunc(list[i+1:], func(c record.Charge) bool { return c.Lender == author })
	if author != t.Holder && !later {
		return tx.Refuse("CHARGE-15", "account", "neither the holder of %v nor a later lender", t.at)
	}
	if err := b.addressee(list[i].Lender, author); err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: list[i].Lender, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// redeem carries an accepted redemption out. The charge stands as it did when
// the offer was made, or the offer would have lapsed.
//
// specs/16 CHARGE-15: upon acceptance by the lender the charge ends, or a later
// lender takes the lender's place in it; an enforcement under way ends with either.
func (b *block) redeem(o *record.Offer, t titled) error {
	_, i, err := b.chargeAt(t.at, terms[*tx.ChargeRedeem](o).Charge)
	if err != nil {
		return err
	}
	list := chargesOver(t)
	if o.Maker == t.Holder {
		b.putCharges(t, slices.Delete(list, i, i+1))
		return nil
	}
	list[i].Lender = o.Maker
	calm(&list[i])
	b.putCharges(t, list)
	return nil
}

// calm ends the enforcement of a charge, if one is under way.
func calm(c *record.Charge) {
	c.Enforced, c.Notice, c.Buyer, c.Contested, c.Stalled = 0, wire.Hash{}, wire.Address{}, false, 0
}
