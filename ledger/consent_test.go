package ledger_test

import (
	"testing"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func consentOf(w *world, offer wire.Hash, text string, charge wire.Hash, release bool) *tx.ChargeConsent {
	return &tx.ChargeConsent{Offer: offer, Resource: resource(text), Charge: charge, Release: release, Value: w.value(text)}
}

func takeOf(w *world, offer wire.Hash, text string) *tx.TransferAccept {
	return &tx.TransferAccept{Offer: offer, Resource: resource(text), Value: w.value(text)}
}

// TestApply_CHARGE4_R9 sells a part of a title under two charges, one of which
// follows and one of which releases; then the rest, while the first is enforced.
func TestApply_CHARGE4_R9(t *testing.T) {
	w := lending(t)
	first := w.pledge("ana", "bank", "60.0.0.0/16")
	second := w.pledge("ana", "fund", "60.0.0.0/16")
	id := w.offer("ana", "ben", "60.0.64.0/18", false)
	w.refused("CHARGE-4", "ben", takeOf(w, id, "60.0.64.0/18"))
	w.do("bank", consentOf(w, id, "60.0.64.0/18", first, false))
	w.refused("CHARGE-4", "ben", takeOf(w, id, "60.0.64.0/18"))
	w.do("fund", consentOf(w, id, "60.0.64.0/18", second, true))
	other := w.offer("ana", "cat", "60.0.64.0/18", false)
	w.refused("CHARGE-4", "cat", takeOf(w, other, "60.0.64.0/18")) // a consent is to one offer
	w.do("ben", takeOf(w, id, "60.0.64.0/18"))
	w.wantLenders("60.0.64.0/18", "bank")
	w.wantLenders("60.0.0.0/18", "bank", "fund")
	w.wantLenders("60.0.128.0/17", "bank", "fund")
	w.refused("CHARGE-4", "cat", takeOf(w, w.offer("ben", "cat", "60.0.64.0/18", false), "60.0.64.0/18"))
	// The whole of a title that is enforced: the enforcement ends on it.
	for _, text := range []string{"60.0.0.0/18", "60.0.128.0/17"} {
		w.do("bank", enforceOf(text, first, "cat"))
	}
	at := w.charges("60.0.0.0/18")[0].Enforced
	sale := w.offer("ana", "ben", "60.0.0.0/18", false)
	w.do("bank", consentOf(w, sale, "60.0.0.0/18", first, false))
	w.do("fund", consentOf(w, sale, "60.0.0.0/18", second, false))
	w.do("ben", takeOf(w, sale, "60.0.0.0/18"))
	if c := w.charges("60.0.0.0/18")[0]; c.Enforced != 0 || c.ID != first {
		t.Fatalf("the charge that followed is %+v", c)
	}
	w.until(at + 10)
	w.wantHolder("60.0.0.0/18", "ben")
	w.wantHolder("60.0.128.0/17", "cat")
}

func TestApply_CHARGE8(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.pledge("ana", "fund", "60.0.0.0/16")
	offer := w.offer("ana", "ben", "60.0.0.0/17", false)
	w.refused("CHARGE-8", "bank", consentOf(w, wire.Hash{1}, "60.0.0.0/17", id, false))
	w.refused("CHARGE-8", "bank", consentOf(w, offer, "60.0.0.0/16", id, false))
	w.refused("CHARGE-8", "fund", consentOf(w, offer, "60.0.0.0/17", id, false)) // not its charge
	w.refused("CHARGE-8", "ana", consentOf(w, offer, "60.0.0.0/17", id, false))
	w.refused("CHARGE-8", "bank", consentOf(w, offer, "60.0.0.0/17", wire.Hash{1}, false))
	stale := consentOf(w, offer, "60.0.0.0/17", id, false)
	stale.Value = wire.Hash{1}
	w.refused("DEAL-1", "bank", stale)
	w.do("bank", consentOf(w, offer, "60.0.0.0/17", id, true))
	w.refused("CHARGE-8", "bank", consentOf(w, offer, "60.0.0.0/17", id, false)) // final
	// What is granted does not leave a charge.
	grant := w.grantOffer("ana", "ben", "60.0.0.0/17", false)
	w.refused("CHARGE-8", "bank", consentOf(w, grant, "60.0.0.0/17", id, true))
	w.do("bank", consentOf(w, grant, "60.0.0.0/17", id, false))
	w.do("ben", &tx.GrantAccept{Offer: grant, Resource: resource("60.0.0.0/17"), Value: w.value("60.0.0.0/17")})
	w.refused("DEAL-2", "bank", consentOf(w, offer, "60.0.0.0/17", id, false)) // lapsed
}

// TestApply_CHARGE4_TITLE8_R5 sells a part that is leased, granted, routed and
// charged: leases and grants stay, the charge goes its way, what is left is charged
// as before, and the buyer is the lessor from then on.
func TestApply_CHARGE4_TITLE8_R5(t *testing.T) {
	for _, release := range []bool{false, true} {
		w := lending(t)
		w.grant("ana", "cat", "60.0.0.0/17", false)
		w.originate("cat", "60.0.0.0/17", 20, 2001)
		lease := w.lease("ana", "fund", "60.0.128.0/17", 20)
		w.originate("fund", "60.0.128.0/18", 24, 2002)
		id := w.pledge("ana", "bank", "60.0.0.0/16")
		for _, text := range []string{"60.0.64.0/18", "60.0.192.0/18"} {
			offer := w.offer("ana", "ben", text, true)
			w.do("bank", consentOf(w, offer, text, id, release))
			w.do("ben", takeOf(w, offer, text))
			want := []string{"bank"}
			if release {
				want = nil
			}
			w.wantLenders(text, want...)
		}
		for text, holder := range map[string]string{"60.0.0.0/18": "cat", "60.0.64.0/18": "cat", "60.0.128.0/18": "fund", "60.0.192.0/18": "fund"} {
			if list := w.estates(text); len(list) != 1 || list[0].Holder != who(holder) {
				t.Fatalf("%s: the estate became %+v", text, list)
			}
		}
		w.wantLenders("60.0.0.0/18", "bank")
		w.wantLenders("60.0.128.0/18", "bank")
		wantOrigins(t, w, "cat", "60.0.0.0/17-20 AS2001")
		wantOrigins(t, w, "fund", "60.0.128.0/18-24 AS2002")
		if e := w.estates("60.0.192.0/18")[0]; e.ID != lease || e.Ends != w.estates("60.0.128.0/18")[0].Ends {
			t.Fatalf("the lease became %+v", e)
		}
		w.until(w.estates("60.0.192.0/18")[0].Ends)
		if n := len(w.estates("60.0.192.0/18")) + len(w.estates("60.0.128.0/18")); n != 0 {
			t.Fatal("the lease outlives its term")
		}
	}
}

// TestApply_CHARGE5 leases blocks of a charged title for longer than its lenders
// allow: until a moment, and by notice and period together.
func TestApply_CHARGE5(t *testing.T) {
	w := lending(t)
	strict := chargeOf(w, "60.0.0.0/16", "bank")
	strict.Longest = 30 * 86400
	id := w.do("bank", acceptOf(w, w.do("ana", strict), "60.0.0.0/16"))
	w.pledge("ana", "fund", "60.0.0.0/16") // 90 days
	w.lease("ana", "ben", "60.0.0.0/24", 29)
	long := w.do("ana", leaseOf(w, "60.0.1.0/24", "ben", 60))
	w.refused("CHARGE-5", "ben", acceptance(w, "60.0.1.0/24", long))
	w.refused("CHARGE-8", "bank", consentOf(w, long, "60.0.1.0/24", id, true)) // nothing leaves
	w.do("bank", consentOf(w, long, "60.0.1.0/24", id, false))
	w.accept("ben", "60.0.1.0/24", long)
	longer := w.do("ana", leaseOf(w, "60.0.2.0/24", "ben", 100))
	w.do("bank", consentOf(w, longer, "60.0.2.0/24", id, false))
	w.refused("CHARGE-5", "ben", acceptance(w, "60.0.2.0/24", longer)) // the fund's word is missing
	evergreen := leaseOf(w, "60.0.3.0/24", "ben", 0)
	evergreen.End, evergreen.Renew, evergreen.Notice = 0, 20*86400, 20*86400
	open := w.do("ana", evergreen)
	w.refused("CHARGE-5", "ben", acceptance(w, "60.0.3.0/24", open))
	evergreen.Notice, evergreen.Value, evergreen.Until = 10*86400, w.value("60.0.3.0/24"), w.last.Time+86400
	w.accept("ben", "60.0.3.0/24", w.do("ana", evergreen))
	// A renewal counts from its acceptance to the new end.
	lease := w.lease("ana", "ben", "60.0.4.0/24", 10)
	renew := func(days uint64) *tx.LeaseRenew {
		return &tx.LeaseRenew{Resource: resource("60.0.4.0/24"), Lease: lease, End: w.last.Time + days*day, Value: w.value("60.0.4.0/24"), Until: w.last.Time + day}
	}
	w.accept("ben", "60.0.4.0/24", w.do("ana", renew(29)))
	again := w.do("ana", renew(40))
	w.refused("CHARGE-5", "ben", acceptance(w, "60.0.4.0/24", again))
	w.do("bank", consentOf(w, again, "60.0.4.0/24", id, false))
	w.accept("ben", "60.0.4.0/24", again)
}
