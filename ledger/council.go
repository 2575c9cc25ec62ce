package ledger

import (
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Council is who decides about the register, and what stands about them.
type Council struct {
	Members      []Seat
	Registrars   []*record.Registrar
	Adjudicators []*record.Adjudicator
	Anchors      []*record.Anchor
	Ceased       []string // registries recorded to have ceased to allocate
	Cures        []record.Cure
	Caps         []Cap
	Rules        uint64 // in force
	NextRules    uint64 // and from which height on, 0 for none
	NextHeight   uint64
}

// Seat is a member and what was proven against it.
type Seat struct {
	*record.Member
	Offences uint64
	Last     []record.Offence // the last of them
}

// Cap is how many members one organisation, jurisdiction or host has, and how many
// it may have. On a network of fewer than four members no cap binds (GOV-17).
type Cap struct {
	Scope   record.CureScope
	Name    string
	Members uint64
	Most    uint64
}

// CouncilOf reads the bodies of a state. An error reports a corrupt state.
func CouncilOf(s tree.State) (out Council, err error) {
	b, err := open(s, Header{}, 0)
	if err != nil {
		return out, err
	}
	roll := b.roll()
	out = Council{Ceased: roll.Ceased, Cures: b.cures().List, Rules: b.params.Rules, NextRules: b.params.NextRules, NextHeight: b.params.NextHeight}
	for _, m := range b.members() {
		seat := Seat{Member: m}
		if leaf, ok := s.Get(record.OffencesKey(m.PubKey)); ok {
			x := wire.Own[record.Offences](leaf.Data)
			seat.Offences, seat.Last = x.Count, x.List
		}
		out.Members = append(out.Members, seat)
	}
	for _, c := range b.capsOf(b.members()) {
		out.Caps = append(out.Caps, Cap{c.Scope, c.Name, uint64(c.n), uint64(c.most)})
	}
	for _, id := range roll.Registrars {
		out.Registrars = append(out.Registrars, recordAt[record.Registrar](s, record.RegistrarKey(id)))
	}
	for _, id := range roll.Adjudicators {
		out.Adjudicators = append(out.Adjudicators, recordAt[record.Adjudicator](s, record.AdjudicatorKey(id)))
	}
	for _, h := range roll.Anchors {
		out.Anchors = append(out.Anchors, recordAt[record.Anchor](s, record.AnchorKey(h)))
	}
	return out, nil
}

// Validators is the validator set that the members of a state make. An error
// reports a corrupt state.
//
// specs/23 GOV-21: the validator set is that of the members, each of power 1.
func Validators(s tree.State) (chain.ValidatorSet, error) {
	b, err := open(s, Header{}, 0)
	if err != nil {
		return nil, err
	}
	var set chain.ValidatorSet
	for _, m := range b.members() {
		set = append(set, chain.Validator{Alg: m.Alg, PubKey: m.PubKey, Power: m.Power})
	}
	set.Sort()
	return set, nil
}

// Cures lists what is above its cap among the members, and until when it is to come
// below. An error reports a corrupt state.
func Cures(s tree.State) ([]record.Cure, error) {
	leaf, ok := s.Get(record.CuresKey)
	if !ok {
		return nil, nil
	}
	x, err := record.CuresFromBytes(leaf.Data)
	if err != nil {
		return nil, err
	}
	return x.List, nil
}

func recordAt[T any](s tree.State, k tree.Key) *T {
	leaf, ok := s.Get(k)
	if !ok {
		panic(ErrCorrupt)
	}
	return wire.Own[T](leaf.Data)
}

// Motion is a proposal as it stands.
type Motion struct {
	ID wire.Hash
	record.Motion
	Asked   *tx.Propose
	Decided MatterRule
	Voters  uint64 // who may vote on it
	Yes, No uint64
	Quorum  uint64 // votes that it needs at its end; as many for it let it pass at once
	Notice  uint64 // seconds from its passing to its effect, as the parameters are
	Needs   uint64 // holders that open a petition for votes
	Ballots []record.Ballot
}

// Motions lists the proposals that are open or passed. An error reports a corrupt
// state.
func Motions(s tree.State) (out []Motion, err error) {
	b, err := open(s, Header{}, 0)
	if err != nil {
		return nil, err
	}
	for _, x := range b.agenda().List {
		if m, ok := b.motionShown(x.Act); ok {
			out = append(out, m)
		}
	}
	return out, nil
}

// MotionOf is the proposal that an act made, if it is still kept.
func MotionOf(s tree.State, act wire.Hash) (m Motion, ok bool, err error) {
	b, err := open(s, Header{}, 0)
	if err != nil {
		return m, false, err
	}
	m, ok = b.motionShown(act)
	return m, ok, nil
}

func (b *block) motionShown(id wire.Hash) (out Motion, ok bool) {
	m, ok := b.motion(id)
	if !ok {
		return out, false
	}
	votes := b.ballots(id)
	c := b.counted(m, &record.Ballots{List: append([]record.Ballot(nil), votes.List...)})
	rule := RuleOf(m.Matter)
	return Motion{
		ID: id, Motion: m.Motion, Asked: m.body, Decided: rule, Voters: c.voters, Yes: c.yes, No: c.no, Quorum: quorum(c.voters),
		Notice: rule.notice(b.params), Needs: b.petitionNeeds(), Ballots: votes.List,
	}, true
}
