package ledger

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// worstMatter is the most records that change when a case or an order goes on: it,
// its due item before and after, the title under its caution or, with an order, the
// case that ends with it.
const worstMatter = 7

// dueMatter lets a case or an order go on.
func (b *block) dueMatter(d *record.Due) {
	if d.Sort == record.SortOrder {
		b.dueOrder(d.Act)
		return
	}
	c := b.caseAt(d.Act)
	if c == nil {
		panic(fmt.Errorf("%w: no case %v for its due item", ErrCorrupt, d.Act))
	}
	b.dueCase(d.Act, c)
}

// dueCase lets a case go on at its time.
func (b *block) dueCase(id wire.Hash, c *record.Case) {
	if b.extend(c) {
		b.putCase(id, c)
		return
	}
	switch c.State {
	case record.CaseEntered:
		if until := b.keptBy(c); until > b.now.Time {
			c.Next, c.Until = until, until
			b.putCase(id, c)
			return
		}
		b.lapse(id, c)
	case record.CaseAccepted:
		b.dueAccepted(id, c)
	case record.CaseDecided, record.CaseAppealed:
		b.settleFor(c)
		b.putCase(id, c)
	default:
		b.remove(record.CaseKey(id))
		b.remove(matterDue(c.Next, id, record.SortCase))
	}
}

// extend moves the times of a case that is not over by what the chain stood still
// since they were set.
//
// specs/22 DISP-30: The seconds that the chain stood still extend the times of a case
// until it is final, and of an order until it is in effect (specs/07 DUE-6).
func (b *block) extend(c *record.Case) bool {
	grown := b.grown(c)
	if grown == 0 {
		return false
	}
	c.Next, c.Until, c.Stalled = c.Next+grown, c.Until+grown, b.chain.Stalled
	if c.Hears > b.now.Time {
		c.Hears += grown
	}
	return true
}

// grown is by how much the windows of a case extend.
func (b *block) grown(c *record.Case) uint64 {
	if c.State > record.CaseAppealed {
		return 0
	}
	return b.chain.Stalled - c.Stalled
}

// keptBy is until when an order that its party recorded keeps a caution standing; 0
// where none does.
//
// specs/22 DISP-10: While an order that its party recorded on it waits for
// adjudicators it stands on until that lapses.
func (b *block) keptBy(c *record.Case) uint64 {
	o := b.orderAt(c.Order)
	if o == nil || tx.OrderState(o.Status) != tx.OrderRecorded {
		return 0
	}
	return o.Until + (b.chain.Stalled - o.Stalled)
}

// lapse ends a case; a caution is taken off the title that covers its block, a
// freeze ends by itself.
func (b *block) lapse(id wire.Hash, c *record.Case) {
	if c.State == record.CaseEntered {
		b.liftWhole(id, c.Resource)
	}
	c.State = record.CaseLapsed
	b.forgetLater(id, c)
}

// dueAccepted draws a panel, or ends a case that was not decided in its time.
func (b *block) dueAccepted(id wire.Hash, c *record.Case) {
	if c.Until = max(c.Until, b.claimEnds(id)); b.now.Time >= c.Until {
		b.lapse(id, c)
		return
	}
	drawn := len(c.Panel) == 0
	if drawn {
		c.Panel = b.drawPanel(id, c)
	}
	c.Next, c.Stalled = c.Until, b.chain.Stalled
	switch {
	case len(c.Panel) == 0:
		c.Next = min(c.Until, b.now.Time+RetrySeconds)
	case drawn:
		c.Hears = b.now.Time + b.params.PanelSeconds
	}
	b.putCase(id, c)
}

// dueOrder lets an order lapse, or be forgotten.
func (b *block) dueOrder(id wire.Hash) {
	o := b.orderAt(id)
	if o == nil {
		panic(fmt.Errorf("%w: no order %v for its due item", ErrCorrupt, id))
	}
	switch tx.OrderState(o.Status) {
	case tx.OrderRecorded:
		if grown := b.chain.Stalled - o.Stalled; grown > 0 {
			o.Until, o.Stalled = o.Until+grown, b.chain.Stalled
			b.putOrder(id, o)
			return
		}
		b.endOrder(id, o, tx.OrderLapsed)
	case tx.OrderInEffect:
		b.endOrder(id, o, tx.OrderLapsed)
	default:
		b.remove(record.OrderKey(id))
		b.remove(matterDue(o.Until, id, record.SortOrder))
	}
}

// endOrder notes how an order ended, and keeps it for a time; the case of a final
// one ends with it.
func (b *block) endOrder(id wire.Hash, o *record.Order, how tx.OrderState) {
	o.Status, o.Votes = uint64(how), nil
	o.Until = b.now.Time + b.params.CautionSeconds
	b.putOrder(id, o)
	if c := b.caseAt(id); c != nil && c.State <= record.CaseFinal {
		c.State = record.CaseDismissed
		b.forgetLater(id, c)
	}
}

// standsUntil is until when what a matter recorded against a title stands; it is
// past where the matter is over.
//
// specs/22 DISP-23: A freeze that falls due and was prolonged stands on to its new
// end, as does one of a case that is not over.
func (b *block) standsUntil(x record.Restriction) (until uint64) {
	if o := b.orderAt(x.Act); o != nil && tx.OrderState(o.Status) == tx.OrderInEffect {
		until = o.Until
	}
	c := b.caseAt(x.Act)
	if c == nil {
		return until
	}
	switch {
	case c.State == record.CaseAccepted, c.State == record.CaseFinal:
		return max(until, c.Until+b.grown(c))
	case c.State.Pending(): // it is looked at again until it is final
		return max(until, c.Until, b.now.Time+RetrySeconds)
	}
	return until
}
