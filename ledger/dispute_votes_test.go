package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestConfirm_DISP12: who held the title when a dispute over it was accepted has no vote
// to prolong its freeze, though it is an adjudicator.
func TestConfirm_DISP12_DISP23_holder(t *testing.T) {
	w := judging(t)
	w.transfer("ana", "adj8", "60.0.0.0/24", false)
	id := w.accepted("ben", "60.0.0.0/24")
	confirm := &tx.OrderConfirm{Matter: id, Digest: wire.Hash{7}}
	w.refused("DISP-12", "adj8", confirm)
	w.refused("DISP-12", "adj8", verdictOf(id, tx.VerdictHolder))
	w.do("adj7", confirm)
}

// TestDrawPanel_DISP12_DISP14: who recorded a final order sits on no panel about it.
func TestDrawPanel_DISP12_DISP14_recorder(t *testing.T) {
	w := judging(t)
	for range 6 {
		o := orderOf("60.0.0.0/24")
		o.Final, o.To = true, who("cat")
		id := w.ordered("adj8", o)
		w.block(1)
		panel := w.panel(id)
		if len(panel) != record.PanelMax || slices.Contains(panel, "adj8") {
			t.Fatalf("the panel is %v", panel)
		}
		w.refused("DISP-12", "adj8", verdictOf(id, tx.VerdictClaimant))
		w.vote(bench[:4], &tx.OrderStatus{Order: id, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	}
}

// TestAnswer_DISP11_over: what is over is answered no more, on a piece that still bears
// its caution neither.
func TestAnswer_DISP11_over(t *testing.T) {
	w := judging(t)
	id := w.do("ben", cautionOf("60.0.0.0/16"))
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.until(w.dispute(id).Next)
	if !w.held("60.0.0.0/17") {
		t.Fatal("the piece bears no caution any more")
	}
	w.refused("DISP-11", "ana", &tx.CautionAnswer{Case: id, Resource: resource("60.0.0.0/17"), Digest: wire.Hash{9}})
	id = w.accepted("ben", "60.1.0.0/16")
	w.do("ben", &tx.Lift{Matter: id, Resource: resource("60.1.0.0/16")})
	w.refused("DISP-11", "ana", &tx.CautionAnswer{Case: id, Resource: resource("60.1.0.0/16"), Digest: wire.Hash{9}})
}

// TestMerge_DISP7_DISP8: a caution that is over stands in no merge's way.
func TestMerge_DISP7_DISP8_over(t *testing.T) {
	w := judging(t)
	id := w.do("ben", cautionOf("60.0.0.0/16"))
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.refused("DISP-24", "cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/17")})
	w.until(w.dispute(id).Next)
	w.do("cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/17")}) // off one half alone
	if w.held("60.0.0.0/17") || !w.held("60.0.128.0/17") {
		t.Fatal("the halves bear the same")
	}
	w.do("ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
	if w.held("60.0.0.0/16") {
		t.Fatal("the whole bears a caution that is over")
	}
}

// TestAward_DISP18_holder: a claimant that holds the title already needs no cut, however
// small the block is.
func TestAward_DISP18_holder(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/25", func(w *world) {})
	w.refused("TITLE-4", "cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	title := w.title("60.0.0.0/16")
	w.convey("ana", "cat", "60.0.0.0/16", title)
	w.do("ben", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	w.wantHolder("60.0.0.0/16", "cat")
	if w.frozen("60.0.0.0/16") {
		t.Fatal("it stands")
	}
}

// convey gives a title to another past all rules.
func (w *world) convey(from, to, text string, title *record.Title) {
	title.Holder = who(to)
	w.plant(text, func(f *record.Folio) { f.Title = title.Bytes() })
	f, t := w.account(from), w.account(to)
	size := sum(f.Holdings, resource(text)).V4 - f.Holdings.V4
	f.Holdings.V4, t.Holdings.V4 = f.Holdings.V4-size, t.Holdings.V4+size
	w.change(from, func(a *account.Account) { a.Holdings = f.Holdings })
	w.change(to, func(a *account.Account) { a.Holdings = t.Holdings })
}

// TestAward_DISP18_GOV30: while an award waits for the breaker's day no lift takes room
// again, and the holder does not put it off by cutting the rest of its title.
func TestAward_DISP18_GOV30_waits(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/18", func(w *world) {
		p := parameters(t, w.state)
		p.BreakerLeast = 2
		w.set(record.ParametersKey, wire.Encode(p))
		for i := range uint64(5) {
			w.originate("ana", "60.0.0.0/20", 24, 2000+i)
		}
	})
	lift := &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")}
	w.do("fund", lift)
	w.wantHolder("60.0.0.0/16", "ana")
	before := w.breaker()
	w.refused("DISP-18", "cat", lift)
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.128.0/17")})
	w.refused("DISP-18", "cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/17")})
	if got := w.breaker(); got != before {
		t.Fatalf("the breaker's room was %+v, is %+v", before, got)
	}
	w.until(before.Day * day)
	w.wantHolder("60.0.0.0/18", "cat")
	w.wantHolder("60.0.64.0/18", "ana")
}

func (w *world) breaker() record.Breaker {
	leaf, _ := w.state.Get(record.BreakerKey)
	x, err := record.BreakerFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return *x
}

// TestTimes_DISP30: a halt extends the times of a dispute and of an order that waits, not
// of one in effect.
func TestTimes_DISP30_DUE6(t *testing.T) {
	w := judging(t)
	dispute := w.accepted("ben", "60.0.0.0/24")
	waits, binds := w.do("cat", orderOf("60.0.1.0/24")), w.ordered("cat", orderOf("60.0.2.0/24"))
	until := []uint64{w.dispute(dispute).Until, w.order(waits).Until, w.order(binds).Until}
	w.pass(w.last.Time + 900) // 300 of them stalled
	w.until(until[1] + 299)
	if w.order(waits).Status != uint64(tx.OrderRecorded) {
		t.Fatal("a halt eats an order's time")
	}
	w.until(until[1] + 300)
	if w.order(waits).Status != uint64(tx.OrderLapsed) {
		t.Fatal("an order outlives its end")
	}
	w.until(until[2])
	if w.order(binds).Status != uint64(tx.OrderLapsed) || len(w.shown("60.0.0.0/16", record.Freeze)) != 1 {
		t.Fatalf("recorded is %v", w.restrictions("60.0.0.0/16"))
	}
	w.until(until[0] + 299)
	w.wantCase(dispute, record.CaseAccepted)
	w.until(until[0] + 300)
	w.wantCase(dispute, record.CaseLapsed)
	if w.frozen("60.0.0.0/16") {
		t.Fatal("a dispute outlives its end")
	}
}

// TestDecide_DISP12_holder: the holder of a title has no vote on a caution or an order
// against it, though it is an adjudicator.
func TestDecide_DISP12_holder(t *testing.T) {
	w := judging(t)
	w.transfer("ana", "adj8", "60.0.0.0/24", false)
	caution := w.do("ben", cautionOf("60.0.0.0/25"))
	w.refused("DISP-12", "adj8", verdictOf(caution, tx.VerdictDismiss))
	w.do("adj7", verdictOf(caution, tx.VerdictDismiss))
	order := w.do("ben", orderOf("60.0.0.0/24"))
	w.refused("DISP-12", "adj8", &tx.OrderStatus{Order: order, Status: tx.OrderRefused, Reasons: wire.Hash{1}})
	w.vote(bench[:4], inEffect(order))
	w.refused("DISP-12", "adj8", &tx.OrderStatus{Order: order, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
}
