package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func noticeOf(text string, id wire.Hash) *tx.LeaseNotice {
	return &tx.LeaseNotice{Resource: resource(text), Lease: id}
}

// TestApply_LEASE6_R6: inside its term nobody ends a lease without a clause, and
// by a clause only whom it names.
func TestApply_LEASE6_R6(t *testing.T) {
	w := five(t)
	none := w.lease("ana", "ben", "60.0.0.0/24", 30)
	lessors := w.lease("ana", "ben", "60.0.1.0/24", 30, func(b *tx.LeaseOffer) { b.Clause, b.ClauseNotice = tx.ClauseNotice, day })
	agents := w.lease("ana", "ben", "60.0.2.0/24", 30, func(b *tx.LeaseOffer) { b.Clause, b.Agent = tx.ClauseAgent, who("eve") })
	for _, name := range []string{"ana", "ben", "eve"} {
		w.refused("LEASE-17", name, noticeOf("60.0.0.0/24", none))
	}
	w.refused("LEASE-17", "ben", noticeOf("60.0.1.0/24", lessors))
	w.do("ana", noticeOf("60.0.1.0/24", lessors))
	if e := w.estates("60.0.1.0/24")[0]; e.Ends != w.last.Time+day {
		t.Fatalf("ends at %d", e.Ends)
	}
	w.refused("LEASE-17", "ana", noticeOf("60.0.2.0/24", agents))
	w.do("eve", noticeOf("60.0.2.0/24", agents)) // without seconds: at once
	if len(w.estates("60.0.2.0/24")) != 0 {
		t.Fatal("the agent's word did not end the lease")
	}
	w.set(record.ParametersKey, func() []byte { p := parameters(t, w.state); p.ClauseMin = 2 * day; return wire.Encode(p) }())
	w.refused("LEASE-6", "ana", with(leaseOf(w, "60.0.3.0/24", "ben", 30), func(b *tx.LeaseOffer) { b.Clause, b.ClauseNotice = tx.ClauseNotice, day }))
}

func TestApply_LEASE7_LEASE17(t *testing.T) {
	w := five(t)
	id := w.lease("ana", "ben", "60.0.0.0/24", 0, evergreen(10*day, 15*day))
	began := w.estates("60.0.0.0/24")[0].Start
	w.until(began + 3*day)
	w.refused("LEASE-17", "cat", noticeOf("60.0.0.0/24", id))
	w.transfer("ana", "dan", "60.0.0.0/24", false)
	w.refused("LEASE-17", "ana", noticeOf("60.0.0.0/24", id))
	w.do("ben", noticeOf("60.0.0.0/24", id))
	if e := w.estates("60.0.0.0/24")[0]; e.Ends != began+20*day || e.Warning != w.id {
		t.Fatalf("it ends %d days after its start", (e.Ends-began)/day)
	}
	w.refused("LEASE-17", "ben", noticeOf("60.0.0.0/24", id))
	w.refused("LEASE-17", "dan", noticeOf("60.0.0.0/24", id))
	w.until(began + 20*day)
	if len(w.estates("60.0.0.0/24")) != 0 {
		t.Fatal("it did not end where its period does")
	}
	// A notice that runs to the very end of a period ends it there, and before the
	// start the first period stands.
	id = w.lease("ana", "ben", "60.0.1.0/24", 0, evergreen(10*day, 9*day))
	began = w.estates("60.0.1.0/24")[0].Start
	w.until(began + day - 1)
	w.do("ana", noticeOf("60.0.1.0/24", id))
	ahead := w.lease("ana", "ben", "60.0.2.0/24", 0, evergreen(10*day, 0), from(w, 30))
	starts := w.estates("60.0.2.0/24")[0].Start
	w.do("ben", noticeOf("60.0.2.0/24", ahead))
	if a, b := w.estates("60.0.1.0/24")[0].Ends, w.estates("60.0.2.0/24")[0].Ends; a != began+10*day || b != starts+10*day {
		t.Fatalf("they end at %d and %d", a-began, b-starts)
	}
}

