package ledger_test

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Two that prove the same numbers contest each other where they overlap, and only
// there: the rest settles.
func TestOverlap_CLAIM13_CLAIM14_CLAIM15(t *testing.T) {
	w := claims(t)
	a := w.claimA(1, "ana", "60.0.0.0/16")
	b := w.claimA(2, "ben", "60.0.4.0/22")
	w.wantAgainst("60.0.0.0/16", "3 at 60.0.4.0/22", "3 at 60.0.4.0/22", "4 at 60.0.0.0/16")
	w.later(windowA + 2)
	w.wantTitle("60.0.0.0/22", "ana", record.GradeA)
	w.wantTitle("60.0.128.0/17", "ana", record.GradeA)
	w.wantTitle("60.0.4.0/22", "", record.GradeNone)
	w.wantAgainst("60.0.4.0/22", "3 at 60.0.4.0/22", "3 at 60.0.4.0/22")
	if c := w.claimOf(a); c.Resource != resource("60.0.4.0/22") || c.Stage != record.Disputed {
		t.Errorf("what is left of the claim is %+v", c)
	}
	w.do("ana", &tx.ClaimWithdraw{Claim: a})
	w.block(2)
	w.wantTitle("60.0.4.0/22", "ben", record.GradeA)
	if w.claimOf(b) != nil {
		t.Error("the claim is left behind")
	}
}

// What nobody decides lapses, and is nobody's.
func TestUndecided_CLAIM15(t *testing.T) {
	w := claims(t)
	a, b := w.claimA(1, "ana", "60.0.0.0/16"), w.claimA(2, "ben", "60.0.0.0/16")
	c := w.claimB("cat", "60.0.0.0/17", "reg1", "reg2")
	w.later(windowA + restricted + 1000)
	w.wantTitle("60.0.0.0/16", "", record.GradeNone)
	w.wantAgainst("60.0.0.0/16")
	if w.claimOf(a) != nil || w.claimOf(b) != nil || w.claimOf(c) != nil {
		t.Errorf("claims %v, %v and %v are open", w.claimOf(a), w.claimOf(b), w.claimOf(c))
	}
}

// Proof defeats attestation, in whatever order they come.
func TestProofDefeats_R17_CLAIM13(t *testing.T) {
	for _, first := range []bool{true, false} {
		w := claims(t)
		if first {
			w.claimA(1, "ana", "60.0.4.0/22")
		}
		b := w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
		if !first {
			w.claimA(1, "ana", "60.0.4.0/22")
		}
		w.wantAgainst("60.0.0.0/16", "3 at 60.0.4.0/22", "4 at 60.0.0.0/16", "4 at 60.0.4.0/22")
		w.later(windowA)
		w.wantTitle("60.0.4.0/22", "ana", record.GradeA)
		if w.claimOf(b) != nil {
			t.Error("a claim that a settlement cut goes on")
		}
	}
}

func TestObjections_CLAIM9_CLAIM14_CLAIM18(t *testing.T) {
	w := claims(t)
	id := w.claimA(1, "ana", "60.0.0.0/16")
	word := func(part string) tx.Body {
		return &tx.ClaimObject{Claim: id, Resource: resource(part), Reason: wire.Hash{4}}
	}
	proof := func(issuer byte, title bool, name, part string) tx.Body {
		return &tx.ClaimObject{Claim: id, Resource: resource(part), Evidence: w.onRecord(issuer, title, name, part), Expiry: expiry}
	}
	w.refused("CLAIM-9", "ben", word("60.0.0.0/16"))
	w.refused("CLAIM-14", "reg1", word("60.0.0.0/15"))
	w.refused("TITLE-4", "reg1", word("60.0.0.0/25"))
	w.refused("CLAIM-14", "ana", proof(1, true, "ana", "60.0.0.0/24"))
	w.do("reg1", word("60.0.0.0/20"))
	w.refused("CLAIM-10", "reg1", word("60.0.0.0/20"))
	w.do("reg3", word("60.0.0.0/22")) // of the same jurisdiction: against A it does not count with reg1
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/16")
	w.do("reg2", word("60.0.2.0/23"))
	w.wantAgainst("60.0.0.0/16", "3 at 60.0.2.0/23", "4 at 60.0.0.0/16")
	w.refused("CLAIM-21", "ben", proof(2, false, "ben", "60.0.8.0/24"))
	w.do("ben", proof(2, true, "ben", "60.0.8.0/24"))
	w.wantAgainst("60.0.0.0/16", "3 at 60.0.0.0/20", "4 at 60.0.0.0/16")
	w.refused("CLAIM-18", "cat", &tx.ClaimWithdraw{Claim: id})
	w.do("reg2", &tx.ClaimWithdraw{Claim: id})
	w.wantAgainst("60.0.0.0/16", "3 at 60.0.8.0/24", "4 at 60.0.0.0/16")
	w.later(windowA)
	w.wantTitle("60.0.9.0/24", "ana", record.GradeA)
	w.wantTitle("60.0.8.0/24", "", record.GradeNone)
	w.do("ben", &tx.ClaimWithdraw{Claim: id})
	w.block(2)
	w.wantTitle("60.0.8.0/24", "ana", record.GradeA)
}

