package ledger_test

import (
	"fmt"
	"math"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// What a malicious holder would try. Every ledger block here is followed by a
// look at every invariant.

// The most that can stand at one block: its four nested holders each still
// possess a corner of it, so each may authorise the whole 64 times.
func TestAttack_ORIGIN4_fullFolio(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid", "dan"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	outer := w.grant("ann", "bob", "16.0.0.0/24", true)
	w.grant("bob", "cid", "16.0.0.0/24", true)
	w.grant("cid", "dan", "16.0.0.0/24", true)
	for i, name := range []string{"ann", "bob", "cid"} {
		w.grant("dan", name, fmt.Sprintf("16.0.0.%d/26", 64*i), false)
	}
	for _, name := range []string{"ann", "bob", "cid", "dan"} {
		var acts []tx.Verified
		for as := range uint64(record.OriginsMax) {
			acts = append(acts, w.sign(name, originOf("16.0.0.0/24", 24, math.MaxUint32-as)))
		}
		for _, r := range w.block(1, acts...).Receipts {
			if r.Outcome != ledger.Done {
				t.Fatalf("%s: %s: %s", name, r.Rule, r.Detail)
			}
		}
		w.refused("ORIGIN-4", name, originOf("16.0.0.0/24", 24, 1))
	}
	leaf, _ := w.state.Get(tree.ResourceKey(resource("16.0.0.0/24")))
	if n := len(leaf.Data); n < 4*record.OriginsMax*60 || n > min(record.FolioBytesMax, tree.DataBytesMax) {
		t.Fatalf("the fullest folio has %d bytes", n)
	}
	w.do("bob", &tx.GrantGiveUp{Resource: resource("16.0.0.0/24"), Grant: outer})
	wantOrigins(t, w, "bob")
	wantOrigins(t, w, "dan")
	if n := len(w.origins("ann")); n != record.OriginsMax {
		t.Fatalf("the titleholder has %d authorisations left", n)
	}
}

// A grant under notice is divided, its pieces come to lie in one title again
// and are divided anew: each ends by itself, once, and is counted once.
func TestAttack_TITLE8_EST7_pieces(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/22"}})
	g := w.grant("ann", "bob", "16.0.0.0/22", true)
	w.do("ann", &tx.GrantNotice{Resource: resource("16.0.0.0/22"), Grant: g})
	ends := w.estates("16.0.0.0/22")[0].Ends
	terms := func(want uint64) {
		t.Helper()
		var got uint64
		if leaf, ok := w.state.Get(tree.DueKey(ends, record.RankCount, wire.Hash{})); ok {
			count, err := record.EndsFromBytes(leaf.Data)
			if err != nil {
				t.Fatal(err)
			}
			got = count.Count
		}
		if got != want {
			t.Fatalf("%d terms are counted, want %d", got, want)
		}
	}
	terms(1)
	w.do("ann", &tx.Split{Resource: resource("16.0.0.0/22"), Part: resource("16.0.0.0/24")})
	terms(3)
	w.do("ann", &tx.Merge{Resource: resource("16.0.0.0/23")})
	w.do("ann", &tx.Merge{Resource: resource("16.0.0.0/22")})
	terms(3) // the pieces stay where they are
	w.do("bob", &tx.GrantGiveUp{Resource: resource("16.0.1.0/24"), Grant: g})
	terms(2)
	w.refused("EST-9", "bob", &tx.GrantGiveUp{Resource: resource("16.0.1.0/24"), Grant: g})
	w.refused("EST-5", "ann", &tx.GrantNotice{Resource: resource("16.0.2.0/23"), Grant: g})
	w.do("ann", &tx.Split{Resource: resource("16.0.0.0/22"), Part: resource("16.0.3.0/24")})
	terms(3)
	w.block(ends - w.last.Time)
	terms(0)
	for _, text := range []string{"16.0.0.0/24", "16.0.2.0/24", "16.0.3.0/24"} {
		if list := w.estates(text); len(list) != 0 {
			t.Fatalf("%s still has %v", text, list)
		}
	}
}

// Handing one large title round does not make credit: who receives it pays for
// the acceptance first, and the minutes before that count at its old rate.
func TestAttack_CRED1_round(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/8"}})
	e, p := w.state.Edit(), parameters(t, w.state)
	p.CreditCap = 100
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	w.state = e.Freeze()
	w.block(7 * 86400)
	for i, from := range []string{"ann", "bob"} {
		to := []string{"bob", "cid"}[i]
		w.transfer(from, to, "16.0.0.0/8", false)
		w.do(to, originOf("16.0.0.0/8", 8, 1))
		if left := w.account(to).Credit.Amount; left > 100 {
			t.Fatalf("%s made %d credit of a title it has had for a second", to, left)
		}
	}
}

// Times at the end of the clock overflow nothing.
func TestAttack_DEAL3_ADM5_clock(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	for _, times := range [][2]uint64{{0, math.MaxUint64}, {math.MaxUint64 - 1, math.MaxUint64}, {start, start + 1}} {
		offer := offerOf(w, "16.0.0.0/24", "bob")
		offer.Earliest, offer.Until = times[0], times[1]
		w.refused("DEAL-3", "ann", offer)
	}
	h := tx.Header{Author: who("ann"), Policy: 1, Number: w.lanes[who("ann")], Expires: math.MaxUint64, Rules: tx.RulesVersion}
	w.inadmissible("ADM-5", w.signWith(h, originOf("16.0.0.0/24", 24, 1), w.keys[who("ann")]))
}

// In the block in which a title was cut, nothing that was agreed on the whole,
// and no folio just opened, can be dealt in.
func TestAttack_TITLE5_DEAL2_oneBlock(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/22"}})
	a, b := w.offer("ann", "bob", "16.0.0.0/24", true), w.offer("ann", "bob", "16.0.3.0/24", true)
	value := w.value("16.0.0.0/22")
	receipts := w.block(1,
		w.sign("bob", &tx.TransferAccept{Offer: a, Resource: resource("16.0.0.0/24"), Value: value}),
		w.sign("bob", &tx.TransferAccept{Offer: b, Resource: resource("16.0.3.0/24"), Value: value}),
		w.sign("bob", &tx.TransferAccept{Offer: a, Resource: resource("16.0.0.0/24"), Value: value}),
		w.sign("ann", &tx.Split{Resource: resource("16.0.2.0/23"), Part: resource("16.0.3.0/24")}),
		w.sign("ann", &tx.Merge{Resource: resource("16.0.0.0/23")}),
	).Receipts
	for i, want := range []string{"", "DEAL-2", "DEAL-5", "TITLE-5", "TITLE-2"} {
		if receipts[i].Rule != want {
			t.Errorf("act %d: got %q, want %q", i, receipts[i].Rule, want)
		}
	}
}

// New keys void what the old ones signed, and bind the same account: they can
// take back an offer that the old ones made.
func TestAttack_POL1_DEAL7_keys(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	offer := w.offer("ann", "bob", "16.0.0.0/24", false)
	_, fresh := identity("a new key of ann's")
	w.do("ann", &tx.SetPolicy{TitleKeys: []account.Key{keyOf(fresh)}, TitleK: 1})
	old := tx.Header{Author: who("ann"), Policy: 1, Number: w.lanes[who("ann")], Expires: w.last.Time + 60, Rules: tx.RulesVersion}
	w.inadmissible("ADM-2", w.signWith(old, &tx.OfferCancel{Offer: offer}, w.keys[who("ann")]))
	old.Policy = 2
	w.inadmissible("ADM-3", w.signWith(old, &tx.OfferCancel{Offer: offer}, w.keys[who("ann")]))
	w.keys[who("ann")] = fresh
	w.do("ann", &tx.OfferCancel{Offer: offer})
	w.refused("DEAL-5", "bob", &tx.TransferAccept{Offer: offer, Resource: resource("16.0.0.0/24"), Value: w.value("16.0.0.0/24")})
}

// One piece of work opens one account, in one block or two.
func TestAttack_ADM9_replay(t *testing.T) {
	w := newWorld(t, []string{"ann"}, nil)
	w.do("ann", openBody(w, "eve"))
	v := w.work("eve", w.last.Hash, 8)
	if _, err := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{v, v}, nil); err == nil {
		t.Fatal("one opening was admitted twice in a block")
	}
	w.block(1, v)
	w.inadmissible("ADM-9", v)
}

// A proposal made of acts that fit is one that others find to fit, whatever
// was tried and left out in between.
func TestAttack_ADM4_R11_proposal(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/20"}})
	var acts []tx.Verified
	for i := range 16 {
		acts = append(acts, w.sign("ann", originOf(fmt.Sprintf("16.0.%d.0/24", i), 24, 1)))
		acts = append(acts, w.sign("bob", originOf(fmt.Sprintf("16.0.%d.0/24", i), 24, 1))) // fails, is in
	}
	acts[6], acts[8] = acts[8], acts[6] // ann's fourth number comes after her fifth: none follows it
	places, err := ledger.Propose(w.state, w.last, w.header(1), acts)
	if err != nil || len(places) != 16+4 {
		t.Fatalf("%d of %d acts chosen, %v", len(places), len(acts), err)
	}
	var chosen []tx.Verified
	for _, i := range places {
		chosen = append(chosen, acts[i])
	}
	w.block(1, chosen...)
}
