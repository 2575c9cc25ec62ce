package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (w *world) consentOf(id wire.Hash, text, title string, charge wire.Hash, release bool) *tx.ChargeConsent {
	return &tx.ChargeConsent{Offer: id, Resource: resource(text), Charge: charge, Release: release, Value: w.value(title)}
}

// TestApply_CHARGE21 surrenders a title under two charges: it waits for both lenders,
// who release it, and is free of charges then.
func TestApply_CHARGE21_R9(t *testing.T) {
	const text = "60.0.0.0/16"
	w := lending(t)
	first, second := w.pledge("ana", "bank", text), w.pledge("ana", "fund", text)
	id := w.do("ana", surrenderOf(w, text))
	w.refused("CHARGE-8", "bank", w.consentOf(id, text, text, first, false))
	w.refused("CHARGE-8", "fund", w.consentOf(id, text, text, first, true))
	w.do("bank", w.consentOf(id, text, text, first, true))
	w.block(1)
	w.wantState(text, record.Held)
	w.do("fund", w.consentOf(id, text, text, second, true))
	w.block(1)
	w.wantState(text, record.Unclaimed)
	w.wantLenders(text)
}

// TestApply_CHARGE21_lapses: where a lender says nothing for 30 days the surrender lapses,
// and where the title changes before.
func TestApply_CHARGE21_lapses(t *testing.T) {
	const text = "60.0.0.0/16"
	w := lending(t)
	first, second := w.pledge("ana", "bank", text), w.pledge("ana", "fund", text)
	id := w.do("ana", surrenderOf(w, text))
	w.do("bank", w.consentOf(id, text, text, first, true))
	w.until(w.last.Time + ledger.ConsentSeconds - 2)
	if _, ok := w.state.Get(record.OfferKey(id)); !ok {
		t.Fatal("it waits no more before its time")
	}
	w.block(1)
	w.wantState(text, record.Held)
	w.wantLenders(text, "bank", "fund")
	w.refused("CHARGE-8", "fund", w.consentOf(id, text, text, second, true))
	id = w.do("ana", surrenderOf(w, text))
	w.do("fund", &tx.ChargeRelease{Resource: resource(text), Charge: second})
	w.refused("DEAL-2", "bank", w.consentOf(id, text, text, first, true))
}

// TestApply_MERGE3 merges after the delay: its maker can take it back until then, and
// it lapses when what it is about changes.
func TestApply_MERGE3(t *testing.T) {
	w := recoverable(lending(t))
	merge := &tx.Merge{Resource: resource("60.0.0.0/16")}
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.change("ana", func(a *account.Account) { a.Delay = 500 })
	first := w.do("ana", merge)
	w.refused("DEAL-7", "ben", &tx.OfferCancel{Offer: first})
	w.do("ana", &tx.OfferCancel{Offer: first})
	w.until(w.last.Time + 500)
	w.wantState("60.0.0.0/17", record.Held)
	// The lower half's value, or what a rule says of the upper.
	for _, half := range []string{"60.0.0.0/17", "60.0.128.0/17"} {
		w.do("ana", merge)
		w.pledge2("ana", "bank", half)
		w.until(w.last.Time + 500)
		w.wantState(half, record.Held)
		w.do("bank", &tx.ChargeRelease{Resource: resource(half), Charge: w.charges(half)[0].ID})
	}
	// It waits for a recovery, and does not outlive one that replaced the keys.
	w.do("ana", merge)
	due := w.last.Time + 500
	over := w.startRecovery()
	w.until(due)
	w.wantState("60.0.0.0/17", record.Held)
	w.endRecovery(over)
	w.until(due + 2*ledger.RetrySeconds)
	w.wantState("60.0.0.0/17", record.Held)
	for range record.OffersMax {
		w.do("ana", merge)
	}
	w.refused("DEAL-4", "ana", merge)
	at := w.last.Time + 500
	w.until(at)
	w.wantState("60.0.0.0/16", record.Held)
}

// pledge2 charges a block of a holder with a delay: the offer waits for it.
func (w *world) pledge2(holder, lender, text string) {
	w.t.Helper()
	delay := w.account(holder).Delay
	w.change(holder, func(a *account.Account) { a.Delay = 0 })
	w.pledge(holder, lender, text)
	w.change(holder, func(a *account.Account) { a.Delay = delay })
}

// TestTry_lacking_CHARGE21: a preview of a merge or a surrender that waits names the
// lenders whose consent is missing.
func TestTry_lacking_CHARGE21(t *testing.T) {
	const text = "60.0.0.0/16"
	w := lending(t)
	w.pledge("ana", "bank", text)
	if got := lacks(t, w, "ana", surrenderOf(w, text)); !slices.Equal(got, []string{"CHARGE-21 bank"}) {
		t.Fatalf("lacking %v", got)
	}
	w.do("ana", &tx.Split{Resource: resource(text), Part: resource("60.0.0.0/17")})
	if got := lacks(t, w, "ana", &tx.Merge{Resource: resource(text)}); !slices.Equal(got, []string{"CHARGE-21 bank"}) {
		t.Fatalf("lacking %v", got)
	}
}
