package ledger_test

import (
	"crypto/sha256"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// contestTale is a claim to another's title, or two to one row, that adjudicators
// decide, by a way that chance picks.
func (p *pair) contestTale(t *testing.T) {
	block := []string{"60.0.8.0/24", "60.0.10.0/23", "60.0.0.0/24"}[p.pick(3)] // the last bears 58 authorisations
	party := "ben"
	p.laden(t, block)
	if p.pick(4) == 0 {
		block, party = "60.0.13.0/24", "cat"
		p.proves(t, "dan", "60.0.12.0/22", 2, true)
	}
	id := p.proves(t, party, block, 1, true)
	if party == "cat" {
		p.leap = twinClaimA
		p.tale(t, "dan", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
	}
	p.tale(t, "ana", &tx.CautionAnswer{Case: id, Resource: resource(block), Digest: wire.Hash{2}})
	if p.pick(3) == 0 { // a court's order stands in the way, and is lifted
		other := p.ordered(t, "dan", resource(block), "")
		defer p.carriedOut(t, id, block)
		defer p.all(t, []string{"adj1", "adj2", "adj3"}, &tx.OrderStatus{Order: other, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	}
	verdict := []tx.Verdict{tx.VerdictClaimant, tx.VerdictClaimant, tx.VerdictHolder}[p.pick(3)]
	p.heard(t, id, verdict)
	switch p.pick(4) {
	case 0:
		p.appealed(t, id, block, []string{"ana", party, "dan"}[p.pick(3)], 7-verdict)
	case 1:
		p.leap = 700 // a halt
		p.tale(t, "cat", &tx.Lift{Matter: id, Resource: resource(block)})
	case 2:
		if p.pick(3) == 0 {
			p.tale(t, party, &tx.ClaimWithdraw{Claim: id})
		}
	}
	p.leap = 31
	p.carriedOut(t, id, block)
}

// appealed takes a decided case to the members, who say something else.
func (p *pair) appealed(t *testing.T, id wire.Hash, block, by string, v tx.Verdict) {
	p.tale(t, by, &tx.CaseAppeal{Case: id, Resource: resource(block), Digest: wire.Hash{3}})
	if p.pick(4) != 0 { // else what the panel decided stands
		p.all(t, []string{"m0", "m1", "m2", "m3"}, &tx.CaseDecide{Case: id, Verdict: v, Reasons: wire.Hash{1}})
	}
}

// laden is a title of ana's with something on it that an award meets.
func (p *pair) laden(t *testing.T, block string) {
	at := p.twin.titleOf(resource(block)).at
	switch p.pick(4) {
	case 0:
		p.tale(t, "ana", &tx.TransferOffer{Resource: at, To: who("cat"), Lock: sha256.Sum256(openSecret[:])})
	case 1:
		p.tale(t, "ana", &tx.ChargePropose{Resource: at, To: who("cat"), Mode: tx.ModeSale, Longest: 9000, Law: "Dutch law"})
		if charges := p.twin.titleOf(at).charges; len(charges) > 0 {
			p.tale(t, "cat", &tx.ChargeEnforce{Resource: at, Charge: charges[0].id, To: who("dan")})
		}
	case 2:
		p.tale(t, "ana", &tx.LeaseOffer{Resource: resource(block), To: who("cat"), End: p.last.Time + 9000, Operator: "o", Abuse: "a@b"})
	}
	p.tale(t, "ana", &tx.OriginAuthorise{Resource: resource(block), MaxLength: 24, AS: 78})
}

// carriedOut lets an account carry out a decision, twice, and once more on the
// breaker's day.
func (p *pair) carriedOut(t *testing.T, id wire.Hash, block string) {
	p.tale(t, "cat", &tx.Lift{Matter: id, Resource: resource(block)})
	p.tale(t, "cat", &tx.Lift{Matter: id, Resource: resource(block)})
	if len(p.twin.awards) > 0 {
		p.await(p.twin.awards[0].at)
		p.tale(t, "cat", &tx.Lift{Matter: id, Resource: resource(block)})
	}
}

// answered is a claim to a qualified title that silence would have won, as the holder
// answered or registrars gave too few notices: a panel decides it.
func (p *pair) answered(t *testing.T, id wire.Hash, block string) {
	if c := p.twin.claim(id); c == nil || c.stage != record.Answered {
		return
	}
	p.heard(t, id, []tx.Verdict{tx.VerdictClaimant, tx.VerdictHolder}[p.pick(2)])
	p.leap = 31
	p.carriedOut(t, id, block)
}
