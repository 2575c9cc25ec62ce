package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// longServers are name servers that fill a kilobyte.
func longServers() string {
	var names []string
	for i := range 4 {
		names = append(names, strings.Repeat(string(rune('a'+i))+strings.Repeat("x", 59)+".", 4)+"example")
	}
	return strings.Join(names, " ")
}

// heavyGrant is a grant of bob's in which cid has as many grants as are asked for, each with as
// much stated at blocks in it as may be.
func heavyGrant(t *testing.T, grants int) (w *world, outer wire.Hash) {
	w = newWorld(t, []string{"ann", "bob", "cid", "dan"}, map[string][]string{"ann": {"16.0.0.0/12", "17.0.0.0/24"}})
	outer = w.grant("ann", "bob", "16.0.0.0/12", true)
	for i := range grants {
		w.grant("bob", "cid", fmt.Sprintf("16.0.%d.0/24", i), false)
	}
	digest := "65535 255 4 " + strings.Repeat("f", 96)
	servers, ds := longServers(), strings.Join([]string{digest, digest, digest, digest}, "; ")
	var acts []tx.Verified
	for i := range grants {
		for j := range 64 {
			acts = append(acts, w.sign("cid", &tx.ReverseSet{Resource: resource(fmt.Sprintf("16.0.%d.%d/30", i, 4*j)), Servers: servers, DS: ds}))
		}
		if i%32 == 31 || i == grants-1 {
			w.block(1, acts...)
			acts = nil
		}
	}
	return w, outer
}

// The end of an estate with so much inside that no ledger block has room for it does not
// stop those who act after it, and comes all the same.
func TestAttack_ADM7_giveUp(t *testing.T) {
	w, outer := heavyGrant(t, 95)
	acts := []tx.Verified{
		w.sign("bob", &tx.GrantGiveUp{Resource: resource("16.0.0.0/12"), Grant: outer}),
		w.sign("ann", originOf("17.0.0.0/24", 24, 1)),
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), acts)
	if err != nil || !slices.Equal(chosen, []int{0, 1}) {
		t.Fatalf("proposed are %v, %v", chosen, err)
	}
	w.block(1, acts...)
	for range 10 {
		w.block(1)
	}
	if list := w.estates("16.0.0.0/12"); len(list) > 0 || len(w.estates("16.0.0.0/24")) > 0 {
		t.Fatalf("there are %v", list)
	}
}