// A claim against a better grade is a caution: it warns and binds nobody, and
// lapses. So is one on a checklist of a CA that no registry CA certified.
func TestCautions_CLAIM13_CLAIM21_R17(t *testing.T) {
	w := claims(t)
	offer := &tx.TransferOffer{Resource: resource("61.0.0.0/16"), To: who("ben"), Value: w.value("61.0.0.0/16"), Until: w.last.Time + 5000}
	id := w.do("dan", offer)
	w.claimB("ana", "61.0.0.0/17", "reg1", "reg2") // against grade T
	child := &tx.Claim{Resource: resource("61.0.128.0/24"), Grade: uint64(record.GradeA), Evidence: w.onRecord(7, false, "cat", "61.0.128.0/24"), Expiry: expiry}
	w.do("cat", child)
	w.wantAgainst("61.0.0.0/16", "16 at 61.0.0.0/17", "16 at 61.0.128.0/24")
	child.Evidence = w.onRecord(8, false, "cat", "61.0.128.0/24")
	w.refused("CLAIM-13", "cat", child)
	unclaimed := &tx.Claim{Resource: resource("60.0.4.0/22"), Grade: uint64(record.GradeA), Evidence: w.onRecord(7, false, "cat", "60.0.4.0/22"), Expiry: expiry}
	w.do("cat", unclaimed)
	w.do("dan", &tx.Split{Resource: resource("61.0.0.0/16"), Part: resource("61.0.0.0/24")}) // through the caution
	w.later(1000)
	w.wantAgainst("61.0.128.0/17")
	w.wantAgainst("61.0.0.0/24", "16 at 61.0.0.0/24") // over, and taken off by whoever asks (DISP-8)
	w.do("ben", &tx.Lift{Matter: w.restrictions("61.0.0.0/24")[0].Act, Resource: resource("61.0.0.0/24")})
	w.wantAgainst("61.0.0.0/24")
	w.wantAgainst("60.0.0.0/16")
	w.wantTitle("61.0.128.0/17", "dan", record.GradeT)
	w.wantTitle("60.0.0.0/16", "", record.GradeNone)
	_ = id
}

// Whoever is certified for a part of a row may fill its claims; one who proves more
// finds room, and each issuing CA has one claim.
func TestBounds_CLAIM8_CLAIM12(t *testing.T) {
	w := claims(t)
	blocks := []string{"60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24", "60.0.3.0/24", "60.0.4.0/24", "60.0.5.0/24"}
	var last wire.Hash
	for _, block := range blocks {
		last = w.claimB("ben", block, "reg1", "reg2")
	}
	extra := w.do("cat", &tx.Claim{Resource: resource("60.0.9.0/24"), Grade: uint64(record.GradeB)})
	w.attest("reg1", extra)
	w.refused("CLAIM-12", "reg2", w.attestation(extra))
	a := w.claimA(1, "ana", "60.0.0.0/24")
	if w.claimOf(last) != nil || w.claimOf(a) == nil {
		t.Error("proof finds no room")
	}
	w.refused("CLAIM-12", "cat", w.bodyA(1, "cat", "60.0.8.0/24")) // of the same CA, elsewhere
	w.block(1)
	b := w.claimA(1, "cat", "60.0.0.0/23") // signed later, over the same numbers
	if w.claimOf(a) != nil || w.claimOf(b) == nil {
		t.Error("a CA's later word does not replace its earlier one")
	}
	for i := range record.ClaimsMax {
		body := &tx.Claim{Resource: resource("AS3000-AS3007"), Grade: uint64(record.GradeC)}
		if i == record.ClaimsMax-len(blocks)+1 {
			w.refused("CLAIM-8", "ben", body)
			return
		}
		w.do("ben", body)
	}
}

// A better or later claim of one account takes the place of its own.
func TestOneClaimAnAddress_CLAIM12(t *testing.T) {
	w := claims(t)
	b := w.claimB("ana", "60.0.0.0/17", "reg1", "reg2")
	a := w.claimA(1, "ana", "60.0.0.0/16")
	if w.claimOf(b) != nil {
		t.Error("the worse claim stands beside the better")
	}
	c := w.do("ana", &tx.Claim{Resource: resource("60.0.0.0/17"), Grade: uint64(record.GradeB)})
	w.attest("reg1", c)
	w.refused("CLAIM-12", "reg2", w.attestation(c))
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/16")
	_ = a
}

// Claims to parts of one row that settle in one second settle one a ledger block,
// so that each predecessor's value stands in the history.
func TestSettledOneByOne_CLAIM15_TITLE5(t *testing.T) {
	w := claims(t)
	acts := []*tx.Claim{w.bodyA(1, "ana", "60.0.0.0/18"), w.bodyA(2, "ben", "60.0.64.0/18"), w.bodyA(3, "cat", "60.0.128.0/17")}
	w.block(1, w.sign("ana", acts[0]), w.sign("ben", acts[1]), w.sign("cat", acts[2]))
	for _, r := range w.result.Receipts {
		if r.Outcome != ledger.Done {
			t.Fatal(r)
		}
	}
	w.later(windowA)
	w.block(1)
	w.block(1)
	for block, name := range map[string]string{"60.0.0.0/18": "ana", "60.0.64.0/18": "ben", "60.0.128.0/17": "cat"} {
		w.wantTitle(block, name, record.GradeA)
	}
}
