package ledger_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// governAct proposes something or, mostly, votes on what is proposed.
func (p *pair) governAct() (string, tx.Body) {
	var open, gathering []twinMotion
	for _, m := range p.twin.motions {
		switch m.state {
		case record.MotionOpen:
			open = append(open, m)
		case record.MotionPetition:
			gathering = append(gathering, m)
		}
	}
	switch n := p.pick(12); {
	case n < 3 || len(open) == 0 && n < 8:
		return p.proposal()
	case n < 5 || len(open) == 0:
		m := twinMotion{id: wire.Hash{6}}
		if len(gathering) > 0 {
			m = gathering[p.pick(len(gathering))]
		}
		t := p.someTitle(func(t twinTitle) bool { return t.dealable })
		return p.likely(t.holder), &tx.Petition{Proposal: m.id, Resource: t.at}
	}
	m := open[p.pick(len(open))]
	if p.pick(15) == 0 {
		m = p.twin.motions[p.pick(len(p.twin.motions))]
	}
	b := &tx.Vote{Proposal: m.id, Yes: p.pick(8) != 0}
	if m.matter() == record.LiftFreeze {
		return p.adjudicator(), b
	}
	name, as := p.voter()
	b.As = as
	return name, b
}

// voter is a member's account and the member, most of the time.
func (p *pair) voter() (string, wire.Hash) {
	m := p.twin.members[p.pick(len(p.twin.members))]
	switch p.pick(15) {
	case 0:
		return p.anybody(), m.key
	case 1:
		return p.anybody(), wire.Hash{}
	}
	return p.nameOf(m.account), m.key
}

// proposal asks for something that could take effect, most of the time.
func (p *pair) proposal() (string, tx.Body) {
	b := p.matterOf(record.Matter(1 + p.pick(int(record.MatterMost))))
	if p.pick(5) == 0 {
		return p.someone(), b // a petition, but of who votes for a member
	}
	if record.Matter(b.Matter) == record.LiftFreeze && p.pick(8) != 0 {
		return p.adjudicator(), b
	}
	name, as := p.voter()
	b.As = as
	return name, b
}

func (p *pair) matterOf(m record.Matter) *tx.Propose {
	b := &tx.Propose{Matter: uint64(m)}
	subject := who(p.anybody())
	if p.pick(25) == 0 {
		subject = wire.Address{9}
	}
	member := p.twin.members[p.pick(len(p.twin.members))]
	switch m {
	case record.AdmitMember:
		x := memberOf(p.pick(memberCount + 5))
		y := memberOf(p.pick(memberCount + 5))
		b.Key, b.Subject, b.Name, b.Organisation, b.Jurisdiction, b.Hosting = x.key, subject, x.name, x.organisation, y.jurisdiction, x.hosting
	case record.RemoveMember:
		b.Key, b.Reason = member.key, wire.Hash{1}
	case record.MemberAccount:
		b.Key, b.Subject = member.key, subject
	case record.AdmitRegistrar, record.AdmitAdjudicator:
		b.Subject, b.Organisation, b.Jurisdiction = subject, "a new one", []string{"NL", "FR"}[p.pick(2)]
	case record.RemoveRegistrar:
		b.Subject, b.Reason = p.twin.registrars[p.pick(len(p.twin.registrars))].account, wire.Hash{1}
	case record.RemoveAdjudicator:
		b.Subject, b.Reason = subject, wire.Hash{1}
		if n := len(p.twin.adjudicators); n > 0 && p.pick(6) != 0 {
			b.Subject = p.twin.adjudicators[p.pick(n)].account
		}
	default:
		p.matterOfState(b)
	}
	return b
}

// votable are parameters that a random vote may change, each to some numbers.
var votable = map[string][]uint64{
	"panel_seconds": {0, 20, 40}, "vote_seconds": {40, 80}, "upgrade_seconds": {0, 30}, "ceased_seconds": {0, 30},
	"member_share": {150_000, 300_000}, "petition_share": {200_000, 333_333}, "petition_least": {1, 10}, "breaker_least": {20, 60},
	"notice_min_seconds": {0, 80}, "clause_min_seconds": {20, 40},
}

func (p *pair) matterOfState(b *tx.Propose) {
	registry := []string{"apnic", "apnic", "apnic", "arin", "nobody"}[p.pick(5)]
	switch record.Matter(b.Matter) {
	case record.SetParameter:
		names := slices.Sorted(maps.Keys(votable))
		b.Name = names[p.pick(len(names))]
		b.Value = votable[b.Name][p.pick(len(votable[b.Name]))]
	case record.AddTrustAnchor, record.AddRegistryCA:
		b.Name, b.Material = "arin", keyInfo()
	case record.RemoveTrustAnchor, record.RemoveRegistryCA:
		b.Key, b.Reason = wire.Sum(wire.TagRecord, []byte{byte(1 + p.pick(2))}, keyInfo()), wire.Hash{1}
	case record.Upgrade:
		b.Value, b.Height = 2, p.last.Height+uint64(1+p.pick(20))
		if p.twin.rules == 1 && p.pick(6) == 0 {
			b.Value = 3
		}
	case record.RegistryCeased, record.RegistryResumed:
		b.Name, b.Reason = registry, wire.Hash{1}
	case record.Allot:
		b.Subject, b.Block = who(p.someone()), freeTitle
		if p.pick(2) == 0 {
			b.Block = p.inside(resource(freeTitle)).String()
		}
		if p.pick(6) == 0 {
			b.Block = p.block4().String()
		}
	case record.LiftFreeze:
		b.Block, b.Key, b.Reason = p.block4().String(), wire.Hash{7}, wire.Hash{1}
		for _, t := range p.twin.titles {
			for _, x := range t.against {
				if x.kind == record.Freeze && p.pick(2) == 0 {
					b.Block, b.Key = p.inside(t.at).String(), x.act
				}
			}
		}
	}
}

