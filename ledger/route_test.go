package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/tx"
)

// A lease to come starts under a title on which 64 authorisations rest: one that
// must be narrowed leaves of its smallest set what there is room for, and the
// chain goes on.
func TestNarrowWhatFits_ROUTE5(t *testing.T) {
	w := two(t)
	block := resource("60.0.4.0/24")
	id := w.do("ana", &tx.LeaseOffer{
		Resource: block, To: who("ben"), Start: w.last.Time + 100, End: w.last.Time + 200, Operator: "o", Abuse: "a@b",
		Value: w.value("60.0.4.0/24"), Until: w.last.Time + 50,
	})
	w.do("ben", &tx.LeaseAccept{Offer: id, Resource: block, Value: w.value("60.0.4.0/24")})
	w.originate("ana", "60.0.0.0/16", 24, 7)
	for as := range uint64(63) {
		w.originate("ana", "60.0.128.0/17", 17, 1000+as)
	}
	w.block(200)
	left := slices.DeleteFunc(w.origins("ana"), func(x string) bool {
		var as int
		_, _ = fmt.Sscanf(x[len(x)-6:], "AS%d", &as)
		return as >= 1000
	})
	if !slices.Equal(left, []string{"60.0.0.0/16-21 AS7"}) {
		t.Fatalf("of its smallest set one authorisation fits: %v", left)
	}
}
