package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// held is one block at which an account holds a title or a right.
type held struct {
	At    said    `json:"at"`
	Kind  said    `json:"kind"`
	State said    `json:"state"`
	Grade said    `json:"grade"`
	Since instant `json:"since"`
	Ends  instant `json:"ends"`
	Right said    `json:"right_state"`
}

func accountHoldings(s *session) *cobra.Command {
	var file, when string
	c := &cobra.Command{
		Use: "holdings [ACCOUNT]", Short: "List the blocks an account holds by title, grant or lease",
		Long: `List what an account holds, as the node tells it. With --proof the list comes with
one proof, is verified and kept in a file: all titles, with charges over them,
what others possess of them, and the account's own grants and leases. Of titles
it is whole but for ones smaller than a /24, a /48 or an AS number.`,
		Example: "  ipledger account holdings alice\n  ipledger account holdings alice --proof holdings.proof.json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			at, err := parseAt(when)
			if err != nil {
				return err
			}
			if file != "" {
				return s.holdingsStatement(cmd.Context(), id, at, file)
			}
			all, query := []held{}, url.Values{}
			if at != "" {
				query.Set("at", at)
			}
			err = s.paged(cmd.Context(), "/v1/accounts/"+id.String()+"/holdings", query, func(raw []byte) (string, error) {
				var page struct {
					Holdings []held `json:"holdings"`
					Next     string `json:"next"`
				}
				err := readAnswer(raw, &page)
				all = append(all, page.Holdings...)
				return page.Next, err
			})
			if err != nil {
				return err
			}
			s.err.linef("as the node tells it; --proof FILE proves the list and keeps the proof")
			return s.tellHoldings(all)
		},
	}
	c.Flags().StringVar(&file, "proof", "", "file to write the proof of all holdings to")
	c.Flags().StringVar(&when, "at", "", "height or date of a moment in the past")
	return c
}

// holdingsStatement proves and tells all that an account holds.
func (s *session) holdingsStatement(ctx context.Context, id wire.Address, at, file string) error {
	p, err := s.proveHoldings(ctx, id, at)
	if err != nil {
		return err
	}
	return s.tellProven(p, file, func() {
		s.out.field("account", "%s", s.book.tell(id))
		for _, t := range p.Holdings.Titles {
			s.out.field("title", "%s", said(t.Tell()))
		}
		for _, e := range p.Holdings.Estates {
			s.out.field(light.EstateName(e.Kind), "%v", e.At)
		}
		for _, c := range p.Holdings.Counts() {
			s.out.field("in all", "%d titles with %v %s, %v of them possessed by others", c.Titles, c.Held, light.FamilyName(c.Family), c.Out)
		}
	})
}

// proveHoldings asks for the proof of all that an account holds at a moment.
func (s *session) proveHoldings(ctx context.Context, id wire.Address, at string) (*proven, error) {
	query := url.Values{"proof": {"1"}}
	if at != "" {
		query.Set("at", at)
	}
	p, err := s.prove(ctx, "/v1/accounts/"+id.String()+"/holdings?"+query.Encode(), light.KindHoldings)
	if err != nil {
		return nil, err
	}
	if p.Holdings.ID != id {
		return nil, elsewhere(id)
	}
	return p, asOf(p.Verified, at)
}

func (s *session) tellHoldings(all []held) error {
	if s.json {
		return s.out.json(all)
	}
	for _, h := range all {
		s.out.field(h.Kind.String(), "%s  %s, grade %s, %s", h.At, h.State, h.Grade, h.when())
	}
	if len(all) == 0 {
		s.err.linef("it holds nothing")
	}
	return nil
}

// when says since when something is held, or from when it will be, and until when.
func (h held) when() string {
	text := "since " + since(h.Since)
	if h.Right == "to come" {
		text = "to come, from " + h.Since.String()
	}
	if h.Right == "suspended" {
		text += ", suspended"
	}
	if h.Ends != 0 {
		text += ", until " + h.Ends.String()
	}
	return text
}
