package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offerWithdrawal offers a grantee to take the notice of its grant back.
//
// specs/04 EST-12: A notice that was given is withdrawn by an offer of the
// possessor next outside the grant that the grantee accepts.
func (b *block) offerWithdrawal(id wire.Hash, author wire.Address, body *tx.NoticeWithdraw) error {
	g, outer, err := b.noticed(body)
	if err != nil {
		return err
	}
	if maker := outer[len(outer)-1]; maker.holder != author {
		return tx.Refuse("EST-12", "account", "%v possesses %v next outside the grant", maker.holder, body.Resource)
	}
	t, err := b.dealable(body.Resource)
	if err != nil {
		return err
	}
	if err := b.mayResume(g, outer, body.Resource); err != nil {
		return err
	}
	if err := b.addressee(g.Holder, author); err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: g.Holder, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// noticed finds a grant of which notice was given, and the rights outside it.
func (b *block) noticed(body *tx.NoticeWithdraw) (*record.Estate, []layer, error) {
	g, outer, err := b.grantAt(body.Resource, body.Grant)
	if err == nil && g.Ends == 0 {
		err = tx.Refuse("EST-12", "grant", "no notice of it was given")
	}
	return g, outer, err
}

// mayResume checks the time that a withdrawal adds to a grant.
//
// specs/04 EST-12: EST-2 applies to it as to a grant made anew, what was carved
// out of the grant being no hindrance.
func (b *block) mayResume(g *record.Estate, outer []layer, at wire.Resource) error {
	around, err := b.estatesAround(at)
	if err != nil {
		return err
	}
	c := carving{maker: outer[len(outer)-1].holder, at: at, kind: record.Grant, term: term{g.Ends, endOf(outer)}}
	return b.vacant(c, outer, around, &ended{at, *g})
}

// withdrawNotice lets a grant stand until another notice. Its parties are who they
// were when the offer was made, or it would have lapsed.
func (b *block) withdrawNotice(o *record.Offer, t titled) error {
	g, outer, err := b.noticed(terms[*tx.NoticeWithdraw](o))
	if err != nil {
		return err
	}
	if err := b.mayResume(g, outer, o.Resource); err != nil {
		return err
	}
	if err := b.lendersAllow(o, t, g.Notice); err != nil {
		return err
	}
	b.dropTimes(o.Resource, g)
	b.editEstate(o.Resource, g.ID, func(e *record.Estate) { e.Ends, e.Warning = 0, wire.Hash{} })
	b.raise(o.Resource)
	return nil
}
