package ledger_test

import (
	"crypto/sha256"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// all lets names say the same in one ledger block.
func (p *pair) all(t *testing.T, names []string, body tx.Body) {
	bodies := make([]tx.Body, len(names))
	for i := range bodies {
		bodies[i] = body
	}
	p.single = true
	p.stepWith(t, names, bodies)
	p.single = false
}

// impartial are three adjudicators, none of them one of some accounts.
func (p *pair) impartial(but ...string) (out []string) {
	for _, a := range p.twin.adjudicators {
		if name := p.called(a.account); len(out) < 3 && !slices.Contains(but, name) {
			out = append(out, name)
		}
	}
	return out
}

// accepted is a caution that adjudicators accept, before its panel is drawn.
func (p *pair) accepted(t *testing.T, party string, r wire.Resource, ground tx.Ground) wire.Hash {
	id := p.tale(t, party, &tx.Caution{Resource: r, Ground: ground, Digest: wire.Hash{1}})
	p.all(t, p.impartial(party), &tx.CaseDecide{Case: id, Verdict: tx.VerdictAccept, Reasons: wire.Hash{1}})
	return id
}

// heard lets a panel decide as soon as it may.
func (p *pair) heard(t *testing.T, id wire.Hash, v tx.Verdict) {
	p.tale(t, "adj1", &tx.CaseDecide{Case: id, Verdict: v, Reasons: wire.Hash{1}}) // too early
	c := p.twin.caseOf(id)
	if c == nil || len(c.panel) == 0 {
		return
	}
	p.await(c.hears)
	var names []string
	for _, who := range c.panel {
		names = append(names, p.called(who))
	}
	p.all(t, names, &tx.CaseDecide{Case: id, Verdict: v, Reasons: wire.Hash{1}})
}

// await lets the next ledger block be at a time that is to come.
func (p *pair) await(at uint64) {
	if at > p.last.Time {
		p.leap = at - p.last.Time
	}
}

// called is the account's name.
func (p *pair) called(id wire.Address) string {
	for _, name := range append(councilNames(), p.names...) {
		if who(name) == id {
			return name
		}
	}
	return p.names[0]
}

// disputeTale is a dispute from its caution to its end, by a way that chance picks.
func (p *pair) disputeTale(t *testing.T) {
	r := resource("60.0.9.0/24")
	party := []string{"ben", "dan", "adj3"}[p.pick(3)]
	id := p.accepted(t, party, r, tx.GroundForged)
	if p.pick(3) == 0 { // a second of one's own on the title, by another order
		p.tale(t, "cat", &tx.Caution{Resource: r, Ground: tx.GroundRight, Digest: wire.Hash{1}})
		p.tale(t, "cat", &tx.OrderRecord{Resource: r, Court: "court", Jurisdiction: "NL", Reference: "1", Digest: wire.Hash{1}, Caution: p.id})
	}
	p.tale(t, "ana", &tx.CautionAnswer{Case: id, Resource: r, Digest: wire.Hash{2}})
	p.tale(t, "ana", &tx.Split{Resource: resource("60.0.8.0/23"), Part: resource("60.0.8.0/24")})
	p.tale(t, "ana", &tx.OriginAuthorise{Resource: r, MaxLength: 24, AS: 77}) // a freeze leaves routing be
	p.all(t, append(p.impartial(party), party), &tx.OrderConfirm{Matter: id, Digest: wire.Hash{3}})
	verdict := tx.VerdictHolder
	if p.pick(2) == 0 {
		verdict = tx.VerdictClaimant
	}
	p.heard(t, id, verdict)
	if p.pick(3) != 0 {
		p.tale(t, "ana", &tx.CaseAppeal{Case: id, Resource: r, Digest: wire.Hash{3}})
		p.all(t, []string{"m0", "m1", "m2", "m3"}, &tx.CaseDecide{Case: id, Verdict: 7 - verdict, Reasons: wire.Hash{1}})
	}
	p.leap = 31
	p.tale(t, "cat", &tx.Lift{Matter: id, Resource: r})
	p.tale(t, "cat", &tx.Lift{Matter: id, Resource: r})
	p.leap = twinRestricts
}

// ordered is an order that adjudicators found in effect.
func (p *pair) ordered(t *testing.T, by string, r wire.Resource, to string) wire.Hash {
	b := &tx.OrderRecord{Resource: r, Court: "court", Jurisdiction: "NL", Reference: "1", Digest: wire.Hash{1}}
	if to != "" {
		b.Final, b.To = true, who(to)
	}
	id := p.tale(t, by, b)
	p.all(t, append(p.impartial(by, to), by), &tx.OrderStatus{Order: id, Status: tx.OrderInEffect, Findings: tx.FoundAll})
	return id
}

// awardTale is a final order over a laden title that is carried out, at once or on the
// breaker's day.
func (p *pair) awardTale(t *testing.T) {
	r, whole := resource("60.0.8.0/24"), resource("60.0.8.0/23")
	if p.pick(2) == 0 {
		r, whole = resource("60.0.0.0/24"), resource("60.0.0.0/21") // which bears 58 authorisations
	}
	p.tale(t, "ana", &tx.ChargePropose{Resource: whole, To: who("ben"), Mode: tx.ModeSale, Longest: 9000, Law: "Dutch law"})
	p.tale(t, "ana", &tx.LeaseOffer{Resource: r, To: who("cat"), End: p.last.Time + 9000, Operator: "o", Abuse: "a@b"})
	p.tale(t, "ana", &tx.OriginAuthorise{Resource: whole, MaxLength: 24, AS: 78})
	if charges := p.twin.titleOf(whole).charges; len(charges) > 0 && p.pick(2) == 0 {
		p.tale(t, "ben", &tx.ChargeEnforce{Resource: whole, Charge: charges[0].id, To: who("dan")})
	} else {
		p.tale(t, "ana", &tx.TransferOffer{Resource: whole, To: who("cat"), Lock: sha256.Sum256(openSecret[:])})
	}
	if p.pick(2) == 0 { // over two titles: none is frozen before somebody asks for it
		over := p.ordered(t, "cat", resource("60.0.8.0/21"), "")
		p.tale(t, "ben", &tx.Restrict{Matter: over, Resource: resource("60.0.10.0/23")})
		p.tale(t, "ben", &tx.Restrict{Matter: over, Resource: resource("60.0.10.0/24")})
		p.tale(t, "ana", &tx.Split{Resource: resource("60.0.10.0/23"), Part: resource("60.0.10.0/24")})
		p.all(t, p.impartial("cat"), &tx.OrderConfirm{Matter: over, Digest: wire.Hash{3}})
		p.tale(t, "ben", &tx.Restrict{Matter: over, Resource: resource("60.0.10.0/23")})
	}
	id := p.ordered(t, []string{"cat", "dan", "adj3"}[p.pick(3)], r, []string{"dan", "cat"}[p.pick(2)])
	p.leap = 2
	p.tale(t, "dan", &tx.Restrict{Matter: id, Resource: r})
	if p.pick(3) == 0 { // another order stands in the way, until it is lifted
		other := p.ordered(t, "ben", r, "")
		defer p.tale(t, "ben", &tx.Lift{Matter: other, Resource: r})
		defer p.all(t, []string{"adj1", "adj2", "adj3"}, &tx.OrderStatus{Order: other, Status: tx.OrderLifted, Reasons: wire.Hash{1}})
	}
	p.heard(t, id, tx.VerdictClaimant)
	p.leap = 31
	p.tale(t, "ben", &tx.Lift{Matter: id, Resource: r})
	p.tale(t, "ben", &tx.Lift{Matter: id, Resource: r})
	p.tale(t, "ana", &tx.Split{Resource: whole, Part: resource("60.0.4.0/24")})
	if len(p.twin.awards) > 0 {
		p.await(p.twin.awards[0].at)
	}
}

// crowdTale fills a title with cautions and freezes (DISP-9, DISP-25).
func (p *pair) crowdTale(t *testing.T) {
	r := resource("60.0.8.0/23")
	if p.pick(2) == 0 {
		for _, name := range []string{"ben", "cat", "dan", "adj1", "adj2", "m0", "m1"} {
			p.all(t, []string{name}, &tx.Caution{Resource: r, Ground: tx.GroundTitle, Digest: wire.Hash{1}})
			p.all(t, []string{name}, &tx.Caution{Resource: r, Ground: tx.GroundRight, Digest: wire.Hash{1}})
		}
		return
	}
	for i, name := range []string{"ben", "cat", "dan", "ben", "cat"} {
		p.accepted(t, name, r, tx.Ground(1+i/3))
	}
	for range 5 {
		p.ordered(t, "cat", r, "")
	}
}

// proposed is what a member proposes and five of seven vote for.
func (p *pair) proposed(t *testing.T, member int, b *tx.Propose) wire.Hash {
	b.As = memberKey(member)
	id := p.tale(t, memberName(member), b)
	p.carried(t, id)
	return id
}

// carried lets members vote for a proposal until it passed.
func (p *pair) carried(t *testing.T, id wire.Hash) {
	var names []string
	var bodies []tx.Body
	for _, m := range p.twin.members[:min(5, len(p.twin.members))] {
		names, bodies = append(names, p.called(m.account)), append(bodies, &tx.Vote{Proposal: id, As: m.key, Yes: true})
	}
	p.stepWith(t, names, bodies)
}

// rollTale changes the bodies: caps, cure terms, a quarter at a time, a registrar and an
// adjudicator removed who vote for members too.
func (p *pair) rollTale(t *testing.T) {
	m := record.Matter(1)
	p.proposed(t, 0, removal(1)) // two of six are of one jurisdiction now
	switch p.pick(3) {
	case 0:
		p.proposed(t, 0, matter(m, tx.Propose{Key: memberKey(8), Subject: who("ben"), Name: "m8", Organisation: "new", Jurisdiction: "ZZ", Hosting: "new"}))
	case 1:
		p.leap = 130 // the cure term is over
		p.proposed(t, 0, removal(2))
		p.proposed(t, 0, removal(3))
	case 2:
		p.tale(t, "m0", func() tx.Body { b := removal(2); b.As = memberKey(0); return b }())
		p.tale(t, "m0", func() tx.Body { b := removal(3); b.As = memberKey(0); return b }())
		for _, x := range p.twin.motions[1:] {
			p.carried(t, x.id)
		}
	}
	p.proposed(t, 4, matter(record.MemberAccount, tx.Propose{Key: memberKey(4), Subject: who("dan")}))
	p.proposed(t, 5, matter(record.RemoveAdjudicator, tx.Propose{Subject: who("m5"), Reason: wire.Hash{1}}))
	p.proposed(t, 6, matter(record.RemoveRegistrar, tx.Propose{Subject: who("dan"), Reason: wire.Hash{1}}))
	p.proposed(t, 6, matter(record.AdmitAdjudicator, tx.Propose{Subject: who("ben"), Organisation: "o", Jurisdiction: "FR"}))
}

// lawTale changes what the register goes by: parameters, keys, rules, a registry that
// ceased and what is allotted of it, by proposal and by petition.
func (p *pair) lawTale(t *testing.T) {
	id := p.tale(t, "ben", matter(record.RegistryCeased, tx.Propose{Name: "apnic", Reason: wire.Hash{1}}))
	for _, r := range []string{"60.0.0.0/21", "60.0.8.0/23", "AS2004"} {
		by := "ana"
		if r == "AS2004" {
			by = "cat"
		}
		p.tale(t, by, &tx.Petition{Proposal: id, Resource: resource(r)})
	}
	p.carried(t, id)
	p.proposed(t, 1, matter(record.AddRegistryCA, tx.Propose{Name: "arin", Material: keyInfo()}))
	p.proposed(t, 2, matter(record.Upgrade, tx.Propose{Value: 2, Height: p.last.Height + uint64(p.pick(12))}))
	p.proposed(t, 3, matter(record.SetParameter, tx.Propose{Name: "petition_least", Value: 1}))
	p.leap = 60
	p.tale(t, "cat", &tx.Rename{Name: "cat", Jurisdiction: "JP"})
	p.proposed(t, 4, matter(record.Allot, tx.Propose{Block: "61.0.1.0/24", Subject: who("ben")}))
	if p.pick(2) == 0 {
		p.proposed(t, 4, matter(record.Allot, tx.Propose{Block: "61.0.2.0/23", Subject: who("cat")}))
		p.proposed(t, 4, matter(record.Allot, tx.Propose{Block: "61.0.1.0/24", Subject: who("cat")}))
	}
	p.proposed(t, 5, matter(record.RemoveRegistryCA, tx.Propose{Key: wire.Sum(wire.TagRecord, []byte{2}, keyInfo()), Reason: wire.Hash{1}}))
	p.proposed(t, 6, matter(record.RegistryResumed, tx.Propose{Name: "apnic", Reason: wire.Hash{1}}))
	frozen := p.ordered(t, "cat", resource("60.0.9.0/24"), "")
	lift := p.tale(t, "adj1", matter(record.LiftFreeze, tx.Propose{Block: "60.0.9.0/24", Key: frozen, Reason: wire.Hash{1}}))
	p.all(t, []string{"adj1", "adj2", "adj3", "dan"}, &tx.Vote{Proposal: lift, Yes: true})
}
