package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
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
	t, err := b.dealable(body.Resource)
	if err != nil {
		return err
	}
	if err := b.carvable(author, body.Resource); err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// carvable checks that an account may carve an estate out of a block.
//
// specs/04 EST-2: out of its own possession. specs/04 EST-3: out of a grant
// only if that allows sub-grants. specs/04 EST-1: at most 4 estates on one
// address and 256 inside one estate.
func (b *block) carvable(who wire.Address, r wire.Resource) error {
	inner, layers, err := b.possesses(who, r)
	if err != nil {
		return err
	}
	if inner.estate != nil && !inner.estate.SubGrants {
		return tx.Refuse("EST-3", "resource", "the grant %v allows no sub-grants", inner.estate.ID)
	}
	if len(layers) > record.DepthMax {
		return tx.Refuse("EST-1", "resource", "%d estates lie on %v", len(layers)-1, r)
	}
	for _, l := range layers[1:] {
		if l.estate.Inside >= record.InsideMax {
			return tx.Refuse("EST-1", "resource", "%d estates lie inside the grant %v", l.estate.Inside, l.estate.ID)
		}
	}
	return nil
}

// acceptGrant starts the estate, in the same ledger block.
func (b *block) acceptGrant(id wire.Hash, author wire.Address, body *tx.GrantAccept) error {
	o, _, err := b.takeOffer(body.Offer, tx.KindGrantOffer, author, body.Resource, body.Value)
	if err != nil {
		return err
	}
	if err := b.carvable(o.Maker, o.Resource); err != nil {
		return err
	}
	outer := b.stack(o.Resource)
	lifted := b.lift(o.Resource, func(_ wire.Resource, x record.Origin) bool { return x.Holder == author })
	offered := terms[*tx.GrantOffer](o)
	b.addEstate(o.Resource, record.Estate{
		Rules: record.Rules, ID: id, Kind: record.Grant, Holder: author,
		Start: b.now.Time, Notice: offered.Notice, SubGrants: offered.SubGrants, Started: true,
	})
	b.countInside(outer, 1)
	b.raise(o.Resource)
	if err := b.enterAnew(lifted, author); err != nil {
		return err
	}
	return b.retreat(o.Maker, o.Resource, outer)
}

func (b *block) addEstate(r wire.Resource, e record.Estate) {
	f := b.folio(r)
	list := slices.Clone(b.pageAt(r).estatesHere())
	f.Estates = record.EstatesBytes(append(list, e))
	b.putFolio(r, f)
}

// countInside changes the count of what lies inside each of some estates.
func (b *block) countInside(layers []layer, by int) {
	for _, l := range layers {
		if l.estate != nil {
			b.editEstate(l.at, l.estate.ID, func(e *record.Estate) { e.Inside += uint64(by) })
		}
	}
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
		return tx.Refuse("EST-5", "grant", "notice is given, it ends at %d", e.Ends)
	}
	e.Ends, e.Warning = b.now.Time+e.Notice, id
	if e.Ends == b.now.Time {
		b.endEstate(body.Resource, e.ID)
		return nil
	}
	if !b.addEnd(body.Resource, e) {
		return tx.Refuse("EST-7", "resource", "%d terms end at %d already", record.TermsMax, e.Ends)
	}
	b.editEstate(body.Resource, e.ID, func(x *record.Estate) { *x = *e })
	b.raise(body.Resource)
	return nil
}

// giveUp ends the author's own grant.
//
// specs/04 EST-8: only its holder gives a grant up.
func (b *block) giveUp(author wire.Address, body *tx.GrantGiveUp) error {
	e, _, err := b.grantAt(body.Resource, body.Grant)
	if err != nil {
		return err
	}
	if e.Holder != author {
		return tx.Refuse("EST-8", "account", "the grant is held by %v", e.Holder)
	}
	b.endEstate(body.Resource, e.ID)
	return nil
}

// grantAt finds a grant and the rights outside it.
//
// specs/04 EST-9: a grant is named by its block and its id.
func (b *block) grantAt(r wire.Resource, id wire.Hash) (*record.Estate, []layer, error) {
	layers := b.stack(r)
	for i, l := range layers {
		if l.at == r && l.estate != nil && l.estate.ID == id {
			e := *l.estate
			return &e, layers[:i], nil
		}
	}
	return nil, nil, tx.Refuse("EST-9", "grant", "no grant %v at %v", id, r)
}

// ended is an estate that ends, where it stood.
type ended struct {
	at wire.Resource
	record.Estate
}

// endEstate ends an estate and everything carved out of it.
//
// specs/04 EST-10: sub-grants end with the grant they were carved from.
func (b *block) endEstate(r wire.Resource, id wire.Hash) {
	_, i, ok := b.findEstate(r, id)
	if !ok {
		return
	}
	b.endAll(b.within(r, i))
}

// endAll ends estates, innermost first, each with the authorisations that rest
// on it, and then narrows what their holders authorised further out: only then
// is it plain who possesses what.
//
// specs/04 ROUTE-4: authorisations end with the possession they rest on.
func (b *block) endAll(gone []ended) {
	for _, g := range gone {
		b.takeResting(g.Holder, layer{at: g.at, estate: &g.Estate, holder: g.Holder})
		b.dropEnd(g.at, &g.Estate)
		b.dropEstate(g)
		b.countInside(b.stack(g.at), -1)
		b.raise(g.at)
	}
	for _, g := range gone {
		b.retreatAll(g, b.stack(g.at))
	}
}

// within lists the estate at place i of block r and everything inside it,
// innermost first.
func (b *block) within(r wire.Resource, i int) []ended {
	var out []ended
	b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		list := b.page(&l).estatesHere()
		at := l.Key.Resource()
		if at == r {
			list = list[i:]
		}
		for _, e := range list {
			out = append(out, ended{at, e})
		}
		return true
	})
	slices.Reverse(out)
	return out
}

func (b *block) dropEstate(g ended) {
	f := b.folio(g.at)
	list := slices.Clone(b.pageAt(g.at).estatesHere())
	f.Estates = record.EstatesBytes(slices.DeleteFunc(list, func(e record.Estate) bool { return e.ID == g.ID }))
	b.putFolio(g.at, f)
}

// retreatAll narrows what the holder of an ended estate authorised further out:
// it no longer possesses the block.
func (b *block) retreatAll(g ended, outer []layer) {
	if len(outer) == 0 || outer[len(outer)-1].holder == g.Holder {
		return
	}
	b.looks = 0
	if err := b.retreat(g.Holder, g.at, outer); err != nil {
		b.endOverlapping(g.Holder, g.at, outer)
	}
}

// endOverlapping ends what cannot be narrowed within the bounds: an end by
// term waits for nobody, and permitting less is safe where permitting more is not.
func (b *block) endOverlapping(who wire.Address, r wire.Resource, layers []layer) {
	for _, l := range layers {
		if l.holder != who {
			continue
		}
		for _, ref := range b.resting(l.at, l.id()) {
			if inr.Overlaps(ref.Resource, r) {
				b.dropOrigin(who, ref)
			}
		}
	}
}
