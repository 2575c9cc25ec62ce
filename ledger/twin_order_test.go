package ledger_test

import (
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinOrder is a court's order, under the id of the act that recorded it.
type twinOrder struct {
	id             wire.Hash
	author         wire.Address
	at             wire.Resource
	digest         wire.Hash
	final          bool
	to             wire.Address
	entered        uint64
	stalled, until uint64
	status         tx.OrderState
	findings       uint64
	reasons        wire.Hash
	votes          []twinVote
}

func (o *twinOrder) describe() string {
	x := *o
	if x.status != tx.OrderRecorded {
		x.stalled = 0
	}
	return fmt.Sprintf("order %+v", x)
}

func (w *twin) orderOf(id wire.Hash) *twinOrder {
	for i := range w.orders {
		if w.orders[i].id == id {
			return &w.orders[i]
		}
	}
	return nil
}

func (w *twin) brokenOrderAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.OrderRecord:
		add("DISP-20", b.Final && w.accounts[b.To] == nil)
		if c := w.caseOf(b.Caution); !b.Caution.IsZero() {
			add("DISP-10", c == nil || c.state != record.CaseEntered || c.party != author || !inr.Overlaps(c.at, b.Resource) || !c.order.IsZero())
		}
	case *tx.OrderStatus:
		w.brokenStatus(add, author, b)
	case *tx.OrderConfirm:
		w.brokenConfirm(add, author, b)
	case *tx.Restrict:
		w.brokenRestrict(add, b)
	case *tx.Lift:
		w.brokenLift(add, author, b)
	}
}

// brokenVoter is of who has no vote on an order (DISP-12).
func (w *twin) brokenVoter(add breaks, o *twinOrder, who wire.Address) {
	t := w.titleOf(o.at)
	add("DISP-12", !w.adjudicates(who) || o.author == who || o.final && o.to == who || t != nil && t.holder == who)
}

func (w *twin) brokenStatus(add breaks, author wire.Address, b *tx.OrderStatus) {
	o := w.orderOf(b.Order)
	add("DISP-21", o == nil)
	if o == nil {
		return
	}
	w.brokenVoter(add, o, author)
	from := tx.OrderRecorded
	if b.Status == tx.OrderLifted {
		from = tx.OrderInEffect
	}
	add("DISP-21", o.status != from)
	v := twinVote{author, uint64(b.Status) + 256*b.Findings, b.Reasons}
	if b.Status == tx.OrderInEffect && o.status == from && w.half(cast(o.votes, v), v) {
		w.brokenFreeze(add, o.at, o.id, 8)
	}
}

func (w *twin) brokenConfirm(add breaks, author wire.Address, b *tx.OrderConfirm) {
	if c := w.caseOf(b.Matter); c != nil && c.sort == record.CaseCaution {
		add("DISP-12", !w.adjudicates(author) || w.partial(c, author))
		add("DISP-23", c.state != record.CaseAccepted || c.renewed || c.digest == b.Digest)
		return
	}
	o := w.orderOf(b.Matter)
	add("DISP-21", o == nil)
	if o != nil {
		w.brokenVoter(add, o, author)
		add("DISP-23", o.status != tx.OrderInEffect || o.digest == b.Digest)
	}
}

// freezing is the block that a matter freezes, until when, and beside how many other
// freezes at the most.
func (w *twin) freezing(matter wire.Hash) (r wire.Resource, until uint64, most int) {
	if o := w.orderOf(matter); o != nil && o.status == tx.OrderInEffect {
		return o.at, o.until, 8
	}
	if c := w.caseOf(matter); c != nil && c.sort == record.CaseCaution && c.heard() {
		return c.at, c.until, 4
	}
	return r, 0, 0
}

func (w *twin) brokenRestrict(add breaks, b *tx.Restrict) {
	r, until, most := w.freezing(b.Matter)
	t := w.titleOf(b.Resource)
	add("DISP-22", most == 0)
	add("TITLE-1", t == nil)
	if most == 0 || t == nil {
		return
	}
	add("DISP-22", !inr.Overlaps(t.at, r) || t.state != record.Held)
	add("DISP-9", t.state != record.Held)
	for _, x := range t.against {
		add("DISP-22", x.act == b.Matter && x.kind == record.Freeze && x.until >= until)
	}
	w.brokenFreeze(add, t.at, b.Matter, most)
}

