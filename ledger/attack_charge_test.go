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
