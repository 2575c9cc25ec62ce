package ledger_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// mark enters a restriction on a title, as an act of another family would.
func (w *world) mark(text string, x record.Restriction) {
	at := resource(text)
	x.Rules = record.Rules
	if x.At == (wire.Resource{}) {
		x.At = at
	}
	list := append(w.restrictions(text), x)
	slices.SortFunc(list, func(a, b record.Restriction) int {
		return cmp.Or(bytes.Compare(a.Act[:], b.Act[:]), cmp.Compare(a.Kind, b.Kind), inr.Compare(a.At, b.At))
	})
	f, title := w.folio(text), w.title(text)
	if !x.Kind.Mark() {
		title.Counter++
	}
	f.Title, f.Restrictions = title.Bytes(), record.RestrictionsBytes(list)
	e := w.state.Edit()
	e.Put(record.FolioLeaf(at, f))
	if x.Kind.Queued() {
		e.Put(record.Leaf(restrictionDue(x), wire.Encode(&record.Due{
			Rules: record.Rules, Kind: record.DueRestriction, Act: x.Act, Resource: x.At, Sort: uint64(x.Kind),
		})))
	}
	w.state = e.Freeze()
}

// restrictionDue is where the end of a restriction waits (DUE-2).
func restrictionDue(x record.Restriction) tree.Key {
	id := wire.Sum(wire.TagDealing, x.Act[:], []byte{byte(x.Kind)}, x.At.Key())
	return tree.DueKey(x.Until, record.RankBound, id)
}

func (w *world) restrictions(text string) []record.Restriction {
	list, err := record.RestrictionsFromBytes(w.folio(text).Restrictions)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// TestAccept_DEAL1_DEAL2: a mark leaves an offer standing, but who accepts has to
// have seen it; a restriction that is no mark lets the offer lapse.
func TestAccept_DEAL1_DEAL2_marks(t *testing.T) {
	w := lending(t)
	offer := w.do("ana", offerOf(w, "60.0.0.0/16", "ben"))
	blind := takeOf(w, offer, "60.0.0.0/16")
	before := w.folio("60.0.0.0/16").Dealing()
	w.mark("60.0.0.0/16", record.Restriction{Kind: record.Caution, Act: wire.Hash{1}, Until: w.last.Time + 100000})
	if f := w.folio("60.0.0.0/16"); f.Dealing() != before || f.Marked() == before {
		t.Fatal("a mark changes the marked value and leaves the dealing value")
	}
	w.refused("DEAL-1", "ben", blind)
	seeing := *blind
	seeing.Value = w.folio("60.0.0.0/16").Marked()
	w.do("ben", &seeing)

	w = lending(t)
	offer = w.do("ana", offerOf(w, "60.0.0.0/16", "ben"))
	w.mark("60.0.0.0/16", record.Restriction{Kind: record.Claimed, Act: wire.Hash{1}, Until: w.last.Time + 100000})
	bound := takeOf(w, offer, "60.0.0.0/16")
	bound.Value = w.folio("60.0.0.0/16").Marked()
	w.refused("DEAL-2", "ben", bound)
}
