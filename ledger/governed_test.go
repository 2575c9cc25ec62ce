package ledger_test

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// council is a world with members, two registrars and three adjudicators.
type council struct {
	*world
	seats int // members that there were at the start
}

const (
	voteTime    = 900
	upgradeTime = 1000
	ceasedTime  = 2000
	cureTime    = 90_000
)

// memberKey is the key of the validator with this number.
func memberKey(i int) wire.Hash {
	seed := wire.Sum(wire.TagRecord, fmt.Appendf(nil, "validator %d", i))
	return wire.Hash(ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
}

func memberName(i int) string { return fmt.Sprintf("m%d", i) }

// newCouncil has n members m0, m1, …, each of its own organisation, jurisdiction
// and host, and holders ana, ben and cat of a handle each.
func newCouncil(t testing.TB, n int) *council {
	names := []string{"ana", "ben", "cat", "dan", "reg0", "reg1", "adj0", "adj1", "adj2"}
	for i := range n + 6 {
		names = append(names, memberName(i))
	}
	w := newWorld(t, names, map[string][]string{"ana": {"60.0.0.0/16", "61.0.0.0/16"}, "ben": {"62.0.0.0/16"}, "cat": {"63.0.0.0/16"}})
	for at, handle := range map[string]string{"60.0.0.0/16": "a", "61.0.0.0/16": "a", "62.0.0.0/16": "b", "63.0.0.0/16": "c"} {
		title := w.title(at)
		title.Source.Handle = handle
		w.plant(at, func(f *record.Folio) { f.Title = title.Bytes() })
	}
	e := w.state.Edit()
	put := func(k tree.Key, x any) { e.Put(record.Leaf(k, wire.Encode(x))) }
	roll := &record.Roll{Rules: 1}
	for i := range n {
		m := &record.Member{Rules: 1, Operator: memberName(i), Organisation: fmt.Sprint("org ", i), Jurisdiction: string([]byte{'A', byte('A' + i)}),
			Hosting: fmt.Sprint("AS", i), Alg: 1, PubKey: memberKey(i), Power: 1, Account: who(memberName(i))}
		put(record.MemberKey(m.PubKey), m)
		roll.Members = append(roll.Members, m.PubKey)
	}
	for i, name := range []string{"reg0", "reg1"} {
		put(record.RegistrarKey(who(name)), &record.Registrar{Rules: 1, Account: who(name), Organisation: fmt.Sprint("notaries ", i), Jurisdiction: "NL"})
		roll.Registrars = append(roll.Registrars, who(name))
	}
	for i, name := range []string{"adj0", "adj1", "adj2"} {
		put(record.AdjudicatorKey(who(name)), &record.Adjudicator{Rules: 1, Account: who(name), Organisation: fmt.Sprint("chamber ", i), Jurisdiction: "CH"})
		roll.Adjudicators = append(roll.Adjudicators, who(name))
	}
	slices.SortFunc(roll.Members, func(x, y [32]byte) int { return slices.Compare(x[:], y[:]) })
	slices.SortFunc(roll.Registrars, func(x, y wire.Address) int { return slices.Compare(x[:], y[:]) })
	slices.SortFunc(roll.Adjudicators, func(x, y wire.Address) int { return slices.Compare(x[:], y[:]) })
	put(record.RollKey, roll)
	p := parameters(t, w.state)
	p.VoteSeconds, p.UpgradeSeconds, p.CeasedSeconds, p.CureSeconds = voteTime, upgradeTime, ceasedTime, cureTime
	p.MemberShare, p.PetitionShare, p.PetitionLeast = 100_000, 500_000, 10
	put(record.ParametersKey, p)
	w.state = e.Freeze()
	w.check()
	return &council{w, n}
}

// propose is a member's proposal, done.
func (c *council) propose(member int, p *tx.Propose) wire.Hash {
	c.t.Helper()
	p.As = memberKey(member)
	return c.do(memberName(member), p)
}

// vote is the word of some members, done.
func (c *council) vote(id wire.Hash, yes bool, members ...int) {
	c.t.Helper()
	for _, m := range members {
		c.do(memberName(m), &tx.Vote{Proposal: id, As: memberKey(m), Yes: yes})
	}
}

// carry proposes and lets enough members vote for it.
func (c *council) carry(p *tx.Propose) wire.Hash {
	c.t.Helper()
	id := c.propose(0, p)
	for i := range c.seats {
		if c.motion(id).State != record.MotionOpen {
			break
		}
		if memberKey(i) == p.Key && record.Matter(p.Matter) == record.RemoveMember || !slices.Contains(c.roll().Members, [32]byte(memberKey(i))) {
			continue
		}
		c.vote(id, true, i)
	}
	return id
}

func (c *council) motion(id wire.Hash) *record.Motion {
	c.t.Helper()
	leaf, ok := c.state.Get(record.MotionKey(id))
	if !ok {
		return &record.Motion{}
	}
	m, err := record.MotionFromBytes(leaf.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *council) roll() *record.Roll {
	leaf, _ := c.state.Get(record.RollKey)
	r, err := record.RollFromBytes(leaf.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// wants fails unless a proposal is in a state.
func (c *council) wants(id wire.Hash, state record.MotionState) {
	c.t.Helper()
	if m := c.motion(id); m.State != state {
		c.t.Fatalf("the proposal to %v is %v (%s), want %v", m.Matter, m.State, m.Rule, state)
	}
}

func matter(m record.Matter, p tx.Propose) *tx.Propose {
	p.Matter = uint64(m)
	return &p
}

// newcomer proposes the member with this number, of an organisation, jurisdiction and host.
func newcomer(i int, org, land, host string) *tx.Propose {
	return matter(record.AdmitMember, tx.Propose{Key: memberKey(i), Subject: who(memberName(i)), Name: memberName(i), Organisation: org, Jurisdiction: land, Hosting: host})
}

func removal(i int) *tx.Propose {
	return matter(record.RemoveMember, tx.Propose{Key: memberKey(i), Reason: wire.Hash{1}})
}

func delayOf(seconds uint64) *tx.Propose {
	return matter(record.SetParameter, tx.Propose{Name: "delay_seconds", Value: seconds})
}

// wait lets seconds pass without a halt being counted: three months are thousands
// of blocks, so that the state is looked through where one changed it, and at the end.
func (c *council) wait(seconds uint64) {
	c.t.Helper()
	for seconds > 0 {
		step := min(seconds, 600)
		if r := c.apply(step); r.Bearing || len(r.Changes) > 0 {
			c.check()
		}
		seconds -= step
	}
	c.check()
}
