package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func enforceOf(text string, id wire.Hash, to string) *tx.ChargeEnforce {
	return &tx.ChargeEnforce{Resource: resource(text), Charge: id, To: who(to)}
}

func (w *world) wantHolder(text, name string) {
	w.t.Helper()
	if title := w.title(text); title == nil || title.Holder != who(name) {
		w.t.Fatalf("%s: got %+v, want it held by %s", text, title, name)
	}
}

func TestApply_CHARGE10(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.refused("CHARGE-10", "fund", enforceOf("60.0.0.0/16", id, "ben"))
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	at := w.last.Time + enforceSeconds
	w.refused("CHARGE-10", "bank", enforceOf("60.0.0.0/16", id, "cat"))
	w.until(at - 1)
	w.wantHolder("60.0.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
	// Without notice it takes effect in the next second.
	p := parameters(t, w.state)
	p.EnforceSeconds = 0
	w.set(record.ParametersKey, wire.Encode(p))
	id = w.pledge("ana", "bank", "60.1.0.0/16")
	w.do("bank", enforceOf("60.1.0.0/16", id, "ben"))
	w.wantHolder("60.1.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.1.0.0/16", "ben")
}

func TestApply_CHARGE11(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.refused("CHARGE-11", "bank", enforceOf("60.0.0.0/16", id, "ana"))
	w.refused("CHARGE-11", "bank", enforceOf("60.0.0.0/16", id, "nobody"))
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
}

func TestApply_CHARGE12(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	contest := &tx.ChargeContest{Resource: resource("60.0.0.0/16"), Charge: id}
	w.refused("CHARGE-12", "ana", contest)
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	at := w.last.Time + enforceSeconds
	w.refused("CHARGE-12", "bank", contest)
	w.do("ana", contest)
	w.refused("CHARGE-12", "ana", contest)
	w.until(at + ledger.ContestSeconds - 1)
	w.wantHolder("60.0.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
}

// TestApply_CHARGE13 lets an enforcement fall due while a recovery of the
// holder's account runs.
func TestApply_CHARGE13(t *testing.T) {
	w := recoverable(lending(t))
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	at := w.last.Time + enforceSeconds
	over := w.startRecovery()
	w.until(at)
	w.wantHolder("60.0.0.0/16", "ana")
	w.until(at + ledger.RetrySeconds)
	w.wantHolder("60.0.0.0/16", "ana")
	w.endRecovery(over)
	w.until(at + 2*ledger.RetrySeconds - 1)
	w.wantHolder("60.0.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
}

// recoverable gives ana a guardian, and recoveries a day and a half.
func recoverable(w *world) *world {
	p := parameters(w.t, w.state)
	p.RecoverySeconds = 129600
	w.set(record.ParametersKey, wire.Encode(p))
	w.change("ana", func(a *account.Account) { a.Guardians, a.GuardianK = []wire.Address{who("cat")}, 1 })
	return w
}

// startRecovery starts one and says when its window is over.
func (w *world) startRecovery() (over uint64) {
	w.t.Helper()
	w.do("cat", newKey("ana anew"))
	if w.account("ana").Recovery != account.Running {
		w.t.Fatal("no recovery runs")
	}
	return w.last.Time + 129600
}

// endRecovery lets the window of the recovery run out.
func (w *world) endRecovery(over uint64) {
	w.t.Helper()
	w.until(over)
	if w.account("ana").Recovery != account.NoRecovery {
		w.t.Fatal("the recovery still runs")
	}
	w.takes("ana", "ana anew")
}

// TestApply_CHARGE14 enforces the second of three charges on a title that is
// granted, routed by holder and grantee, and half of an aggregate.
func TestApply_CHARGE14_R9_R5(t *testing.T) {
	w := lending(t)
	w.pledge("ana", "bank", "60.0.0.0/16")
	id := w.pledge("ana", "fund", "60.0.0.0/16")
	w.pledge("ana", "cat", "60.0.0.0/16")
	w.grant("ana", "cat", "60.0.128.0/17", false)
	w.originate("ana", "60.0.0.0/15", 15, 2000)
	w.originate("ana", "60.0.0.0/17", 24, 2000)
	w.originate("ana", "60.1.0.0/16", 24, 2000)
	w.originate("cat", "60.0.128.0/17", 17, 2001)
	w.originate("ana", "60.0.0.0/15", 16, 2002)
	w.do("fund", enforceOf("60.0.0.0/16", id, "ben"))
	before := w.account("ben").Holdings.V4
	w.until(w.last.Time + enforceSeconds)
	w.wantHolder("60.0.0.0/16", "ben")
	w.wantLenders("60.0.0.0/16", "bank")
	if list := w.estates("60.0.128.0/17"); len(list) != 1 || list[0].Holder != who("cat") {
		t.Fatalf("the grant became %+v", list)
	}
	wantOrigins(t, w, "ana", "60.1.0.0/16-16 AS2002", "60.1.0.0/16-24 AS2000")
	wantOrigins(t, w, "cat", "60.0.128.0/17-17 AS2001")
	if got := w.account("ben").Holdings.V4; got != before+256 {
		t.Fatalf("ben counts %d, want %d", got, before+256)
	}
	w.refused("TITLE-2", "ana", offerOf(w, "60.0.0.0/16", "cat"))
}

// TestApply_CHARGE14_named lets two lenders name the same buyer: who holds the
// title already is freed of the charge and loses nothing.
func TestApply_CHARGE14_named(t *testing.T) {
	w := lending(t)
	first := w.pledge("ana", "bank", "60.0.0.0/16")
	second := w.pledge("ana", "fund", "60.0.0.0/16")
	w.do("fund", enforceOf("60.0.0.0/16", second, "ben"))
	w.do("bank", enforceOf("60.0.0.0/16", first, "ben"))
	w.until(w.last.Time + enforceSeconds - 1)
	w.wantHolder("60.0.0.0/16", "ben")
	w.wantLenders("60.0.0.0/16", "bank")
	w.block(0, w.sign("ben", originOf("60.0.0.0/16", 16, 7)))
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
	w.wantLenders("60.0.0.0/16")
	wantOrigins(t, w, "ben", "60.0.0.0/16-16 AS7")
}

// TestApply_CHARGE16 lets the chain stand still while an enforcement runs.
func TestApply_CHARGE16(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	at := w.last.Time + enforceSeconds
	w.block(3600) // 3,000 seconds more than a gap may be
	w.wantHolder("60.0.0.0/16", "ana")
	w.until(at + 3000 - 1)
	w.wantHolder("60.0.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
}

// TestApply_CHARGE18 gives a title to one who authorised aggregates over its own
// grants inside it, more than may rest on one title.
func TestApply_CHARGE18(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	for _, text := range []string{"60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24", "60.0.3.0/24"} {
		w.grant("ana", "ben", text, false)
	}
	for as := range uint64(40) {
		w.block(1, w.sign("ben", originOf("60.0.0.0/23", 23, 100+as)), w.sign("ben", originOf("60.0.2.0/23", 23, 100+as)))
	}
	w.originate("ben", "60.0.0.0/24", 24, 1)
	w.do("bank", enforceOf("60.0.0.0/16", id, "ben"))
	w.last.Time += enforceSeconds - 1
	w.block(1) // 16 end
	if !w.result.Bearing || !w.result.Backlog {
		t.Fatalf("bearing %v, backlog %v after the first of two parts", w.result.Bearing, w.result.Backlog)
	}
	w.wantHolder("60.0.0.0/16", "ana")
	w.block(1)
	w.wantHolder("60.0.0.0/16", "ben")
	if got := len(w.origins("ben")); got != 65 {
		t.Fatalf("ben has %d authorisations, want 64 on the title and 1 on a grant", got)
	}
	w.do("ben", &tx.OriginWithdraw{Resource: resource("60.0.0.0/23"), MaxLength: 23, AS: 100})
	w.originate("ben", "60.0.64.0/18", 18, 9)
}
