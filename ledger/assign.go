package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// offerAssignment offers the author's place in a lease to another.
//
// specs/15 LEASE-15: an assignment is offered by the lessee, accepted by the
// assignee.
func (b *block) offerAssignment(id wire.Hash, author wire.Address, body *tx.LeaseAssign) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	if l.Holder != author {
		return tx.Refuse("LEASE-15", "account", "the lessee is %v", l.Holder)
	}
	if err := b.addressee(body.To, author); err != nil {
		return err
	}
	t, err := b.endable(body.Resource)
	if err != nil {
		return err
	}
	return b.makeOffer(id, t, body, &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource, Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	})
}

// assign gives a lease to its assignee.
//
// specs/15 LEASE-15: an assignment MUST carry the lessor's consent; a lessor who
// is the assignee consents by accepting.
func (b *block) assign(o *record.Offer, body *tx.LeaseAssign) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	if lessor := b.lessor(l); lessor != o.To && !agreedTo(o, lessor) {
		return needs(lessor, wire.Hash{}, "LEASE-15", "offer", "the lessor %v has not consented", lessor)
	}
	moved := b.takeRefs(l)
	lifted, err := b.liftWithin(o.To, l.at, record.OriginsMax)
	if err != nil {
		return err
	}
	lifted = append(lifted, b.lift(l.at, func(_ wire.Resource, x record.Origin) bool { return x.Holder == o.To })...)
	b.handServices(l.at, l.ID, l.at, o.To, body.Keep)
	b.editEstate(l.at, l.ID, func(e *record.Estate) { e.Holder = o.To })
	b.editTerms(l.at, l.ID, func(t *record.Terms) {
		t.Operator, t.Abuse = body.Operator, body.Abuse
		if !body.Keep {
			t.Origins = "" // of a lease to come
		}
	})
	b.raise(l.at)
	if err := b.enterAnew(lifted, o.To); err != nil {
		return err
	}
	if body.Keep {
		if err := b.passOn(moved, l.at, o.To); err != nil {
			return err
		}
	}
	return b.leave(l)
}

// takeRefs takes away the authorisations that rest on a lease, its services left
// where they are.
func (b *block) takeRefs(l *ended) (out []placed) {
	for _, ref := range b.resting(l.at, l.ID).Refs {
		out = append(out, b.dropOrigin(l.Holder, ref)...)
	}
	return out
}

// passOn gives the assignee what the lessee's authorisations permitted inside
// the block, but for what others possess.
//
// specs/15 LEASE-15: they become the assignee's, less what others than it possess.
func (b *block) passOn(moved []placed, r wire.Resource, to wire.Address) error {
	for _, old := range moved {
		old.Holder, old.at = to, narrower(old.at, r)
		if uint64(old.at.Len) > old.MaxLength {
			continue
		}
		holes, err := b.holes(old.at, old.at, to)
		if err != nil {
			return err
		}
		if err := b.addOrigins(around(old, holes)); err != nil {
			return err
		}
	}
	return nil
}

// leave narrows what a former lessee authorised by rights outside its lease.
func (b *block) leave(l *ended) error {
	if !l.Started {
		return nil
	}
	return b.retreat(l.Holder, l.at, b.outside(l))
}
