package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
)

func listOf(w *world, text string, purpose tx.Purpose) *tx.List {
	return &tx.List{Resource: resource(text), Purpose: purpose, Price: "20 a year", Until: w.last.Time + 500}
}

func TestApply_LIST1(t *testing.T) {
	w := lending(t)
	w.grant("ana", "ben", "60.0.0.0/20", false)
	w.do("ana", listOf(w, "60.0.0.0/16", tx.ForSale))
	w.refused("LIST-1", "ben", listOf(w, "60.0.0.0/20", tx.ForSale))
	w.refused("TITLE-4", "ana", listOf(w, "60.0.64.0/25", tx.ForSale))
	w.refused("TITLE-1", "ana", listOf(w, "62.0.0.0/16", tx.ForSale))
	w.do("ben", listOf(w, "60.0.0.0/22", tx.ForLease))
	w.refused("LIST-1", "ana", listOf(w, "60.0.0.0/20", tx.ForLease))
	w.refused("LIST-1", "ana", listOf(w, "60.0.0.0/16", tx.ForLease)) // a part is ben's
	// It binds nobody: the value stands, and no one can accept it.
	before := w.value("60.1.0.0/16")
	id := w.do("ana", listOf(w, "60.1.0.0/16", tx.ForSale))
	if w.value("60.1.0.0/16") != before {
		t.Fatal("a listing changed the dealing value")
	}
	w.refused("DEAL-5", "ben", takeOf(w, id, "60.1.0.0/16"))
}

func TestApply_LIST2(t *testing.T) {
	w := lending(t)
	l := listOf(w, "60.0.0.0/16", tx.ForLease)
	l.Until = w.last.Time + 1
	w.refused("LIST-2", "ana", l)
	l.Until = w.last.Time + 2 + ledger.OfferSecondsMax
	w.refused("LIST-2", "ana", l)
	first := w.do("ana", listOf(w, "60.0.0.0/16", tx.ForSale))
	over := w.last.Time + 499
	for range record.OffersMax - 1 {
		w.do("ana", listOf(w, "60.0.0.0/24", tx.ForLease))
	}
	w.refused("LIST-2", "ana", listOf(w, "60.0.0.0/16", tx.ForSale))
	w.do("ana", listOf(w, "60.1.0.0/16", tx.ForSale))         // another title
	offer := w.offer("ana", "ben", "60.0.0.0/16", false)      // offers are counted apart
	w.refused("DEAL-7", "ben", &tx.OfferCancel{Offer: first}) // as an offer
	w.do("ana", &tx.OfferCancel{Offer: first})
	second := w.do("ana", listOf(w, "60.0.0.0/16", tx.ForSale))
	w.until(over + 1) // all but the first lapse a little later each
	if _, ok := w.state.Get(record.OfferKey(second)); !ok {
		t.Fatal("a listing ended early")
	}
	w.until(w.last.Time + 600)
	if _, ok := w.state.Get(record.OfferKey(second)); ok {
		t.Fatal("a listing outlives its time")
	}
	if _, ok := w.state.Get(record.ListingsKey(who("ana"), resource("60.0.0.0/16"))); ok {
		t.Fatal("an index of nothing is left")
	}
	w.do("ben", takeOf(w, offer, "60.0.0.0/16"))
}
