package ledger_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
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
