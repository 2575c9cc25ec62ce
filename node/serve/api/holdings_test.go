package api

import (
	"encoding/json"
	"strings"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestHoldings_followTheBlocks: what the index lists after blocks that move and
// divide titles is what one made anew lists.
func TestHoldings_followTheBlocks_API23(t *testing.T) {
	w, a, _, _ := busy(t)
	list := func(a *API, name, query string) (at []string, next string) {
		var got struct {
			Holdings []struct{ At, Kind string }
			Next     string
		}
		code, raw := get(t, a, "/v1/accounts/"+who(name).String()+"/holdings"+query)
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
			t.Fatalf("got %d %s, %v", code, raw, err)
		}
		for _, h := range got.Holdings {
			at = append(at, h.Kind+" "+h.At)
		}
		return at, got.Next
	}
	if got, _ := list(a, "ann", ""); strings.Join(got, ",") != "title 193.0.0.0/16,title 2001:67c::/32,title AS3333" {
		t.Errorf("got %v", got)
	}
	part := res("193.0.128.0/17")
	folio := func() wire.Hash {
		answer, err := light.Read(w.View().State, part, w.View().moment())
		if err != nil {
			t.Fatal(err)
		}
		return answer.Title.Dealing
	}
	offer := w.signed("ann", &tx.TransferOffer{Resource: part, To: who("bob"), Value: folio(), Until: w.View().Time + 600})
	w.block(offer)
	w.block(w.signed("bob", &tx.TransferAccept{Offer: offer.ID(), Resource: part, Value: folio()}))
	grant := w.signed("bob", &tx.GrantOffer{Resource: res("193.0.192.0/24"), To: who("ann"), Value: folio(), Until: w.View().Time + 600})
	w.block(grant)
	w.block(w.signed("ann", &tx.GrantAccept{Offer: grant.ID(), Resource: res("193.0.192.0/24"), Value: folio()}))
	for name, want := range map[string]string{
		"ann": "title 193.0.0.0/17,grant 193.0.192.0/24,title 2001:67c::/32,title AS3333", "bob": "title 193.0.128.0/17",
	} {
		followed, _ := list(a, name, "")
		anew, _ := list(w.api(), name, "")
		if strings.Join(followed, ",") != want || strings.Join(anew, ",") != want {
			t.Errorf("%s: followed %v, anew %v, want %s", name, followed, anew, want)
		}
	}
	if got, _ := list(a, "ann", "?at=1"); strings.Join(got, ",") != "title 193.0.0.0/16,title 2001:67c::/32,title AS3333" {
		t.Errorf("in the past: got %v", got)
	}
	if code, raw := get(t, a, "/v1/accounts/"+who("ann").String()+"/holdings?proof=1&at=1"); code != 200 || !strings.Contains(string(raw), `"query": "193.0.0.0/16"`) {
		t.Errorf("the proof of the past: %d %.300s", code, raw)
	}
	if got, next := list(a, "ann", "?after=193.0.0.0/17&limit=1"); strings.Join(got, ",") != "grant 193.0.192.0/24" || next != "193.0.192.0/24" {
		t.Errorf("a page: got %v, next %s", got, next)
	}
	if got, next := list(a, "ann", "?after=AS3333"); len(got) != 0 || next != "" {
		t.Errorf("the last page: got %v, next %s", got, next)
	}
}
