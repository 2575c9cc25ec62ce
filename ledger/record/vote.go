package record

import (
	"bytes"
	"cmp"
	"slices"

	"ipledger/ledger/wire"
)

// VotesMax is how many votes one matter holds: every adjudicator's on it and on
// its being prolonged or, on appeal, every member's.
const VotesMax = max(2*AdjudicatorsMax, MembersMax)

// votesBytesMax bounds as many votes.
const votesBytesMax = VotesMax * (21 + 4 + 33 + 2)

// Vote is what one account says to a question.
type Vote struct {
	By     wire.Address
	Says   uint64    // a verdict; a status of an order with its findings above 8 bits; or SaysConfirm
	Digest wire.Hash // of the reasons, or of the text that confirms
}

// SaysConfirm is a vote to prolong a freeze, a question of its own beside verdicts
// and statuses, which are below it.
const SaysConfirm = 16

func (v Vote) confirms() bool { return v.Says == SaysConfirm }

// Cast enters a vote in place of the voter's earlier one on that question. The list
// is ascending by voter, the vote to prolong last.
func Cast(list []Vote, v Vote) []Vote {
	i, has := slices.BinarySearchFunc(list, v, func(x, y Vote) int {
		return cmp.Or(bytes.Compare(x.By[:], y.By[:]), cmp.Compare(order(x.confirms()), order(y.confirms())))
	})
	if has {
		list[i] = v
		return list
	}
	return slices.Insert(list, i, v)
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

// Unconfirmed is a list of votes without those to prolong.
func Unconfirmed(list []Vote) []Vote { return slices.DeleteFunc(list, Vote.confirms) }
