package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// restrictionsOn is what stands against a title, by act, then kind.
func restrictionsOn(t titled) []record.Restriction {
	if len(t.folio.Restrictions) == 0 {
		return nil
	}
	return record.OwnRestrictions(t.folio.Restrictions)
}

// restrict enters a restriction on a title. Since is the header's time. Who calls
// it keeps the bound of the restriction's kind.
func (b *block) restrict(t titled, x record.Restriction) {
	x.Rules, x.Since = record.Rules, b.now.Time
	list := append(slices.Clone(restrictionsOn(t)), x)
	slices.SortFunc(list, compareRestrictions)
	b.putRestrictions(t, list, x.Kind)
}

// unrestrict takes a restriction off a title.
func (b *block) unrestrict(t titled, kind record.RestrictionKind, act wire.Hash) {
	list := slices.DeleteFunc(slices.Clone(restrictionsOn(t)), func(x record.Restriction) bool {
		return x.Kind == kind && x.Act == act
	})
	b.putRestrictions(t, list, kind)
}

// putRestrictions writes what stands against a title after one of a kind was
// changed. The title's counter rises unless that is a mark, so that no offer made
// before comes back to life after it.
//
// specs/04 DEAL-2: Every change of an estate inside a title, of its charges and of
// a restriction raises the title's counter; marks leave it.
func (b *block) putRestrictions(t titled, list []record.Restriction, changed record.RestrictionKind) {
	f := b.folio(t.at)
	if !changed.Mark() {
		title := *t.Title
		title.Counter++
		f.Title = title.Bytes()
	}
	f.Restrictions = record.RestrictionsBytes(list)
	b.putFolio(t.at, f)
}

func compareRestrictions(x, y record.Restriction) int {
	if c := bytes.Compare(x.Act[:], y.Act[:]); c != 0 {
		return c
	}
	return int(x.Kind) - int(y.Kind)
}
