package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// lacks is whose consents an act's offer needs and does not have, tried unsigned.
func lacks(t *testing.T, w *world, by string, body tx.Body) (out []string) {
	t.Helper()
	v := w.sign(by, body)
	w.lanes[who(by)]-- // it is only tried
	root := w.state.Root()
	trial, err := ledger.Try(w.state, w.last, w.header(1), v, false)
	if err != nil || trial.Refusal != nil || w.state.Root() != root {
		t.Fatalf("got %+v, %v", trial.Refusal, err)
	}
	for _, x := range trial.Lacking {
		for _, name := range []string{"ana", "ben", "cat", "bank", "fund"} {
			if who(name) == x.By {
				out = append(out, x.Rule+" "+name)
			}
		}
	}
	return out
}

// TestTry_lacking_CHARGE4_CHARGE5_LEASE4: an offer tells whose consents it needs,
// and needs one less with each that is given.
func TestTry_lacking_CHARGE4_CHARGE5_LEASE4(t *testing.T) {
	w := lending(t)
	first := w.pledge("ana", "bank", "60.0.0.0/16")
	w.pledge("ana", "fund", "60.0.0.0/16")
	sale := &tx.TransferOffer{Resource: resource("60.0.1.0/24"), To: who("ben"), Value: w.value("60.0.0.0/16"), Until: w.last.Time + day}
	want := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	want("a sale", lacks(t, w, "ana", sale), "CHARGE-4 bank", "CHARGE-4 fund")
	want("a short lease", lacks(t, w, "ana", leaseOf(w, "60.0.2.0/24", "ben", 80)))
	want("a long lease", lacks(t, w, "ana", leaseOf(w, "60.0.2.0/24", "ben", 100)), "CHARGE-5 bank", "CHARGE-5 fund")
	offer := w.do("ana", sale)
	consent := &tx.ChargeConsent{Offer: offer, Resource: sale.Resource, Charge: first, Value: w.value("60.0.0.0/16")}
	want("a consent", lacks(t, w, "bank", consent), "CHARGE-4 fund")
	w.do("bank", consent)
	accept := &tx.TransferAccept{Offer: offer, Resource: sale.Resource, Value: w.value("60.0.0.0/16")}
	want("the acceptance", lacks(t, w, "ben", accept), "CHARGE-4 fund")

	w.grant("ana", "ben", "60.1.0.0/20", true)
	want("a term that outlasts a grant", lacks(t, w, "ben", leaseOf(w, "60.1.1.0/24", "cat", 80)), "LEASE-4 ana")
	want("an act that is no offer", lacks(t, w, "ana", someAct()))
}

// TestTryBundle_sequel tells what comes of a bundle's offers: each accepted after the
// other as far as that can be, a part that the bundle itself cut off too, and the lease
// to come started after what is in its way has ended.
func TestTryBundle_sequel(t *testing.T) {
	w := five(t)
	now := w.last.Time
	w.lease("ana", "ben", "60.0.0.0/24", 0, at(0, now+5*day))
	acts := w.bundle(
		part{"ana", with(leaseOf(w, "60.0.0.0/23", "cat", 0), at(now+6*day, now+7*day))},
		part{"ana", offerOf(w, "60.0.0.0/16", "dan")}, // lapses when the lease is accepted
	)
	all := []ledger.Attempt{{Act: acts[0], Signed: true}, {Act: acts[1], Signed: true}}
	root := w.state.Root()
	trial, err := ledger.TryBundle(w.state, w.last, w.header(1), all)
	if err != nil || trial.Refusal != nil || trial.Receipt.Outcome != ledger.Done || w.state.Root() != root {
		t.Fatalf("got %+v, %v", trial, err)
	}
	if trial.Accepted == nil || len(trial.Starts) != 1 || trial.Starts[0].At != resource("60.0.0.0/23") || trial.Starts[0].Time != now+6*day {
		t.Fatalf("got %+v and %+v", trial.Accepted, trial.Starts)
	}
	has := func(s tree.State, text string) int {
		leaf, ok := s.Get(tree.ResourceKey(resource(text)))
		if !ok {
			return 0
		}
		f, err := record.FolioFromBytes(leaf.Data)
		if err != nil {
			t.Fatal(err)
		}
		list, err := record.EstatesFromBytes(f.Estates)
		if err != nil {
			t.Fatal(err)
		}
		live := 0
		for i := range list {
			if list[i].Started {
				live++
			}
		}
		return live
	}
	if x := trial.Starts[0]; has(x.Before, "60.0.0.0/24") != 0 || has(x.Before, "60.0.0.0/23") != 0 || has(x.State, "60.0.0.0/23") != 1 {
		t.Error("the start is not told from what it meets")
	}
	if has(trial.Accepted.State, "60.0.0.0/24") != 1 {
		t.Error("the acceptance ends what ends later")
	}
}

// TestTryBundle_asApplyWould_ADM10_ADM11: a bundle's trial says what applying it
// does.
func TestTryBundle_asApplyWould_ADM10_ADM11(t *testing.T) {
	for name, c := range map[string]struct {
		second tx.Body
		rule   string
		at     int
	}{
		"all are done":     {&tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2}, "", 0},
		"the second fails": {&tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 9}, "ORIGIN-6", 1},
	} {
		w := two(t)
		acts := w.bundle(part{"ana", &tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 1}}, part{"ana", c.second})
		trial, err := ledger.TryBundle(w.state, w.last, w.header(1), []ledger.Attempt{{Act: acts[0], Signed: true}, {Act: acts[1]}})
		if err != nil || trial.Refusal != nil || trial.Receipt.Rule != c.rule || trial.At != c.at {
			t.Fatalf("%s: got %+v, %v", name, trial.Receipt, err)
		}
		result := w.block(1, acts...)
		if got := result.Receipts[c.at]; got != trial.Receipt {
			t.Errorf("%s: apply gives %+v, the trial %+v", name, got, trial.Receipt)
		}
	}
	w := two(t)
	acts := w.bundle(part{"ana", someAct()}, part{"ben", someAct()})
	alone, err := ledger.TryBundle(w.state, w.last, w.header(1), []ledger.Attempt{{Act: acts[1], Signed: true}, {Act: acts[0], Signed: true}})
	if err != nil || alone.Refusal == nil || alone.Refusal.Rule != "ADM-10" {
		t.Errorf("out of order: got %+v, %v", alone.Refusal, err)
	}
}
