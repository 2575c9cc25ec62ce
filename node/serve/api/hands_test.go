package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/tx"
)

// TestHands_API20_SVC14: what names an AS number stands when it is sold, and shows it; what
// names it afterwards does not.
func TestHands_API20_SVC14(t *testing.T) {
	w, a, _, _ := busy(t)
	shown := func() (out []string) {
		var got struct {
			Hands []struct{ ASN, Named, Holder string } `json:"changed_hands"`
		}
		code, raw := get(t, a, "/v1/resources/193.0.0.0/16")
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.Hands == nil {
			t.Fatalf("got %d %s, %v", code, raw, err)
		}
		readOpenAPI(t).conforms(t, "/v1/resources/{resource}", "get", "200", raw)
		for _, h := range got.Hands {
			out = append(out, fmt.Sprintf("AS%s as %s of %s", h.ASN, h.Named, h.Holder))
		}
		return out
	}
	at := res("193.0.0.0/16")
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: at, MaxLength: 22, AS: 3333}))
	if got := shown(); len(got) != 0 {
		t.Fatalf("before it was sold: %v", got)
	}
	value := dealing(t, w, "AS3333")
	sale := w.signed("ann", &tx.TransferOffer{Resource: res("AS3333"), To: who("bob"), Value: value, Until: w.View().Time + 600})
	w.block(sale)
	w.block(w.signed("bob", &tx.TransferAccept{Offer: sale.ID(), Resource: res("AS3333"), Value: value}))
	if got, want := shown(), []string{"AS3333 as origin of " + who("bob").String()}; !slices.Equal(got, want) {
		t.Fatalf("sold: got %v, want %v", got, want)
	}
	for _, l := range []uint64{22, 24, 16} {
		w.block(w.signed("ann", &tx.OriginWithdraw{Resource: at, MaxLength: l, AS: 3333}))
	}
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: at, MaxLength: 20, AS: 3333}))
	if got := shown(); len(got) != 0 {
		t.Fatalf("authorised after it was sold: %v", got)
	}
}
