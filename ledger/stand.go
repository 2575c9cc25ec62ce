package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of claims on one title, cautions counted apart. Those of a lower grade
// give way to one of a higher.
const (
	claimsOnTitle = 6
	marksOnTitle  = 3
)

// stand lets a claim that is proved or attested stand against its title.
//
// specs/20 CLAIM-13: A claim is open on a title that nobody holds, on one of grade
// C that is lower, and on the claimant's own. It contests another's title of equal
// or lower grade; against a higher one it is a caution.
func (b *block) stand(id wire.Hash, c *record.Claim, t titled) error {
	switch {
	case b.opens(c, t) && c.Grade == record.GradeC:
		return b.enterEntry(id, c, t)
	case b.opens(c, t):
		c.Stage, c.At = record.Window, b.now.Time+max(1, b.windowOf(c))
	case rank(c.Grade) < rank(t.Grade):
		return b.mark(id, c, t)
	case b.maySucceedBySilence(c, t):
		c.Stage, c.At = record.Silent, b.now.Time+max(1, b.params.UnansweredSeconds)
	default:
		c.Stage, c.At = record.Answered, b.now.Time
	}
	if err := b.makeRoom(id, c, t); err != nil {
		return err
	}
	c.Began, c.From, c.Ends = b.now.Time, t.Holder, c.At+max(1, b.params.RestrictSeconds)
	if c.Stage == record.Answered {
		c.At = c.Ends
	}
	b.putClaim(id, c, c.At)
	b.enterStanding(id, c)
	if c.Stage == record.Answered {
		b.openContest(id, c)
	}
	return nil
}

// opens reports whether a claim settles at the end of its window.
func (b *block) opens(c *record.Claim, t titled) bool {
	return t.State == record.Unclaimed || t.Holder == c.Account || !t.Grade.Settled() && rank(c.Grade) > rank(t.Grade)
}

// windowOf is the window of a claim or a succession.
func (b *block) windowOf(c *record.Claim) uint64 {
	switch {
	case c.Succession:
		return b.params.SuccessionSeconds
	case c.Grade == record.GradeA:
		return b.params.ClaimASeconds
	}
	return b.params.ClaimBSeconds
}

// makeRoom keeps the bounds of claims on a title.
//
// specs/20 CLAIM-12: An account has one claim on an address, an issuing CA one on
// a title: a claim gives way to one on the same address that is better or as good
// and, for grade A, signed later. At most 6 claims stand on one title; when they
// do, the last of the lowest grade gives way to one of a higher.
func (b *block) makeRoom(id wire.Hash, c *record.Claim, t titled) error {
	for _, o := range b.claimsOn(t.at) {
		if o.Stage == record.Marked || o.Succession {
			continue
		}
		mine := o.Account == c.Account && inr.Overlaps(o.Resource, c.Resource)
		issued := c.Grade == record.GradeA && o.Grade == record.GradeA && o.Issuer == c.Issuer
		if !mine && !issued {
			continue
		}
		if rank(o.Grade) > rank(c.Grade) || o.Grade == record.GradeA && o.Proved >= c.Proved || !inr.Overlaps(o.Resource, c.Resource) {
			return tx.Refuse("CLAIM-12", "resource", "claim %v to %v stands on the title %v", o.id, o.Resource, t.at)
		}
		b.dropClaim(o.id)
	}
	list := b.claimsOn(t.at)
	n, last := 0, -1
	for i, o := range list {
		if o.Stage == record.Marked {
			continue
		}
		n++
		if !o.Succession && (last < 0 || giveWay(o.Claim, list[last].Claim)) {
			last = i
		}
	}
	if n < claimsOnTitle {
		return nil
	}
	if last < 0 || rank(list[last].Grade) >= rank(c.Grade) {
		return tx.Refuse("CLAIM-12", "resource", "%d claims of grade %v or better stand on the title %v", n, c.Grade, t.at)
	}
	b.dropClaim(list[last].id)
	return nil
}

// giveWay reports whether x gives way before y.
func giveWay(x, y *record.Claim) bool {
	if rank(x.Grade) != rank(y.Grade) {
		return rank(x.Grade) < rank(y.Grade)
	}
	return x.Began > y.Began
}

// mark enters a claim as a caution.
//
// specs/20 CLAIM-13: a claim against a higher grade is a caution, which lapses by
// itself; an account has one on a title, and of more than 3 the oldest gives way.
//
// specs/22 DISP-8: What is over is taken off a piece when a caution is entered there.
func (b *block) mark(id wire.Hash, c *record.Claim, t titled) error {
	t = b.dropStale(t)
	n, first := 0, -1
	list := b.claimsOn(t.at)
	for i, o := range list {
		if o.Stage != record.Marked {
			continue
		}
		if o.Account == c.Account {
			return tx.Refuse("CLAIM-13", "account", "its claim %v stands as a caution on the title %v", o.id, t.at)
		}
		n++
		if first < 0 || o.Began < list[first].Began {
			first = i
		}
	}
	if n >= marksOnTitle {
		b.dropClaim(list[first].id)
	}
	c.Stage, c.Began, c.From = record.Marked, b.now.Time, t.Holder
	c.Ends = b.now.Time + max(1, b.params.CautionSeconds)
	b.putClaim(id, c, c.Ends)
	b.enterStanding(id, c)
	return nil
}

// enterEntry makes a claim of grade C an entry.
//
// specs/20 CLAIM-20: A claim of grade C is an entry as soon as one registrar has
// attested it, if no better claim stands on the title: it is shown as such, and can
// be neither transferred, charged, leased nor exported.
func (b *block) enterEntry(id wire.Hash, c *record.Claim, t titled) error {
	for _, o := range b.claimsOn(t.at) {
		if o.Stage != record.Marked {
			return tx.Refuse("CLAIM-20", "claim", "the better claim %v stands on the title %v", o.id, t.at)
		}
	}
	c.Began = b.now.Time
	b.award(t, c)
	b.dropClaim(id)
	return nil
}

// enterStanding shows a claim that has begun to stand, and what that makes of the
// others on its title.
func (b *block) enterStanding(id wire.Hash, c *record.Claim) {
	b.showOne(standingClaim{id, c})
	b.showClaims(c.Resource)
}
