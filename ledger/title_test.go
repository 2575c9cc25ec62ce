package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func offerOf(w *world, text, to string) *tx.TransferOffer {
	return &tx.TransferOffer{Resource: resource(text), To: who(to), Value: w.value(text), Until: w.last.Time + 86400}
}

func TestApply_TITLE1(t *testing.T) {
	w := two(t)
	w.refused("TITLE-1", "ana", offerOf(w, "62.0.0.0/16", "ben"))
	w.refused("TITLE-1", "ana", offerOf(w, "60.0.0.0/15", "ben")) // wider than the title
	w.refused("TITLE-1", "ana", &tx.GrantOffer{Resource: resource("62.0.0.0/16"), To: who("ben"), Until: w.last.Time + 60})
}

func TestApply_TITLE2(t *testing.T) {
	w := two(t)
	w.refused("TITLE-2", "ben", offerOf(w, "60.0.0.0/16", "cat"))
	w.refused("TITLE-2", "ben", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
}

// TestApply_TITLE3 offers titles that are not held, or on too weak a grade.
func TestApply_TITLE3(t *testing.T) {
	w := two(t)
	e := w.state.Edit()
	for text, title := range map[string]record.Title{
		"62.0.0.0/16": {State: record.Unclaimed}, "62.1.0.0/16": {State: record.Available},
		"62.2.0.0/16": {State: record.Held, Holder: who("dan"), Grade: record.GradeC},
	} {
		title.Rules, title.Source.Registry = 1, "arin"
		e.Put(record.FolioLeaf(resource(text), &record.Folio{Title: title.Bytes()}))
	}
	w.recount(e.Freeze())
	for _, text := range []string{"62.0.0.0/16", "62.1.0.0/16", "62.2.0.0/16"} {
		w.refused("TITLE-3", "dan", offerOf(w, text, "ana"))
	}
	w.refused("TITLE-3", "dan", &tx.OriginAuthorise{Resource: resource("62.2.0.0/16"), MaxLength: 16, AS: 1})
}

func TestApply_TITLE4(t *testing.T) {
	w := two(t)
	w.refused("TITLE-4", "ana", offerOf(w, "60.0.0.0/25", "ben"))
	w.refused("TITLE-4", "ana", offerOf(w, "2400:1000::/49", "ben"))
	w.refused("TITLE-4", "ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/25")})
	if f := w.result.Receipts[0].Field; f != "part" {
		t.Errorf("the part of a split is too small, and the field is %q", f)
	}
	w.do("ana", offerOf(w, "60.0.0.0/24", "ben"))
	w.do("ana", offerOf(w, "2400:1000::/48", "ben"))
	w.do("ana", offerOf(w, "AS2003", "ben"))
}

func TestApply_TITLE5_R15(t *testing.T) {
	w := two(t)
	r := w.block(1,
		w.sign("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")}),
		w.sign("ana", &tx.Split{Resource: resource("60.0.0.0/17"), Part: resource("60.0.0.0/18")}),
		w.sign("ana", &tx.Merge{Resource: resource("60.0.0.0/16")}))
	got := []string{r.Receipts[0].Rule, r.Receipts[1].Rule, r.Receipts[2].Rule}
	if want := []string{"", "TITLE-5", "TITLE-5"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func TestApply_TITLE6(t *testing.T) {
	w := two(t)
	w.refused("TITLE-6", "ana", offerOf(w, "60.0.0.0/16", "ana"))
	w.refused("TITLE-6", "ana", offerOf(w, "60.0.0.0/16", "nobody"))
}

// TestApply_TITLE7_R1_R2_R3 sells a part and follows the folios back.
func TestApply_TITLE7_R1_R2_R3_R4(t *testing.T) {
	w := two(t)
	before, _ := w.state.Get(tree.ResourceKey(resource("60.0.0.0/16")))
	w.transfer("ana", "ben", "60.0.64.0/18", false)
	if w.title("60.0.0.0/16") != nil {
		t.Fatal("the folio of the whole is open still")
	}
	for text, holder := range map[string]string{"60.0.0.0/18": "ana", "60.0.64.0/18": "ben", "60.0.128.0/17": "ana"} {
		title := w.title(text)
		if title == nil || title.Holder != who(holder) {
			t.Fatalf("%s: got %+v, want it held by %s", text, title, holder)
		}
		want := record.Predecessor{Resource: resource("60.0.0.0/16"), Value: before.Value}
		if len(title.Predecessors) != 1 || title.Predecessors[0] != want {
			t.Fatalf("%s: predecessors %v, want %v", text, title.Predecessors, want)
		}
	}
	if got, want := w.account("ben").Holdings, (account.Holdings{V4: 16 + 64}); got != want {
		t.Fatalf("ben counts %+v, want %+v", got, want)
	}
	low, _ := w.state.Get(tree.ResourceKey(resource("60.0.0.0/18")))
	w.transfer("ben", "ana", "60.0.64.0/18", false) // whole: the folio goes on
	if got := len(w.title("60.0.64.0/18").Predecessors); got != 1 {
		t.Fatalf("%d predecessors", got)
	}
	w.do("ana", &tx.Merge{Resource: resource("60.0.0.0/17")})
	title := w.title("60.0.0.0/17")
	if len(title.Predecessors) != 2 || title.Predecessors[0] != (record.Predecessor{Resource: resource("60.0.0.0/18"), Value: low.Value}) {
		t.Fatalf("predecessors of the merge: %v", title.Predecessors)
	}
	w.do("ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
}

func TestApply_SPLIT1(t *testing.T) {
	w := two(t)
	w.refused("SPLIT-1", "ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/16")})
	w.refused("SPLIT-1", "ana", &tx.Split{Resource: resource("60.0.0.0/17"), Part: resource("60.0.0.0/18")})
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/18")})
}

