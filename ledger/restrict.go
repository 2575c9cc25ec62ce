package ledger

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// worstRestriction is the most records that the end of a restriction changes: its
// due item, taken and perhaps put off, and the title.
const worstRestriction = 3

// restrictionsOn is what stands against a title, by act, kind and block.
func restrictionsOn(t titled) []record.Restriction {
	if len(t.folio.Restrictions) == 0 {
		return nil
	}
	return record.OwnRestrictions(t.folio.Restrictions)
}

// restrict enters a restriction on a title, with the due item that ends it if its
// kind has one. Since is the header's time. Who calls it keeps the bound of the
// restriction's kind, and names an end after the header's time.
func (b *block) restrict(t titled, x record.Restriction) {
	x.Rules, x.Since = record.Rules, b.now.Time
	list := append(slices.Clone(restrictionsOn(t)), x)
	slices.SortFunc(list, compareRestrictions)
	b.putRestrictions(t, list, x.Kind)
	b.addEnds([]record.Restriction{x})
}

// unrestrict takes off a title what an act entered of one kind, at every block.
func (b *block) unrestrict(t titled, kind record.RestrictionKind, act wire.Hash) {
	b.lifted(t, kind, func(x record.Restriction) bool { return x.Kind == kind && x.Act == act })
}

// lifted takes off a title the restrictions of a kind that want names.
func (b *block) lifted(t titled, kind record.RestrictionKind, want func(record.Restriction) bool) {
	var gone, stay []record.Restriction
	for _, x := range restrictionsOn(t) {
		if want(x) {
			gone = append(gone, x)
			continue
		}
		stay = append(stay, x)
	}
	b.dropEnds(gone)
	b.putRestrictions(t, stay, kind)
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
	return cmp.Or(bytes.Compare(x.Act[:], y.Act[:]), cmp.Compare(x.Kind, y.Kind), inr.Compare(x.At, y.At))
}

// addEnds queues the ends of restrictions.
//
// specs/22 DISP-8: Every freeze and contest MUST have an end, and waits for it in
// the due-queue at each block that it names.
func (b *block) addEnds(list []record.Restriction) {
	for i := range list {
		if x := &list[i]; x.Kind.Queued() {
			b.write(restrictionDue(x), &record.Due{
				Rules: record.Rules, Kind: record.DueRestriction, Act: x.Act, Resource: x.At, Sort: uint64(x.Kind),
			})
		}
	}
}

// dropEnds takes the ends of restrictions off the queue.
func (b *block) dropEnds(list []record.Restriction) {
	for i := range list {
		if x := &list[i]; x.Kind.Queued() {
			b.remove(restrictionDue(x))
		}
	}
}

// restrictionDue is where the end of a restriction waits.
//
// specs/07 DUE-2: for a restriction, which a cut of its title may divide, an
// item's id is SHA-256(0x72 ‖ act ‖ kind ‖ block).
func restrictionDue(x *record.Restriction) tree.Key {
	return tree.DueKey(x.Until, record.RankBound, wire.Sum(wire.TagDealing, x.Act[:], []byte{byte(x.Kind)}, x.At.Key()))
}

// dueRestriction ends a restriction at one block.
func (b *block) dueRestriction(d *record.Due) {
	t, x, ok := b.restrictionAt(d.Resource, record.RestrictionKind(d.Sort), d.Act)
	if !ok {
		panic(fmt.Errorf("%w: no restriction of kind %d by %v at %v for its due item", ErrCorrupt, d.Sort, d.Act, d.Resource))
	}
	if until := b.standsUntil(x); until > b.now.Time {
		b.putOff(t, x, until)
		return
	}
	b.lifted(t, x.Kind, func(y record.Restriction) bool { return compareRestrictions(x, y) == 0 })
}

// putOff gives a restriction a later end.
func (b *block) putOff(t titled, x record.Restriction, until uint64) {
	list := restrictionsOn(t)
	for i := range list {
		if compareRestrictions(list[i], x) == 0 {
			b.dropEnds(list[i : i+1])
			list[i].Until = until
			b.addEnds(list[i : i+1])
		}
	}
	b.putRestrictions(t, list, x.Kind)
}

// restrictionAt finds what an act entered of one kind at exactly one block.
func (b *block) restrictionAt(r wire.Resource, kind record.RestrictionKind, act wire.Hash) (titled, record.Restriction, bool) {
	t, ok := b.titleOf(r)
	if !ok {
		return t, record.Restriction{}, false
	}
	want := record.Restriction{Kind: kind, Act: act, At: r}
	for _, x := range restrictionsOn(t) {
		if compareRestrictions(x, want) == 0 {
			return t, x, true
		}
	}
	return t, record.Restriction{}, false
}
