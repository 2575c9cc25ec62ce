package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Worst cases of a claim's due item (specs/07 DUE-3).
const (
	// worstPieces is into how many titles a settlement cuts one: a /48 out of the
	// largest block that is registered leaves 45, and there are 48 at most.
	worstPieces = 48
	// worstClaim is the most records that change when a claim settles on a title
	// without estates, or waits on: each piece, what rests on it, the ends of what
	// stands against it; the claims on the title with their items, indexes and cases; the
	// accounts.
	worstClaim = worstPieces*(2+record.RestrictionsMax) + (claimsOnTitle+marksOnTitle)*12 + 16
)

const _ = uint(BlockChangesMax - endChanges - worstClaim)

// dueClaim looks at a claim or a succession whose time has come.
func (b *block) dueClaim(id wire.Hash) (done bool) {
	if !b.fits(worstClaim) {
		return false
	}
	c, _ := b.claimAt(id)
	if b.stretch(c) {
		b.waitOn(id, c, c.At)
		return true
	}
	switch {
	case c.Stage == record.Window && c.Succession:
		return b.succeed(id, c)
	case c.Stage == record.Window || c.Stage == record.Disputed:
		b.ripen(id, c)
	case c.Stage == record.Silent:
		return b.silence(id, c)
	default:
		b.dropClaim(id)
	}
	return true
}

// stretch lengthens a claim's times by what the chain stood still since they were
// set, and reports whether it did. It comes before they are set anew.
//
// specs/20 CLAIM-27: Every time of a claim extends by the growth of the seconds
// that the chain stood still.
func (b *block) stretch(c *record.Claim) bool {
	grown := b.chain.Stalled - c.Stalled
	if c.At += grown; c.Ends != 0 {
		c.Ends += grown
	}
	c.Stalled = b.chain.Stalled
	return grown > 0
}

// waitOn lets a claim wait on.
func (b *block) waitOn(id wire.Hash, c *record.Claim, at uint64) {
	b.putClaim(id, c, at)
	b.showClaims(c.Resource)
}

// ripen settles a claim whose window is over, as far as it is not contested.
//
// specs/20 CLAIM-15: At the end of its window a claim settles on what is not
// contested; the title is cut only then. What is contested stays so, for the
// parameter's seconds of restrictions, and settles if it is contested no more. A
// claim lapses that its title no longer allows, or whose registrars serve no more.
func (b *block) ripen(id wire.Hash, c *record.Claim) {
	t, ok := b.titleOf(c.Resource)
	if !ok || !b.settleable(c, t) {
		b.dropClaim(id)
		return
	}
	if b.bound(t, c.Resource) {
		b.putOffClaim(id, c)
		return
	}
	part, some := b.contestedOf(id, c)
	switch {
	case !some || part != c.Resource:
		b.settleClaim(id, c, t, part, some)
	case c.Stage == record.Disputed && c.Ends <= b.now.Time:
		b.undecided(id, c)
	default:
		b.dispute(id, c)
	}
}

// settleable reports whether a claim may still settle on its title.
func (b *block) settleable(c *record.Claim, t titled) bool {
	if t.State != record.Unclaimed && t.State != record.Held || !b.opens(c, t) || b.betters(c, t) != nil {
		return false
	}
	if t.Holder == c.Account && t.at != c.Resource {
		return false
	}
	return c.Grade == record.GradeA || len(b.basisOf(c)) >= b.wordsFor(c)
}

// bound reports whether something else than a claim binds a block of a title: a
// freeze, a contest that is no claim's, a hold.
func (b *block) bound(t titled, r wire.Resource) bool {
	for _, x := range restrictionsOn(t) {
		if x.Kind == record.Hold {
			return true
		}
		_, claimed := b.claimAt(x.Act)
		if (x.Kind == record.Freeze || x.Kind == record.Contest && !claimed) && inr.Overlaps(x.At, r) {
			return true
		}
	}
	return false
}

// putOffClaim lets a claim wait for what holds it up; it is looked at again each day.
func (b *block) putOffClaim(id wire.Hash, c *record.Claim) {
	at := b.now.Time + RetrySeconds
	c.Ends = max(c.Ends, at)
	b.waitOn(id, c, at)
}

