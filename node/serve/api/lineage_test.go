package api

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// inside is the blocks of the state of the newest view inside a block.
func (w *world) inside(text string) (out []wire.Resource) {
	w.View().State.Walk(tree.ResourceKey(res(text)), func(l tree.Leaf) bool {
		out = append(out, l.Key.Resource())
		return true
	})
	return out
}

// TestLineage_PRF17 sells a part of a title and proves where it came from.
func TestLineage_PRF17_api(t *testing.T) {
	w, a, _, _ := busy(t)
	sale := w.signed("ann", &tx.Split{Resource: res("193.0.0.0/16"), Part: res("193.0.0.0/18")})
	w.block(sale)
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/18"), MaxLength: 18, AS: 64000}))
	w.block()
	code, raw := get(t, a, "/v1/resources/193.0.1.0/24/history?proof=1")
	v, err := light.Verify(raw, w.trust())
	if code != http.StatusOK || err != nil {
		t.Fatalf("%d %v %.300s", code, err, raw)
	}
	links := v.Lineage.Links
	if len(links) != 2 || links[0].At != res("193.0.0.0/18") || links[1].At != res("193.0.0.0/16") || !links[1].Root {
		t.Errorf("got %s", v.Statement)
	}
	code, raw = get(t, a, "/v1/resources/8.8.8.0/24/history?proof=1")
	problemOf(t, "of nothing", code, raw, 404, "no_title")
	code, raw = get(t, a, "/v1/resources/193.0.0.0/16/history?proof=1&limit=3")
	problemOf(t, "a limit on a proof", code, raw, 400, "unknown_parameter")
}

// TestFind_PRF17_pruned: a node that has forgotten says so.
func TestFind_PRF17_pruned(t *testing.T) {
	w, a, _, _ := busy(t)
	p := pasts{ledger: a.Ledger, at: map[wire.Resource]*past{}, before: w.View().Height}
	if _, err := p.find(res("193.0.0.0/16"), [32]byte{1}); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestBeneath_PRF18_api pages through what is inside a block, and each page proves
// itself.
func TestBeneath_PRF18_api(t *testing.T) {
	w, a, _, _ := busy(t)
	seen, from := 0, ""
	for range 10 {
		code, raw := get(t, a, "/v1/resources/193.0.0.0/8/beneath?proof=1&limit=1"+from)
		v, err := light.Verify(raw, w.trust())
		if code != http.StatusOK || err != nil || len(v.Beneath.Entries) != 1 {
			t.Fatalf("%d %v %.300s", code, err, raw)
		}
		seen++
		if !v.Beneath.More {
			break
		}
		from = fmt.Sprintf("&from=%v", v.Beneath.Next)
	}
	if want := len(w.inside("193.0.0.0/8")); seen != want {
		t.Errorf("%d pages, %d blocks", seen, want)
	}
	code, raw := get(t, a, "/v1/resources/193.0.0.0/8/beneath?proof=1&from=194.0.0.0/16")
	problemOf(t, "from outside", code, raw, 400, "bad_parameter")
	code, raw = get(t, a, "/v1/resources/193.0.0.0/8/beneath")
	problemOf(t, "without proof", code, raw, 400, "bad_parameter")
}

// TestHoldings_PRF19_api proves all that an account holds.
func TestHoldings_PRF19_api(t *testing.T) {
	w, a, _, _ := busy(t)
	code, raw := get(t, a, "/v1/accounts/"+who("ann").String()+"/holdings?proof=1")
	v, err := light.Verify(raw, w.trust())
	if code != http.StatusOK || err != nil || len(v.Holdings.Titles) == 0 {
		t.Fatalf("%d %v %.300s", code, err, raw)
	}
}
