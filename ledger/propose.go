package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// motion is a proposal, read, with what was proposed.
type motion struct {
	id wire.Hash
	record.Motion
	body *tx.Propose
}

// motion finds a proposal.
func (b *block) motion(id wire.Hash) (*motion, bool) {
	leaf, ok := b.e.Get(record.MotionKey(id))
	if !ok {
		return nil, false
	}
	m := &motion{id: id, Motion: *wire.Own[record.Motion](leaf.Data)}
	m.body = must(tx.DecodeBody(tx.KindPropose, m.Body)).(*tx.Propose)
	return m, true
}

// keepMotion writes a proposal and its due item, in the place of the one it had.
func (b *block) keepMotion(m *motion) {
	b.put(record.MotionKey(m.id), wire.Encode(&m.Motion))
	b.write(m.due(), &record.Due{Rules: record.Rules, Kind: record.DueMotion, Act: m.id})
}

// due is where what becomes of a proposal next waits.
func (m *motion) due() tree.Key { return tree.DueKey(m.At, record.RankGovern, m.id) }

const (
	// petitionSeconds is how long a petition may gather support (specs/23 GOV-14).
	petitionSeconds = 90 * daySeconds
	// decidedSeconds is how long what was decided is kept (specs/23 GOV-7).
	decidedSeconds = 90 * daySeconds
)

// proposeMotion enters a proposal: open for votes if a voter makes it, else as a
// petition.
//
// specs/23 GOV-1: a proposal is made by a voter of its matter, or by another
// account by petition.
func (b *block) proposeMotion(id wire.Hash, author wire.Address, body *tx.Propose) error {
	m := &motion{id: id, body: body, Motion: record.Motion{
		Rules: record.Rules, By: author, Matter: record.Matter(body.Matter), Made: b.now.Time, Stalled: b.chain.Stalled, Body: tx.EncodeBody(body),
	}}
	// specs/23 GOV-2: a proposal that could not take effect is refused.
	if err := b.possible(m); err != nil {
		return err
	}
	rule := RuleOf(m.Matter)
	if !b.isVoter(rule.Voters, author, body.As) {
		if !body.As.IsZero() {
			return tx.Refuse("GOV-5", "as", "%v does not vote for the member %v", author, body.As)
		}
		return b.beginPetition(m)
	}
	a := b.agenda()
	if n := a.madeBy(author); n >= record.MotionsMax {
		return tx.Refuse("GOV-3", "account", "%d proposals of %v are open or passed", n, author)
	}
	a.List = append(a.List, record.AgendaItem{Act: id, By: author})
	b.putAgenda(a)
	m.State, m.At = record.MotionOpen, b.now.Time+b.params.VoteSeconds
	b.keepMotion(m)
	return nil
}

// isVoter reports whether an account is among the voters; as is the key of the
// member that it votes for.
func (b *block) isVoter(v voters, who wire.Address, as wire.Hash) bool {
	switch v {
	case byAdjudicators:
		_, ok := b.e.Get(record.AdjudicatorKey(who))
		return ok && as.IsZero()
	}
	m, ok := b.member(as)
	return ok && m.Account == who
}

// agenda is a copy of the proposals that are open or passed.
func (b *block) agenda() *agenda {
	if leaf, ok := b.e.Get(record.AgendaKey); ok {
		return (*agenda)(wire.Own[record.Agenda](leaf.Data))
	}
	return &agenda{Rules: record.Rules}
}

// agenda is a record.Agenda that is asked and changed.
type agenda record.Agenda

func (b *block) putAgenda(a *agenda) { b.put(record.AgendaKey, wire.Encode((*record.Agenda)(a))) }

// madeBy is how many proposals of a voter are on the agenda.
func (a *agenda) madeBy(who wire.Address) (n int) {
	for _, x := range a.List {
		if x.By == who && !x.Petition {
			n++
		}
	}
	return n
}

func (a *agenda) petitions() (n int) {
	for _, x := range a.List {
		if x.Petition {
			n++
		}
	}
	return n
}

// leaveAgenda takes a proposal off the agenda.
func (b *block) leaveAgenda(id wire.Hash) {
	a := b.agenda()
	a.List = slices.DeleteFunc(a.List, func(x record.AgendaItem) bool { return x.Act == id })
	b.putAgenda(a)
}
