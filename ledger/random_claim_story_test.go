package ledger_test

import (
	"crypto/sha256"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// claimStory begins some sequences with claims that come to an end.
func (p *pair) claimStory(t *testing.T, i int) {
	switch i % 10 {
	case 0, 5:
		p.silenced(t)
	case 1:
		p.disputed(t)
	case 2:
		p.crowded(t)
	case 3:
		p.succeeded(t)
	case 4:
		p.entered(t)
	case 6:
		p.warned(t)
	case 7:
		p.objected(t)
	case 8, 9:
		p.contestTale(t)
	}
}

// asks claims a block, and has registrars attest it.
func (p *pair) asks(t *testing.T, name, block string, grade record.Grade, registrars ...string) wire.Hash {
	id := p.tale(t, name, &tx.Claim{Resource: resource(block), Grade: uint64(grade)})
	p.attests(t, id, registrars...)
	return id
}

func (p *pair) attests(t *testing.T, id wire.Hash, registrars ...string) {
	for _, by := range registrars {
		p.tale(t, by, &tx.ClaimAttest{Claim: id, Notice: wire.Hash{1}, Noticed: p.last.Time})
	}
}

// proves claims a block with evidence of an issuing CA, signed just now.
func (p *pair) proves(t *testing.T, name, block string, issuer byte, title bool) wire.Hash {
	expiry := p.last.Time + 5000
	id := p.prove(name, resource(block), issuer, title, p.last.Time, expiry)
	return p.tale(t, name, &tx.Claim{Resource: resource(block), Grade: uint64(record.GradeA), Evidence: id, Expiry: expiry})
}

// silenced is a qualified title that better evidence is shown of, and what its
// holder and the registrars do about that.
func (p *pair) silenced(t *testing.T) {
	part := []string{"60.0.12.0/22", "60.0.12.0/23", "60.0.15.0/24"}[p.pick(3)]
	p.asks(t, "ben", "60.0.12.0/22", record.GradeB, "reg1", "reg2")
	p.leap = twinClaimB
	p.tale(t, "ben", &tx.OriginAuthorise{Resource: resource("60.0.12.0/22"), MaxLength: 24, AS: 7})
	p.tale(t, "ben", &tx.GrantOffer{Resource: resource("60.0.13.0/24"), To: who("cat"), Notice: 5000})
	if p.pick(6) == 0 {
		p.tale(t, "ben", &tx.ChargePropose{Resource: resource("60.0.12.0/22"), To: who("cat"), Law: "Dutch law"})
	}
	id := p.proves(t, "ana", part, 1, true)
	for range 2 + min(1, p.pick(5)) {
		p.leap = twinUnanswered / 6
		p.attests(t, id, "reg3")
	}
	then := p.pick(9)
	if p.seed%20 == 0 {
		then = 0
	}
	switch then {
	case 0:
		p.tale(t, "ben", &tx.ClaimAnswer{Claim: id, Digest: wire.Hash{1}})
	case 1:
		p.proves(t, "cat", part, 2, true)
	case 2:
		p.tale(t, "ben", &tx.SetGuardians{Guardians: accounts("cat"), Threshold: 1})
		x := p.policy("ben")
		p.tale(t, "cat", &tx.RecoveryStart{Subject: who("ben"), TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK})
	case 3: // a halt of the chain, and another notice
		p.leap = 700
		p.attests(t, id, "reg3")
	}
	if p.pick(2) == 0 {
		p.answered(t, id, part)
	}
	p.leap = twinUnanswered
	p.tale(t, "ana", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
}

// disputed is a part that two claim.
func (p *pair) disputed(t *testing.T) {
	p.proves(t, "ana", "60.0.12.0/22", 1, true)
	id := p.proves(t, "ben", "60.0.13.0/24", 2, true)
	p.leap = twinClaimA
	p.asks(t, "cat", "60.0.14.0/24", record.GradeB, "reg1", "reg3")
	p.leap = twinClaimA
	p.tale(t, "dan", &tx.ClaimWithdraw{Claim: id})
	switch p.pick(3) {
	case 0:
		p.tale(t, "ben", &tx.ClaimWithdraw{Claim: id})
		p.leap = 2
	case 1:
		p.leap = 700
		p.tale(t, "dan", &tx.ClaimWithdraw{Claim: id})
		p.leap = twinRestricts
	case 2:
		p.proves(t, "ben", "60.0.13.0/24", 2, true)
		p.leap = twinRestricts
	}
	p.tale(t, "dan", &tx.ClaimWithdraw{Claim: id})
}

// crowded is a title on which as many claims stand as may.
func (p *pair) crowded(t *testing.T) {
	all := []string{"ana", "ben", "cat", "reg1", "reg2", "reg3", "reg4"}
	for i, name := range all {
		block := []string{"60.0.12.0/22", "60.0.12.0/24", "60.0.13.0/24", "60.0.14.0/24"}[i%4]
		if i > 3 && p.pick(6) == 0 {
			p.proves(t, name, block, byte(1+i), true)
			continue
		}
		by := []string{"reg1", "reg3"}
		if name == "reg1" || name == "reg3" || name == "reg4" {
			by = []string{"reg2", "dan"}
		}
		p.asks(t, name, block, record.GradeB, by...)
	}
	p.leap = twinClaimB
	p.proves(t, "ben", "60.0.15.0/24", 9, true)
	p.leap = twinRestricts
	p.tale(t, "dan", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
}

// succeeded is a holder that is gone.
func (p *pair) succeeded(t *testing.T) {
	block := resource([]string{"60.0.10.0/23", "60.0.0.0/21", "60.0.8.0/23"}[p.pick(3)])
	p.tale(t, "ana", &tx.ChargePropose{Resource: block, To: who("ben"), Mode: tx.ModeSale, Longest: 200, Law: "Dutch law"})
	p.tale(t, "ana", &tx.OriginAuthorise{Resource: block, MaxLength: 24, AS: 8})
	id := p.tale(t, "cat", &tx.Succession{Resource: block, Subject: who("ana"), Documents: wire.Hash{3}})
	p.attests(t, id, "reg1", "reg4", "reg2")
	switch p.pick(5) {
	case 0:
		p.tale(t, "ana", &tx.SuccessionVeto{Succession: id})
	case 1:
		p.tale(t, "ana", &tx.TransferOffer{Resource: block, To: who("dan"), Lock: sha256.Sum256(openSecret[:])})
	case 2:
		p.asks(t, "ben", block.String(), record.GradeB, "reg1", "reg2")
	case 3:
		next := p.tale(t, "ben", &tx.Succession{Resource: block, Subject: who("ana"), Documents: wire.Hash{3}})
		p.attests(t, next, "reg1", "reg2")
	}
	p.leap = twinSucceeds
	p.tale(t, "cat", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
}

// entered is what one registrar attests, what better claims make of that, and a
// registrar that is removed.
func (p *pair) entered(t *testing.T) {
	p.asks(t, "cat", "AS2008-AS2015", record.GradeC, "reg3")
	p.asks(t, "ben", "AS2008-AS2015", record.GradeC, "reg1")
	p.asks(t, "ben", "60.0.12.0/22", record.GradeB, "reg1", "reg2")
	p.asks(t, "cat", "AS2008-AS2015", record.GradeB, "reg1", "reg2")
	p.leap = twinClaimB
	p.proves(t, "ana", "AS2010-AS2011", 3, true)
	p.removeRegistrar()
	p.tale(t, "ben", &tx.OriginAuthorise{Resource: resource("60.0.12.0/22"), MaxLength: 24, AS: 7})
	p.asks(t, "ben", "60.0.12.0/22", record.GradeB, "reg3", "reg1", "dan")
	p.proves(t, "ben", "60.0.12.0/22", 4, p.pick(3) != 0)
	p.leap = twinClaimA
	p.tale(t, "cat", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
	p.leap = twinRestricts
	p.tale(t, "cat", &tx.ClaimWithdraw{Claim: wire.Hash{5}})
}

// warned is a title with cautions that is cut, and has cautions entered again.
func (p *pair) warned(t *testing.T) {
	whole, low := "60.0.0.0/21", "60.0.0.0/22"
	for _, name := range []string{"ben", "cat", "dan", "reg3", "ben"} {
		p.proves(t, name, whole, 1, false)
	}
	p.tale(t, "ana", &tx.Split{Resource: resource(whole), Part: resource(low)})
	p.asks(t, "ben", low, record.GradeB, "reg1", "reg2")
	if p.pick(2) == 0 {
		p.tale(t, "ana", &tx.Merge{Resource: resource(whole)})
	}
	p.leap = twinCautions
	p.asks(t, "cat", low, record.GradeC, "reg1")
	p.leap = twinCautions
	p.asks(t, "dan", low, record.GradeC, "reg1")
	p.tale(t, "ana", &tx.Merge{Resource: resource(whole)})
}

// objected is a claim that registrars and another's evidence stand against.
func (p *pair) objected(t *testing.T) {
	id := p.proves(t, "ana", "60.0.12.0/22", 1, true)
	if p.pick(2) == 0 {
		id = p.asks(t, "ana", "60.0.12.0/22", record.GradeB, "reg1", "reg2")
	}
	against := func(by, block string) {
		p.tale(t, by, &tx.ClaimObject{Claim: id, Resource: resource(block), Reason: wire.Hash{6}})
	}
	against("reg3", "60.0.12.0/22")
	against("dan", []string{"60.0.12.0/23", "60.0.12.0/22"}[p.pick(2)])
	against("reg2", "60.0.15.0/24")
	if p.pick(2) == 0 {
		expiry := p.last.Time + 5000
		proof := p.prove("ben", resource("60.0.14.0/24"), 2, true, p.last.Time, expiry)
		p.tale(t, "ben", &tx.ClaimObject{Claim: id, Resource: resource("60.0.14.0/24"), Evidence: proof, Expiry: expiry})
	}
	if p.pick(3) == 0 {
		p.removeRegistrar()
	}
	p.leap = twinClaimB
	p.tale(t, "reg3", &tx.ClaimWithdraw{Claim: id})
	if p.pick(2) == 0 {
		p.tale(t, "ben", &tx.ClaimWithdraw{Claim: id})
		p.tale(t, "dan", &tx.ClaimWithdraw{Claim: id})
	}
	p.leap = twinRestricts
	p.tale(t, "dan", &tx.ClaimWithdraw{Claim: id})
}
