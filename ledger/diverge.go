package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// mark notes on a bound title what a statement says of it.
//
// specs/21 SRC-9: A title has at most one divergence: it says what the last
// statement that disagrees says, and binds the smallest block of the title around
// all that they disagreed on. It ends by a statement that agrees about all of
// that block.
func (p *settling) mark(t titled, s *tx.Statement) {
	list, old := undiverged(t)
	if s.Source != nil && t.Source.Agrees(s.Source) {
		if old != nil && inr.Covers(s.Block, old.At) {
			p.putRestrictions(t, list, record.Diverges)
		}
		return
	}
	x := record.Restriction{
		Rules: record.Rules, Kind: record.Diverges, Act: p.act, Since: p.now.Time, At: narrower(t.at, s.Block), Says: s.Source.Says(),
	}
	if old != nil {
		if old.Says == x.Says && inr.Covers(old.At, x.At) {
			return
		}
		x.Since, x.At = old.Since, smallestOver(old.At, x.At)
	}
	list = append(list, x)
	slices.SortFunc(list, compareRestrictions)
	p.putRestrictions(t, list, record.Diverges)
}

// undiverged is what stands against a title beside its divergence, and that.
func undiverged(t titled) (list []record.Restriction, old *record.Restriction) {
	for _, x := range restrictionsOn(t) {
		if x.Kind == record.Diverges {
			old = &x
			continue
		}
		list = append(list, x)
	}
	return list, old
}

// smallestOver is the smallest block that covers two of one family.
func smallestOver(x, y wire.Resource) wire.Resource {
	for !inr.Covers(x, y) {
		x = inr.Truncate(x, x.Len-1)
	}
	return x
}
