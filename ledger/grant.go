package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offerGrant offers possession of a block out of the author's own.
func (b *block) offerGrant(id wire.Hash, author wire.Address, body *tx.GrantOffer) error {
	if body.Notice < b.params.NoticeMin {
		return tx.Refuse("EST-6", "notice", "%d seconds, at least %d", body.Notice, b.params.NoticeMin)
	}
	if err := b.addressee(body.To, author); err != nil {
		return err
	}
	if err := firstInside(body.Resource, body.Origins); err != nil {
		return err
	}
	t, err := b.dealable(body.Resource)
	if err != nil {
		return err
	}
	if _, _, err := b.carve(b.granting(author, body.Resource)); err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// granting is what a grant carves: possession from now on.
func (b *block) granting(maker wire.Address, r wire.Resource) carving {
	return carving{maker: maker, at: r, kind: record.Grant, term: term{b.now.Time, never}}
}

// acceptGrant starts the estate, in the same ledger block.
//
// specs/04 EST-11: first authorisations that the offer carries enter with it.
func (b *block) acceptGrant(id wire.Hash, author wire.Address, body *tx.GrantAccept) error {
	kind := tx.KindGrantOffer
	if o, ok := b.offer(body.Offer); ok && tx.Kind(o.Kind) == tx.KindNoticeWithdraw {
		kind = tx.KindNoticeWithdraw
	}
	o, t, err := b.takeOffer(body.Offer, kind, author, body.Resource, body.Value)
	if err != nil {
		return err
	}
	if kind == tx.KindNoticeWithdraw {
		return b.withdrawNotice(o, t)
	}
	return b.makeGrant(id, author, o, t)
}

// makeGrant writes an accepted grant, and starts it.
func (b *block) makeGrant(id wire.Hash, author wire.Address, o *record.Offer, t titled) error {
	_, n, err := b.carve(b.granting(o.Maker, o.Resource))
	if err != nil {
		return err
	}
	offered := terms[*tx.GrantOffer](o)
	if err := b.lendersAllow(o, t, offered.Notice); err != nil {
		return err
	}
	b.addEstate(o.Resource, record.Estate{
		Rules: record.Rules, ID: id, Kind: record.Grant, Holder: author,
		Start: b.now.Time, Notice: offered.Notice, SubGrants: offered.SubGrants, Inside: n.inside, Coming: n.coming,
	})
	return b.start(o.Resource, id, offered.Origins)
}

// giveNotice sets the end of a grant.
//
// specs/04 EST-5: only the possessor next outside gives notice, once, and the
// grant ends by as much later as it states.
func (b *block) giveNotice(id wire.Hash, author wire.Address, body *tx.GrantNotice) error {
	e, outer, err := b.grantAt(body.Resource, body.Grant)
	if err != nil {
		return err
	}
	if maker := outer[len(outer)-1]; maker.holder != author {
		return tx.Refuse("EST-5", "account", "%v possesses %v next outside the grant", maker.holder, body.Resource)
	}
	if e.Ends != 0 {
		return tx.Refuse("EST-5", "grant", "notice is given, it ends at %s", tx.UTC(e.Ends))
	}
	if e.Notice == 0 {
		return b.endEstate(body.Resource, e.ID, id)
	}
	// specs/04 EST-7: A notice ends in the first second from then on that is not full.
	e.Ends, e.Warning = b.roomFrom(b.now.Time+e.Notice), id
	if err := b.addTimes(body.Resource, e); err != nil {
		return err
	}
	b.editEstate(body.Resource, e.ID, func(x *record.Estate) { *x = *e })
	b.raise(body.Resource)
	return nil
}

// giveUp ends the author's own grant.
//
// specs/04 EST-8: only its holder gives a grant up.
func (b *block) giveUp(id wire.Hash, author wire.Address, body *tx.GrantGiveUp) error {
	e, _, err := b.grantAt(body.Resource, body.Grant)
	if err != nil {
		return err
	}
	if e.Holder != author {
		return tx.Refuse("EST-8", "account", "the grant is held by %v", e.Holder)
	}
	return b.endEstate(body.Resource, e.ID, id)
}

// grantAt finds a grant and the rights outside it. Notice and giving up do not
// ask whether the title is on hold: they end the grant by its own terms
// (specs/04 TITLE-9).
//
// specs/04 EST-9: a grant is named by its block and its id.
func (b *block) grantAt(r wire.Resource, id wire.Hash) (*record.Estate, []layer, error) {
	e, _, ok := b.findEstate(r, id)
	if !ok || e.Kind != record.Grant {
		return nil, nil, tx.Refuse("EST-9", "grant", "no grant %v at %v", id, r)
	}
	found := ended{r, *e}
	return &found.Estate, b.outside(&found), nil
}