// brokenLift is of taking off a title what a matter recorded (DISP-24).
func (w *twin) brokenLift(add breaks, author wire.Address, b *tx.Lift) {
	t := w.titleOf(b.Resource)
	if t == nil || !slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.act == b.Matter }) {
		add("DISP-24", true)
		return
	}
	c, o := w.caseOf(b.Matter), w.orderOf(b.Matter)
	switch {
	case c != nil && c.sort == record.CaseCaution && c.party == author && c.state <= record.CaseAccepted:
	case c != nil && c.state < record.CaseFinal:
		add("DISP-24", true)
	case c != nil && c.state == record.CaseFinal:
		w.brokenOutcome(add, t, c)
	case o != nil:
		add("DISP-24", o.status <= tx.OrderInEffect)
	case c == nil:
		add("DISP-24", slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.act == b.Matter && !w.over(x) }))
	}
}

// brokenOutcome is of carrying out a final decision at a title (DISP-17, DISP-18).
func (w *twin) brokenOutcome(add breaks, t *twinTitle, c *twinCase) {
	if c.verdict != tx.VerdictClaimant {
		return
	}
	if c.sort == record.CaseContest {
		w.brokenClaimAward(add, t, c)
		return
	}
	add("DISP-17", c.sort == record.CaseCaution)
	at := narrower(t.at, c.at)
	for _, x := range t.against {
		binds := x.kind == record.Freeze || x.kind == record.Contest
		add("DISP-18", x.act != c.id && binds && inr.Overlaps(x.at, at))
	}
	add("DISP-18", w.awaited(c.id, at))
	if at != t.at && t.holder != c.party {
		add("TITLE-4", tooSmall(at))
		add("TITLE-5", t.opened == w.block)
	}
}

// narrower is the smaller of two blocks of which one covers the other.
func narrower(x, y wire.Resource) wire.Resource {
	if inr.Covers(x, y) {
		return y
	}
	return x
}

func (w *twin) doOrder(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.OrderRecord:
		w.orders = append(w.orders, twinOrder{
			id: id, author: author, at: b.Resource, digest: b.Digest, final: b.Final, to: b.To, entered: w.now,
			stalled: w.stalled, until: w.now + twinCautions, status: tx.OrderRecorded,
		})
		if c := w.caseOf(b.Caution); c != nil {
			c.order = id
		}
	case *tx.OrderStatus:
		w.statusVote(author, b)
	case *tx.OrderConfirm:
		w.prolongVote(twinVote{author, twinProlongs, b.Digest}, b.Matter)
	case *tx.Restrict:
		r, until, _ := w.freezing(b.Matter)
		w.freeze(narrower(w.titleOf(b.Resource).at, r), b.Matter, until)
	case *tx.Lift:
		w.lift(author, b)
	}
}

func (w *twin) statusVote(author wire.Address, b *tx.OrderStatus) {
	o, v := w.orderOf(b.Order), twinVote{author, uint64(b.Status) + 256*b.Findings, b.Reasons}
	if o.votes = cast(o.votes, v); !w.half(o.votes, v) {
		return
	}
	o.findings, o.reasons = b.Findings, b.Reasons
	if b.Status != tx.OrderInEffect {
		w.endOrder(o, b.Status)
		w.unmark(o.id, o.at)
		return
	}
	o.votes, o.status, o.stalled, o.until = nil, tx.OrderInEffect, w.stalled, w.now+twinRestricts
	if o.final {
		c := twinCase{id: o.id, sort: record.CaseOrder, at: o.at, party: o.to, digest: o.digest, order: o.id, entered: w.now, until: o.until}
		w.toPanel(&c)
		w.cases = append(w.cases, c)
	}
	w.freeze(o.at, o.id, o.until)
}

// endOrder notes how an order ended; the case of a final one ends with it.
func (w *twin) endOrder(o *twinOrder, how tx.OrderState) {
	o.status, o.votes, o.until = how, nil, w.now+twinCautions
	if c := w.caseOf(o.id); c != nil && !c.over() {
		w.endCase(c, record.CaseDismissed)
	}
}

