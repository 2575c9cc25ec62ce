package ledger_test

import (
	"fmt"
	"testing"

	"ipledger/ledger/tx"
)

// The buyer of a title had an aggregate over two grants inside it: it rests on
// the title from then on, and the end of a grant by its term finds it there.
func TestAttack_ORIGIN4_DUE1_buyersAggregate(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/23"}})
	w.grant("ann", "bob", "16.0.0.0/24", false)
	g := w.grant("ann", "bob", "16.0.1.0/24", false)
	w.do("ann", &tx.GrantNotice{Resource: resource("16.0.1.0/24"), Grant: g})
	w.originate("bob", "16.0.0.0/23", 23, 64500)
	w.transfer("ann", "bob", "16.0.0.0/23", false)
	w.do("bob", &tx.OriginWithdraw{Resource: resource("16.0.0.0/23"), MaxLength: 23, AS: 64500})
	w.block(4000)
}

func TestAttack_ORIGIN2_splitBeyondCover(t *testing.T) {
	w := newWorld(t, []string{"ann"}, map[string][]string{"ann": {"2a00::/29"}})
	w.originate("ann", "2a00::/29", 29, 64500)
	w.refused("ORIGIN-2", "ann", &tx.Split{Resource: resource("2a00::/29"), Part: resource("2a00::/48")})
}

func TestAttack_ORIGIN2_divideBeyondCover(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "dan"}, map[string][]string{"ann": {"2a00::/29"}})
	w.grant("ann", "dan", "2a00::/29", true)
	w.originate("dan", "2a00::/29", 29, 64500)
	w.transfer("ann", "bob", "2a00::/48", false)
	wantOrigins(t, w, "dan")
}

func TestAttack_ROUTE3_R7_keepBesideInner(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/23"}})
	w.grant("ann", "bob", "16.0.0.0/24", true)
	w.grant("bob", "ann", "16.0.0.0/24", false)
	w.originate("ann", "16.0.0.0/23", 24, 64500)
	w.transfer("ann", "cid", "16.0.0.0/23", true)
}

func TestAttack_ORIGIN4_splitOverInner(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/23"}})
	w.grant("ann", "bob", "16.0.0.0/23", true)
	w.grant("bob", "ann", "16.0.0.0/24", false)
	w.originate("ann", "16.0.0.0/23", 23, 64500)
	w.do("ann", &tx.Split{Resource: resource("16.0.0.0/23"), Part: resource("16.0.0.0/24")})
	w.transfer("ann", "bob", "16.0.0.0/24", false)
}

func TestAttack_ORIGIN4_mergeOverInner(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/24", "16.0.1.0/24"}})
	w.grant("ann", "bob", "16.0.0.0/24", true)
	w.grant("bob", "ann", "16.0.0.0/24", false)
	w.originate("ann", "16.0.0.0/23", 23, 64500)
	w.do("ann", &tx.Merge{Resource: resource("16.0.0.0/23")})
}

func TestAttack_ORIGIN4_grantBack(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/24", "16.0.1.0/24"}})
	w.originate("ann", "16.0.0.0/23", 23, 64500)
	w.grant("ann", "bob", "16.0.0.0/24", true)
	w.grant("bob", "ann", "16.0.0.0/24", false)
}

func TestAttack_ORIGIN4_divideOverInner(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid", "dan"}, map[string][]string{"ann": {"16.0.0.0/22"}})
	w.grant("ann", "dan", "16.0.0.0/22", true)
	w.grant("dan", "cid", "16.0.0.0/23", true)
	w.grant("cid", "dan", "16.0.0.0/23", false)
	w.originate("dan", "16.0.0.0/22", 22, 64500)
	w.transfer("ann", "bob", "16.0.0.0/23", false)
}

// The end of a grant with 255 others inside fits one ledger block.
func TestAttack_DUE3_nested(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/20"}})
	g := w.grant("ann", "bob", "16.0.0.0/20", true)
	w.filling(func() {
		for i := range 255 {
			w.grant("bob", "cid", fmt.Sprintf("16.0.%d.%d/28", i/16, i%16*16), false)
		}
	})
	w.do("ann", &tx.GrantNotice{Resource: resource("16.0.0.0/20"), Grant: g})
	if w.block(4000); w.result.Backlog {
		t.Fatal("acts wait for the rest")
	}
}

// Offers that have lapsed do not keep a title from being dealt in
// (needs attack-2-offers.patch).
func TestAttack_DEAL4_lapsed(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	for range 15 {
		w.do("ann", &tx.TransferOffer{Resource: resource("16.0.0.0/24"), To: who("cid"), Value: w.value("16.0.0.0/24"), Until: w.last.Time + 360*86400})
	}
	w.transfer("ann", "bob", "16.0.0.0/24", false)
	w.offer("bob", "cid", "16.0.0.0/24", false)
	w.offer("bob", "cid", "16.0.0.0/24", false)
}
