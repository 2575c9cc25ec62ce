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
