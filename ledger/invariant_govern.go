package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// tallies keeps that the state counts its authorisations and its holders rightly.
func (c *checker) tallies() {
	if c.b.chain.Origins != c.origins {
		c.fail("GOV-31", "%d authorisations are counted, %d stand", c.b.chain.Origins, c.origins)
	}
	if c.b.chain.Holders != uint64(len(c.owners)) {
		c.fail("GOV-13", "%d holders are counted, there are %d", c.b.chain.Holders, len(c.owners))
	}
	for owner, n := range c.owners {
		leaf, ok := c.b.e.Get(record.HandleKey(owner))
		if !ok || must(record.HandleFromBytes(leaf.Data)).Titles != n {
			c.fail("GOV-13", "the owner %v has %d settled titles, the state counts others", owner, n)
		}
	}
}

// bodies keeps R14 as far as one state shows it: what is above its cap has a cure
// term; and that the roll, the agenda and the bodies agree.
func (c *checker) bodies() {
	roll, seen := c.b.roll(), map[wire.Address]bool{}
	for _, key := range roll.Members {
		m, ok := c.b.member(key)
		if !ok || m.PubKey != key || m.Power != 1 {
			c.fail("GOV-21", "the roll lists the member %x, which is not there as such", key)
			continue
		}
		if !m.Account.IsZero() && seen[m.Account] {
			c.fail("GOV-5", "%v votes for two members", m.Account)
		}
		seen[m.Account] = true
	}
	for _, id := range roll.Registrars {
		if leaf, ok := c.b.e.Get(record.RegistrarKey(id)); !ok || must(record.RegistrarFromBytes(leaf.Data)).Removed != 0 {
			c.fail("GOV-9", "the roll lists the registrar %v, which does not serve", id)
		}
	}
	for _, x := range c.b.agenda().List {
		if m, ok := c.b.motion(x.Act); !ok || m.State.Over() {
			c.fail("GOV-3", "the agenda lists proposal %v, of which nothing will become", x.Act)
		}
	}
	c.caps()
}

func (c *checker) caps() {
	cures := c.b.cures()
	for i := range cures.List {
		x := &cures.List[i]
		if _, ok := c.b.e.Get(record.EndCure(x)); ok == x.Overdue {
			c.fail("GOV-18", "the cure term of %v %q is overdue: %v, queued: %v", x.Scope, x.Name, x.Overdue, ok)
		}
	}
	// A test network may begin above its caps; from the first change on there is a record.
	if _, ok := c.b.e.Get(record.CuresKey); !ok {
		return
	}
	for _, x := range c.b.capsOf(c.b.members()) {
		if cured := indexOf(cures.List, &x.Cure) >= 0; cured != x.above {
			c.fail("R14", "%v %q has %d members, above its cap: %v, with a cure term: %v", x.Scope, x.Name, x.n, x.above, cured)
		}
	}
}

// governs keeps that a due item of governance has its object; ok is false for one
// of another kind.
func (c *checker) governs(k tree.Key, d *record.Due) (has, ok bool) {
	switch d.Kind {
	case record.DueMotion:
		m, has := c.b.motion(d.Act)
		return has && m.due() == k, true
	case record.DueCure:
		return slices.ContainsFunc(c.b.cures().List, func(x record.Cure) bool { return record.CureID(&x) == d.Act && record.EndCure(&x) == k }), true
	}
	return false, false
}
