package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func surrenderOf(w *world, text string) *tx.Surrender {
	return &tx.Surrender{Resource: resource(text), Value: w.value(text)}
}

func (w *world) wantState(text string, want record.State) {
	w.t.Helper()
	if title := w.title(text); title == nil || title.State != want {
		w.t.Fatalf("%s: got %+v, want it %v", text, title, want)
	}
}

func TestApply_SUR1(t *testing.T) {
	w := lending(t)
	w.refused("TITLE-2", "ben", surrenderOf(w, "60.0.0.0/16"))
	w.refused("SUR-1", "ana", surrenderOf(w, "60.0.0.0/17"))
	id := w.grant("ana", "ben", "60.0.64.0/24", false)
	w.refused("SUR-1", "ana", surrenderOf(w, "60.0.0.0/16"))
	w.do("ben", &tx.GrantGiveUp{Resource: resource("60.0.64.0/24"), Grant: id})
	id = w.grant("ana", "ben", "60.0.0.0/16", false)
	w.refused("SUR-1", "ana", surrenderOf(w, "60.0.0.0/16"))
	w.do("ben", &tx.GrantGiveUp{Resource: resource("60.0.0.0/16"), Grant: id})
	stale := surrenderOf(w, "60.0.0.0/16")
	stale.Value = wire.Hash{1}
	w.refused("DEAL-1", "ana", stale)
	w.do("ana", surrenderOf(w, "60.0.0.0/16"))
	w.wantState("60.0.0.0/16", record.Unclaimed)
}

func TestApply_SUR2(t *testing.T) {
	w := recoverable(lending(t))
	w.change("ana", func(a *account.Account) { a.Delay = 500 })
	first := w.do("ana", surrenderOf(w, "60.0.0.0/16"))
	w.refused("DEAL-7", "ben", &tx.OfferCancel{Offer: first})
	w.refused("DEAL-5", "ben", takeOf(w, first, "60.0.0.0/16"))
	w.do("ana", &tx.OfferCancel{Offer: first})
	w.until(w.last.Time + 500)
	w.wantState("60.0.0.0/16", record.Held)
	w.do("ana", surrenderOf(w, "60.0.0.0/16"))
	at := w.last.Time + 500
	w.until(at - 1)
	w.wantState("60.0.0.0/16", record.Held)
	w.block(1)
	w.wantState("60.0.0.0/16", record.Unclaimed)
	// It lapses when the title changes.
	w.do("ana", surrenderOf(w, "60.1.0.0/16"))
	w.do("ana", &tx.Split{Resource: resource("60.1.0.0/16"), Part: resource("60.1.0.0/17")})
	w.do("ana", &tx.Merge{Resource: resource("60.1.0.0/16")})
	w.until(w.last.Time + 500)
	w.wantState("60.1.0.0/16", record.Held)
	// It waits for a recovery, and does not outlive one that replaced the keys.
	w.do("ana", surrenderOf(w, "60.1.0.0/16"))
	due := w.last.Time + 500
	over := w.startRecovery()
	w.until(due)
	w.wantState("60.1.0.0/16", record.Held)
	w.endRecovery(over)
	w.until(due + 2*ledger.RetrySeconds)
	w.wantState("60.1.0.0/16", record.Held)
	for range record.OffersMax {
		w.do("ana", surrenderOf(w, "60.1.0.0/16"))
	}
	w.refused("DEAL-4", "ana", surrenderOf(w, "60.1.0.0/16"))
}

func TestApply_SUR3_ROUTE4_R4(t *testing.T) {
	w := lending(t)
	before := w.title("60.0.0.0/16")
	w.originate("ana", "60.0.0.0/16", 24, 2000)
	w.originate("ana", "60.0.0.0/15", 16, 2001)
	w.do("ana", surrenderOf(w, "60.0.0.0/16"))
	got := w.title("60.0.0.0/16")
	if !got.Holder.IsZero() || got.Grade != record.GradeNone || got.Source != before.Source || got.Counter <= before.Counter {
		t.Fatalf("got %+v", got)
	}
	wantOrigins(t, w, "ana", "60.1.0.0/16-16 AS2001")
	if held, want := w.account("ana").Holdings, (account.Holdings{V4: 256, AS: 16}); held != want {
		t.Fatalf("ana counts %+v, want %+v", held, want)
	}
	w.refused("TITLE-3", "ana", surrenderOf(w, "60.0.0.0/16"))
	w.refused("TITLE-3", "ana", offerOf(w, "60.0.0.0/16", "ben"))
	w.refused("ORIGIN-2", "ana", originOf("60.0.0.0/16", 16, 1))
}
