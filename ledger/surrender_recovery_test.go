package ledger_test

import (
	"testing"

	"ipledger/ledger/tx"
)

// A surrender of an account without delay waits while its recovery runs: what a
// thief signs is not done at once.
func TestSurrenderUnderRecovery_SUR2(t *testing.T) {
	w, _ := running(t)
	w.do("ana", &tx.Surrender{Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")})
	if w.title("60.0.0.0/16").Holder != who("ana") {
		t.Fatal("it took effect while a recovery of its author runs")
	}
	w.until(w.recovery("ana").At)
	if w.title("60.0.0.0/16").Holder != who("ana") {
		t.Fatal("it outlived the recovery that replaced its author's keys (RCV-7)")
	}
}
