package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// stale is a qualified title of ben's, let to cat, with routing, that ana claims
// with evidence for a part.
func stale(t *testing.T, part string) (*world, wire.Hash) {
	w := claims(t)
	w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
	w.later(windowB)
	w.originate("ben", "60.0.0.0/16", 24, 2001)
	block := resource("60.0.16.0/20")
	id := w.do("ben", &tx.LeaseOffer{
		Resource: block, To: who("cat"), End: w.last.Time + 90_000, Operator: "o", Abuse: "a@b", Value: w.value("60.0.16.0/20"), Until: w.last.Time + 90,
	})
	w.do("cat", &tx.LeaseAccept{Offer: id, Resource: block, Value: w.value("60.0.16.0/20")})
	w.originate("cat", "60.0.16.0/20", 24, 2002)
	w.block(1)
	return w, w.claimA(1, "ana", part)
}

func (w *world) notices(id wire.Hash, n int) {
	for range n {
		w.attest("reg1", id)
		w.later(unanswered / 6)
	}
}

func TestUnanswered_CLAIM16_R17(t *testing.T) {
	for _, part := range []string{"60.0.0.0/16", "60.0.16.0/20", "60.0.0.0/18"} {
		w, id := stale(t, part)
		w.wantAgainst("60.0.0.0/16", "3 at "+part)
		w.refused("DISP-2", "ben", &tx.OriginAuthorise{Resource: resource(part), MaxLength: 24, AS: 9})
		w.attest("reg1", id)
		w.refused("CLAIM-16", "reg1", w.attestation(id)) // too soon
		w.later(unanswered / 6)
		w.notices(id, 2)
		lease := w.estates("60.0.16.0/20")[0]
		w.later(unanswered)
		title := w.wantTitle(part, "ana", record.GradeA)
		if title.Qualified != 0 || len(title.Basis) != 0 {
			t.Errorf("the title is %+v", title)
		}
		if now := w.estates("60.0.16.0/20"); len(now) != 1 || now[0].Holder != lease.Holder || now[0].Ends != lease.Ends {
			t.Errorf("the lease was %+v, is %+v", lease, now)
		}
		if w.claimOf(id) != nil || len(w.against(part)) != 0 {
			t.Error("something is left behind")
		}
		if part != "60.0.0.0/16" {
			w.wantTitle("60.0.128.0/17", "ben", record.GradeB)
		} else if w.account("ben").Holdings != (account.Holdings{}) {
			t.Errorf("ben still counts %+v", w.account("ben").Holdings)
		}
	}
}

// Silence without three notices, or with an answer, goes to adjudication; undecided,
// it lapses, and the title is as it was.
func TestAnswered_CLAIM16_CLAIM17(t *testing.T) {
	for _, answered := range []bool{true, false} {
		w, id := stale(t, "60.0.0.0/16")
		w.notices(id, 2)
		w.refused("CLAIM-17", "ana", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}})
		if answered {
			w.notices(id, 1)
			w.do("ben", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}})
			w.block(1) // asks for a panel (DISP-14)
			w.refused("CLAIM-17", "ben", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}})
			w.refused("CLAIM-10", "reg1", w.attestation(id))
		}
		w.later(unanswered)
		if c := w.claimOf(id); c == nil || c.Stage != record.Answered {
			t.Fatalf("the claim is %+v", c)
		}
		w.wantAgainst("60.0.0.0/16", "3 at 60.0.0.0/16")
		w.later(restricted)
		w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
		w.wantAgainst("60.0.0.0/16")
	}
}

// A title under charge, an absolute one, and one proved after the checklist was
// signed are not won by silence.
func TestNoSilence_CLAIM16_R9_R17(t *testing.T) {
	w := claims(t)
	w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
	w.later(windowB)
	w.block(1)
	id := w.do("ben", &tx.ChargePropose{Resource: resource("60.0.0.0/16"), To: who("cat"), Law: "l", Value: w.value("60.0.0.0/16"), Until: w.last.Time + 90})
	w.do("cat", &tx.ChargeAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")})
	charged, absolute := w.claimA(1, "ana", "60.0.0.0/16"), w.claimA(2, "ana", "61.0.0.0/20")
	for _, id := range []wire.Hash{charged, absolute} {
		if c := w.claimOf(id); c.Stage != record.Answered {
			t.Errorf("the claim is %v", c.Stage)
		}
	}
	w.wantAgainst("61.0.0.0/16", "3 at 61.0.0.0/20")
	w.later(restricted + 1)
	w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
	w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
}

// A holder that cannot answer because its keys are being recovered loses nothing.
func TestSilenceInRecovery_CLAIM16(t *testing.T) {
	w := claims(t)
	w.govern(func(p *record.Parameters) { p.RecoverySeconds = 20_000 })
	w.do("ben", &tx.SetGuardians{Guardians: who("dan").String(), Threshold: 1})
	w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
	w.later(windowB)
	w.block(1)
	id := w.claimA(1, "ana", "60.0.0.0/16")
	w.notices(id, 3)
	w.do("dan", &tx.RecoveryStart{Subject: who("ben"), TitleKeys: keysOf("new"), TitleK: 1})
	w.later(unanswered + 100)
	w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
	if c := w.claimOf(id); c == nil || c.Stage != record.Silent {
		t.Errorf("the claim is %+v", c)
	}
}

// A panel that decides a claim gives the claimant all that it claims, or ends it;
// leases and charges stand.
func TestDecision_CLAIM28_R5_R9(t *testing.T) {
	for _, granted := range []bool{true, false} {
		w, id := stale(t, "60.0.0.0/16")
		w.do("ben", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}})
		contested := w.claimA(2, "ana", "61.0.0.0/20")
		w.decide(id, granted)
		w.decide(contested, granted)
		both := w.claimA(3, "cat", "AS3000-AS3003")
		w.claimA(4, "ana", "AS3000-AS3007")
		w.later(windowA + 500)
		w.decide(both, granted)
		w.block(2)
		if !granted {
			w.wantTitle("60.0.0.0/16", "ben", record.GradeB)
			w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
			w.wantTitle("AS3000-AS3003", "ana", record.GradeA)
			continue
		}
		w.wantTitle("60.0.0.0/16", "ana", record.GradeA)
		w.wantTitle("61.0.0.0/20", "ana", record.GradeA)
		w.wantTitle("61.0.128.0/17", "dan", record.GradeT)
		w.wantTitle("AS3000-AS3003", "cat", record.GradeA)
		if e := w.estates("60.0.16.0/20"); len(e) != 1 || e[0].Holder != who("cat") {
			t.Errorf("the lease is %+v", e)
		}
	}
}

func (w *world) decide(id wire.Hash, granted bool) {
	w.t.Helper()
	now := w.header(1)
	r, done, err := ledger.DecideClaim(w.state, w.last, now, id, granted)
	if err != nil || !done {
		w.t.Fatalf("decided: %v, %v", done, err)
	}
	w.state, w.last = r.State, now
	w.check()
}
