package ledger_test

import (
	"fmt"
	"testing"

	"ipledger/ledger/tx"
)

// What is narrowed round many blocks of others costs no more than what could be
// written: every authorisation over them would be replaced by a hundred.
func TestAttack_ROUTE2_ORIGIN4_manyHoles(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid", "dan"}, map[string][]string{"bob": {"2a00::/31"}})
	all := "2a00::/32"
	w.leaseFrom("bob", "ann", all, 0, 90000000, "")
	l := w.leaseFrom("ann", "bob", all, 0, 80000000, "")
	for i := range 30 {
		p := fmt.Sprintf("2a00:0:%x::/48", 1+i*523)
		w.leaseFrom("bob", "cid", p, 0, 70000000, "")
		w.leaseFrom("cid", "bob", p, 0, 60000000, "")
	}
	id := w.do("bob", &tx.LeaseAssign{Resource: resource(all), Lease: l, To: who("dan"), Operator: "op", Abuse: "a@b.example", Value: w.value(all), Until: w.last.Time + 500})
	w.do("ann", &tx.LeaseConsent{Offer: id, Resource: resource(all), Value: w.value(all)})
	w.filling(func() {
		for i := range uint64(64) {
			w.originate("bob", "2a00::/31", 48, i)
		}
	})
	v := w.sign("dan", &tx.LeaseAccept{Offer: id, Resource: resource(all), Value: w.value(all)})
	w.block(1, v)
	if r := w.result.Receipts[0]; r.Rule != "ORIGIN-4" {
		t.Fatalf("got %q: %s", r.Rule, r.Detail)
	}
}
