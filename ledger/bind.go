package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// unbound checks that a block of a title may be dealt in as far as restrictions go.
//
// specs/22 DISP-1: A freeze binds the block it names (R8). specs/22 DISP-2: A
// contest binds as a freeze does.
func unbound(t titled, r wire.Resource) error {
	for _, x := range restrictionsOn(t) {
		if !x.Kind.Binding() || !inr.Overlaps(x.At, r) {
			continue
		}
		if x.Kind == record.Freeze {
			return tx.Refuse("DISP-1", "resource", "%v is frozen until %s, under %v", x.At, tx.UTC(x.Until), x.Act)
		}
		return contested(x)
	}
	return nil
}

// uncontested checks that a block of a title may be authorised anew.
//
// specs/22 DISP-2: an authorisation that overlaps a contested block fails; those
// that stand go on.
func uncontested(t titled, r wire.Resource) error {
	for _, x := range restrictionsOn(t) {
		if x.Kind == record.Contest && inr.Overlaps(x.At, r) {
			return contested(x)
		}
	}
	return nil
}

func contested(x record.Restriction) error {
	return tx.Refuse("DISP-2", "resource", "%v is contested by %v until that is decided", x.At, x.Act)
}

// standingAt is standing for the title of a right that was found; of a title
// itself it looks at what was read already.
func (b *block) standingAt(l layer) (titled, error) {
	if l.title != nil && l.title.State == record.Held && l.title.Grade.Settled() {
		return titled{l.at, b.pageAt(l.at).folio, l.title}, nil
	}
	return b.standing(l.at)
}
