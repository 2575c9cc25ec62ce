package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestLends_API19: a lender is told of what comes over the titles under its charges, and
// of nothing when they are released.
func TestLends_API19(t *testing.T) {
	w, a, _, _ := busy(t)
	told := func(query string) (out []string, next string) {
		var got struct {
			Charges []struct {
				At           string
				Charge       struct{ Rank int }
				Restrictions []struct{ Kind string }
				Recovery     *struct{ Stage string }
			}
			Next string
		}
		code, raw := get(t, a, "/v1/accounts/"+who("bob").String()+"/charges"+query)
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
			t.Fatalf("got %d %s, %v", code, raw, err)
		}
		readOpenAPI(t).conforms(t, "/v1/accounts/{id}/charges", "get", "200", raw)
		for _, c := range got.Charges {
			line := fmt.Sprintf("%s %d", c.At, c.Charge.Rank)
			for _, x := range c.Restrictions {
				line += " " + x.Kind
			}
			if c.Recovery != nil {
				line += " recovery " + c.Recovery.Stage
			}
			out = append(out, line)
		}
		return out, got.Next
	}
	want := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	got, _ := told("")
	want("nothing lent", got)
	at := res("193.0.0.0/16")
	lend := w.signed("ann", &tx.ChargePropose{Resource: at, To: who("bob"), Mode: tx.ModeSale, Deed: wire.Hash{1}, Value: dealing(t, w, "193.0.0.0/16"), Until: w.View().Time + 600})
	w.block(lend)
	charge := w.signed("bob", &tx.ChargeAccept{Offer: lend.ID(), Resource: at, Value: dealing(t, w, "193.0.0.0/16")})
	w.block(charge)
	got, _ = told("")
	want("lent", got, "193.0.0.0/16 1")
	mark(t, w, at, record.Restriction{Rules: 1, Kind: record.Diverges, Act: wire.Hash{2}, At: at, Says: "ORG-2"})
	w.block(w.signed("ann", &tx.Split{Resource: at, Part: res("193.0.0.0/17")}))
	got, _ = told("")
	want("a divergence, and a cut", got, "193.0.0.0/17 1 divergence", "193.0.128.0/17 1 divergence")
	got, next := told("?limit=1")
	want("a page", got, "193.0.0.0/17 1 divergence")
	if got, _ = told("?after=" + next); next != "193.0.0.0/17" || len(got) != 1 {
		t.Errorf("the next page, after %s: %q", next, got)
	}
	v := &w.views[len(w.views)-1]
	e := v.State.Edit()
	e.Put(record.Leaf(record.RecoveryKey(who("ann")), wire.Encode(&record.Recovery{Rules: 1, Began: 3, At: 9, Proposals: []record.Proposal{{Act: wire.Hash{4}, TitleK: 1, By: []wire.Address{who("bob")}}}})))
	v.State = e.Freeze()
	got, _ = told("?limit=1")
	want("a recovery of the holder", got, "193.0.0.0/17 1 divergence recovery running")
	for _, half := range []string{"193.0.0.0/17", "193.0.128.0/17"} {
		w.block(w.signed("bob", &tx.ChargeRelease{Resource: res(half), Charge: charge.ID()}))
	}
	got, _ = told("")
	want("released", got)
}

// mark puts a restriction at a title, past all rules.
func mark(t *testing.T, w *world, at wire.Resource, x record.Restriction) {
	t.Helper()
	v := &w.views[len(w.views)-1]
	leaf, _ := v.State.Get(tree.ResourceKey(at))
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	f.Restrictions = record.RestrictionsBytes([]record.Restriction{x})
	e := v.State.Edit()
	e.Put(record.FolioLeaf(at, f))
	v.State = e.Freeze()
}
