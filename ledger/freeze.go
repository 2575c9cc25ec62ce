package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// freezeWhole freezes a block that one title covers; where none does, each title
// inside is frozen by an act of its own.
//
// specs/22 DISP-22: the title that covers its block is frozen in the same ledger
// block.
func (b *block) freezeWhole(matter wire.Hash, r wire.Resource, until uint64, most int) error {
	t, ok := b.titleOf(r)
	if !ok || t.State != record.Held {
		return nil
	}
	return b.freeze(t, matter, r, until, most)
}

// freeze enters a matter's freeze on what it names of a title, or prolongs it.
//
// specs/22 DISP-25: A dispute freezes a title only while fewer than 4 freezes stand
// on it, an order while fewer than 8 do.
func (b *block) freeze(t titled, matter wire.Hash, r wire.Resource, until uint64, most int) error {
	x := record.Restriction{Kind: record.Freeze, Act: matter, Until: until, At: narrower(t.at, r)}
	others, stands := 0, false
	for _, y := range restrictionsOn(t) {
		switch {
		case y.Kind != record.Freeze:
		case y.Act != matter:
			others++
		case y.Until >= until:
			return tx.Refuse("DISP-22", "resource", "it is frozen under %v until %s", matter, tx.UTC(y.Until))
		default:
			stands = true
		}
	}
	if stands {
		b.unrestrict(t, record.Freeze, matter)
		t, _ = b.titleOf(t.at)
	}
	if !stands && (others >= most || len(restrictionsOn(t)) >= record.RestrictionsMax) {
		return tx.Refuse("DISP-25", "resource", "%d freezes stand on the title %v", others, t.at)
	}
	b.restrict(t, x)
	return nil
}

// restrictUnder enters the freeze of a matter on one title.
//
// specs/22 DISP-22: any account MAY enter the freeze on each title inside, at the
// overlap.
func (b *block) restrictUnder(body *tx.Restrict) error {
	r, until, most, err := b.freezing(body.Matter)
	if err != nil {
		return err
	}
	t, err := b.heldTitle(body.Resource)
	if err != nil {
		return err
	}
	if !inr.Overlaps(t.at, r) {
		return tx.Refuse("DISP-22", "resource", "%v names %v, the title is %v", body.Matter, r, t.at)
	}
	return b.freeze(t, body.Matter, r, until, most)
}

// freezing is what a matter freezes, until when, and how many such freezes a title
// may have.
func (b *block) freezing(matter wire.Hash) (r wire.Resource, until uint64, most int, err error) {
	if o := b.orderAt(matter); o != nil && tx.OrderState(o.Status) == tx.OrderInEffect {
		return o.Resource, o.Until, record.FreezesMax, nil
	}
	c := b.caseAt(matter)
	if c != nil && c.Sort == record.CaseCaution && c.State.Pending() {
		return c.Resource, c.Until, record.DisputesMax, nil
	}
	return r, 0, 0, tx.Refuse("DISP-22", "matter", "%v is neither an order in effect nor an accepted dispute", matter)
}

// liftWhole takes what a matter recorded off the title that covers its block.
func (b *block) liftWhole(matter wire.Hash, r wire.Resource) {
	if t, ok := b.titleOf(r); ok {
		b.liftFrom(t, matter)
	}
}

// liftFrom takes off a title all that a matter recorded against it.
func (b *block) liftFrom(t titled, matter wire.Hash) {
	for _, x := range restrictedBy(t, matter) {
		b.unrestrict(t, x.Kind, matter)
		t, _ = b.titleOf(t.at)
	}
}
