package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func renewalOf(w *world, text string, id wire.Hash, end uint64) *tx.LeaseRenew {
	return &tx.LeaseRenew{Resource: resource(text), Lease: id, End: end, Value: w.value(text), Until: w.last.Time + day}
}

func endingOf(w *world, text string, id wire.Hash) *tx.LeaseEnd {
	return &tx.LeaseEnd{Resource: resource(text), Lease: id, Value: w.value(text), Until: w.last.Time + day}
}

func assignmentOf(w *world, text string, id wire.Hash, to string, keep bool) *tx.LeaseAssign {
	return &tx.LeaseAssign{
		Resource: resource(text), Lease: id, To: who(to), Keep: keep, Operator: to, Abuse: "https://" + to + ".example",
		Value: w.value(text), Until: w.last.Time + day,
	}
}

func TestApply_LEASE13_LEASE14(t *testing.T) {
	w := five(t)
	const text = "60.0.0.0/24"
	id := w.lease("ana", "ben", text, 30, func(b *tx.LeaseOffer) { b.Clause, b.ClauseNotice = tx.ClauseNotice, day })
	ends := w.estates(text)[0].Ends
	w.refused("LEASE-13", "cat", renewalOf(w, text, id, ends+day))
	w.refused("LEASE-14", "ben", renewalOf(w, text, id, ends))
	offer := w.do("ben", renewalOf(w, text, id, ends+day))
	w.refused("DEAL-6", "ben", acceptance(w, text, offer))
	w.accept("ana", text, offer)
	w.lease("ben", "cat", text, 0, at(0, ends+day))
	w.lease("ana", "dan", text, 0, at(ends+10*day, ends+20*day))
	w.refused("LEASE-2", "ana", renewalOf(w, text, id, ends+10*day+1))
	w.accept("ben", text, w.do("ana", renewalOf(w, text, id, ends+10*day))) // cat's lease in it is no hindrance
	w.do("ana", noticeOf(text, id))
	w.accept("ana", text, w.do("ben", renewalOf(w, text, id, ends+5*day))) // withdraws the notice
	if e := w.estates(text)[0]; e.Ends != ends+5*day || e.Warning != id {
		t.Fatalf("got %+v", e)
	}
	green := w.lease("ana", "ben", "60.0.1.0/24", 0, evergreen(day, day))
	w.refused("LEASE-13", "ana", renewalOf(w, "60.0.1.0/24", green, ends))
	w.refused("LEASE-13", "cat", endingOf(w, "60.0.1.0/24", green))
	w.accept("ben", "60.0.1.0/24", w.do("ana", endingOf(w, "60.0.1.0/24", green)))
	if len(w.estates("60.0.1.0/24")) != 0 {
		t.Fatal("both parties ended it, and it stands")
	}
	w.grant("ana", "eve", "60.0.2.0/24", true)
	under := w.lease("eve", "cat", "60.0.2.0/24", 0, func(b *tx.LeaseOffer) { b.End = w.last.Time + 3000 })
	longer := w.do("cat", renewalOf(w, "60.0.2.0/24", under, w.last.Time+day))
	w.refused("LEASE-4", "eve", acceptance(w, "60.0.2.0/24", longer))
	w.do("ana", &tx.LeaseConsent{Offer: longer, Resource: resource("60.0.2.0/24"), Value: w.value("60.0.2.0/24")})
	w.accept("eve", "60.0.2.0/24", longer)
}

// TestApply_LEASE11_EST10_R5 ends the outer ones of leases three deep, with a
// grant in each: leases attorn with what is inside them, grants end.
func TestApply_LEASE11_EST10_R5(t *testing.T) {
	w := five(t)
	outer := w.lease("ana", "ben", "60.0.0.0/20", 100)
	w.grant("ben", "eve", "60.0.12.0/24", false)
	middle := w.lease("ben", "cat", "60.0.0.0/22", 90)
	w.grant("cat", "eve", "60.0.3.0/24", false)
	inner := w.lease("cat", "dan", "60.0.0.0/24", 80)
	w.grant("dan", "eve", "60.0.0.128/25", false)
	w.originate("dan", "60.0.0.0/25", 25, 2003)
	w.originate("cat", "60.0.1.0/24", 24, 2002)
	w.accept("ben", "60.0.0.0/20", w.do("ana", endingOf(w, "60.0.0.0/20", outer)))
	if len(w.estates("60.0.12.0/24")) != 0 || len(w.estates("60.0.3.0/24")) != 1 || len(w.estates("60.0.0.0/22")) != 1 {
		t.Fatal("a grant outlived its lease, or a lease ended with it")
	}
	w.accept("cat", "60.0.0.0/22", w.do("ana", endingOf(w, "60.0.0.0/22", middle))) // ana is the lessor now
	if len(w.estates("60.0.3.0/24")) != 0 || len(w.estates("60.0.0.128/25")) != 1 || len(w.origins("cat")) != 0 {
		t.Fatal("what cat had stands, or what dan has does not")
	}
	if got := w.origins("dan"); !slices.Equal(got, []string{"60.0.0.0/25-25 AS2003"}) {
		t.Fatalf("dan authorises %v", got)
	}
	w.accept("ana", "60.0.0.0/24", w.do("dan", endingOf(w, "60.0.0.0/24", inner)))
	if n := len(w.estates("60.0.0.0/24")) + len(w.estates("60.0.0.128/25")) + len(w.origins("dan")); n != 0 {
		t.Fatalf("%d left", n)
	}
}

func TestApply_LEASE15(t *testing.T) {
	w := five(t)
	const text = "60.0.0.0/22"
	id := w.lease("ana", "ben", text, 100)
	w.originate("ben", "60.0.0.0/22", 24, 2001)
	w.lease("ben", "cat", "60.0.1.0/24", 90)
	w.refused("LEASE-15", "ana", assignmentOf(w, text, id, "dan", true))
	w.refused("TITLE-6", "ben", assignmentOf(w, text, id, "ben", true))
	offer := w.do("ben", assignmentOf(w, text, id, "dan", true))
	w.refused("LEASE-15", "dan", acceptance(w, text, offer))
	w.refused("LEASE-16", "cat", &tx.LeaseConsent{Offer: offer, Resource: resource(text), Value: w.value(text)})
	w.do("ana", &tx.LeaseConsent{Offer: offer, Resource: resource(text), Value: w.value(text)})
	w.accept("dan", text, offer)
	if e := w.estates(text)[0]; e.Holder != who("dan") || e.Lease[0].Operator != "dan" || e.Lease[0].Abuse != "https://dan.example" {
		t.Fatalf("got %+v", e)
	}
	if left, got := w.origins("ben"), w.origins("dan"); len(left) != 0 || !slices.Equal(got, []string{"60.0.0.0/22-23 AS2001", "60.0.0.0/24-24 AS2001", "60.0.2.0/23-24 AS2001"}) {
		t.Fatalf("ben authorises %v, dan %v", left, got)
	}
	back := w.do("dan", assignmentOf(w, text, id, "ana", false)) // the lessor is the assignee
	w.accept("ana", text, back)
	if len(w.origins("dan")) != 0 || len(w.origins("ana")) != 0 {
		t.Fatal("authorisations outlived an assignment that drops them")
	}
}
