package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"ipledger/ledger/wire"
)

// disputed is a case, an order or both, as a node shows them.
type disputed struct {
	ID   wire.Hash `json:"id"`
	Case *struct {
		Sort     said    `json:"sort"`
		Resource said    `json:"resource"`
		Party    party   `json:"party"`
		Against  party   `json:"against"`
		Ground   said    `json:"ground"`
		State    said    `json:"state"`
		Next     instant `json:"next"`
		Until    instant `json:"until"`
		Hears    instant `json:"hears"`
		Panel    []party `json:"panel"`
		Votes    []vote  `json:"votes"`
		Verdict  said    `json:"verdict"`
	} `json:"case"`
	Order *struct {
		Author       party   `json:"author"`
		Resource     said    `json:"resource"`
		Court        said    `json:"court"`
		Jurisdiction said    `json:"jurisdiction"`
		Reference    said    `json:"reference"`
		Final        bool    `json:"final"`
		To           party   `json:"to"`
		Status       said    `json:"status"`
		Until        instant `json:"until"`
		Votes        []vote  `json:"votes"`
	} `json:"order"`
}

// vote is one on a question that is open.
type vote struct {
	By   party `json:"by"`
	Says said  `json:"says"`
}

func disputeShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show MATTER", Short: "Show a case or an order: its state, its panel, the votes on what is open",
		Example: "  ipledger dispute show 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			return s.showMatters(cmd.Context(), "/v1/cases/"+id.String(), false)
		},
	}
}

func disputeList(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "list RESOURCE", Short: "List the cases and orders that stand against the title over a block",
		Example: "  ipledger dispute list 193.0.8.0/24",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := usual(args[0])
			if err != nil {
				return usage("%w", err)
			}
			return s.showMatters(cmd.Context(), "/v1/cases?resource="+url.QueryEscape(r.String()), true)
		},
	}
}

func (s *session) showMatters(ctx context.Context, path string, many bool) error {
	if s.json {
		raw, err := s.client().raw(ctx, path)
		if err != nil {
			return err
		}
		return s.out.json(spliced{map[string]any{}, raw})
	}
	var out struct {
		disputed
		Cases []disputed `json:"cases"`
	}
	if err := s.client().get(ctx, path, &out); err != nil {
		return err
	}
	if !many {
		out.Cases = []disputed{out.disputed}
	}
	for i := range out.Cases {
		s.tellMatter(&out.Cases[i])
	}
	if len(out.Cases) == 0 {
		s.out.linef("no case or order stands against it")
	}
	return nil
}

func (s *session) tellMatter(d *disputed) {
	p := s.out
	p.field("matter", "%v", d.ID)
	if o := d.Order; o != nil {
		p.field("order", "%s of %s (%s) over %s, recorded by %s", o.Reference, o.Court, o.Jurisdiction, o.Resource, s.book.tell(o.Author.Address))
		p.field("status", "%s, until %v", o.Status, o.Until)
		if o.Final {
			p.field("final", "it gives the title to %s", s.book.tell(o.To.Address))
		}
		if len(o.Votes) > 0 {
			p.field("votes", "%s", votes(o.Votes))
		}
	}
	if c := d.Case; c != nil {
		p.field("case", "%s over %s by %s", c.Sort, c.Resource, s.book.tell(c.Party.Address))
		if !c.Against.IsZero() {
			p.field("against", "%s", s.book.tell(c.Against.Address))
		}
		p.field("state", "%s, goes on at %v", c.State, c.Next)
		for _, who := range c.Panel {
			p.field("panel", "%s", s.book.tell(who.Address))
		}
		if len(c.Panel) > 0 {
			p.field("hears", "decides from %v", c.Hears)
		}
		if len(c.Votes) > 0 {
			p.field("votes", "%s", votes(c.Votes))
		}
		if c.Verdict != "" {
			p.field("verdict", "for the %s", c.Verdict)
		}
	}
}
