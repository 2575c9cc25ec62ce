package ledger

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Times of an enforcement, in seconds.
const (
	ContestSeconds = 60 * 24 * 3600 // for which a contest stops the clock
	// RetrySeconds is when something due that had to wait is looked at again:
	// seldom enough that what waits long costs every node next to nothing.
	RetrySeconds = 24 * 3600
)

// enforce gives notice that a charge is enforced.
//
// specs/16 CHARGE-10: Only its lender enforces a charge, once at a time, and not
// one by adjudication only. Enforcement takes effect the parameter's seconds
// after its notice, at the earliest in the next second.
func (b *block) enforce(id wire.Hash, author wire.Address, body *tx.ChargeEnforce) error {
	t, i, err := b.chargeAt(body.Resource, body.Charge)
	if err != nil {
		return err
	}
	if err := unheld(t); err != nil {
		return err
	}
	list := chargesOver(t)
	c := &list[i]
	switch {
	case c.Lender != author:
		return tx.Refuse("CHARGE-10", "account", "its lender is %v", c.Lender)
	case tx.ChargeMode(c.Mode) == tx.ModeAdjudication:
		return tx.Refuse("CHARGE-10", "charge", "it is enforced only as adjudicators decide")
	case c.Enforced != 0:
		return tx.Refuse("CHARGE-10", "charge", "it is enforced already, at %s", tx.UTC(c.Enforced))
	}
	if err := b.buyer(c, t, body.To); err != nil {
		return err
	}
	c.Enforced, c.Notice, c.Buyer, c.Stalled = b.roomFrom(b.now.Time+max(1, b.params.EnforceSeconds)), id, body.To, b.chain.Stalled
	b.putCharges(t, list)
	return nil
}

// buyer checks to whom the title is to go.
//
// specs/16 CHARGE-11: An enforcement names another account than the holder:
// under sale the buyer, under title to lender the lender.
func (b *block) buyer(c *record.Charge, t titled, to wire.Address) error {
	if tx.ChargeMode(c.Mode) == tx.ModeTitle && to != c.Lender {
		return tx.Refuse("CHARGE-11", "to", "the title goes to the lender %v", c.Lender)
	}
	if to == t.Holder {
		return tx.Refuse("CHARGE-11", "to", "%v holds the title", to)
	}
	if b.accountAt(to) == nil {
		return tx.Refuse("CHARGE-11", "to", "no account %v", to)
	}
	return nil
}

// contest stops the clock of an enforcement.
//
// specs/16 CHARGE-12: The holder contests an enforcement once, on hold too; its
// clock stops for 60 days.
func (b *block) contest(author wire.Address, body *tx.ChargeContest) error {
	t, i, err := b.chargeAt(body.Resource, body.Charge)
	if err != nil {
		return err
	}
	list := chargesOver(t)
	c := &list[i]
	switch {
	case t.Holder != author:
		return tx.Refuse("CHARGE-12", "account", "the title %v is held by %v", t.at, t.Holder)
	case c.Enforced == 0:
		return tx.Refuse("CHARGE-12", "charge", "no enforcement of it is under way")
	case c.Contested:
		return tx.Refuse("CHARGE-12", "charge", "its enforcement was contested")
	}
	c.Enforced, c.Contested = b.roomFrom(c.Enforced+ContestSeconds), true
	b.putCharges(t, list)
	return nil
}

// worstPutOff is the most records that change when an enforcement waits on: the
// title, and the items of all its charges with the counts of their seconds, before
// and after.
const worstPutOff = 1 + 2*2*record.ChargesMax

// dueEnforce lets an enforcement take effect, or wait on.
func (b *block) dueEnforce(d *record.Due) (done bool) {
	t, i, err := b.chargeAt(d.Resource, d.Estate)
	if err != nil {
		panic(fmt.Errorf("%w: no charge %v over %v for its due item", ErrCorrupt, d.Estate, d.Resource))
	}
	list := chargesOver(t)
	c := &list[i]
	if !b.fits(worstPutOff) {
		return false
	}
	if at := b.waits(t, c); at != 0 {
		c.Enforced, c.Stalled = b.roomFrom(at), b.chain.Stalled
		b.putCharges(t, list)
		return true
	}
	own, ok := b.survive(c.Buyer, t)
	switch {
	case ok:
		b.takeEffect(t, list, i, own)
	case b.partly || b.dues > 0: // the next ledger block has more room
		return false
	default: // no ledger block has
		c.Enforced = b.roomFrom(b.now.Time + RetrySeconds)
		b.putCharges(t, list)
	}
	return true
}

// waits is the time until which an enforcement has to wait, 0 if it takes effect.
//
// specs/16 CHARGE-16: An enforcement's clock extends by the growth of the
// seconds that the chain stood still. specs/16 COND-2: while the title is on
// hold, an enforcement waits. specs/16 CHARGE-13: While a recovery of the
// holder's account runs, an enforcement that would take effect waits until it
// is over; it is looked at again each day.
func (b *block) waits(t titled, c *record.Charge) uint64 {
	if grown := b.chain.Stalled - c.Stalled; grown > 0 {
		return c.Enforced + grown
	}
	if until := heldUntil(t); until != 0 {
		return until
	}
	// specs/22 DISP-4: An enforcement does not take effect while a freeze or a
	// contest binds a part of its title.
	if b.recovering(t.Holder) || unbound(t, t.at) != nil {
		return b.now.Time + RetrySeconds
	}
	return 0
}

// takeEffect gives the title to whom the enforcement names.
//
// specs/16 CHARGE-14: When an enforcement takes effect, the title goes to whom
// it names, free of that charge and of later ones; earlier charges stand, and so
// do all estates. The former holder's authorisations that rest on the title end,
// but for what they permit outside it. A title of grade A that so comes to a buyer names
// no proof.
func (b *block) takeEffect(t titled, list []record.Charge, i int, own []placed) {
	to := list[i].Buyer
	if to != t.Holder {
		for _, p := range own {
			b.dropOrigin(to, p.ref())
		}
		gone := b.vacate(t)
		b.convey(t.at, to)
		if to != list[i].Lender {
			b.unprove(t.at)
		}
		b.hand(t.at, t.Holder, to)
		b.goOn(gone, t.at)
		b.enterWhatFits(own)
	}
	t, _ = b.titleOf(t.at)
	b.putCharges(t, list[:i])
}

// unprove takes the date of its proof off a title of grade A that came to its holder
// without the holder's act: whoever proved it may prove it still, and could otherwise
// make of a gift the proof that overcomes a veto (specs/17 RCV-9).
func (b *block) unprove(r wire.Resource) {
	if t, _ := b.titleOf(r); t.Grade == record.GradeA {
		b.retitle(t, func(title *record.Title) { title.Proved = 0 })
	}
}
