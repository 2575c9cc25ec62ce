package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/tx"
)

func TestTry_asApplyWould(t *testing.T) {
	w := newWorld(t, []string{"ann", "bob"}, map[string][]string{"ann": {"193.0.0.0/16"}})
	head, next := w.last, w.header(1)
	root := w.state.Root()
	good := w.sign("ann", &tx.OriginAuthorise{Resource: resource("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	trial, err := ledger.Try(w.state, head, next, good, true)
	if err != nil || trial.Refusal != nil || trial.Receipt.Outcome != ledger.Done || trial.Cost == 0 {
		t.Errorf("got %+v, %v", trial, err)
	}
	if w.state.Root() != root {
		t.Error("a trial changed the state")
	}
	result, err := ledger.Apply(w.state, head, next, []tx.Verified{good}, nil)
	if err != nil || len(result.Receipts) != 1 || result.Receipts[0] != trial.Receipt {
		t.Errorf("apply gives %+v, %v", result.Receipts, err)
	}
	bad := w.sign("bob", &tx.OriginAuthorise{Resource: resource("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	trial, err = ledger.Try(w.state, head, next, bad, true)
	if err != nil || trial.Refusal != nil || trial.Receipt.Outcome != ledger.Failed || trial.Receipt.Rule != "ORIGIN-2" {
		t.Errorf("got %+v, %v", trial, err)
	}

	// Signed by another's key: tried unsigned it would be done, and signed not.
	id := who("ann")
	alien := w.signWith(tx.Header{Author: id, Policy: 1, Number: 0, Expires: next.Time + 60, Rules: tx.RulesVersion}, good.Body(), w.keys[who("bob")])
	if trial, err = ledger.Try(w.state, head, next, alien, true); err != nil || trial.Refusal == nil || trial.Refusal.Rule != "ADM-3" {
		t.Errorf("got %+v, %v", trial.Refusal, err)
	}
	if trial, err = ledger.Try(w.state, head, next, alien, false); err != nil || trial.Refusal != nil || trial.Receipt.Outcome != ledger.Done {
		t.Errorf("got %+v, %v", trial, err)
	}
	for rule, h := range map[string]tx.Header{
		"ADM-1": {Author: who("nobody"), Policy: 1, Expires: next.Time + 60, Rules: tx.RulesVersion},
		"ADM-2": {Author: id, Policy: 2, Expires: next.Time + 60, Rules: tx.RulesVersion},
		"ADM-4": {Author: id, Policy: 1, Number: 5, Expires: next.Time + 60, Rules: tx.RulesVersion},
		"ADM-5": {Author: id, Policy: 1, Expires: next.Time, Rules: tx.RulesVersion},
	} {
		v := w.signWith(h, good.Body(), w.keys[who("bob")])
		if trial, err = ledger.Try(w.state, head, next, v, false); err != nil || trial.Refusal == nil || trial.Refusal.Rule != rule {
			t.Errorf("%s: got %+v, %v", rule, trial.Refusal, err)
		}
	}
}
