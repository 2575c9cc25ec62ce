package ledger

import (
	"errors"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// start makes an estate live that is written and not yet so, narrows what the
// former possessor authorised, and enters the first authorisations.
//
// specs/15 LEASE-9: in the same ledger block ROUTE-2 narrows what the former
// possessor authorised, and the first authorisations that its offer carried
// enter; those that a rule refuses at the acceptance refuse it.
func (b *block) start(r wire.Resource, id wire.Hash, origins string) error {
	outer := b.stack(r)
	holder, lifted := b.begin(r, id)
	if err := b.enterAnew(lifted, holder); err != nil {
		return err
	}
	former := outer[len(outer)-1].holder
	taken, err := b.displace(former, r, outer)
	if err != nil {
		return err
	}
	if err := b.remindOf(r, id, former, taken); err != nil {
		return err
	}
	for _, o := range must(tx.ParseOrigins(origins)) {
		if err := b.enterFirst(id, holder, o); err != nil {
			return err
		}
	}
	return nil
}

// begin makes the estate live, and gives its holder's authorisations that lie at
// its block or over it, to be entered anew.
func (b *block) begin(r wire.Resource, id wire.Hash) (holder wire.Address, lifted []placed) {
	e, _, _ := b.findEstate(r, id)
	holder = e.Holder
	outer := b.stack(r)
	lifted = b.lift(r, func(_ wire.Resource, x record.Origin) bool { return x.Holder == holder })
	b.bringPlaces(holder, r, id)
	if outer[len(outer)-1].holder == holder {
		lifted = append(lifted, b.liftOwn(holder, r, outer)...)
	}
	_, i, _ := b.findEstate(r, id)
	b.countInside(r, i, 0, -1)
	b.editEstate(r, id, func(e *record.Estate) { e.Started = true })
	b.raise(r)
	return holder, lifted
}

// liftOwn takes away what the possessor of a block authorised strictly inside it:
// it will rest on the lease by which it possesses the block from now on, as one
// does who bought the title since the lease was agreed.
func (b *block) liftOwn(who wire.Address, r wire.Resource, outer []layer) (out []placed) {
	for _, l := range outer {
		if l.holder != who {
			continue
		}
		for _, ref := range b.resting(l.at, l.id()).Refs {
			if ref.Resource != r && inr.Covers(r, ref.Resource) {
				out = append(out, b.dropOrigin(who, ref)...)
			}
		}
	}
	return out
}

// dueStart starts a lease that was to come.
//
// specs/15 LEASE-9: those that a rule refuses at a later start are left out.
func (b *block) dueStart(d *record.Due) {
	e, _, ok := b.findEstate(d.Resource, d.Estate)
	if !ok {
		panic(fmt.Errorf("%w: no lease %v at %v for its start", ErrCorrupt, d.Estate, d.Resource))
	}
	b.remove(startDue(e.Start, e.ID, d.Resource))
	b.countTerm(e.Start, -1)
	first := must(tx.ParseOrigins(e.Lease[0].Origins))
	outer := b.stack(d.Resource)
	b.looks = 0
	holder, lifted := b.begin(d.Resource, d.Estate)
	b.editTerms(d.Resource, d.Estate, func(t *record.Terms) { t.Origins = "" })
	b.enterWhatFits(lifted)
	b.displaceAtStart(d, holder, outer)
	for _, o := range first {
		_ = b.enterFirst(d.Estate, holder, o)
	}
}

// displaceAtStart narrows what the former possessor authorised, or ends what
// cannot be narrowed within the bounds.
func (b *block) displaceAtStart(d *record.Due, holder wire.Address, outer []layer) {
	former := outer[len(outer)-1].holder
	if former == holder {
		return
	}
	taken := b.displaceOrEnd(former, d.Resource, outer)
	sortPlaced(taken)
	_ = b.remindOf(d.Resource, d.Estate, former, taken[:min(len(taken), record.BackMax)])
}

// firstInside checks the first authorisations that an offer of a block carries.
//
// specs/04 EST-11: they lie inside the block offered, so that nobody authorises
// by an acceptance, or at a start to come, what else it holds (R10).
func firstInside(r wire.Resource, origins string) error {
	for _, o := range must(tx.ParseOrigins(origins)) {
		if !inr.Covers(r, o.Resource) {
			return tx.Refuse("EST-11", "origins", "%v is not inside %v", o.Resource, r)
		}
	}
	return nil
}

// enterFirst authorises one of the first authorisations for the new possessor,
// as its own act would.
func (b *block) enterFirst(id wire.Hash, holder wire.Address, o tx.FirstOrigin) error {
	err := b.authorise(id, holder, &tx.OriginAuthorise{Resource: o.Resource, MaxLength: o.MaxLength, AS: o.AS})
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		return tx.Refuse(rule.Rule, "offer", "first authorisation of AS%d for %v down to /%d: %s", o.AS, o.Resource, o.MaxLength, rule.Detail)
	}
	return err
}

// remindOf keeps with a lease that says so what its start displaced.
//
// specs/15 LEASE-12: the lessor's authorisations that its start displaced, at
// most 16, come back at its end.
func (b *block) remindOf(r wire.Resource, id wire.Hash, lessor wire.Address, taken []placed) error {
	e, _, _ := b.findEstate(r, id)
	if len(taken) == 0 || e.Kind != record.Lease || !e.Lease[0].Reversion {
		return nil
	}
	if len(taken) > record.BackMax {
		return tx.Refuse("LEASE-12", "offer", "%d authorisations would come back at the end, at most %d", len(taken), record.BackMax)
	}
	sortPlaced(taken)
	b.editTerms(r, id, func(t *record.Terms) {
		t.Lessor, t.Back = lessor, make([]record.Ref, len(taken))
		for i := range taken {
			t.Back[i] = taken[i].ref()
		}
	})
	return nil
}

// revert gives back at a lease's end what its start displaced.
//
// specs/15 LEASE-12: for the one who was lessor then, if that account possesses
// the block and rules permit them.
func (b *block) revert(g *ended) {
	if g.Kind != record.Lease || len(g.Lease[0].Back) == 0 {
		return
	}
	stack, lessor := b.stack(g.at), g.Lease[0].Lessor
	if len(stack) == 0 || stack[len(stack)-1].holder != lessor {
		return
	}
	if others, err := b.holes(g.at, g.at, lessor); err != nil || len(others) > 0 {
		return
	}
	for _, ref := range g.Lease[0].Back {
		_ = b.authorise(g.ID, lessor, &tx.OriginAuthorise{Resource: ref.Resource, MaxLength: ref.MaxLength, AS: ref.AS})
	}
}

func sortPlaced(list []placed) {
	slices.SortFunc(list, func(x, y placed) int { return record.CompareRefs(x.ref(), y.ref()) })
}

// editTerms changes the terms of one lease where it stands.
func (b *block) editTerms(r wire.Resource, id wire.Hash, change func(*record.Terms)) {
	b.editEstate(r, id, func(e *record.Estate) {
		t := e.Lease[0]
		change(&t)
		e.Lease = []record.Terms{t}
	})
}
