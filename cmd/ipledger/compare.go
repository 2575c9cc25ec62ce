package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// diffPagesMax bounds how much one side of a comparison asks for: half a million
// blocks of numbers.
const diffPagesMax = 1000

func diffCommand(s *session) *cobra.Command {
	var from, to string
	var inside bool
	c := &cobra.Command{
		Use: "diff RESOURCE|ACCOUNT|all", Short: "Tell what changed between two heights or dates",
		Long: `Tell what changed of a resource, of an account, or of everything that is written
at blocks of numbers (all), between two heights or dates. Each side is fetched
with its proof; where a trust file is set both are verified, and what lies inside
a block (--inside, all) is proven to be whole on both sides.`,
		Example: "  ipledger diff 193.0.8.0/24 --from 2026-11-01\n  ipledger diff all --from 1200 --to 1300\n  ipledger diff alice --from 2026-11-01 --to 2026-11-30",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			what, err := s.subject(args[0])
			if err != nil {
				return err
			}
			what.inside = what.inside || inside
			if from == "" {
				return usage("say from which height or date on: --from 2026-11-01")
			}
			d := new(comparison)
			for _, one := range []struct {
				at  string
				out *side
			}{{from, &d.From}, {to, &d.To}} {
				when, err := parseAt(one.at)
				if err != nil {
					return err
				}
				if *one.out, err = s.side(cmd.Context(), what, when); err != nil {
					return err
				}
			}
			return s.tellCompared(what, d)
		},
	}
	c.Flags().StringVar(&from, "from", "", "height or date of the earlier side")
	c.Flags().StringVar(&to, "to", "", "height or date of the later side, the newest if left out")
	c.Flags().BoolVar(&inside, "inside", false, "of a block: everything at it and inside it")
	return c
}

// subject is what is compared or watched: some blocks, or an account.
type subject struct {
	text    string
	blocks  []wire.Resource
	account wire.Address
	inside  bool
}

// everything is the roots of the three families of numbers.
var everything = []string{"0.0.0.0/0", "::/0", "AS0-AS4294967295"}

func (s *session) subject(text string) (*subject, error) {
	if text == "all" {
		out := &subject{text: "all", inside: true}
		for _, root := range everything {
			r, err := inr.Parse(root)
			if err != nil {
				return nil, err
			}
			out.blocks = append(out.blocks, r)
		}
		return out, nil
	}
	if id, err := s.book.id(text); err == nil {
		return &subject{text: s.book.tell(id), account: id}, nil
	}
	r, err := usual(text)
	if err != nil {
		return nil, usage("%q is neither a resource nor a known account", text)
	}
	return &subject{text: r.String(), blocks: []wire.Resource{r}}, nil
}

// side is what stood at one moment.
type side struct {
	Height   uint64  `json:"height,string"`
	Time     instant `json:"time"`
	Verified bool    `json:"verified"`
	facts    facts
}

// side asks what stood at a height or time, with proof.
func (s *session) side(ctx context.Context, what *subject, at string) (out side, err error) {
	if what.inside {
		return s.wholeSide(ctx, what, at)
	}
	path, kind := "/v1/accounts/"+what.account.String(), light.KindAccount
	if len(what.blocks) > 0 {
		path, kind = "/v1/resources/"+what.blocks[0].String(), light.KindResource
	}
	query := url.Values{"proof": {"1"}}
	if at != "" {
		query.Set("at", at)
	}
	p, err := s.prove(ctx, path+"?"+query.Encode(), kind)
	if err != nil {
		return out, err
	}
	if err := asOf(p.Verified, at); err != nil {
		return out, err
	}
	out = side{Height: p.Height, Time: instant(p.Time), Verified: p.trusted}
	if kind == light.KindAccount {
		if p.Account.ID != what.account {
			return out, elsewhere(what.account)
		}
		out.facts = s.accountFacts(p.Account)
		if p.Account.Account == nil {
			return out, nil
		}
		return out, s.addHeld(ctx, what.account, &out)
	}
	if p.Resource.Resource != what.blocks[0] {
		return out, elsewhere(what.blocks[0])
	}
	out.facts = s.answerFacts(p.Resource)
	return out, nil
}

