package ledger_test

import (
	"errors"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func TestPropose_GOV1_GOV2_GOV3(t *testing.T) {
	c := newCouncil(t, 4)
	c.refused("GOV-5", "m0", &tx.Propose{Matter: uint64(record.SetParameter), Name: "delay_seconds", Value: 9, As: memberKey(1)})
	// What cannot take effect is refused, matter by matter.
	for why, p := range map[string]*tx.Propose{
		"a member's key":           newcomer(0, "o", "ZZ", "h"),
		"a member's account":       matter(record.MemberAccount, tx.Propose{Key: memberKey(9), Subject: who("dan")}),
		"no member":                removal(9),
		"no registrar":             matter(record.RemoveRegistrar, tx.Propose{Subject: who("dan"), Reason: wire.Hash{1}}),
		"no adjudicator":           matter(record.RemoveAdjudicator, tx.Propose{Subject: who("dan"), Reason: wire.Hash{1}}),
		"a registrar already":      matter(record.AdmitRegistrar, tx.Propose{Subject: who("reg0"), Organisation: "o", Jurisdiction: "NL"}),
		"an adjudicator already":   matter(record.AdmitAdjudicator, tx.Propose{Subject: who("adj0"), Organisation: "o", Jurisdiction: "NL"}),
		"no account":               matter(record.AdmitRegistrar, tx.Propose{Subject: wire.Address{7}, Organisation: "o", Jurisdiction: "NL"}),
		"no anchor":                matter(record.RemoveRegistryCA, tx.Propose{Key: wire.Hash{7}, Reason: wire.Hash{1}}),
		"a registry of nobody":     matter(record.RegistryCeased, tx.Propose{Name: "iana", Reason: wire.Hash{1}}),
		"no freeze":                matter(record.LiftFreeze, tx.Propose{Block: "60.0.0.0/16", Key: wire.Hash{1}, Reason: wire.Hash{1}}),
		"a newcomer of no account": func() *tx.Propose { p := newcomer(9, "o", "ZZ", "h"); p.Subject = wire.Address{7}; return p }(),
	} {
		p.As = memberKey(0)
		t.Run(why, func(t *testing.T) { c.refused("GOV-2", "m0", p) })
	}
	first := c.propose(0, delayOf(1))
	c.propose(0, delayOf(2))
	three := delayOf(3)
	three.As = memberKey(0)
	c.refused("GOV-3", "m0", three)
	c.vote(first, true, 0, 1, 2)
	c.propose(0, delayOf(3)) // the first is over
}

func TestVote_GOV4_GOV5_GOV6(t *testing.T) {
	c := newCouncil(t, 4)
	id := c.propose(0, delayOf(77))
	c.refused("GOV-5", "dan", &tx.Vote{Proposal: id, As: memberKey(0), Yes: true})
	c.refused("GOV-5", "dan", &tx.Vote{Proposal: id, Yes: true})
	c.refused("GOV-5", "adj0", &tx.Vote{Proposal: id, Yes: true})
	c.vote(id, true, 0, 1)
	c.vote(id, true, 1) // again: it counts once
	c.vote(id, false, 0)
	c.vote(id, true, 0)
	c.wants(id, record.MotionOpen)
	c.vote(id, true, 2) // three of four: nobody can stop it
	c.wants(id, record.MotionDone)
	if got := parameters(t, c.state).DelaySeconds; got != 77 {
		t.Errorf("the delay is %d", got)
	}
	c.refused("GOV-4", "m3", &tx.Vote{Proposal: id, As: memberKey(3)})

	// At its end three of four votes, two of them for it, pass: two thirds.
	id = c.propose(0, delayOf(78))
	c.vote(id, true, 0, 1)
	c.vote(id, false, 2)
	c.wait(voteTime)
	c.wants(id, record.MotionDone)
	// Two votes are no quorum, and one of two no majority.
	id = c.propose(0, delayOf(79))
	c.vote(id, true, 0, 1)
	c.wait(voteTime)
	c.wants(id, record.MotionLost)
	id = c.propose(0, delayOf(80))
	c.vote(id, true, 0)
	c.vote(id, false, 1, 2)
	c.wait(voteTime)
	c.wants(id, record.MotionLost)
	if got := parameters(t, c.state).DelaySeconds; got != 78 {
		t.Errorf("the delay is %d", got)
	}
	// What needs two thirds of all does not pass by two of three votes of four.
	id = c.propose(0, matter(record.RegistryCeased, tx.Propose{Name: "arin", Reason: wire.Hash{1}}))
	c.vote(id, true, 0, 1)
	c.vote(id, false, 2)
	c.wait(voteTime)
	c.wants(id, record.MotionLost)
}

// A halt of the chain eats no vote's time.
func TestVote_GOV4_DUE6(t *testing.T) {
	c := newCouncil(t, 4)
	id := c.propose(0, delayOf(77))
	c.block(5000)
	c.wants(id, record.MotionOpen)
	c.vote(id, true, 0, 1, 2)
	c.wants(id, record.MotionDone)
}

// Who is removed has no vote of its own there, and none afterwards.
func TestVote_GOV5_GOV6_removed(t *testing.T) {
	c := newCouncil(t, 5)
	open := c.propose(1, delayOf(5))
	c.vote(open, true, 4)
	id := c.propose(0, removal(4))
	c.refused("GOV-5", "m4", &tx.Vote{Proposal: id, As: memberKey(4)})
	c.vote(id, true, 0, 1)
	c.wants(id, record.MotionOpen)
	c.vote(id, true, 2) // three of the four others
	c.wants(id, record.MotionDone)
	c.refused("GOV-5", "m4", &tx.Vote{Proposal: open, As: memberKey(4), Yes: true})
	// Its vote for the other proposal went with it: two more are no two thirds of four.
	c.vote(open, true, 0, 1)
	c.wants(open, record.MotionOpen)
	c.vote(open, true, 2)
	c.wants(open, record.MotionDone)
}

func TestDecided_GOV7(t *testing.T) {
	c := newCouncil(t, 4)
	id := c.carry(delayOf(9))
	c.wait(89 * day)
	c.wants(id, record.MotionDone)
	c.wait(2 * day)
	if _, ok := c.state.Get(record.MotionKey(id)); ok {
		t.Error("it is kept for good")
	}
	if _, ok := c.state.Get(record.BallotsKey(id)); ok {
		t.Error("its votes are kept for good")
	}
}

func TestRegistrar_GOV9(t *testing.T) {
	c := newCouncil(t, 4)
	c.carry(matter(record.AdmitRegistrar, tx.Propose{Subject: who("dan"), Organisation: "o", Jurisdiction: "NL"}))
	c.carry(matter(record.RemoveRegistrar, tx.Propose{Subject: who("reg0"), Reason: wire.Hash{1}}))
	if r := c.roll(); len(r.Registrars) != 2 || !contains(r.Registrars, who("dan")) || contains(r.Registrars, who("reg0")) {
		t.Errorf("%+v", r)
	}
	leaf, _ := c.state.Get(record.RegistrarKey(who("reg0")))
	if x, err := record.RegistrarFromBytes(leaf.Data); err != nil || x.Removed == 0 {
		t.Errorf("%+v, %v", x, err)
	}
	c.carry(matter(record.AdmitRegistrar, tx.Propose{Subject: who("reg0"), Organisation: "o", Jurisdiction: "NL"})) // it may come back
	c.carry(matter(record.AdmitAdjudicator, tx.Propose{Subject: who("dan"), Organisation: "o", Jurisdiction: "NL"}))
	c.carry(matter(record.RemoveAdjudicator, tx.Propose{Subject: who("adj0"), Reason: wire.Hash{1}}))
	if r := c.roll(); len(r.Registrars) != 3 || len(r.Adjudicators) != 3 || contains(r.Adjudicators, who("adj0")) {
		t.Errorf("%+v", r)
	}
	// An account of a member set anew.
	id := c.carry(matter(record.MemberAccount, tx.Propose{Key: memberKey(3), Subject: who("cat")}))
	c.wants(id, record.MotionDone)
	id = c.propose(0, delayOf(1))
	c.refused("GOV-5", "m3", &tx.Vote{Proposal: id, As: memberKey(3), Yes: true})
	c.do("cat", &tx.Vote{Proposal: id, As: memberKey(3), Yes: true})
	again := matter(record.MemberAccount, tx.Propose{Key: memberKey(2), Subject: who("cat"), As: memberKey(0)})
	c.refused("GOV-5", "m0", again)
}

func contains(list []wire.Address, x wire.Address) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// A trust anchor is taken after notice and dropped at once.
func TestAnchor_GOV1_GOV2(t *testing.T) {
	c := newCouncil(t, 4)
	add := matter(record.AddRegistryCA, tx.Propose{Name: "arin", Material: keyInfo()})
	hash := add.Anchor().Hash()
	id := c.carry(add)
	c.wants(id, record.MotionPassed)
	c.wait(upgradeTime)
	c.wants(id, record.MotionDone)
	leaf, ok := c.state.Get(record.AnchorKey(hash))
	if x, err := record.AnchorFromBytes(leaf.Data); !ok || err != nil || x.Kind != record.RegistryCA || x.Registry != "arin" || len(c.roll().Anchors) != 1 {
		t.Fatalf("%+v, %v", x, err)
	}
	twice := matter(record.AddRegistryCA, tx.Propose{Name: "arin", Material: keyInfo(), As: memberKey(0)})
	c.refused("GOV-2", "m0", twice)
	wrong := matter(record.RemoveTrustAnchor, tx.Propose{Key: hash, Reason: wire.Hash{1}, As: memberKey(0)})
	c.refused("GOV-2", "m0", wrong)
	id = c.carry(matter(record.RemoveRegistryCA, tx.Propose{Key: hash, Reason: wire.Hash{1}}))
	c.wants(id, record.MotionDone)
	if _, ok := c.state.Get(record.AnchorKey(hash)); ok || len(c.roll().Anchors) != 0 {
		t.Error("the key is still known")
	}
}

func keyInfo() []byte {
	der := []byte{0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
		0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}
	for range 256 {
		der = append(der, 0xc1)
	}
	return append(der, 0x02, 0x03, 0x01, 0x00, 0x01)
}

func TestUpgrade_GOV10_ADM12(t *testing.T) {
	c := newCouncil(t, 4)
	wrong := matter(record.Upgrade, tx.Propose{Value: 3, Height: 50, As: memberKey(0)})
	c.refused("GOV-10", "m0", wrong)
	height := c.last.Height + 40
	revocation := c.signWith(tx.Header{Author: who("dan"), Rules: 1}, &tx.KeyRevoke{Key: c.account("dan").Policy.TitleKeys}, c.keys[who("dan")])
	const never = 1 << 62 // a height that is out of reach is not out of a vote's
	for _, h := range []uint64{never, height} {
		id := c.carry(matter(record.Upgrade, tx.Propose{Value: 2, Height: h}))
		c.wants(id, record.MotionPassed)
		c.wait(upgradeTime)
		c.wants(id, record.MotionDone)
		if p := parameters(t, c.state); p.NextRules != 2 || p.NextHeight != h {
			t.Fatalf("version %d from height %d, want 2 from %d", p.NextRules, p.NextHeight, h)
		}
	}
	for c.last.Height < height-1 {
		if p := parameters(t, c.state); p.Rules != 1 || c.result.NextRules != 0 {
			t.Fatalf("at %d: version %d, next %d", c.last.Height, p.Rules, c.result.NextRules)
		}
		c.block(1)
	}
	// The header of the height names the new version, so the engine hears a ledger block before.
	if c.result.NextRules != 2 {
		t.Fatalf("ledger block %d names %d for the next", c.last.Height, c.result.NextRules)
	}
	old := c.sign("ana", originOf("60.0.0.0/24", 24, 1)) // for version 1, at the height
	c.lanes[who("ana")]--
	c.inadmissible("ADM-12", old)
	c.block(1)
	if p := parameters(t, c.state); p.Rules != 2 || p.NextRules != 0 || c.result.NextRules != 0 || !c.result.Bearing {
		t.Fatalf("%+v", p)
	}
	h := tx.Header{Author: who("ana"), Policy: 1, Number: c.lanes[who("ana")], Expires: c.last.Time + 100, Rules: 2}
	c.block(1, c.signWith(h, originOf("60.0.0.0/24", 24, 1), c.keys[who("ana")]))
	if r := c.result.Receipts[0]; r.Outcome != ledger.Done {
		t.Fatalf("%+v", r)
	}
	// A revocation made long before is good under every version after it; that it is
	// the account's last key refuses it now as it would have then.
	c.block(1, revocation)
	c.unknownRules()
}

// unknownRules wants a program to stop before rules that it does not know.
func (c *council) unknownRules() {
	e := c.state.Edit()
	p := parameters(c.t, c.state)
	p.NextRules, p.NextHeight = ledger.RulesKnown+1, c.last.Height+1
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	_, err := ledger.Apply(e.Freeze(), c.last, c.header(1), nil, nil)
	if !errors.Is(err, ledger.ErrRules) {
		c.t.Errorf("rules that nobody knows: %v", err)
	}
}

func TestCeased_GOV11_GOV12(t *testing.T) {
	c := newCouncil(t, 4)
	free := &record.Title{Rules: 1, State: record.Available, Source: record.Source{Registry: "arin", Status: "available"}}
	c.plant("64.0.0.0/16", func(f *record.Folio) { f.Title = free.Bytes() })
	c.total = ledger.Totals(c.state)
	allot := matter(record.Allot, tx.Propose{Block: "64.0.128.0/17", Subject: who("dan"), As: memberKey(0)})
	c.refused("GOV-11", "m0", allot)
	id := c.carry(matter(record.RegistryCeased, tx.Propose{Name: "arin", Reason: wire.Hash{1}}))
	c.refused("GOV-11", "m1", matter(record.Allot, tx.Propose{Block: "64.0.128.0/17", Subject: who("dan"), As: memberKey(1)}))
	c.wait(ceasedTime)
	c.wants(id, record.MotionDone)
	c.refused("GOV-11", "m0", matter(record.RegistryCeased, tx.Propose{Name: "arin", Reason: wire.Hash{1}, As: memberKey(0)}))
	c.refused("GOV-12", "m0", matter(record.Allot, tx.Propose{Block: "60.0.0.0/24", Subject: who("dan"), As: memberKey(0)}))
	id = c.carry(matter(record.Allot, tx.Propose{Block: "64.0.128.0/17", Subject: who("dan")}))
	c.wants(id, record.MotionDone)
	got := c.title("64.0.128.0/17")
	if got == nil || got.State != record.Held || got.Holder != who("dan") || got.Grade != record.GradeB || got.Qualified != 0 ||
		got.Source != free.Source || len(got.Predecessors) != 1 || got.Predecessors[0].Resource != resource("64.0.0.0/16") {
		t.Fatalf("%+v", got)
	}
	if left := c.title("64.0.0.0/17"); left == nil || left.State != record.Available {
		t.Fatalf("%+v", left)
	}
	c.transfer("dan", "ana", "64.0.128.0/18", false) // it is a title as any other
	// Allotted in the same ledger block, an overlapping one comes too late.
	late := c.propose(1, matter(record.Allot, tx.Propose{Block: "64.0.0.0/18", Subject: who("ben")}))
	id = c.carry(matter(record.RegistryResumed, tx.Propose{Name: "arin", Reason: wire.Hash{1}}))
	c.wants(id, record.MotionDone)
	c.vote(late, true, 1, 2, 3)
	c.wants(late, record.MotionRefused)
	if m := c.motion(late); m.Rule != "GOV-11" {
		t.Errorf("refused by %s", m.Rule)
	}
}

// What adjudicators lift by a vote is lifted, and no member has a say in it.
func TestLift_GOV5_matters(t *testing.T) {
	c := newCouncil(t, 4)
	freeze := record.Restriction{Rules: 1, Kind: record.Freeze, Act: wire.Hash{9}, Until: c.last.Time + 9000, At: resource("60.0.0.0/17")}
	c.plant("60.0.0.0/16", func(f *record.Folio) { f.Restrictions = record.RestrictionsBytes([]record.Restriction{freeze}) })
	e := c.state.Edit()
	id := wire.Sum(wire.TagDealing, freeze.Act[:], []byte{byte(freeze.Kind)}, freeze.At.Key())
	e.Put(record.Leaf(tree.DueKey(freeze.Until, record.RankBound, id), wire.Encode(&record.Due{
		Rules: 1, Kind: record.DueRestriction, Act: freeze.Act, Resource: freeze.At, Sort: uint64(freeze.Kind)})))
	c.state = e.Freeze()
	lift := matter(record.LiftFreeze, tx.Propose{Block: "60.0.0.0/17", Key: freeze.Act, Reason: wire.Hash{1}})
	motion := c.do("adj0", lift)
	c.refused("GOV-5", "m0", &tx.Vote{Proposal: motion, As: memberKey(0), Yes: true})
	c.do("adj0", &tx.Vote{Proposal: motion, Yes: true})
	c.wants(motion, record.MotionOpen)
	c.do("adj2", &tx.Vote{Proposal: motion, Yes: true})
	c.wants(motion, record.MotionDone)
	if len(c.folio("60.0.0.0/16").Restrictions) != 0 {
		t.Error("the freeze stands")
	}
}

func TestPetition_GOV3_GOV14_GOV15_GOV16(t *testing.T) {
	c := newCouncil(t, 4)
	id := c.do("ana", delayOf(5)) // no voter: a petition
	c.wants(id, record.MotionPetition)
	c.refused("GOV-3", "ana", delayOf(6))
	c.refused("GOV-4", "m0", &tx.Vote{Proposal: id, As: memberKey(0), Yes: true})
	c.refused("GOV-15", "dan", &tx.Petition{Proposal: id, Resource: resource("60.0.0.0/24")})
	c.refused("GOV-14", "ana", &tx.Petition{Proposal: wire.Hash{1}, Resource: resource("60.0.0.0/24")})
	c.do("ana", &tx.Petition{Proposal: id, Resource: resource("60.0.0.0/24")})
	// Another title of the same handle counts for the same holder.
	c.refused("GOV-15", "ana", &tx.Petition{Proposal: id, Resource: resource("61.0.0.0/24")})
	other := c.do("cat", delayOf(6))
	c.refused("GOV-15", "ana", &tx.Petition{Proposal: other, Resource: resource("61.0.0.0/24")})
	c.wants(id, record.MotionPetition)
	c.do("ben", &tx.Petition{Proposal: id, Resource: resource("62.0.0.0/16")}) // two of three: half, rounded up
	c.wants(id, record.MotionOpen)
	c.vote(id, true, 1, 2, 3)
	c.wants(id, record.MotionDone)
	// Its supporters are free again.
	c.do("ana", &tx.Petition{Proposal: other, Resource: resource("61.0.0.0/24")})
	c.wait(91 * day)
	if m := c.motion(other); m.State != 0 {
		t.Errorf("after 90 days it is %v", m.State)
	}
	// The agenda takes 64 petitions.
	e := c.state.Edit()
	a := &record.Agenda{Rules: 1}
	for i := range record.PetitionsMax {
		m := record.Motion{Rules: 1, State: record.MotionOpen, At: c.last.Time + 1e6, Matter: record.SetParameter, By: who("dan"), Body: tx.EncodeBody(delayOf(1))}
		act := wire.Hash{1, byte(i)}
		a.List = append(a.List, record.AgendaItem{Act: act, By: who("dan"), Petition: true})
		e.Put(record.Leaf(record.MotionKey(act), wire.Encode(&m)))
		e.Put(record.Leaf(tree.DueKey(m.At, record.RankGovern, act), wire.Encode(&record.Due{Rules: 1, Kind: record.DueMotion, Act: act})))
	}
	e.Put(record.Leaf(record.AgendaKey, wire.Encode(a)))
	c.state = e.Freeze()
	id = c.do("ana", delayOf(7))
	c.do("ana", &tx.Petition{Proposal: id, Resource: resource("60.0.0.0/24")})
	c.refused("GOV-16", "ben", &tx.Petition{Proposal: id, Resource: resource("62.0.0.0/24")})
	c.propose(1, delayOf(8)) // a member's proposal has a place of its own
}

// A petition needs a share of the holders, or the parameter's least if that is fewer.
func TestPetition_GOV13_GOV14_least(t *testing.T) {
	c := newCouncil(t, 4)
	e, p := c.state.Edit(), parameters(t, c.state)
	p.PetitionShare, p.PetitionLeast = 333_333, 1
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	c.state = e.Freeze()
	id := c.do("ana", delayOf(5))
	c.do("ana", &tx.Petition{Proposal: id, Resource: resource("60.0.0.0/24")})
	c.wants(id, record.MotionOpen)
	// A title that is not settled counts for nobody.
	title := c.title("62.0.0.0/16")
	title.Grade = record.GradeC
	e = c.state.Edit()
	ben := c.account("ben")
	ben.Holdings = account.Holdings{}
	e.Put(record.Leaf(tree.AccountKey(who("ben")), ben.Bytes()))
	c.state = e.Freeze()
	c.plant("62.0.0.0/16", func(f *record.Folio) { f.Title = title.Bytes() })
	id = c.do("ben", delayOf(6))
	c.refused("GOV-15", "ben", &tx.Petition{Proposal: id, Resource: resource("62.0.0.0/16")})
}
