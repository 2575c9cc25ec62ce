package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// proposeCharge offers a charge: the holder to a lender, or a lender to the holder.
func (b *block) proposeCharge(id wire.Hash, author wire.Address, body *tx.ChargePropose) error {
	t, err := b.chargeable(author, body)
	if err != nil {
		return err
	}
	if body.Resource != t.at {
		if err := b.cuttable(body.Resource); err != nil {
			return err
		}
	}
	if err := b.addressee(body.To, author); err != nil {
		return err
	}
	// specs/16 CHARGE-2: At most 8 charges stand over one title.
	if n := len(chargesOver(t)); n >= record.ChargesMax {
		return tx.Refuse("CHARGE-2", "resource", "%d charges stand over the title %v", n, t.at)
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// chargeable finds the title that is to be charged and checks that its holder is
// one of the two sides.
//
// specs/16 CHARGE-1: A charge is proposed by the holder to the lender or by the
// lender to the holder; a lender proposes none to a holder whose account has a
// delay, since an acceptance does not wait.
func (b *block) chargeable(author wire.Address, body *tx.ChargePropose) (titled, error) {
	if !body.ByLender {
		return b.owned(body.Resource, author)
	}
	t, err := b.dealable(body.Resource)
	if err != nil {
		return t, err
	}
	if t.Holder != body.To {
		return t, tx.Refuse("CHARGE-1", "to", "the title %v is held by %v", t.at, t.Holder)
	}
	return t, b.undelayed(t.Holder)
}

// undelayed keeps specs/16 CHARGE-1: A lender proposes none to a holder whose
// account has a delay, nor is one accepted then, since an acceptance does not wait.
func (b *block) undelayed(holder wire.Address) error {
	if delay := b.accountAt(holder).Delay; delay > 0 {
		return tx.Refuse("CHARGE-1", "byLender", "the holder has a delay of %d seconds and proposes charges itself", delay)
	}
	return nil
}

// acceptCharge accepts what an offer says: a charge, or the redemption of one.
func (b *block) acceptCharge(id wire.Hash, author wire.Address, body *tx.ChargeAccept) error {
	kind := tx.KindChargePropose
	if o, ok := b.offer(body.Offer); ok && o.Kind == uint64(tx.KindChargeRedeem) {
		kind = tx.KindChargeRedeem
	}
	o, t, err := b.takeOffer(body.Offer, kind, author, body.Resource, body.Value)
	if err != nil {
		return err
	}
	if kind == tx.KindChargeRedeem {
		return b.redeem(o, t)
	}
	return b.enterCharge(id, o, t)
}

// enterCharge writes an accepted charge behind those that stand.
//
// specs/16 CHARGE-2: A charge over a part of a title cuts the title first.
func (b *block) enterCharge(id wire.Hash, o *record.Offer, t titled) error {
	p := terms[*tx.ChargePropose](o)
	lender := o.To
	if p.ByLender {
		lender = o.Maker
		if err := b.undelayed(o.To); err != nil {
			return err
		}
	}
	if o.Resource != t.at {
		if err := uncuttable(t); err != nil {
			return err
		}
		lifted := b.liftSpanning(o.Resource)
		if err := b.cutTitle(t, o.Resource); err != nil {
			return err
		}
		if err := b.enterAnew(lifted, t.Holder); err != nil {
			return err
		}
		t, _ = b.titleOf(o.Resource)
	}
	b.putCharges(t, append(chargesOver(t), record.Charge{
		Rules: record.Rules, ID: id, Lender: lender, Mode: uint64(p.Mode), Law: p.Law, Deed: p.Deed,
		Longest: p.Longest, Entered: b.now.Time,
	}))
	return nil
}

// releaseCharge ends the author's own charge over one title.
//
// specs/16 CHARGE-9: Only its lender releases a charge, piece by piece; that is
// at once and final, on a title on hold too.
func (b *block) releaseCharge(author wire.Address, body *tx.ChargeRelease) error {
	t, i, err := b.chargeAt(body.Resource, body.Charge)
	if err != nil {
		return err
	}
	list := chargesOver(t)
	if list[i].Lender != author {
		return tx.Refuse("CHARGE-9", "account", "its lender is %v", list[i].Lender)
	}
	b.putCharges(t, slices.Delete(list, i, i+1))
	return nil
}

// chargeAt finds a charge and its rank.
//
// specs/16 CHARGE-17: A release, an enforcement, a contest and a redemption name
// a charge by the whole title it stands over and by the id of the act that
// accepted it.
func (b *block) chargeAt(r wire.Resource, id wire.Hash) (titled, int, error) {
	t, ok := b.titleOf(r)
	if ok && t.at == r {
		for i, c := range chargesOver(t) {
			if c.ID == id {
				return t, i, nil
			}
		}
	}
	return t, 0, tx.Refuse("CHARGE-17", "charge", "no charge %v over a title %v", id, r)
}
