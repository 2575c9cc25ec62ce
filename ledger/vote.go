package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// roll is who belongs to the bodies; nobody where none is written.
func (b *block) roll() *record.Roll {
	if leaf, ok := b.e.Get(record.RollKey); ok {
		return wire.Own[record.Roll](leaf.Data)
	}
	return &record.Roll{Rules: record.Rules}
}

// adjudicates reports whether an account is an adjudicator.
func (b *block) adjudicates(who wire.Address) bool {
	_, ok := b.e.Get(record.AdjudicatorKey(who))
	return ok
}

// memberFor reports whether an account votes for a member.
func (b *block) memberFor(who wire.Address) bool {
	for _, pub := range b.roll().Members {
		leaf, ok := b.e.Get(record.MemberKey(pub))
		if ok && wire.Own[record.Member](leaf.Data).Account == who {
			return true
		}
	}
	return false
}

// agree counts the votes that say the same as one, of those who may still vote.
//
// specs/22 DISP-12: votes that name the same digest count together, and one of an
// account that has left the body counts no more.
func agree(list []record.Vote, like record.Vote, may func(wire.Address) bool) (n int) {
	for _, v := range list {
		if v.Says == like.Says && v.Digest == like.Digest && may(v.By) {
			n++
		}
	}
	return n
}

// halfSay reports whether half of all adjudicators, rounded up, say the same.
func (b *block) halfSay(list []record.Vote, like record.Vote) bool {
	all := len(b.roll().Adjudicators)
	return all > 0 && 2*agree(list, like, b.adjudicates) >= all
}
