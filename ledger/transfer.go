package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offerTransfer offers a title, or a part of it.
func (b *block) offerTransfer(id wire.Hash, author wire.Address, body *tx.TransferOffer) error {
	t, err := b.owned(body.Resource, author)
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
	if err := b.conditions(body); err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource,
		Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// acceptTransfer moves a title, or cuts it and moves the part; on conditions it
// puts the title on hold.
func (b *block) acceptTransfer(author wire.Address, body *tx.TransferAccept) error {
	o, t, err := b.takeOffer(body.Offer, tx.KindTransferOffer, author, body.Resource, body.Value)
	if err != nil {
		return err
	}
	if err := lendersConsent(o, t); err != nil {
		return err
	}
	if o.Resource != t.at {
		if err := uncuttable(t); err != nil {
			return err
		}
	}
	if terms[*tx.TransferOffer](o).Conditional() {
		b.holdFor(body.Offer, o, t)
		return nil
	}
	return b.transfer(o, t)
}

// transfer carries an accepted offer out.
func (b *block) transfer(o *record.Offer, t titled) error {
	return b.move(o, t, terms[*tx.TransferOffer](o).Keep)
}

// move gives a title or a part of it to whom o names, with the charges that follow
// and, if they are kept, the holder's authorisations.
func (b *block) move(o *record.Offer, t titled, keep bool) error {
	b.handServices(t.at, wire.Hash{}, o.Resource, o.To, keep)
	refs := b.takeOverlapping(o.Maker, t.at, o.Resource)
	lifted, err := b.liftWithin(o.To, o.Resource, record.OriginsMax)
	if err != nil {
		return err
	}
	lifted = append(lifted, b.lift(o.Resource, func(at wire.Resource, x record.Origin) bool {
		return x.Holder == o.To || o.Resource != t.at && at != o.Resource
	})...)
	if o.Resource != t.at {
		if err := b.cutTitle(t, o.Resource); err != nil {
			return err
		}
	}
	b.convey(o.Resource, o.To)
	if len(t.folio.Charges) > 0 {
		b.carry(o)
	}
	b.hand(o.Resource, o.Maker, o.To)
	if err := b.enterAnew(lifted, o.To); err != nil {
		return err
	}
	return b.reauthorise(refs, o, keep)
}

// takeOverlapping takes away what rests on a title and overlaps a part of it.
func (b *block) takeOverlapping(who wire.Address, title, part wire.Resource) []placed {
	var out []placed
	for _, ref := range overlapping(b.resting(title, wire.Hash{}).Refs, part) {
		out = append(out, b.dropOrigin(who, ref)...)
	}
	return out
}

// cutTitle cuts a title and gives each piece its part of what rests on it.
func (b *block) cutTitle(t titled, part wire.Resource) error {
	b.endAround(t.at, wire.Hash{}, part)
	rested := b.resting(t.at, wire.Hash{})
	b.remove(record.RestingKey(t.at, wire.Hash{}))
	if err := b.cut(t, part); err != nil {
		return err
	}
	for _, p := range pieces(t.at, part) {
		b.divideResting(p, wire.Hash{}, rested)
	}
	return nil
}

// convey writes the new holder into a title. Its counter rises, so that no
// offer of the old holder binds the new one.
func (b *block) convey(r wire.Resource, to wire.Address) {
	t, _ := b.titleOf(r)
	b.retitle(t, func(title *record.Title) {
		title.Holder, title.Since = to, b.now.Time
		title.Counter++
	})
}

// reauthorise gives seller and buyer what the seller's authorisations leave.
//
// specs/04 ROUTE-3: each new possessor's part permits the old announcements
// wholly inside what it then possesses, the buyer's only if the offer keeps
// them; those that need both ends end.
func (b *block) reauthorise(refs []placed, o *record.Offer, keep bool) error {
	for _, old := range refs {
		for _, left := range rest(old.at, o.Resource) {
			if err := b.regrant(old, left, o.Maker); err != nil {
				return err
			}
		}
		if keep && inr.Overlaps(old.at, o.Resource) {
			if err := b.keep(old, narrower(old.at, o.Resource), o.To); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest is whole less part, part lying anywhere.
func rest(whole, part wire.Resource) []wire.Resource {
	switch {
	case inr.Covers(part, whole):
		return nil
	case inr.Covers(whole, part):
		return inr.Cut(whole, part)
	}
	return []wire.Resource{whole}
}

// narrower is the smaller of two blocks that nest.
func narrower(x, y wire.Resource) wire.Resource {
	if inr.Covers(x, y) {
		return y
	}
	return x
}

// cut closes a title and opens one for each piece, estates divided with it and
// charges on each.
//
// specs/04 TITLE-7: each new folio names the closed one by block and value.
// specs/04 TITLE-5: the closed one was not opened in this ledger block.
func (b *block) cut(t titled, part wire.Resource) error {
	if err := b.settledBefore(t.at); err != nil {
		return err
	}
	parts := pieces(t.at, part)
	if err := b.divideEstates(t.at, part, parts); err != nil {
		return err
	}
	closed := b.folio(t.at)
	b.dropEnforcements(t.at, closed)
	b.dropEnds(restrictionsOn(t))
	closed.Title, closed.Charges, closed.Restrictions = nil, nil, nil
	b.putFolio(t.at, closed)
	for _, p := range parts {
		b.openPiece(t, p)
	}
	return nil
}

func (b *block) openPiece(t titled, p wire.Resource) {
	base, _ := b.base.Get(treeKey(t.at))
	title := *t.Title
	title.Counter++
	title.Predecessors = []record.Predecessor{{Resource: t.at, Value: base.Value}}
	f := b.folio(p)
	// specs/16 CHARGE-6: When a title is cut, each piece carries every charge, in
	// the same rank, with the same id, and an enforcement under way goes on on each.
	f.Title, f.Charges, f.Restrictions = title.Bytes(), t.folio.Charges, b.carriedTo(t, p)
	b.putFolio(p, f)
	b.addEnforcements(p, chargesOver(t))
}

// keep gives the buyer what the seller's authorisation permitted inside r,
// unless others than the buyer, the seller by an estate of its own among them,
// possess something of that (specs/04 ORIGIN-3).
func (b *block) keep(old placed, r wire.Resource, buyer wire.Address) error {
	_, taken, err := b.takenWithin(b.stack(r), r, buyer, old.MaxLength)
	if err != nil || taken {
		return err
	}
	return b.regrant(old, r, buyer)
}
