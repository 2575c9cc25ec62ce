package main

import "github.com/spf13/cobra"

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
	return &cobra.Command{
		Use: "holdings [ACCOUNT]", Short: "List the blocks an account holds by title or grant",
		Long: `List what an account holds, as the node tells it: a list has no proof of being
whole. Each line can be verified with ipledger lookup.`,
		Example: "  ipledger account holdings alice",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			all := []held{}
			err = s.paged(cmd.Context(), "/v1/accounts/"+id.String()+"/holdings", nil, func(raw []byte) (string, error) {
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
			return s.tellHoldings(all)
		},
	}
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
