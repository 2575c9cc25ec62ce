package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// carriedTo gives a piece of a cut title what stands against that piece, with
// the ends queued. The ends at the closed title were dropped before.
//
// specs/22 DISP-6: When a title is cut, each piece carries every restriction whose
// block it overlaps, at the overlap, by the same act and with the same times.
func (b *block) carriedTo(t titled, piece wire.Resource) []byte {
	var list []record.Restriction
	for _, x := range restrictionsOn(t) {
		if inr.Overlaps(x.At, piece) && !b.stale(x) {
			x.At = narrower(x.At, piece)
			list = append(list, x)
		}
	}
	b.addEnds(list)
	return record.RestrictionsBytes(list)
}

// stale reports whether a caution is over that is still written.
//
// specs/22 DISP-8: A caution ends with its case, or with the claim that it stands for.
func (b *block) stale(x record.Restriction) bool {
	if x.Kind != record.Caution {
		return false
	}
	if _, claim := b.claimAt(x.Act); claim {
		return false
	}
	c := b.caseAt(x.Act)
	return c == nil || c.State != record.CaseEntered
}

// sameMarks checks that two halves bear the same marks, each on the whole half;
// what binds refused the merge before.
//
// specs/22 DISP-7: Halves are merged only if they bear the same marks, by the same
// acts and with the same times, each on the whole of its half.
func (b *block) sameMarks(x, y titled) error {
	l, h := b.standingOn(x), b.standingOn(y)
	same := func(p, q record.Restriction) bool {
		if p.At != x.at || q.At != y.at {
			return false
		}
		q.At = p.At
		return p == q
	}
	if !slices.EqualFunc(l, h, same) {
		return tx.Refuse("DISP-7", "resource", "%v and %v differ in what is recorded against them", x.at, y.at)
	}
	return nil
}

// standingOn is what stands against a title, without cautions that are over.
func (b *block) standingOn(t titled) []record.Restriction {
	return slices.DeleteFunc(restrictionsOn(t), b.stale)
}

// widened gives a merge the marks that both halves bear.
func (b *block) widened(half titled, whole wire.Resource) []byte {
	list := b.standingOn(half)
	for i := range list {
		list[i].At = whole
	}
	b.addEnds(list)
	return record.RestrictionsBytes(list)
}
