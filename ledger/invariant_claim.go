package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// claimDueAt keeps that the due item of a claim is of a claim that is open, at its
// time, that its account's index names it, and that its title shows what it stands for.
func (c *checker) claimDueAt(k tree.Key, d *record.Due) (ok bool) {
	x, ok := c.b.claimAt(d.Act)
	if !ok || k != claimDue(d.Act, x) || x.Succession != (d.Kind == record.DueSuccession) {
		return false
	}
	c.claims--
	if !slices.Contains(c.b.claimsOf(x.Account).IDs, d.Act) {
		c.fail("CLAIM-8", "claim %v is not in the index of %v", d.Act, x.Account)
	}
	if x.Stage != record.Attesting {
		c.stands(d.Act, x)
	}
	return true
}

// stands keeps CLAIM-15 and R17 for one claim that stands against its title.
func (c *checker) stands(id wire.Hash, x *record.Claim) {
	t, ok := c.b.titleOf(x.Resource)
	if !ok {
		if x.Stage != record.Marked {
			c.fail("CLAIM-15", "claim %v stands against %v, which is no one title's", id, x.Resource)
		}
		return
	}
	var got []record.Restriction
	for _, y := range restrictionsOn(t) {
		if y.Act == id {
			got = append(got, y)
		}
	}
	want := c.b.standsFor(standingClaim{id, x})
	slices.SortFunc(want, compareRestrictions)
	if !slices.EqualFunc(got, want, same) && x.Stage != record.Marked {
		c.fail("CLAIM-15", "claim %v to %v shows %v on the title %v, it should show %v", id, x.Resource, got, t.at, want)
	}
	c.defeats(id, x, t)
}

// defeats keeps R17 for one claim: what is proved less MUST NOT defeat what is proved
// more, also by silence.
func (c *checker) defeats(id wire.Hash, x *record.Claim, t titled) {
	if x.Succession || x.Stage == record.Marked || t.Holder == x.Account {
		return
	}
	if x.Stage != record.Disputed && rank(t.Grade) > rank(x.Grade) {
		c.fail("R17", "claim %v of grade %v is %v on the title %v of grade %v", id, x.Grade, x.Stage, t.at, t.Grade)
	}
	if x.Stage == record.Silent && t.Holder == x.From && x.Proved <= max(t.Proved, t.Since) {
		c.fail("R17", "claim %v, signed at %d, would win by silence the title %v, proved at %d and held since %d", id, x.Proved, t.at, t.Proved, t.Since)
	}
}

// entry keeps R17 for a title of a grade that is not settled: nothing is made of it.
func (c *checker) entry(at wire.Resource, t *record.Title, f *record.Folio) {
	if t.State == record.Held && !t.Grade.Settled() && (len(f.Charges) > 0 || len(f.Estates) > 0) {
		c.fail("R17", "the title %v of grade %v is charged, granted or let", at, t.Grade)
	}
}