// TestApply_LEASE17_clause: a lessee's long notice does not take the clause away.
func TestApply_LEASE17_clause(t *testing.T) {
	w := five(t)
	id := w.lease("ana", "ben", "60.0.0.0/24", 0, evergreen(day, 3000*day), func(b *tx.LeaseOffer) { b.Clause, b.ClauseNotice = tx.ClauseNotice, day })
	w.do("ben", noticeOf("60.0.0.0/24", id))
	w.do("ana", noticeOf("60.0.0.0/24", id))
	if e := w.estates("60.0.0.0/24")[0]; e.Ends != w.last.Time+day {
		t.Fatalf("ends at %d", e.Ends)
	}
	// To come, it may end before it starts: it never lives.
	id = w.lease("ana", "ben", "60.0.1.0/24", 0, at(w.last.Time+10*day, w.last.Time+20*day), func(b *tx.LeaseOffer) { b.Clause, b.ClauseNotice = tx.ClauseNotice, day })
	w.do("ana", noticeOf("60.0.1.0/24", id))
	w.lease("ana", "cat", "60.0.1.0/24", 15)
	w.until(w.last.Time + 2*day)
	if got := w.live("60.0.1.0/24"); len(got) != 1 || len(w.estates("60.0.1.0/24")) != 1 {
		t.Fatalf("live: %v", got)
	}
}

func TestApply_LEASE18_LEASE19_LEASE20(t *testing.T) {
	w := five(t)
	id := w.lease("ana", "ben", "60.0.0.0/24", 300, func(b *tx.LeaseOffer) { b.Suspend = true })
	bare := w.lease("ana", "ben", "60.0.1.0/24", 300)
	suspend := func(days uint64) *tx.LeaseSuspend {
		body := &tx.LeaseSuspend{Resource: resource("60.0.0.0/24"), Lease: id}
		if days > 0 {
			body.Until = w.last.Time + 1 + days*day
		}
		return body
	}
	answer := &tx.LeaseAnswer{Resource: resource("60.0.0.0/24"), Lease: id, Digest: wire.Hash{1}}
	w.refused("LEASE-18", "ana", &tx.LeaseSuspend{Resource: resource("60.0.1.0/24"), Lease: bare, Until: w.last.Time + day})
	w.refused("LEASE-18", "ben", suspend(1))
	w.refused("LEASE-18", "ana", suspend(15))
	w.refused("LEASE-18", "ana", suspend(0)) // nothing to lift
	w.refused("LEASE-19", "ben", answer)     // nothing to answer
	w.do("ana", suspend(10))
	w.refused("LEASE-19", "cat", answer)
	w.do("ben", answer)
	w.refused("LEASE-19", "ben", answer)
	w.until(w.last.Time + 2*day)
	w.do("ana", suspend(0))
	if l := w.estates("60.0.0.0/24")[0].Lease[0]; l.Spent > 2*day+10 || l.Suspended > w.last.Time || l.Answer.IsZero() {
		t.Fatalf("after lifting: %+v", l)
	}
	w.refused("LEASE-18", "ana", suspend(13)) // two days are spent
	w.do("ana", suspend(11))
	w.do("ben", answer)
	w.refused("LEASE-20", "ana", &tx.LeaseSuspend{Resource: resource("60.0.0.0/25"), Lease: id, Until: w.last.Time + day})
	w.refused("LEASE-20", "ben", &tx.LeaseAnswer{Resource: resource("60.0.1.0/24"), Lease: id})
	w.refused("LEASE-20", "ben", noticeOf("60.0.1.0/24", wire.Hash{9}))
	w.refused("EST-9", "ben", &tx.GrantGiveUp{Resource: resource("60.0.0.0/24"), Grant: id})
}
