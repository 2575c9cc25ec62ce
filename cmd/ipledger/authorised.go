package main

import (
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
)

func originShow(s *session) *cobra.Command {
	var r route
	var at, file string
	c := &cobra.Command{
		Use: "show PREFIX ASNUMBER", Short: "Tell whether an AS number may originate a prefix, proven either way",
		Long: `Tell whether there is an authorisation of exactly this prefix, AS number and
longest length, now or at a height or date: present or absent, both with proof.

That one is absent does not make a route invalid: an authorisation of a block
that covers the prefix may permit it. "ipledger lookup PREFIX" lists them all.`,
		Example: "  ipledger origin show 193.0.8.0/24 AS3333\n  ipledger origin show 193.0.8.0/24 AS3333 --at 2026-11-01 --proof route.proof.json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.read(args); err != nil {
				return err
			}
			when, err := parseAt(at)
			if err != nil {
				return err
			}
			query := url.Values{"proof": {"1"}, "as": {strconv.FormatUint(r.as, 10)}, "max_length": {strconv.FormatUint(r.length(), 10)}}
			if when != "" {
				query.Set("at", when)
			}
			p, err := s.prove(cmd.Context(), "/v1/resources/"+r.block.String()+"/authorisation?"+query.Encode(), light.KindAuthorised)
			if err != nil {
				return err
			}
			if p.Authorised.Route != (light.Route{Block: r.block, AS: r.as, MaxLength: r.length()}) {
				return elsewhere(r.block)
			}
			if err := asOf(p.Verified, when); err != nil {
				return err
			}
			return s.tellProven(p, file, func() { s.tellAuthorised(p.Authorised) })
		},
	}
	r.bind(c)
	c.Flags().StringVar(&at, "at", "", "height or date of the state, the newest if left out")
	c.Flags().StringVar(&file, "proof", "", "file to write the proof to")
	return c
}

func (s *session) tellAuthorised(a *light.AuthorisedAnswer) {
	s.out.field("route", "AS%d, %v down to /%d", a.Route.AS, a.Route.Block, a.Route.MaxLength)
	for _, o := range a.Found {
		text := "authorised by " + s.book.tell(o.Holder)
		if o.Suspended != 0 {
			text += ", suspended until " + instant(o.Suspended).String()
		}
		s.out.field("present", "%s", text)
	}
	if len(a.Found) == 0 {
		s.out.field("absent", "nobody authorises it")
	}
	s.out.field("title", "%s, grade %v", a.State, a.Grade)
	s.out.field("others", "%d authorisations at the prefix or at blocks that cover it", a.Others)
	s.tellNumber(a)
}

// tellNumber says whose the AS number of an authorisation is, which the proof shows
// too (PRF-22), and what is older than that (SVC-14).
func (s *session) tellNumber(a *light.AuthorisedAnswer) {
	if a.Number == nil {
		return
	}
	s.out.field("number", "AS%d is held by %s", a.Route.AS, s.book.tell(a.Number.Holder))
	for _, o := range a.Found {
		if a.Changed(o) {
			s.out.field("changed", "AS%d came to its holder at %v, after what %s authorises", a.Route.AS, instant(a.Number.Since), s.book.tell(o.Holder))
		}
	}
}
