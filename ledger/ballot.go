package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// vote enters a voter's word, and lets a proposal pass that nothing can stop.
//
// specs/23 GOV-5: a voter MAY vote again while the proposal is open, the last vote
// counts; nobody votes on its own removal.
func (b *block) vote(author wire.Address, body *tx.Vote) error {
	m, ok := b.motion(body.Proposal)
	if !ok || m.State != record.MotionOpen {
		return tx.Refuse("GOV-4", "proposal", "no proposal %v is open for votes", body.Proposal)
	}
	rule := RuleOf(m.Matter)
	if !b.isVoter(rule.Voters, author, body.As) {
		return tx.Refuse("GOV-5", "as", "%v is no voter of this matter, or does not vote for the member %v", author, body.As)
	}
	if rule.Voters == byMembers && b.ownRemoval(m, body.As) {
		return tx.Refuse("GOV-5", "proposal", "nobody votes on its own removal")
	}
	votes := b.ballots(m.id)
	cast := record.Ballot{As: body.As, By: author, Yes: body.Yes}
	// A member's vote is its key's, whatever account gave it.
	i := slices.IndexFunc(votes.List, func(x record.Ballot) bool {
		return x.As == body.As && (x.By == author || !body.As.IsZero())
	})
	if i < 0 {
		votes.List = append(votes.List, cast)
	} else {
		votes.List[i] = cast
	}
	votes.List = b.standingVotes(rule, votes.List)
	b.put(record.BallotsKey(m.id), wire.Encode(votes))
	if rule.certain(b.counted(m, votes)) {
		b.remove(m.due())
		b.pass(m)
	}
	return nil
}

// ballots is a copy of the votes on a proposal.
func (b *block) ballots(id wire.Hash) *record.Ballots {
	if leaf, ok := b.e.Get(record.BallotsKey(id)); ok {
		return wire.Own[record.Ballots](leaf.Data)
	}
	return &record.Ballots{Rules: record.Rules}
}

// standingVotes drops the votes of who is a voter no more, so that no more are
// kept than there are voters.
//
// specs/23 GOV-6: votes are counted by who is a voter when they are counted.
func (b *block) standingVotes(rule MatterRule, list []record.Ballot) []record.Ballot {
	return slices.DeleteFunc(list, func(x record.Ballot) bool {
		if rule.Voters == byMembers {
			_, ok := b.member(x.As)
			return !ok
		}
		return !b.isVoter(rule.Voters, x.By, x.As)
	})
}

// counted counts the votes on a proposal.
func (b *block) counted(m *motion, votes *record.Ballots) count {
	rule := RuleOf(m.Matter)
	c := count{voters: b.votersOf(m)}
	for _, x := range b.standingVotes(rule, votes.List) {
		switch {
		case rule.Voters == byMembers && b.ownRemoval(m, x.As):
		case x.Yes:
			c.yes++
		default:
			c.no++
		}
	}
	return c
}

// votersOf is how many may vote on a proposal.
func (b *block) votersOf(m *motion) (n uint64) {
	roll := b.roll()
	if RuleOf(m.Matter).Voters == byAdjudicators {
		return uint64(len(roll.Adjudicators))
	}
	for _, key := range roll.Members {
		if !b.ownRemoval(m, key) {
			n++
		}
	}
	return n
}

// ownRemoval reports whether a proposal would remove a member, or the account that
// votes for it from another body.
//
// specs/23 GOV-5: nobody votes on its own removal, or is counted as a voter there.
func (b *block) ownRemoval(m *motion, as wire.Hash) bool {
	key, who := subjectOfRemoval(m)
	if who.IsZero() {
		return as == key && !key.IsZero()
	}
	x, ok := b.member(as)
	return ok && x.Account == who
}

// pass lets a proposal's notice run, or puts it in effect where there is none.
func (b *block) pass(m *motion) {
	notice := RuleOf(m.Matter).notice(b.params)
	m.State, m.At, m.Stalled = record.MotionPassed, b.now.Time+notice, b.chain.Stalled
	if notice > 0 {
		b.keepMotion(m)
		return
	}
	b.enactMotion(m)
}

// worstMotion is the most records that a due proposal changes: itself, its item
// before and after, its votes, the agenda, the roll, a body, the cures with an item
// each before and after, the parameters, an account, and the folios of an allotment.
const worstMotion = 10 + 2*record.CuresMax + worstRestriction + 4*128

// dueMotion is the end of what a proposal waits for.
//
// specs/23 GOV-4: its votes' end extends by the seconds that the chain stood still.
func (b *block) dueMotion(id wire.Hash) {
	m, ok := b.motion(id)
	if !ok {
		return
	}
	grown := b.chain.Stalled - m.Stalled
	switch {
	case m.State.Over():
		b.remove(record.MotionKey(id))
		if _, ok := b.e.Get(record.BallotsKey(id)); ok {
			b.remove(record.BallotsKey(id))
		}
	case grown > 0:
		m.At, m.Stalled = m.At+grown, b.chain.Stalled
		b.keepMotion(m)
	case m.State == record.MotionPetition:
		b.remove(record.MotionKey(id))
	case m.State == record.MotionPassed:
		b.enactMotion(m)
	case RuleOf(m.Matter).passed(b.counted(m, b.ballots(id))):
		b.pass(m)
	default:
		b.decided(m, record.MotionLost, "")
	}
}

// enactMotion puts in effect what was decided, or notes which rule refused it.
//
// specs/23 GOV-20: what exceeds a quarter of the members takes effect in the next
// ledger block.
func (b *block) enactMotion(m *motion) {
	if movesMembers(m.Matter) && !b.seatsLeft() {
		m.State, m.At = record.MotionPassed, b.now.Time+1
		b.keepMotion(m)
		return
	}
	mark := b.e.Mark()
	err := b.possible(m)
	if err == nil {
		err = b.effect(m)
	}
	if err != nil {
		b.undo(mark)
		b.decided(m, record.MotionRefused, ruleOf(err))
		return
	}
	b.decided(m, record.MotionDone, "")
}

// decided notes the end of a proposal, which is kept for a while.
//
// specs/23 GOV-7: what was decided is kept for 90 days after its end.
func (b *block) decided(m *motion, state record.MotionState, rule string) {
	b.leaveAgenda(m.id)
	m.State, m.Rule, m.At, m.Stalled = state, rule, b.now.Time+decidedSeconds, b.chain.Stalled
	b.keepMotion(m)
}
