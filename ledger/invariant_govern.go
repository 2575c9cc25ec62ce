package ledger

import (
	"ipledger/ledger/record"
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