func TestApply_MERGE1(t *testing.T) {
	w := two(t)
	w.refused("MERGE-1", "ana", &tx.Merge{Resource: resource("60.0.0.0/16")}) // its halves are no titles
	w.refused("MERGE-1", "ana", &tx.Merge{Resource: resource("AS2000")})
	w.transfer("ana", "ben", "60.0.0.0/17", false)
	w.refused("TITLE-2", "ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
}

func TestApply_MERGE2(t *testing.T) {
	for _, field := range []string{"source", "grade"} {
		t.Run(field, func(t *testing.T) {
			w := two(t)
			w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
			title := w.title("60.0.128.0/17")
			if field == "source" {
				title.Source.Handle = "another"
			} else {
				title.Grade = record.GradeB
			}
			e := w.state.Edit()
			e.Put(record.FolioLeaf(resource("60.0.128.0/17"), &record.Folio{Title: title.Bytes()}))
			w.recount(e.Freeze())
			w.refused("MERGE-2", "ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
		})
	}
}

func TestApply_DEAL1(t *testing.T) {
	w := two(t)
	o := offerOf(w, "60.0.0.0/16", "ben")
	o.Value = wire.Hash{1}
	w.refused("DEAL-1", "ana", o)
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	w.refused("DEAL-1", "ben", &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: wire.Hash{1}})
	w.originate("ana", "60.0.0.0/16", 16, 2000) // routing goes on, the offer stands
	w.do("ben", &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")})
}

func TestApply_DEAL2(t *testing.T) {
	w := two(t)
	accept := func(id wire.Hash, text string) *tx.TransferAccept {
		return &tx.TransferAccept{Offer: id, Resource: resource(text), Value: w.value(text)}
	}
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	w.grant("ana", "cat", "60.0.0.0/24", false)
	w.refused("DEAL-2", "ben", accept(id, "60.0.0.0/16"))
	low := w.offer("ana", "ben", "60.0.0.0/24", false)
	high := w.offer("ana", "cat", "60.0.128.0/17", false)
	w.do("cat", accept(high, "60.0.128.0/17")) // the first wins
	w.refused("DEAL-2", "ben", accept(low, "60.0.0.0/24"))
}

func TestApply_DEAL3(t *testing.T) {
	w := two(t)
	a := w.account("ana")
	a.Delay = 1000
	e := w.state.Edit()
	e.Put(record.Leaf(tree.AccountKey(who("ana")), a.Bytes()))
	w.recount(e.Freeze())
	o := offerOf(w, "60.0.0.0/16", "ben")
	o.Earliest = w.last.Time + 500
	w.refused("DEAL-3", "ana", o)
	o.Earliest, o.Until = 0, w.last.Time+900
	w.refused("DEAL-3", "ana", o)
	o.Until = w.last.Time + 400*24*3600
	w.refused("DEAL-3", "ana", o)
	o.Earliest, o.Until = 1<<64-2, 1<<64-1
	w.refused("DEAL-3", "ana", o)
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	accept := &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")}
	w.refused("DEAL-6", "ben", accept)
	w.block(599)
	w.block(599)
	w.do("ben", accept)
}

func TestApply_DEAL4(t *testing.T) {
	w := two(t)
	var first wire.Hash
	for range record.OffersMax {
		first = w.offer("ana", "ben", "60.0.0.0/16", false)
	}
	w.refused("DEAL-4", "ana", offerOf(w, "60.0.0.0/16", "cat"))
	w.do("ana", &tx.OfferCancel{Offer: first})
	w.offer("ana", "cat", "60.0.0.0/16", false)
}

func TestApply_DEAL5_DUE1(t *testing.T) {
	w := two(t)
	accept := func(id wire.Hash) *tx.TransferAccept {
		return &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")}
	}
	w.refused("DEAL-5", "ben", accept(wire.Hash{1}))
	w.refused("DEAL-5", "ben", &tx.OfferCancel{Offer: wire.Hash{1}})
	id := w.grantOffer("ana", "ben", "60.0.0.0/16", false)
	w.refused("DEAL-5", "ben", accept(id)) // of another kind
	o := offerOf(w, "60.0.0.0/16", "ben")
	o.Until = w.last.Time + 100
	w.do("ana", o)
	id = w.id
	w.last.Time = o.Until - 1
	w.block(1) // what expires at t is gone in a ledger block of time t
	if _, ok := w.state.Get(record.OfferKey(id)); ok {
		t.Fatal("the offer is there at its end")
	}
	w.refused("DEAL-5", "ben", accept(id))
}

func TestApply_DEAL6(t *testing.T) {
	w := two(t)
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	w.refused("DEAL-6", "cat", &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")})
	w.refused("DEAL-6", "ben", &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/17"), Value: w.value("60.0.0.0/16")})
}

func TestApply_DEAL7(t *testing.T) {
	w := two(t)
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	w.refused("DEAL-7", "ben", &tx.OfferCancel{Offer: id})
	w.do("ana", &tx.OfferCancel{Offer: id})
}

// TestApply_REC3 links the folio's values from block to block.
func TestApply_REC3_R15(t *testing.T) {
	w := two(t)
	for i := range uint64(5) {
		before, _ := w.state.Get(tree.ResourceKey(resource("60.0.0.0/16")))
		w.block(1, w.sign("ana", &tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 10 + i}),
			w.sign("ana", &tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 20 + i}))
		if got := w.folio("60.0.0.0/16").Previous; got != before.Value {
			t.Fatalf("previous is %v, want %v", got, before.Value)
		}
	}
}
