package main

import (
	"github.com/spf13/cobra"
)

// lentOn is a charge of an account's, and what its lender is told.
type lentOn struct {
	At           said              `json:"at"`
	Holder       party             `json:"holder"`
	State        said              `json:"state"`
	Grade        said              `json:"grade"`
	Charge       chargeAnswer      `json:"charge"`
	Restrictions []restrictionTold `json:"restrictions"`
	Recovery     *struct {
		Stage said    `json:"stage"`
		At    instant `json:"at"`
	} `json:"recovery"`
}

func chargeList(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "list [LENDER]", Short: "As a lender, list one's charges and what has come over the titles under them",
		Long: `List the charges of which an account is the lender, as the node tells them, each with
what a lender has to know of the title under it: an enforcement, freezes, contests,
claims, cautions, what the source registry says otherwise, and a recovery of the
holder's account.`,
		Example: "  ipledger charge list bank",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			all := []lentOn{}
			err = s.paged(cmd.Context(), "/v1/accounts/"+id.String()+"/charges", nil, func(raw []byte) (string, error) {
				var page struct {
					Charges []lentOn `json:"charges"`
					Next    string   `json:"next"`
				}
				err := readAnswer(raw, &page)
				all = append(all, page.Charges...)
				return page.Next, err
			})
			if err != nil {
				return err
			}
			return s.tellLent(all)
		},
	}
}

func (s *session) tellLent(all []lentOn) error {
	if s.json {
		return s.out.json(all)
	}
	for _, x := range all {
		s.out.field("charge", "%v over %s of %s, rank %d, enforced by %s", x.Charge.ID, x.At, s.book.tell(x.Holder.Address), x.Charge.Rank, said(x.Charge.Mode))
		s.out.field("", "the title is %s, grade %s", x.State, x.Grade)
		if e := x.Charge.Enforcement; e != nil {
			s.out.field("enforced", "the title goes to %s at %s", s.book.tell(e.To.Address), e.Effect)
		}
		for _, r := range x.Restrictions {
			s.out.field(r.Kind.String(), "%s", r.tell())
		}
		if x.Recovery != nil {
			s.out.field("recovery", "of the holder's account, %s, until %s", x.Recovery.Stage, x.Recovery.At)
		}
	}
	if len(all) == 0 {
		s.err.linef("it lends on nothing")
	}
	return nil
}

// restrictionTold is a restriction as a lender is told of it.
type restrictionTold struct {
	Kind  said    `json:"kind"`
	Act   said    `json:"act"`
	Binds said    `json:"binds"`
	Until instant `json:"until"`
	Says  said    `json:"says"`
}

func (r restrictionTold) tell() string {
	text := "of " + r.Binds.String()
	if r.Until != 0 {
		text += " until " + r.Until.String()
	}
	if r.Says != "" {
		text += ", the source says " + r.Says.String()
	}
	return text + ", by act " + r.Act.String()
}
