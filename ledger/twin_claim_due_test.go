package ledger_test

import (
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// dueClaims lists the claims and successions to be looked at.
func (w *twin) dueClaims() (out []twinDue) {
	for _, c := range w.claims {
		out = append(out, twinDue{c.next, 3, c.id, func() {
			w.noting(func() {
				w.dueClaim(c.id)
				w.showClaims()
			})
		}})
	}
	return out
}

func (w *twin) dueClaim(id wire.Hash) {
	c := w.claim(id)
	switch {
	case w.stalled > c.stalled:
		c.extend(w)
	case c.stage == record.Window && c.succession:
		w.succeed(c)
	case c.stage == record.Window || c.stage == record.Disputed:
		w.ripen(c)
	case c.stage == record.Silent:
		w.silence(c)
	default:
		w.event(fmt.Sprintf("lapsed, %v", c.stage))
		w.dropClaim(id)
	}
}

// ripen settles a claim as far as it is not contested (CLAIM-15).
func (w *twin) ripen(c *twinClaim) {
	t := w.titleOf(c.at)
	if t == nil || !w.allows(t, c) || c.grade != record.GradeA && len(w.basis(c)) < c.needs() {
		w.event("not allowed")
		w.dropClaim(c.id)
		return
	}
	if w.hinders(t, c) {
		w.putOff(c)
		return
	}
	part, some := w.contested(c)
	switch {
	case !some || part != c.at:
		w.settleClaim(c, t, part, some)
	case c.stage == record.Disputed && c.ends <= w.now:
		w.undecided(c)
	case c.stage == record.Disputed:
		c.next = c.ends
		w.openContest(c)
	default:
		w.event("disputed")
		c.stage, c.next, c.ends = record.Disputed, w.now+twinRestricts, w.now+twinRestricts
		w.openContest(c)
	}
}

// allows reports whether a title still lets a claim settle.
func (w *twin) allows(t *twinTitle, c *twinClaim) bool {
	no := false
	w.brokenPlace(func(_ string, broken bool) { no = no || broken }, c)
	return !no && c.opens(t)
}

// hinders reports whether a freeze, a hold or another contest binds a claim's block.
func (w *twin) hinders(t *twinTitle, c *twinClaim) bool {
	return !t.hold.IsZero() || slices.ContainsFunc(t.against, func(x twinAgainst) bool {
		other := x.kind == record.Freeze || x.kind == record.Contest && w.claim(x.act) == nil
		return other && inr.Overlaps(x.at, c.at)
	})
}

// putOff lets a claim be looked at again after a day.
func (w *twin) putOff(c *twinClaim) {
	w.event("put off")
	c.next = w.now + twinAgain
	c.ends = max(c.ends, c.next)
}

// undecided ends a dispute: all claims to its block lapse.
func (w *twin) undecided(c *twinClaim) {
	w.event("undecided")
	at, id := c.at, c.id
	w.dropOverlapping(at, id, func(o *twinClaim) bool { return o.stage != record.Marked && !o.succession })
	w.dropClaim(id)
}

// dropOverlapping ends the other claims that overlap a block, in the order of ids.
func (w *twin) dropOverlapping(r wire.Resource, but wire.Hash, which func(*twinClaim) bool) {
	for _, o := range w.claimsOn(w.titleOf(r)) {
		if o.id != but && inr.Overlaps(o.at, r) && which(&o) {
			w.dropClaim(o.id)
		}
	}
}

func (w *twin) settleClaim(c *twinClaim, t *twinTitle, part wire.Resource, some bool) {
	cut := c.at
	if some {
		cut = part
	}
	if cut != t.at && t.opened == w.block { // TITLE-5
		c.next = w.now + 1
		return
	}
	one, whole := *c, t.at
	w.event(fmt.Sprintf("settled at %v", one.grade))
	if some {
		w.event("settled but for a part")
	}
	w.dropOverlapping(one.at, one.id, func(o *twinClaim) bool { return !some || !inr.Covers(part, o.at) })
	w.titleOf(whole).strike(func(x twinAgainst) bool { return x.act == one.id })
	if cut != whole {
		w.cut(whole, cut)
	}
	for i := range w.titles {
		if now := &w.titles[i]; inr.Covers(one.at, now.at) && !(some && now.at == part) {
			w.award(now, &one)
		}
	}
	if !some {
		w.dropClaim(one.id)
		return
	}
	one.at, one.stage, one.next, one.ends = part, record.Disputed, w.now+twinRestricts, w.now+twinRestricts
	w.putClaim(&one)
	w.openContest(&one)
	w.reconsider(part)
}

// award writes a claimant into a title.
func (w *twin) award(t *twinTitle, c *twinClaim) {
	if t.holder != c.by {
		t.since = w.now
	}
	t.state, t.holder, t.grade, t.dealable = record.Held, c.by, c.grade, c.grade.Settled()
	t.proved, t.qualified, t.basis = c.began, 0, w.basis(c)
	switch c.grade {
	case record.GradeA:
		t.proved, t.basis = c.proved, nil
	case record.GradeB:
		t.qualified = w.now + twinQualified
	}
	w.touch(t.at)
}

// silence lets a claim win what its holder did not defend (CLAIM-16).
func (w *twin) silence(c *twinClaim) {
	t := w.titleOf(c.at)
	if t == nil || t.holder != c.from {
		w.dropClaim(c.id)
		return
	}
	notices := 0
	for _, x := range c.words {
		if x.kind == record.Notifies && w.serves(x.by) {
			notices++
		}
	}
	_, contested := w.contested(c)
	switch {
	case contested || notices < 3 || len(t.charges) > 0:
		w.event("no silence")
		w.adjudicate(c)
	case w.hinders(t, c) || w.accounts[t.holder].running() || !w.takeOver(c, t):
		w.putOff(w.claim(c.id))
	default:
		w.event("won by silence")
	}
}

// takeOver moves a title, or the part claimed, to the claimant: authorisations that
// this would leave beyond a bound end. It reports whether that could be.
func (w *twin) takeOver(c *twinClaim, t *twinTitle) bool {
	one := *c
	if one.at != t.at && t.opened == w.block { // TITLE-5
		return false
	}
	if !one.succession {
		w.dropOverlapping(one.at, one.id, func(*twinClaim) bool { return true })
	}
	if w.dropClaim(one.id); one.succession {
		w.event("succeeded")
	}
	o := twinOffer{maker: t.holder, to: one.by, at: one.at, title: t.at, body: &tx.TransferOffer{Keep: one.succession}}
	if try := w.clone(); try.transferred(o) {
		w.transferred(o)
	} else {
		w.event("beyond a bound")
		w.bare(o)
		w.transferred(o)
	}
	if !one.succession {
		w.award(w.titleOf(one.at), &one)
	}
	return true
}

// transferred carries a transfer out, and reports whether no bound is passed.
func (w *twin) transferred(o twinOffer) bool {
	w.transfer(o)
	return !w.laden()
}

// bare ends what rests on a title, and what its next holder authorised inside it.
func (w *twin) bare(o twinOffer) {
	w.origins = slices.DeleteFunc(w.origins, func(x twinOrigin) bool {
		return w.restsOnTitle(x, o.title) || x.holder == o.to && inr.Covers(o.at, x.at)
	})
}

// succeed gives a successor the title (CLAIM-24).
func (w *twin) succeed(c *twinClaim) {
	t := w.titleOf(c.at)
	basis := w.basis(c)
	if t == nil || t.at != c.at || t.holder != c.from || len(basis) < c.needs() {
		w.dropClaim(c.id)
		return
	}
	if w.bound(t.at) || !t.hold.IsZero() || w.accounts[t.holder].running() {
		w.putOff(c)
		return
	}
	at := t.at
	w.takeOver(c, t)
	t = w.titleOf(at)
	for _, who := range t.basis {
		if !slices.Contains(basis, who) && len(basis) < record.BasisMax {
			basis = append(basis, who)
		}
	}
	t.basis = sortAddresses(basis)
	w.touch(at)
}
