package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// contested is the claims' world with adjudicators, and three claims that they are
// to decide: ana's to a qualified title of ben's who answered, ana's to a title of
// dan's, and cat's to a row of which ana claims the rest too.
func contested(t *testing.T) (w *world, ids []wire.Hash) {
	w, answered := stale(t, "60.0.0.0/16")
	p := parameters(t, w.state)
	p.PanelSeconds = panelSeconds
	w.set(record.ParametersKey, wire.Encode(p))
	w.seat(bench, []string{"NL", "DE", "JP", "ZA"})
	w.do("ben", &tx.ClaimAnswer{Claim: answered, Digest: wire.Hash{1}})
	against := w.claimA(2, "ana", "61.0.0.0/20")
	both := w.claimA(3, "cat", "AS3000-AS3003")
	w.claimA(4, "ana", "AS3000-AS3007")
	w.later(windowA + 500)
	return w, []wire.Hash{answered, against, both}
}

// decided has the panel of a case decide, and lets the time to appeal pass.
func (w *world) decided(id wire.Hash, v tx.Verdict) {
	w.t.Helper()
	w.wantCase(id, record.CaseAccepted)
	for w.dispute(id).Hears > w.last.Time {
		w.later(200)
	}
	w.vote(w.panel(id)[:5], verdictOf(id, v))
	w.wantCase(id, record.CaseDecided)
	w.later(panelSeconds + 1)
	w.wantCase(id, record.CaseFinal)
}

// TestContest_DISP29_DISP19 decides contested claims for their claimants and
// against them.
func TestContest_DISP29_DISP19_R17(t *testing.T) {
	for _, verdict := range []tx.Verdict{tx.VerdictClaimant, tx.VerdictHolder} {
		w, ids := contested(t)
		w.refused("DISP-24", "ben", &tx.Lift{Matter: ids[0], Resource: resource("60.0.0.0/16")})
		for i, block := range []string{"60.0.0.0/16", "61.0.0.0/20", "AS3000-AS3003"} {
			w.decided(ids[i], verdict)
			w.do("reg4", &tx.Lift{Matter: ids[i], Resource: resource(block)})
			if w.claimOf(ids[i]) != nil {
				t.Fatal("a claim that was decided stands")
			}
		}
		w.block(2)
		if verdict == tx.VerdictHolder {
			w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
			w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
			w.wantTitle("AS3000-AS3003", "ana", record.GradeA)
			continue
		}
		w.wantTitle("60.0.0.0/16", "ana", record.GradeA)
		w.wantTitle("61.0.0.0/20", "ana", record.GradeA)
		w.wantTitle("61.0.128.0/17", "dan", record.GradeT)
		w.wantTitle("AS3000-AS3003", "cat", record.GradeA)
	}
}

// TestContest_DISP16_DISP29 ends cases with their claims, and lets another claimant
// appeal.
func TestContest_DISP16_DISP29(t *testing.T) {
	w, ids := contested(t)
	w.do("ana", &tx.ClaimWithdraw{Claim: ids[0]})
	w.wantCase(ids[0], record.CaseWithdrawn)
	for w.dispute(ids[2]).Hears > w.last.Time {
		w.later(200)
	}
	w.vote(w.panel(ids[2])[:5], verdictOf(ids[2], tx.VerdictClaimant))
	appeal := &tx.CaseAppeal{Case: ids[2], Resource: resource("AS3000-AS3003"), Digest: wire.Hash{1}}
	w.refused("DISP-16", "ben", appeal)
	w.do("ana", appeal)
	w.vote(members[:2], verdictOf(ids[2], tx.VerdictHolder))
	w.wantCase(ids[2], record.CaseFinal)
	// What nobody decides lapses with the claim.
	for w.claimOf(ids[1]) != nil {
		w.later(500)
	}
	w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
	if c := w.dispute(ids[1]); c != nil && c.State != record.CaseLapsed && c.State != record.CaseWithdrawn {
		t.Fatalf("the case is %v", c.State)
	}
	if len(w.shown("61.0.0.0/16", record.Contest)) > 0 {
		t.Fatal("a contest outlives its claim")
	}
}

// TestContest_DISP18_GOV30: an award that withdraws more than the breaker has room
// for is carried out on the day that has.
func TestContest_DISP18_GOV30(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/18", func(w *world) {
		for i := range uint64(60) {
			w.originate("ana", "60.0.0.0/20", 24, 2000+i)
		}
		p := parameters(t, w.state)
		p.BreakerLeast, p.BreakerShare, p.RestrictSeconds = 25, 1, 10*day
		w.set(record.ParametersKey, wire.Encode(p))
	})
	w.do("cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/18")})
	w.wantHolder("60.0.0.0/16", "ana")
	for range 3 {
		if len(w.origins("ana")) == 0 {
			break
		}
		w.until((w.last.Time/day + 1) * day)
	}
	w.wantHolder("60.0.0.0/18", "cat")
	if n := len(w.origins("ana")); n > 0 {
		t.Fatalf("%d authorisations of the former holder stand", n)
	}
}

// TestContest_DISP29_outlasts: a claim that settles in part stands longer, and its case
// with it, so that a panel decides what is left.
func TestContest_DISP29_outlasts(t *testing.T) {
	w := claims(t)
	p := parameters(t, w.state)
	p.PanelSeconds = panelSeconds
	w.set(record.ParametersKey, wire.Encode(p))
	w.seat(bench, []string{"NL", "DE", "JP", "ZA"})
	id := w.claimA(1, "ana", "60.0.0.0/16")
	for _, reg := range []string{"reg1", "reg2", "reg3"} {
		w.do(reg, &tx.ClaimObject{Claim: id, Resource: resource("60.0.0.0/22"), Reason: wire.Hash{1}})
	}
	other := w.claimA(3, "cat", "60.0.8.0/22")
	w.later(windowA + 2)
	until := w.dispute(id).Until
	w.later(restricted / 2)
	w.do("cat", &tx.ClaimWithdraw{Claim: other})
	w.later(2)
	if c := w.claimOf(id); c == nil || c.Resource != resource("60.0.0.0/22") || c.Ends <= until {
		t.Fatalf("the claim is %+v", c)
	}
	for w.last.Time < until {
		w.later(100)
	}
	w.decided(id, tx.VerdictClaimant)
	w.do("reg4", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/22")})
	w.wantTitle("60.0.0.0/22", "ana", record.GradeA)
}

// TestContest_DISP18_R8: what another matter froze does not move by an award on a
// claim, nor while another contest binds it; it moves once that is lifted.
func TestContest_DISP18_R8(t *testing.T) {
	w, ids := contested(t)
	order := w.ordered("cat", orderOf("61.0.0.0/24"))
	w.decided(ids[1], tx.VerdictClaimant)
	lift := &tx.Lift{Matter: ids[1], Resource: resource("61.0.0.0/20")}
	w.refused("DISP-18", "reg4", lift)
	w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
	w.vote(bench[:4], &tx.OrderStatus{Order: order, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	w.do("reg4", lift)
	w.wantTitle("61.0.0.0/20", "ana", record.GradeA)
}
