package ledger_test

import (
	"testing"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// A lease to come that came to the possessor of its block takes what that
// account authorised there with it at its start.
func TestAttack_ORIGIN4_LEASE9_startForPossessor(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/22"}})
	l := w.leaseFrom("ann", "bob", "16.0.0.0/22", 1000, 2000, "")
	w.originate("ann", "16.0.1.0/24", 24, 64500)
	id := w.do("bob", &tx.LeaseAssign{
		Resource: resource("16.0.0.0/22"), Lease: l, To: who("ann"), Operator: "op", Abuse: "a@b.example",
		Value: w.value("16.0.0.0/22"), Until: w.last.Time + 500,
	})
	w.do("ann", &tx.LeaseAccept{Offer: id, Resource: resource("16.0.0.0/22"), Value: w.value("16.0.0.0/22")})
	w.originate("ann", "16.0.2.0/24", 24, 64500)
	w.block(1500)
	w.block(2000)
	wantOrigins(t, w, "ann")
}

// First authorisations lie inside the block that is let or granted, not in what
// else the other party holds.
func TestAttack_EST11_R10_firstElsewhere(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/22"}, "bob": {"17.0.0.0/24"}})
	at, there := resource("16.0.0.0/24"), "17.0.0.0/24-24=666"
	w.refused("EST-11", "ann", &tx.GrantOffer{Resource: at, To: who("bob"), Notice: 3600, Origins: there, Value: w.value("16.0.0.0/24"), Until: w.last.Time + 500})
	w.refused("EST-11", "ann", &tx.LeaseOffer{
		Resource: at, To: who("bob"), End: w.last.Time + 5000, Operator: "op", Abuse: "a@b.example",
		Origins: there, Value: w.value("16.0.0.0/24"), Until: w.last.Time + 500,
	})
}

// A title holder and a grantee do not lease away what a lessee granted: the
// lessee's consent counts, up to the end of its lease.
func TestAttack_LEASE4_R10_lesseeBetween(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid", "dan"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	at := "16.0.0.0/24"
	w.leaseFrom("ann", "bob", at, 0, 100000, "")
	w.grant("bob", "cid", at, true)
	w.refused("LEASE-4", "cid", w.leaseTo("dan", at, 500000))
	id := w.do("cid", w.leaseTo("dan", at, 90000))
	accept := &tx.LeaseAccept{Offer: id, Resource: resource(at), Value: w.value(at)}
	w.refused("LEASE-16", "ann", &tx.LeaseConsent{Offer: id, Resource: resource(at), Value: w.value(at)})
	w.refused("LEASE-4", "dan", accept)
	w.do("bob", &tx.LeaseConsent{Offer: id, Resource: resource(at), Value: w.value(at)})
	w.do("dan", accept)
}

func (w *world) leaseTo(to, text string, till uint64) *tx.LeaseOffer {
	return &tx.LeaseOffer{
		Resource: resource(text), To: who(to), End: w.last.Time + till, SubLet: true, Operator: "op", Abuse: "a@b.example",
		Value: w.value(text), Until: w.last.Time + 400,
	}
}

// A lessor's delay is not passed by because the lessee makes the offer of a renewal.
func TestAttack_LEASE5_renewalByLessee(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	at := "16.0.0.0/24"
	l := w.leaseFrom("ann", "bob", at, 0, 100000, "")
	renewal := func(days uint64) *tx.LeaseRenew {
		return &tx.LeaseRenew{Resource: resource(at), Lease: l, End: w.last.Time + days*86400, Value: w.value(at), Until: w.last.Time + 5000}
	}
	early := w.do("bob", renewal(900))
	w.do("ann", &tx.SetDelay{Delay: 1000})
	w.refused("LEASE-5", "bob", renewal(900))
	w.refused("LEASE-5", "ann", &tx.LeaseAccept{Offer: early, Resource: resource(at), Value: w.value(at)})
	short := w.do("bob", renewal(29))
	w.do("ann", &tx.LeaseAccept{Offer: short, Resource: resource(at), Value: w.value(at)})
	long := w.do("ann", renewal(900))
	w.refused("DEAL-6", "bob", &tx.LeaseAccept{Offer: long, Resource: resource(at), Value: w.value(at)})
	w.block(1000)
	w.do("bob", &tx.LeaseAccept{Offer: long, Resource: resource(at), Value: w.value(at)})
}

// A title holder's consent to a long term waits for that holder's delay.
func TestAttack_LEASE16_consentWaits(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	at := "16.0.0.0/24"
	w.grant("ann", "bob", at, true)
	w.do("ann", &tx.SetDelay{Delay: 100})
	id := w.do("bob", w.leaseTo("cid", at, 900*86400))
	w.do("ann", &tx.LeaseConsent{Offer: id, Resource: resource(at), Value: w.value(at)})
	accept := &tx.LeaseAccept{Offer: id, Resource: resource(at), Value: w.value(at)}
	w.refused("DEAL-6", "cid", accept)
	w.block(100)
	w.do("cid", accept)
}

// Who takes over a lease to come without what its lessee authorised does not
// authorise it at the start either.
func TestAttack_LEASE15_firstOfFormer(t *testing.T) {
	for _, keep := range []bool{false, true} {
		w := newWorld(t, []string{"ann", "bob", "cid"}, map[string][]string{"ann": {"16.0.0.0/24"}})
		at := "16.0.0.0/24"
		l := w.leaseFrom("ann", "bob", at, 1000, 2000, at+"-24=666")
		id := w.do("bob", &tx.LeaseAssign{
			Resource: resource(at), Lease: l, To: who("cid"), Keep: keep, Operator: "op", Abuse: "a@b.example", Value: w.value(at), Until: w.last.Time + 500,
		})
		w.do("ann", &tx.LeaseConsent{Offer: id, Resource: resource(at), Value: w.value(at)})
		w.do("cid", &tx.LeaseAccept{Offer: id, Resource: resource(at), Value: w.value(at)})
		w.block(1000)
		if got := len(w.origins("cid")); (got == 1) != keep {
			t.Fatalf("keep %v: cid authorises %d", keep, got)
		}
	}
}

// leaseFrom is an accepted lease from some seconds ahead to others ahead.
func (w *world) leaseFrom(from, to, text string, in, till uint64, origins string) wire.Hash {
	w.t.Helper()
	b := &tx.LeaseOffer{
		Resource: resource(text), To: who(to), End: w.last.Time + till, SubLet: true, Operator: "op", Abuse: "a@b.example",
		Origins: origins, Value: w.value(text), Until: w.last.Time + 400,
	}
	if in > 0 {
		b.Start = w.last.Time + in
	}
	id := w.do(from, b)
	return w.do(to, &tx.LeaseAccept{Offer: id, Resource: resource(text), Value: w.value(text)})
}
