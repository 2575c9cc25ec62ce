package main

import (
	"net/url"

	"github.com/spf13/cobra"

	"ipledger/ledger/wire"
)

// holdingsPagesMax bounds how much of an account's holdings one command asks
// for: a hundred thousand blocks.
const holdingsPagesMax = 100

// held is one block at which an account holds a title or a right.
type held struct {
	At    said    `json:"at"`
	Kind  said    `json:"kind"`
	State said    `json:"state"`
	Grade said    `json:"grade"`
	Since instant `json:"since"`
	Ends  instant `json:"ends"`
}

func accountHoldings(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "holdings [ACCOUNT]", Short: "List the blocks an account holds by title or grant",
		Long: `List what an account holds, as the node tells it: a list has no proof of being
whole. Each line can be verified with ipledger lookup.`,
		Example: "  ipledger account holdings alice",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				s.account = args[0]
			}
			id, err := s.author(wire.Address{})
			if err != nil {
				return err
			}
			query := url.Values{"limit": {"1000"}}
			all := []held{}
			for range holdingsPagesMax {
				var page struct {
					Holdings []held `json:"holdings"`
					Next     string `json:"next"`
				}
				if err := s.client().get(cmd.Context(), "/v1/accounts/"+id.String()+"/holdings?"+query.Encode(), &page); err != nil {
					return err
				}
				all = append(all, page.Holdings...)
				if page.Next == "" {
					return s.tellHoldings(all)
				}
				query.Set("after", page.Next)
			}
			s.err.linef("there are more; only the first %d are shown", len(all))
			return s.tellHoldings(all)
		},
	}
}

func (s *session) tellHoldings(all []held) error {
	if s.json {
		return s.out.json(all)
	}
	for _, h := range all {
		s.out.field(h.Kind.String(), "%s  %s, grade %s, since %s", h.At, h.State, h.Grade, since(h.Since))
	}
	if len(all) == 0 {
		s.err.linef("it holds nothing")
	}
	return nil
}
