package ledger_test

import (
	"fmt"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/tx"
)

// TestApply_DUE3_LEASE10_LEASE12_worst ends and starts, in one second and one
// ledger block, leases that move as much as acts can make them: 64
// authorisations on the lease, 64 of its holder's by the title outside, 16 that
// come back, 16 first ones of the next lessee's.
func TestApply_DUE3_LEASE10_LEASE12_worst(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben", "cat"}, map[string][]string{"ana": {"60.0.0.0/14"}})
	const text = "60.0.0.0/16"
	for i := range uint64(16) {
		w.originate("ana", text, 16, 1000+i)
	}
	ends := w.last.Time + 10*day
	w.lease("ana", "ben", text, 0, at(0, ends), func(b *tx.LeaseOffer) { b.Reversion = true })
	first := ""
	for i := range 16 {
		first += fmt.Sprintf(" %s-16=%d", text, 6000+i)
	}
	w.lease("ana", "cat", text, 0, at(ends, ends+day), origins(first[1:]))
	for i := range uint64(64) {
		w.originate("ben", fmt.Sprintf("60.0.%d.0/24", i), 24, 2000+i)
	}
	for i := range uint64(30) {
		w.originate("ana", "60.0.0.0/14", 15, 4000+i)
	}
	w.until(ends)
	if w.result.Backlog || len(w.result.Changes) > ledger.BlockChangesMax {
		t.Fatalf("backlog %v, %d changes", w.result.Backlog, len(w.result.Changes))
	}
	if n := len(w.origins("ben")); n != 0 {
		t.Fatalf("%d of ben's authorisations stand", n)
	}
	if n := len(w.origins("cat")); n != 16 {
		t.Fatalf("cat has %d first authorisations", n)
	}
	if n := len(w.origins("ana")); n != 30 {
		t.Fatalf("ana has %d: what came back at the end goes at the start of that second", n)
	}
	t.Logf("%d records changed", len(w.result.Changes))
}

// TestApply_EST10_LEASE10_together ends a lease and the grant back to its lessor
// that was carved out of it: the lessor possesses the block before and after, so
// nothing of its is narrowed, however many end with them.
func TestApply_EST10_LEASE10_together(t *testing.T) {
	w := five(t)
	w.lease("ana", "ben", "60.0.0.0/20", 10)
	w.grant("ben", "ana", "60.0.0.0/20", false)
	w.originate("ana", "60.0.0.0/16", 24, 1001)
	w.until(w.last.Time + 11*day)
	if got := w.origins("ana"); len(got) != 1 || len(w.estates("60.0.0.0/20")) != 0 {
		t.Fatalf("ana authorises %v", got)
	}
}
