package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// recordOrder writes an order of a court down; it binds nobody yet.
//
// specs/22 DISP-20: Any account MAY record an order. It is recorded, and binds
// nobody.
func (b *block) recordOrder(id wire.Hash, author wire.Address, body *tx.OrderRecord) error {
	if body.Final && b.accountAt(body.To) == nil {
		return tx.Refuse("DISP-20", "to", "no account %v", body.To)
	}
	o := &record.Order{
		Rules: record.Rules, Author: author, Resource: body.Resource, Court: body.Court, Jurisdiction: body.Jurisdiction,
		Reference: body.Reference, Digest: body.Digest, Final: body.Final, To: body.To, Entered: b.now.Time,
		Stalled: b.chain.Stalled, Status: uint64(tx.OrderRecorded), Until: b.now.Time + b.params.CautionSeconds,
	}
	b.putOrder(id, o)
	if body.Caution.IsZero() {
		return nil
	}
	return b.follow(id, author, body)
}

// follow keeps a caution standing while an order on it waits.
//
// specs/22 DISP-10: While an order that its party recorded on it waits for
// adjudicators it stands on until that lapses.
func (b *block) follow(id wire.Hash, author wire.Address, body *tx.OrderRecord) error {
	c := b.caseAt(body.Caution)
	switch {
	case c == nil || c.State != record.CaseEntered || c.Party != author || !inr.Overlaps(c.Resource, body.Resource):
		return tx.Refuse("DISP-10", "caution", "no caution %v of the author's stands at %v", body.Caution, body.Resource)
	case !c.Order.IsZero():
		return tx.Refuse("DISP-10", "caution", "it stands on for order %v", c.Order)
	}
	c.Order = id
	b.putCase(body.Caution, c)
	return nil
}

// orderVote enters an adjudicator's vote on an order, and what it brings about.
//
// specs/22 DISP-21: Half of all adjudicators, rounded up, say what becomes of an
// order.
func (b *block) orderVote(author wire.Address, body *tx.OrderStatus) error {
	o, err := b.orderFor(body.Order, author)
	if err != nil {
		return err
	}
	from := tx.OrderRecorded
	if body.Status == tx.OrderLifted {
		from = tx.OrderInEffect
	}
	if tx.OrderState(o.Status) != from {
		return tx.Refuse("DISP-21", "status", "the order has status %d: there is no such vote", o.Status)
	}
	vote := record.Vote{By: author, Says: uint64(body.Status) | body.Findings<<8, Digest: body.Reasons}
	o.Votes = record.Cast(o.Votes, vote)
	if !b.halfSay(o.Votes, vote) {
		b.putOrder(body.Order, o)
		return nil
	}
	o.Findings, o.Reasons = body.Findings, body.Reasons
	if body.Status == tx.OrderInEffect {
		return b.takesEffect(body.Order, o)
	}
	b.endOrder(body.Order, o, body.Status)
	b.liftWhole(body.Order, o.Resource)
	return nil
}

// orderFor finds an order on which an adjudicator has a vote.
//
// specs/22 DISP-12: unless it recorded the order, a final one gives it the title, or it
// holds the title that covers its block.
func (b *block) orderFor(id wire.Hash, who wire.Address) (*record.Order, error) {
	o := b.orderAt(id)
	switch {
	case o == nil:
		return nil, tx.Refuse("DISP-21", "order", "no order %v", id)
	case !b.adjudicates(who):
		return nil, tx.Refuse("DISP-12", "account", "the author is no adjudicator")
	case o.Author == who || o.To == who || b.holdsOver(who, o.Resource):
		return nil, tx.Refuse("DISP-12", "account", "the author is a party to the order")
	}
	return o, nil
}

// takesEffect freezes what an order names, and opens the case of a final one.
func (b *block) takesEffect(id wire.Hash, o *record.Order) error {
	o.Status, o.Votes, o.Stalled = uint64(tx.OrderInEffect), nil, b.chain.Stalled
	o.Until = b.now.Time + b.params.RestrictSeconds
	b.putOrder(id, o)
	if o.Final {
		b.toPanel(id, &record.Case{
			Rules: record.Rules, Sort: record.CaseOrder, Resource: o.Resource, Party: o.To, Digest: o.Digest,
			Order: id, Entered: b.now.Time, Until: o.Until,
		})
	}
	return b.freezeWhole(id, o.Resource, o.Until, record.FreezesMax)
}

// confirm enters an adjudicator's vote to prolong a freeze.
//
// specs/22 DISP-23: Half of all adjudicators prolong the freeze of an order as
// often as they name a digest other than its last, and that of a dispute once.
func (b *block) confirm(author wire.Address, body *tx.OrderConfirm) error {
	vote := record.Vote{By: author, Says: record.SaysConfirm, Digest: body.Digest}
	if c := b.caseAt(body.Matter); c != nil && c.Sort == record.CaseCaution {
		return b.confirmDispute(body.Matter, c, vote)
	}
	o, err := b.orderFor(body.Matter, author)
	if err != nil {
		return err
	}
	if tx.OrderState(o.Status) != tx.OrderInEffect || o.Digest == body.Digest {
		return tx.Refuse("DISP-23", "digest", "the order has status %d, and its last text is %v", o.Status, o.Digest)
	}
	o.Votes = record.Cast(o.Votes, vote)
	if b.halfSay(o.Votes, vote) {
		o.Votes, o.Digest = record.Unconfirmed(o.Votes), body.Digest
		o.Until = b.now.Time + b.params.RestrictSeconds
		b.caseFollows(body.Matter, o)
	}
	b.putOrder(body.Matter, o)
	return nil
}

// caseFollows gives the case of a final order the order's new end.
func (b *block) caseFollows(id wire.Hash, o *record.Order) {
	c := b.caseAt(id)
	if c == nil || c.State != record.CaseAccepted || c.Until >= o.Until {
		return
	}
	b.prolongCase(c, o.Until)
	b.putCase(id, c)
}

// prolongCase gives an accepted case a later end.
func (b *block) prolongCase(c *record.Case, until uint64) {
	c.Until = until
	if len(c.Panel) > 0 {
		c.Next, c.Stalled = until, b.chain.Stalled
	}
}

func (b *block) confirmDispute(id wire.Hash, c *record.Case, vote record.Vote) error {
	switch {
	case !b.adjudicates(vote.By) || b.partial(c, vote.By):
		return tx.Refuse("DISP-12", "account", "the author is no adjudicator, or a party to the case")
	case c.State != record.CaseAccepted || c.Renewed || c.Digest == vote.Digest:
		return tx.Refuse("DISP-23", "matter", "the case is %v, its freeze was prolonged before, or the text is its own", c.State)
	}
	c.Votes = record.Cast(c.Votes, vote)
	if b.halfSay(c.Votes, vote) {
		c.Votes, c.Renewed = record.Unconfirmed(c.Votes), true
		b.prolongCase(c, b.now.Time+b.params.RestrictSeconds)
	}
	b.putCase(id, c)
	return nil
}
