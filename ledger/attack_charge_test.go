package ledger_test

import (
	"testing"

	"ipledger/ledger/tx"
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
