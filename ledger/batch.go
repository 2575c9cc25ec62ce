package ledger

import (
	"ipledger/ledger/record"
)

// batch is how many of some estates that end together, from the first on, the
// ledger block surely has room for. They end in one batch if that can be, so
// that only what they leave behind decides what is narrowed: all of the estates
// that end together are gone by then.
//
// specs/07 DUE-3: the end of an estate with others inside goes on in the next
// ledger block from where it stopped.
func (b *block) batch(gone []ended) int {
	changes, looks := BlockChangesMax-endChanges-b.written, blockLooksMax-b.looked
	weight := BlockWeightMax - endWeight - b.weight
	for i := range gone {
		c := b.costOf(&gone[i])
		changes, weight, looks = changes-c.changes, weight-c.weight, looks-c.looks
		if min(changes, weight, looks) < 0 {
			return i
		}
	}
	return len(gone)
}

// cost is what the end of one estate changes and looks at, at most.
type cost struct{ changes, weight, looks int }

// usualWeight is the data of one changed record on the average, before and after.
const usualWeight = 2 << 10

// costOf is the most that an end costs, by what rests on the estate and on those
// rights outside it that its holder has.
func (b *block) costOf(g *ended) cost {
	own := b.resting(g.at, g.ID)
	c := cost{changes: len(own.Refs)*(1+coverMax) + len(own.Places) + 5 + worstEstates}
	for _, l := range b.outside(g) {
		if l.holder == g.Holder {
			c = c.and(b.resting(l.at, l.id()), g)
		}
	}
	if g.Kind == record.Lease && len(g.Lease[0].Back) > 0 {
		c.changes, c.looks = c.changes+len(g.Lease[0].Back)*(1+coverMax), looksMax
	}
	c.weight = min(c.changes*usualWeight, worstWeight)
	return c
}

// and adds what narrowing on one right outside costs: what is taken away, and as
// much as may rest on it written anew.
func (c cost) and(x *record.Resting, g *ended) cost {
	c.changes += len(x.Places)
	if n := len(overlapping(x.Refs, g.at)); n > 0 {
		c.changes, c.looks = c.changes+(n+record.OriginsMax)*(1+coverMax), looksMax
	}
	return c
}
