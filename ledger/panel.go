package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// jurisdictionsMin is from how many jurisdictions a panel is drawn.
const jurisdictionsMin = 3

// seated is an adjudicator in the order of a draw.
type seated struct {
	account      wire.Address
	jurisdiction string
	lot          wire.Hash
}

// drawPanel picks the adjudicators that hear a case; none where three
// jurisdictions cannot be had. Nobody who acts in the case knows the hash of the
// ledger block that carries the act, so that nobody picks the panel.
//
// specs/22 DISP-14: of all adjudicators who have a vote in it, in ascending order of
// SHA-256(0x72 ‖ case ‖ hash of the last act-bearing header ‖ account), first the
// first of each jurisdiction until there are three, then in order until there are 7.
func (b *block) drawPanel(id wire.Hash, c *record.Case) []wire.Address {
	all := b.lots(id, c)
	var panel []wire.Address
	var from []string
	sit := func(want func(seated) bool, most int) {
		for _, s := range all {
			if len(panel) < most && !slices.Contains(panel, s.account) && want(s) {
				panel, from = append(panel, s.account), append(from, s.jurisdiction)
			}
		}
	}
	sit(func(s seated) bool { return !slices.Contains(from, s.jurisdiction) }, jurisdictionsMin)
	if len(panel) < jurisdictionsMin {
		return nil
	}
	sit(func(seated) bool { return true }, record.PanelMax)
	slices.SortFunc(panel, func(x, y wire.Address) int { return bytes.Compare(x[:], y[:]) })
	return panel
}

// lots are the adjudicators who may sit, in the order of the draw.
func (b *block) lots(id wire.Hash, c *record.Case) (all []seated) {
	var last []byte
	if leaf, ok := b.e.Get(record.RingKey(b.chain.Bearing - 1)); ok && b.chain.Bearing > 0 {
		last = leaf.Data
	}
	for _, who := range b.roll().Adjudicators {
		leaf, ok := b.e.Get(record.AdjudicatorKey(who))
		if !ok || b.partial(c, who) {
			continue
		}
		a := wire.Own[record.Adjudicator](leaf.Data)
		all = append(all, seated{who, a.Jurisdiction, wire.Sum(wire.TagDealing, id[:], last, who[:])})
	}
	slices.SortFunc(all, func(x, y seated) int { return bytes.Compare(x.lot[:], y.lot[:]) })
	return all
}
