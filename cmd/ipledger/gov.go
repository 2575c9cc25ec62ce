package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func govCommand(s *session) *cobra.Command {
	return family("gov", "Who decides about the register; propose, vote, petition",
		"  ipledger gov bodies\n  ipledger gov propose parameter vote_seconds 7d --account alice",
		govBodies(s), govParameters(s), govList(s), govPetitions(s), govShow(s), govPropose(s), govVote(s), govPetition(s))
}

func govVote(s *session) *cobra.Command {
	return s.act(verb{
		use: "vote PROPOSAL yes|no", short: "As a voter, vote on a proposal that is open",
		long: `Vote on a proposal. A member's vote is given by the account that votes for it. While
the proposal is open a later vote takes the place of the earlier.`,
		example: "  ipledger gov vote 1f0a77de4c534e1f699c877c35b1685967c3b4d3… yes --account alice",
		plan: func(ctx context.Context, args []string) (plan, error) {
			b, err := s.ballot(ctx, args)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			if err != nil {
				return plan{}, err
			}
			b.As, err = s.votesFor(ctx, who, b.Proposal)
			return s.planned(who, b, err)
		},
	})
}

// ballot reads PROPOSAL yes|no.
func (s *session) ballot(ctx context.Context, args []string) (*tx.Vote, error) {
	id, err := parseID(args[0])
	if err != nil {
		return nil, err
	}
	if args[1] != "yes" && args[1] != "no" {
		return nil, usage("%q is neither yes nor no", args[1])
	}
	return &tx.Vote{Proposal: id, Yes: args[1] == "yes"}, nil
}

// votesFor is the key of the member that an account votes for on a proposal, zero
// where the voters are others or it votes for none.
func (s *session) votesFor(ctx context.Context, who wire.Address, id wire.Hash) (key wire.Hash, err error) {
	m, err := s.proposal(ctx, id)
	if err != nil || m.Body != membersBody {
		return key, err
	}
	return s.seatOf(ctx, who)
}

func govPetition(s *session) *cobra.Command {
	return s.act(verb{
		use: "petition PROPOSAL RESOURCE", short: "As a holder, support a proposal that no voter made",
		long: `Support a petition, with a title of yours: the handle of its source row counts, once
for a petition and for one petition at a time. With enough holders it is put to
the vote.`,
		example: "  ipledger gov petition 1f0a77de4c534e1f699c877c35b1685967c3b4d3… 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			id, m, err := s.caseAt(ctx, args)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(m.holder())
			return s.planned(who, &tx.Petition{Proposal: id, Resource: m.block}, err)
		},
	})
}
