package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
)

func beneathCommand(s *session) *cobra.Command {
	var from, file, at string
	var limit int
	c := &cobra.Command{
		Use: "beneath RESOURCE", Short: "List everything at a block and inside it, proven to be whole",
		Long: `List every block at or inside RESOURCE at which something is written, a page of
them, with the proof that none was left out. The command for the next page is
told at the end.`,
		Example: "  ipledger beneath 193.0.0.0/8 --proof page.proof.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := usual(strings.Join(args, " "))
			if err != nil {
				return err
			}
			query := url.Values{"proof": {"1"}, "limit": {fmt.Sprint(limit)}}
			if from != "" {
				query.Set("from", from)
			}
			when, err := parseAt(at)
			if err != nil {
				return err
			}
			if when != "" {
				query.Set("at", when)
			}
			p, err := s.prove(cmd.Context(), "/v1/resources/"+r.String()+"/beneath?"+query.Encode(), light.KindBeneath)
			if err != nil {
				return err
			}
			start := r
			if from != "" {
				if start, err = inr.Parse(from); err != nil {
					return err
				}
			}
			if p.Beneath.Query != r || p.Beneath.From != start {
				return elsewhere(r)
			}
			if err := asOf(p.Verified, when); err != nil {
				return err
			}
			return s.tellProven(p, file, func() { s.tellBeneath(p.Beneath) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "block that the page begins with, as the page before tells")
	c.Flags().StringVar(&file, "proof", "", "file to write the proof to")
	c.Flags().StringVar(&at, "at", "", "height or date of the state, the newest if left out")
	c.Flags().IntVar(&limit, "limit", 100, "blocks of a page")
	return c
}

func (s *session) tellBeneath(a *light.BeneathAnswer) {
	for _, e := range a.Entries {
		s.out.field(e.At.String(), "%s", said(e.Tell(a.Time)))
	}
	if len(a.Entries) == 0 {
		s.err.linef("nothing is written at %v or inside it", a.Query)
	}
	if a.More {
		s.out.field("next", "ipledger beneath %v --from %v", a.Query, a.Next)
	}
}
