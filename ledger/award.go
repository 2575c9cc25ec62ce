package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// liftUnder carries out how a matter ended at one title, and takes off it what the
// matter recorded there.
func (b *block) liftUnder(author wire.Address, body *tx.Lift) error {
	t, ok := b.titleOf(body.Resource)
	if !ok || len(restrictedBy(t, body.Matter)) == 0 {
		return tx.Refuse("DISP-24", "resource", "%v records nothing against a title over %v", body.Matter, body.Resource)
	}
	c := b.caseAt(body.Matter)
	if err := b.mayLift(t, body.Matter, c, author); err != nil {
		return err
	}
	switch {
	case c == nil || c.State != record.CaseFinal:
		b.liftFrom(t, body.Matter)
		return nil
	case tx.Verdict(c.Verdict) == tx.VerdictClaimant:
		return b.carryAward(t, body.Matter, c)
	case c.Sort == record.CaseContest:
		b.decideClaim(body.Matter, false)
		return nil
	}
	b.liftFrom(t, body.Matter)
	return nil
}

// deferAward is an award that waits for the breaker's day (specs/23 GOV-30).
const deferAward deferredSort = 14

// carryAward gives the claimant what was awarded, or sets it down for the day by
// which the breaker has room for the authorisations that end with it.
//
// specs/22 DISP-18: where the breaker has no room it is carried out on the day that
// has, no lift takes room for it again before that, and its order does not lapse.
func (b *block) carryAward(t titled, matter wire.Hash, c *record.Case) (err error) {
	r := narrower(t.at, c.Resource)
	id := wire.Sum(wire.TagDealing, matter[:], r.Key())
	if at := b.postponed(id, c.Until); at != 0 {
		return tx.Refuse("DISP-18", "matter", "it is carried out at %s, on the breaker's day", tx.UTC(at))
	}
	at := b.throttled(func() { err = b.handOver(t, matter, c) })
	if err != nil || at == 0 {
		return err
	}
	c.Until = max(c.Until, at+RetrySeconds)
	c.Next = c.Until
	b.putCase(matter, c)
	b.keepClaim(matter, c.Until)
	if o := b.orderAt(matter); o != nil && o.Until < c.Until {
		o.Until = c.Until
		b.putOrder(matter, o)
	}
	b.postpone(at, id, deferAward, record.Due{Act: matter, Resource: r})
	return nil
}

// dueAward carries an award out on the breaker's day. What a rule refuses by then,
// or what the ledger block has no room for, a lift may ask for again.
func (b *block) dueAward(d *record.Due) {
	c, mark := b.caseAt(d.Act), b.e.Mark()
	t, ok := b.titleOf(d.Resource)
	if c == nil || !ok || c.State != record.CaseFinal || len(restrictedBy(t, d.Act)) == 0 {
		return
	}
	b.looks = 0
	if b.handOver(t, d.Act, c) != nil || b.over() {
		b.undo(mark)
	}
}

// mayLift checks that a matter is over, or that its party gives a caution up, which
// then is withdrawn.
//
// specs/22 DISP-24: What a matter recorded against a title is lifted by any account
// once the matter is over, by the party of a caution at any time before it is
// decided; by nobody else before its time.
func (b *block) mayLift(t titled, id wire.Hash, c *record.Case, author wire.Address) error {
	o := b.orderAt(id)
	switch {
	case c == nil && o == nil && b.allStale(t, id):
		return nil
	case c == nil && o == nil:
		return tx.Refuse("DISP-24", "matter", "what %v recorded ends by itself", id)
	case c != nil && c.Sort == record.CaseCaution && c.Party == author && c.State <= record.CaseAccepted:
		c.State = record.CaseWithdrawn
		b.forgetLater(id, c)
		return nil
	case c != nil && c.State < record.CaseFinal:
		return tx.Refuse("DISP-24", "matter", "the case is %v", c.State)
	case c != nil && c.State == record.CaseFinal && c.Sort == record.CaseCaution && tx.Verdict(c.Verdict) == tx.VerdictClaimant:
		return tx.Refuse("DISP-17", "matter", "it is decided for the claimant: the freeze stands until %s", tx.UTC(c.Until))
	case c != nil && c.State == record.CaseFinal:
		return nil
	case o != nil && tx.OrderState(o.Status) <= tx.OrderInEffect:
		return tx.Refuse("DISP-24", "matter", "the order stands until %s", tx.UTC(o.Until))
	}
	return nil
}

