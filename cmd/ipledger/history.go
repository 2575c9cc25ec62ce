package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// historyPage is a page of what was written at one block.
type historyPage struct {
	Resource said           `json:"resource"`
	Height   uint64         `json:"height,string"`
	TitleAt  *string        `json:"title_at"`
	Versions []folioVersion `json:"versions"`
	Next     string         `json:"next"`
}

// folioVersion is what stood at a block from a height on.
type folioVersion struct {
	Height  uint64         `json:"height,string"`
	Present bool           `json:"present"`
	Title   *title         `json:"title"`
	Charges []chargeAnswer `json:"charges"`
	Estates []right        `json:"estates"`
	Origins []struct {
		MaxLength uint64 `json:"max_length"`
		AS        uint64 `json:"as,string"`
		Holder    party  `json:"holder"`
	} `json:"origins"`
}

// historyPagesMax bounds how much of a history one command asks for.
const historyPagesMax = 100

func historyCommand(s *session) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "history RESOURCE", Short: "Tell what was written at a block, and the titles it came from",
		Long: `Tell the versions of the folio of the title over a resource, newest first, and of
the blocks it was made from, as the node tells it.

With --proof the chain of title is fetched with its proof, verified and kept in
a file: who held the title, and what it was made from, back to the source rows.`,
		Example: "  ipledger history 193.0.8.0/24\n  ipledger history 193.0.8.0/24 --proof title.proof.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := usual(strings.Join(args, " "))
			if err != nil {
				return err
			}
			if file != "" {
				return s.chainOfTitle(cmd.Context(), r, file)
			}
			pages, err := s.history(cmd.Context(), r)
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(pages)
			}
			return s.tellHistory(r, pages)
		},
	}
	c.Flags().StringVar(&file, "proof", "", "file to write the proof of the chain of title to")
	return c
}

// chainOfTitle proves and tells where a title came from.
func (s *session) chainOfTitle(ctx context.Context, r wire.Resource, file string) error {
	p, err := s.prove(ctx, "/v1/resources/"+r.String()+"/history?proof=1", light.KindTitle)
	if err != nil {
		return err
	}
	if p.Lineage.Resource != r {
		return elsewhere(r)
	}
	return s.tellProven(p, file, func() {
		s.out.field("resource", "%v", r)
		for _, l := range p.Lineage.Links {
			s.out.field("title", "%s", said(l.Tell()))
		}
	})
}

// history asks for the chain of folios: that of the resource, of the title over
// it, and of the blocks that title was made from.
func (s *session) history(ctx context.Context, r wire.Resource) ([]json.RawMessage, error) {
	queue, seen := []string{r.String()}, map[string]bool{}
	var out []json.RawMessage
	for len(queue) > 0 && len(out) < historyPagesMax {
		at := queue[0]
		queue = queue[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		for before := ""; len(out) < historyPagesMax; {
			path := "/v1/resources/" + at + "/history"
			if before != "" {
				path += "?before=" + url.QueryEscape(before)
			}
			raw, err := s.client().raw(ctx, path)
			if err != nil {
				return nil, err
			}
			var page historyPage
			if err := readAnswer(raw, &page); err != nil {
				return nil, err
			}
			out = append(out, raw)
			queue = append(queue, page.leads()...)
			if before = page.Next; before == "" {
				break
			}
		}
	}
	return out, nil
}

// leads is the blocks that the chain of title goes on at.
func (p *historyPage) leads() []string {
	var out []string
	lead := func(at string) {
		// A node's word goes into no request before it is a resource.
		if r, err := inr.Parse(at); err == nil {
			out = append(out, r.String())
		}
	}
	if p.TitleAt != nil {
		lead(*p.TitleAt)
	}
	for _, v := range p.Versions {
		if v.Title == nil {
			continue
		}
		for _, before := range v.Title.Predecessors {
			lead(string(before.At))
		}
	}
	return out
}

func (s *session) tellHistory(r wire.Resource, pages []json.RawMessage) error {
	s.out.field("resource", "%v", r)
	n := 0
	for _, raw := range pages {
		var page historyPage
		if err := readAnswer(raw, &page); err != nil {
			return err
		}
		for _, v := range page.Versions {
			s.tellVersion(page.Resource, v)
			n++
		}
	}
	if n == 0 {
		s.err.linef("nothing was ever written at %v or a title over it", r)
	}
	s.err.linef("as the node tells it; ipledger lookup %v --at HEIGHT verifies any of these", r)
	return nil
}

func (s *session) tellVersion(at said, v folioVersion) {
	switch {
	case !v.Present:
		s.out.linef("block %d  %s: closed", v.Height, at)
		return
	case v.Title != nil:
		s.out.linef("block %d  %s: title %s, grade %s, holder %s", v.Height, at, v.Title.State, v.Title.Grade, s.book.tell(v.Title.Holder.Address))
		for _, p := range v.Title.Predecessors {
			s.out.linef("          made from %s", p.At)
		}
	default:
		s.out.linef("block %d  %s:", v.Height, at)
	}
	for _, c := range v.Charges {
		s.out.linef("          charge %d to %s", c.Rank, s.book.tell(c.Lender.Address))
	}
	for _, e := range v.Estates {
		s.out.linef("          %s to %s%s", e.Kind, s.book.tell(e.Holder.Address), ends(e))
	}
	for _, o := range v.Origins {
		s.out.linef("          AS%d may originate down to /%d, by %s", o.AS, o.MaxLength, s.book.tell(o.Holder.Address))
	}
}
