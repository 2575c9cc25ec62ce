package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// A charge that a lender proposed before the holder had a delay is not accepted
// past that delay.
func TestAttack_CHARGE1_delaySince(t *testing.T) {
	w := newWorld(t, []string{"ann", "bank"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	at := "16.0.0.0/24"
	id := w.do("bank", &tx.ChargePropose{Resource: resource(at), To: who("ann"), ByLender: true, Mode: tx.ModeTitle, Value: w.value(at), Until: w.last.Time + 5000})
	w.do("ann", &tx.SetDelay{Delay: 1000})
	w.refused("CHARGE-1", "ann", &tx.ChargeAccept{Offer: id, Resource: resource(at), Value: w.value(at)})
}

// A grant that only a long notice ends, and a lease to come that renews, bind
// whoever buys from a lender as a long lease does.
func TestAttack_CHARGE5_grantOfLongNotice(t *testing.T) {
	w := newWorld(t, []string{"ann", "bank", "cid"}, map[string][]string{"ann": {"16.0.0.0/24"}})
	at := "16.0.0.0/24"
	id := w.do("ann", &tx.ChargePropose{Resource: resource(at), To: who("bank"), Mode: tx.ModeTitle, Longest: 5000, Value: w.value(at), Until: w.last.Time + 5000})
	c := w.do("bank", &tx.ChargeAccept{Offer: id, Resource: resource(at), Value: w.value(at)})
	long := w.do("ann", &tx.GrantOffer{Resource: resource(at), To: who("cid"), Notice: 5001, Value: w.value(at), Until: w.last.Time + 500})
	accept := &tx.GrantAccept{Offer: long, Resource: resource(at), Value: w.value(at)}
	w.refused("CHARGE-5", "cid", accept)
	renewing := w.leaseTo("cid", at, 0)
	renewing.Start, renewing.End, renewing.Renew = w.last.Time+4000, 0, 2000
	ever := w.do("ann", renewing)
	w.refused("CHARGE-5", "cid", &tx.LeaseAccept{Offer: ever, Resource: resource(at), Value: w.value(at)})
	w.do("bank", &tx.ChargeConsent{Offer: long, Resource: resource(at), Charge: c, Value: w.value(at)})
	w.do("cid", accept)
}

// fill lets as many terms fall due in a second as may.
func (w *world) fill(second uint64) {
	w.set(tree.DueKey(second, record.RankCount, wire.Hash{}), wire.Encode(&record.Ends{Rules: record.Rules, Count: record.TermsMax}))
}

// TestAttack_CHARGE20 lets enforcements fall due in seconds that are full: when one is
// noted, when it is contested, and when it waited for a hold whose time-out its
// parties chose.
func TestAttack_CHARGE20(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	due := func() uint64 { return w.charges("60.0.0.0/16")[0].Enforced }
	first := w.last.Time + 1 + enforceSeconds
	w.fill(first)
	w.fill(first + 1)
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	if due() != first+2 {
		t.Fatalf("noted for %d, want %d", due(), first+2)
	}
	w.fill(first + 2 + ledger.ContestSeconds)
	w.do("ana", &tx.ChargeContest{Resource: resource("60.0.0.0/16"), Charge: id})
	contested := first + 2 + ledger.ContestSeconds + 1
	if due() != contested {
		t.Fatalf("contested, for %d, want %d", due(), contested)
	}
	w.until(contested - 600)
	offer := conditional(w, "60.0.0.0/16", "cat", wire.Hash{})
	offer.Until, offer.Settle = w.last.Time+100, w.last.Time+2000
	made := w.do("ana", offer)
	w.do("bank", &tx.ChargeConsent{Offer: made, Resource: resource("60.0.0.0/16"), Charge: id, Value: w.value("60.0.0.0/16")})
	w.do("ben", takeOf(w, made, "60.0.0.0/16"))
	w.fill(offer.Settle)
	w.until(contested)
	if due() != offer.Settle+1 {
		t.Fatalf("on hold, for %d, want %d", due(), offer.Settle+1)
	}
	w.until(offer.Settle + 1)
	w.wantHolder("60.0.0.0/16", "ben")
}