// allStale reports whether all that a matter recorded against a title is over.
func (b *block) allStale(t titled, matter wire.Hash) bool {
	return !slices.ContainsFunc(restrictedBy(t, matter), func(x record.Restriction) bool { return !b.stale(x) })
}

// handOver gives the claimant the title over what a case names of it.
//
// specs/22 DISP-18: For the claimant, the claimant takes the title over what the
// case names, the former holder's authorisations there end, and estates and charges
// stand; an enforcement under way there and a conditional transfer that is not
// settled end. A part is cut off (TITLE-4). What so comes to it at grade A names no proof.
func (b *block) handOver(t titled, matter wire.Hash, c *record.Case) error {
	at := narrower(t.at, b.awarded(matter, c))
	if err := b.unboundBut(t, at, matter, c); err != nil {
		return err
	}
	if c.Sort == record.CaseContest {
		b.clearWay(t, matter)
		if !b.decideClaim(matter, true) {
			return tx.Refuse("DISP-18", "resource", "what is claimed of %v cannot move now", t.at)
		}
		return nil
	}
	if at != t.at && t.Holder != c.Party {
		if err := b.cuttable(at); err != nil {
			return err
		}
	}
	t = b.clearWay(t, matter)
	if t.Holder != c.Party {
		t = b.dropDivided(t, at)
		o := &record.Offer{Maker: t.Holder, To: c.Party, Resource: at, Title: t.at}
		if err := b.decree(func() error { return b.move(o, t, false) }); err != nil {
			return err
		}
		b.unprove(at)
	}
	return nil
}

// awarded is the block that a case gives: of a claim what it still claims.
func (b *block) awarded(matter wire.Hash, c *record.Case) wire.Resource {
	if x, ok := b.claimAt(matter); ok && c.Sort == record.CaseContest {
		return x.Resource
	}
	return c.Resource
}

// unboundBut refuses an award while something else binds what it moves.
//
// specs/22 DISP-18: It is refused while another freeze or contest binds the same
// block, but for those of other claims where a claim is awarded, which lapse.
func (b *block) unboundBut(t titled, at wire.Resource, matter wire.Hash, c *record.Case) error {
	for _, x := range restrictionsOn(t) {
		if x.Act == matter || !x.Kind.Binding() || !inr.Overlaps(x.At, at) {
			continue
		}
		if _, claimed := b.claimAt(x.Act); claimed && c.Sort == record.CaseContest {
			continue
		}
		return tx.Refuse("DISP-18", "resource", "%v binds %v too", x.Act, x.At)
	}
	return nil
}

// decree moves a title that nobody's agreement moves.
//
// specs/04 EST-7: what a decision or a claim that was not answered divides is counted,
// and refused for no second that is full: who loses by it could fill that beforehand.
func (b *block) decree(move func() error) error {
	b.decreed = true
	defer func() { b.decreed = false }()
	return move()
}

// dropDivided ends the claims and successions to a title whose window runs and whose
// block an award of a part divides: no one title covers what they are to any more.
//
// specs/22 DISP-18: a claim's or a succession's window that the cut would divide lapses.
func (b *block) dropDivided(t titled, part wire.Resource) titled {
	if part == t.at {
		return t
	}
	for _, o := range b.claimsOn(t.at) {
		if o.Stage == record.Window && o.Resource != part && inr.Covers(o.Resource, part) {
			b.dropClaim(o.id)
		}
	}
	t, _ = b.titleOf(t.at)
	return t
}

// clearWay takes off a title what is in the way of an award: what the case recorded,
// a transfer that waits, enforcements under way.
func (b *block) clearWay(t titled, matter wire.Hash) titled {
	b.liftFrom(t, matter)
	t, _ = b.titleOf(t.at)
	for _, x := range restrictionsOn(t) {
		if o, ok := b.offer(x.Act); ok && x.Kind == record.Hold {
			b.unhold(x.Act, o)
			t, _ = b.titleOf(t.at)
		}
	}
	list := chargesOver(t)
	for i := range list {
		calm(&list[i])
	}
	if len(list) > 0 {
		b.putCharges(t, list)
		t, _ = b.titleOf(t.at)
	}
	return t
}