// governmentSays is what the ledger has of governance, in the twin's words.
func (p *pair) governmentSays() (out []string) {
	params := parameters(p.t, p.state)
	g := twinGovernment{params: map[string]uint64{}, rules: params.Rules, next: params.NextRules, height: params.NextHeight}
	for name := range randomParameters {
		g.params[name] = *record.ParameterOf(name).In(params)
	}
	p.rollSays(&g)
	p.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		switch d, err := record.DueFromBytes(l.Data); {
		case err != nil:
		case d.Kind == record.DueMotion:
			g.motions = append(g.motions, p.motionSays(d.Act))
		case d.Kind == record.DueDeferred:
			g.awards = append(g.awards, twinAward{binary.BigEndian.Uint64(l.Key.Addr[:8]), d.Act, d.Resource})
		}
		return true
	})
	if leaf, ok := p.state.Get(record.BreakerKey); ok {
		x, err := record.BreakerFromBytes(leaf.Data)
		if err != nil {
			p.t.Fatal(err)
		}
		g.day, g.spent = x.Day, x.Used
	}
	return g.describe(p.twin)
}

func (p *pair) rollSays(g *twinGovernment) {
	leaf, _ := p.state.Get(record.RollKey)
	roll, err := record.RollFromBytes(leaf.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	council, err := ledger.CouncilOf(p.state)
	if err != nil {
		p.t.Fatal(err)
	}
	g.offences = map[wire.Hash]*twinOffences{}
	for _, m := range council.Members {
		g.members = append(g.members, twinMember{m.PubKey, m.Operator, m.Organisation, m.Jurisdiction, m.Hosting, m.Account})
		if m.Offences > 0 {
			g.offences[m.PubKey] = &twinOffences{m.Offences, m.Last}
		}
	}
	for _, a := range council.Adjudicators {
		g.adjudicators = append(g.adjudicators, twinBody{a.Account, a.Organisation, a.Jurisdiction, a.Since})
	}
	for _, a := range council.Anchors {
		g.anchors = append(g.anchors, twinAnchor{a.Hash(), a.Kind})
	}
	for _, c := range council.Cures {
		g.cures = append(g.cures, twinCure{c.Scope, c.Name, c.Since, c.Until, c.Overdue})
	}
	g.ceased = roll.Ceased
}

// motionSays is a proposal of the ledger in the twin's words; the rule that refused one
// is the first of those that the twin says, if it is one of them.
func (p *pair) motionSays(id wire.Hash) twinMotion {
	m := p.council().motion(id)
	body, err := tx.DecodeBody(tx.KindPropose, m.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	x := twinMotion{id: id, by: m.By, body: body.(*tx.Propose), state: m.State, made: m.Made, at: m.At, stalled: m.Stalled, support: m.Support}
	if m.Rule != "" {
		x.refused = []string{m.Rule}
	}
	if leaf, ok := p.state.Get(record.BallotsKey(id)); ok {
		list, err := record.BallotsFromBytes(leaf.Data)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, v := range list.List {
			x.votes = append(x.votes, twinBallot{v.As, v.By, v.Yes})
		}
	}
	if y := p.twin.motion(id); y != nil {
		if x.petition = y.petition; slices.Contains(y.refused, m.Rule) {
			x.refused = y.refused
		}
	}
	return x
}

func (p *pair) council() *council { return &council{p.world, memberCount} }

// describe is governance in words. Votes of who is no voter by now are left out.
func (g *twinGovernment) describe(w *twin) (out []string) {
	say := func(format string, x ...any) { out = append(out, fmt.Sprintf(format, x...)) }
	say("parameters %v, rules %d, next %d from %d, breaker %d %d, ceased %v", g.params, g.rules, g.next, g.height, g.day, g.spent, slices.Sorted(slices.Values(g.ceased)))
	for _, m := range g.members {
		say("member %+v", m)
		if x := g.offences[m.key]; x != nil { // those of who has left stay on record, for its return
			say("offences of %v: %d %v", m.key, x.count, x.last)
		}
	}
	for _, a := range g.adjudicators {
		say("adjudicator %+v", a)
	}
	for _, a := range g.anchors {
		say("anchor %+v", a)
	}
	for _, c := range g.cures {
		say("cure %+v", c)
	}
	for _, a := range g.awards {
		say("award %+v", a)
	}
	for _, m := range g.motions {
		body := m.body
		m.body = nil
		if m.state.Over() {
			m.stalled = 0
		}
		m.votes = w.voting(&twinMotion{body: body, votes: m.votes})
		slices.SortFunc(m.votes, func(x, y twinBallot) int {
			return cmp.Or(bytes.Compare(x.as[:], y.as[:]), bytes.Compare(x.by[:], y.by[:]))
		})
		say("proposal %+v to %+v", m, *body)
	}
	return out
}
