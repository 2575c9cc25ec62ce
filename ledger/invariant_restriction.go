package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// restriction keeps what one state shows of R8: what is recorded against a title
// names a block of it and has an end, which is queued where its kind has an item.
func (c *checker) restriction(at wire.Resource, x record.Restriction) {
	if !inr.Covers(at, x.At) {
		c.fail("R8", "a restriction by %v on the title %v names %v outside it", x.Act, at, x.At)
	}
	if x.Until == 0 && !x.Kind.Mark() {
		c.fail("R8", "the restriction by %v on %v has no end", x.Act, at)
	}
	if !x.Kind.Queued() {
		return
	}
	c.bound++
	if _, ok := c.b.e.Get(restrictionDue(&x)); !ok {
		c.fail("R8", "the restriction by %v on %v ends at %d without due item", x.Act, x.At, x.Until)
	}
}

// matter reports whether the due item of a case or an order is that of its record.
func (c *checker) matter(k tree.Key, d *record.Due) bool {
	if d.Sort == record.SortOrder {
		o := c.b.orderAt(d.Act)
		return o != nil && k == matterDue(o.Until, d.Act, d.Sort)
	}
	x := c.b.caseAt(d.Act)
	return x != nil && k == matterDue(x.Next, d.Act, d.Sort)
}
