package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// A claim that is entered as a caution takes off its title those that are over: their
// claims spanned a title that was cut since.
func TestStand_DISP8_dropsStale(t *testing.T) {
	w := claims(t)
	warn := func(name, block string) {
		id := w.onRecord(1, false, name, block)
		w.do(name, &tx.Claim{Resource: resource(block), Grade: uint64(record.GradeA), Evidence: id, Expiry: expiry})
	}
	for _, name := range []string{"ana", "ben", "cat"} {
		warn(name, "61.0.0.0/16")
	}
	w.do("dan", &tx.Split{Resource: resource("61.0.0.0/16"), Part: resource("61.0.0.0/17")})
	const at = "16 at 61.0.0.0/17"
	w.wantAgainst("61.0.0.0/17", at, at, at)
	w.later(900)
	w.wantAgainst("61.0.0.0/17", at, at, at)
	warn("ana", "61.0.0.0/24")
	w.wantAgainst("61.0.0.0/17", "16 at 61.0.0.0/24")
}

// A caution stands on while its title goes to a successor.
func TestSucceed_CLAIM24_caution(t *testing.T) {
	w := claims(t)
	w.govern(func(p *record.Parameters) { p.CautionSeconds = 2 * succeeds })
	id := w.claimB("ben", "61.0.0.0/16", "reg1", "reg2")
	w.succession("ana", "61.0.0.0/16", "dan", "reg1", "reg2")
	w.later(succeeds)
	w.wantTitle("61.0.0.0/16", "ana", record.GradeT)
	w.wantAgainst("61.0.0.0/16", "16 at 61.0.0.0/16")
	if c := w.claimOf(id); c == nil || c.Stage != record.Marked {
		t.Errorf("the claim is %+v", c)
	}
}

// A registrar has no word on what it holds itself, also while a claim to that stands
// against nobody yet.
func TestAttest_CLAIM9_holder(t *testing.T) {
	w := claims(t)
	w.claimB("reg1", "60.0.0.0/16", "reg2", "reg3")
	w.later(windowB)
	id := w.claimB("ana", "60.0.0.0/16")
	w.refused("CLAIM-9", "reg1", w.attestation(id))
	w.refused("CLAIM-9", "reg1", &tx.AttestRefuse{Claim: id, Reason: wire.Hash{5}})
}

// What sets a claim's time anew while it runs leaves it what a halt gave it: a notice,
// and the end of another claim.
func TestHalt_CLAIM27(t *testing.T) {
	w := claims(t)
	w.govern(func(p *record.Parameters) { p.UnansweredSeconds = 3000 })
	w.claimB("ben", "60.0.0.0/16", "reg1", "reg2")
	w.later(windowB)
	w.block(1)
	id := w.claimA(1, "ana", "60.0.0.0/16")
	c := w.claimOf(id)
	w.block(1600)
	const grown = 1000
	w.attest("reg1", id)
	if now := w.claimOf(id); now.Ends != c.Ends+grown || now.At != c.At+grown {
		t.Errorf("it ends at %d, silence at %d, want %d and %d", now.Ends, now.At, c.Ends+grown, c.At+grown)
	}
	w = claims(t)
	a, b := w.claimA(1, "ana", "60.0.0.0/17"), w.claimA(2, "ben", "60.0.0.0/18")
	w.claimA(3, "cat", "60.0.64.0/18")
	w.later(windowA + 1)
	ends := w.claimOf(b).Ends
	w.block(1600)
	w.do("ana", &tx.ClaimWithdraw{Claim: a})
	if c := w.claimOf(b); c == nil || c.Ends != ends+grown {
		t.Errorf("the other claim is %+v, want its end at %d", c, ends+grown)
	}
}

// What a claim won in two settlements is qualified for two times: halves of both are
// not merged.
func TestMerge_MERGE2_qualified(t *testing.T) {
	w := claims(t)
	w.claimB("ana", "60.0.0.0/16", "reg1", "reg2")
	other := w.claimB("ben", "60.0.128.0/17", "reg1", "reg2")
	w.later(windowB)
	w.do("ben", &tx.ClaimWithdraw{Claim: other})
	w.later(2)
	w.wantTitle("60.0.128.0/17", "ana", record.GradeB)
	w.refused("MERGE-2", "ana", &tx.Merge{Resource: resource("60.0.0.0/16")})
}

// The word of a registrar that was removed keeps no other of its organisation from
// attesting.
func TestAttest_CLAIM26_organisation(t *testing.T) {
	w := claims(t)
	id := w.claimB("ana", "60.0.0.0/16", "reg1")
	w.dismiss("reg1")
	w.attest("reg4", id)
	w.attest("reg2", id)
	w.wantAgainst("60.0.0.0/16", "4 at 60.0.0.0/16")
}