// dispute lets what is contested wait for its parties, or for adjudicators.
func (b *block) dispute(id wire.Hash, c *record.Claim) {
	if c.Stage != record.Disputed {
		c.Stage, c.Ends = record.Disputed, b.now.Time+max(1, b.params.RestrictSeconds)
	}
	b.waitOn(id, c, c.Ends)
	b.openContest(id, c)
}

// undecided ends a dispute that nobody decided.
//
// specs/20 CLAIM-15: When a dispute ends undecided, every claim to its block lapses
// with it: none wins by outlasting another.
func (b *block) undecided(id wire.Hash, c *record.Claim) {
	for _, o := range b.claimsOn(c.Resource) {
		if o.id != id && o.Stage != record.Marked && !o.Succession && inr.Overlaps(o.Resource, c.Resource) {
			b.dropClaim(o.id)
		}
	}
	b.dropClaim(id)
}

// settleClaim gives the claimant what it claims and nobody contests.
func (b *block) settleClaim(id wire.Hash, c *record.Claim, t titled, part wire.Resource, some bool) {
	cutAt := c.Resource
	if some {
		cutAt = part
	}
	if cutAt != t.at && b.settledBefore(t.at) != nil {
		b.waitOn(id, c, b.now.Time+1) // specs/04 TITLE-5
		return
	}
	for _, o := range b.claimsOn(t.at) {
		if o.id != id && inr.Overlaps(o.Resource, c.Resource) && !(some && inr.Covers(part, o.Resource)) {
			b.dropClaim(o.id)
		}
	}
	b.unshow(id, c)
	t, _ = b.titleOf(t.at)
	if cutAt != t.at {
		if err := b.cutTitle(t, cutAt); err != nil {
			panic(err) // a title without estates that stood before: nothing refuses
		}
	}
	for _, p := range pieces(t.at, cutAt) {
		if inr.Covers(c.Resource, p) && !(some && p == part) {
			now, _ := b.titleOf(p)
			b.award(now, c)
		}
	}
	b.keepRest(id, c, part, some)
}

// keepRest keeps what is contested of a claim, and forgets a claim of which nothing is.
func (b *block) keepRest(id wire.Hash, c *record.Claim, part wire.Resource, some bool) {
	if !some {
		b.dropClaim(id)
		return
	}
	c.Resource, c.Stage, c.Ends = part, record.Disputed, b.now.Time+max(1, b.params.RestrictSeconds)
	b.putClaim(id, c, c.Ends)
	b.showOne(standingClaim{id, c})
	b.openContest(id, c)
	b.reconsider(part)
}

// award writes a claimant into a title, at the claim's grade.
//
// specs/20 CLAIM-15: a title of grade A is absolute, proved when its checklist was
// signed. specs/20 CLAIM-20: One of grade B is qualified for the parameter's
// seconds, and rests on the registrars that attested it. Holdings count what is held
// at a settled grade.
func (b *block) award(t titled, c *record.Claim) {
	if t.Holder != c.Account || !t.Grade.Settled() {
		if t.Grade.Settled() && !t.Holder.IsZero() {
			b.discount(t.at, t.Holder)
		}
		if c.Grade.Settled() {
			b.editAccount(c.Account, func(a *account.Account) { a.Holdings = a.Holdings.Plus(account.Units(t.at)) })
		}
	}
	b.retitle(t, func(title *record.Title) {
		if title.Holder != c.Account {
			title.Since = b.now.Time
		}
		title.State, title.Holder, title.Grade = record.Held, c.Account, c.Grade
		title.Proved, title.Qualified, title.Basis = c.Began, 0, nil
		switch c.Grade {
		case record.GradeA:
			title.Proved = c.Proved
		case record.GradeB:
			title.Qualified, title.Basis = b.now.Time+b.params.QualifiedSeconds, b.basisOf(c)
		default:
			title.Basis = b.basisOf(c)
		}
		title.Counter++
	})
}