func (w *twin) prolongVote(v twinVote, matter wire.Hash) {
	settled := func(list []twinVote) []twinVote {
		return slices.DeleteFunc(slices.Clone(list), func(x twinVote) bool { return x.says == twinProlongs })
	}
	later := func(c *twinCase) {
		if c.until = w.now + twinRestricts; c.panel != nil {
			c.next, c.stalled = c.until, w.stalled
		}
	}
	if c := w.caseOf(matter); c != nil && c.sort == record.CaseCaution {
		if c.votes = cast(c.votes, v); w.half(c.votes, v) {
			c.votes, c.renewed = settled(c.votes), true
			later(c)
		}
		return
	}
	o := w.orderOf(matter)
	if o.votes = cast(o.votes, v); w.half(o.votes, v) {
		o.votes, o.digest, o.until = settled(o.votes), v.digest, w.now+twinRestricts
		if c := w.caseOf(matter); c != nil && c.state == record.CaseAccepted && c.until < o.until {
			later(c)
		}
	}
}

func (w *twin) dueOrders() (out []twinDue) {
	for _, o := range w.orders {
		out = append(out, twinDue{o.until, 6, wire.Sum(wire.TagDealing, o.id[:], []byte{2}), func() { w.dueOrder(w.orderOf(o.id)) }})
	}
	return out
}

func (w *twin) dueOrder(o *twinOrder) {
	switch grown := w.stalled - o.stalled; {
	case o.status == tx.OrderRecorded && grown > 0:
		o.until, o.stalled = o.until+grown, w.stalled
	case o.status <= tx.OrderInEffect:
		w.endOrder(o, tx.OrderLapsed)
	default:
		w.orders = slices.DeleteFunc(w.orders, func(x twinOrder) bool { return x.id == o.id })
	}
}

// lift carries out how a matter ended at one title.
func (w *twin) lift(author wire.Address, b *tx.Lift) {
	t, c := w.titleOf(b.Resource), w.caseOf(b.Matter)
	switch {
	case c == nil || c.over():
	case c.state != record.CaseFinal:
		w.endCase(c, record.CaseWithdrawn)
	case c.verdict == tx.VerdictClaimant:
		w.carryOut(t, c)
		return
	case c.sort == record.CaseContest:
		w.decideClaim(c)
		return
	}
	w.unbind(t, b.Matter)
}

// carryOut gives the claimant what was awarded, or sets it down for the day on which the
// breaker has room.
func (w *twin) carryOut(t *twinTitle, c *twinCase) {
	at := narrower(t.at, c.at)
	after := w.clone()
	after.handOver(after.titleOf(t.at), after.caseOf(c.id))
	n := 0 // of those that stand no more as they were
	for _, o := range w.origins {
		if !slices.Contains(after.origins, o) {
			n++
		}
	}
	if day := w.takeRoom(n); day > w.now/86400 {
		c.until = max(c.until, day*86400+twinAgain)
		c.next = c.until
		w.noting(func() {
			w.keepClaim(c.id, c.until)
			w.showClaims()
		})
		if o := w.orderOf(c.id); o != nil {
			o.until = max(o.until, c.until)
		}
		w.awards = append(w.awards, twinAward{day * 86400, c.id, at})
		return
	}
	w.handOver(t, c)
}

// handOver gives the claimant the title over what a case names of it.
func (w *twin) handOver(t *twinTitle, c *twinCase) {
	at := narrower(t.at, c.at)
	w.unbind(t, c.id)
	if !t.hold.IsZero() {
		w.take(t.hold)
		t.hold = wire.Hash{}
		w.touch(t.at)
	}
	if len(t.charges) > 0 {
		t.charges = slices.Clone(t.charges)
		for i := range t.charges {
			t.charges[i] = t.charges[i].unenforced()
		}
		w.touch(t.at)
	}
	if c.sort == record.CaseContest {
		w.decideClaim(c)
		return
	}
	if t.holder != c.party {
		w.dropOverlapping(at, wire.Hash{}, func(x *twinClaim) bool { return x.stage == record.Window && x.at != at && inr.Covers(x.at, at) })
		w.transfer(twinOffer{maker: t.holder, to: c.party, at: at, body: &tx.TransferOffer{}})
		w.unprove(at)
	}
}
