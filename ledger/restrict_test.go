package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// mark enters a restriction on a title, as an act of another family would.
func (w *world) mark(text string, x record.Restriction) {
	at := resource(text)
	f := w.folio(text)
	x.Rules, x.At = record.Rules, at
	f.Restrictions = record.RestrictionsBytes([]record.Restriction{x})
	e := w.state.Edit()
	e.Put(record.FolioLeaf(at, f))
	w.state = e.Freeze()
}

// TestAccept_DEAL1_DEAL2: a mark leaves an offer standing, but who accepts has to
// have seen it; a restriction that binds lets the offer lapse.
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
	w.mark("60.0.0.0/16", record.Restriction{Kind: record.Contest, Act: wire.Hash{1}, Until: w.last.Time + 100000})
	bound := takeOf(w, offer, "60.0.0.0/16")
	bound.Value = w.folio("60.0.0.0/16").Marked()
	w.refused("DEAL-2", "ben", bound)
}