// addHeld adds what an account holds at a side's height.
func (s *session) addHeld(ctx context.Context, id wire.Address, out *side) error {
	p, err := s.proveHoldings(ctx, id, decimal(out.Height))
	var many *problem
	if errors.As(err, &many) && many.Code == "too_many" {
		s.err.linef("at block %d %s; its blocks are not compared: ipledger diff all compares everyone's", out.Height, many.Detail)
		return nil
	}
	if err != nil {
		return err
	}
	for _, t := range p.Holdings.Titles {
		out.facts.addf("title %v: %v, grade %v", t.At, t.Title.State, t.Title.Grade)
		for _, c := range t.Charges {
			out.facts.charge(s, t.At, c)
		}
		for _, e := range t.Out {
			out.facts.estate(s, e.At, e.Estate)
		}
	}
	for _, e := range p.Holdings.Estates {
		out.facts.estate(s, e.At, e.Estate.Estate)
	}
	return nil
}

// wholeSide reads everything at blocks and inside them, page by page, all of one
// height.
func (s *session) wholeSide(ctx context.Context, what *subject, at string) (out side, err error) {
	pages := 0
	for _, block := range what.blocks {
		for from := block; ; pages++ {
			if pages == diffPagesMax {
				return out, usage("more than %d pages of %d blocks: compare a smaller block", diffPagesMax, light.BeneathMax)
			}
			p, err := s.page(ctx, block, from, at)
			if err != nil {
				return out, err
			}
			if out.Height != 0 && out.Height != p.Height {
				return out, fail(exitUnverified, "the node proved pages of heights %d and %d; ask another", out.Height, p.Height)
			}
			out.Height, out.Time, out.Verified = p.Height, instant(p.Time), p.trusted
			at = decimal(p.Height) // the next pages are of this height
			for _, e := range p.Beneath.Entries {
				out.facts = append(out.facts, s.entryFacts(e)...)
			}
			if !p.Beneath.More {
				break
			}
			from = p.Beneath.Next
		}
	}
	return out, nil
}

// page proves one page of what stands at a block and inside it.
func (s *session) page(ctx context.Context, block, from wire.Resource, at string) (*proven, error) {
	query := url.Values{"proof": {"1"}, "limit": {fmt.Sprint(light.BeneathMax)}, "from": {from.String()}}
	if at != "" {
		query.Set("at", at)
	}
	p, err := s.prove(ctx, "/v1/resources/"+block.String()+"/beneath?"+query.Encode(), light.KindBeneath)
	if err != nil {
		return nil, err
	}
	if p.Beneath.Query != block || p.Beneath.From != from {
		return nil, elsewhere(block)
	}
	return p, asOf(p.Verified, at)
}

// comparison is two sides, and the lines that only one of them has.
type comparison struct {
	Subject string `json:"subject"`
	From    side   `json:"from"`
	To      side   `json:"to"`
	Removed []said `json:"removed"`
	Added   []said `json:"added"`
}

// compare fills in what only one side has.
func (d *comparison) compare() {
	d.Removed, d.Added = only(d.From.facts, d.To.facts), only(d.To.facts, d.From.facts)
}

// only is the lines of one list that another does not have as often.
func only(list, other facts) []said {
	count := map[string]int{}
	for _, line := range other {
		count[line]++
	}
	out := []said{}
	for _, line := range list {
		if count[line]--; count[line] < 0 {
			out = append(out, said(line))
		}
	}
	return out
}

func (s *session) tellCompared(what *subject, d *comparison) error {
	d.Subject = what.text
	d.compare()
	if s.json {
		return s.out.json(d)
	}
	s.out.field("subject", "%s", d.Subject)
	s.out.field("from", "block %d, %s", d.From.Height, d.From.Time)
	s.out.field("to", "block %d, %s", d.To.Height, d.To.Time)
	s.tellLines(d)
	if len(d.Removed)+len(d.Added) == 0 {
		s.err.linef("nothing changed")
	}
	if d.From.Verified && d.To.Verified {
		s.out.field("verified", "yes, both sides, with %s", said(s.trust))
	} else {
		s.out.field("verified", "no: no trust file is set, the proofs only hold together")
	}
	return nil
}

// tellLines prints what is gone and what is new, in the order of the lines.
func (s *session) tellLines(d *comparison) {
	type line struct {
		text string
		mark byte
	}
	var all []line
	for _, t := range d.Removed {
		all = append(all, line{t.String(), '-'})
	}
	for _, t := range d.Added {
		all = append(all, line{t.String(), '+'})
	}
	slices.SortStableFunc(all, func(a, b line) int { return strings.Compare(firstWords(a.text), firstWords(b.text)) })
	for _, l := range all {
		s.out.linef("%c %s", l.mark, l.text)
	}
}

// firstWords is what a line is about.
func firstWords(text string) string {
	about, _, _ := strings.Cut(text, ":")
	return about
}
