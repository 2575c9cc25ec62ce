package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// watchEvery is how often a node is asked whether something changed.
const watchEvery = 5 * time.Second

// watch is what somebody watches, and from which block on.
type watch struct {
	blocks   []wire.Resource
	accounts []wire.Address
	after    uint64
}

func watchCommand(s *session) *cobra.Command {
	var lender string
	var from uint64
	var once bool
	c := &cobra.Command{
		Use: "watch [RESOURCE...]", Short: "Tell what changes at blocks, over them and inside them",
		Long: `Watch blocks of numbers, without an account or a key: what each block of the ledger
changes at them, over them or inside them is told, claims, cautions, freezes, estates,
charges and authorisations alike, in the words of the statement before and after.
With --lender the titles under that account's charges are watched, and the accounts of
their holders. It goes on until it is interrupted, or with --once up to the last block.`,
		Example: "  ipledger watch 193.0.0.0/16 AS3333\n  ipledger watch --lender bank --from 120000 --once",
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := s.watching(cmd.Context(), args, lender)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("from") {
				w.after = max(from, 1) - 1
			}
			return s.keepWatch(cmd.Context(), w, lender, once)
		},
	}
	c.Flags().StringVar(&lender, "lender", "", "watch the titles under this account's charges")
	c.Flags().Uint64Var(&from, "from", 0, "first block that is told of (default: the next one)")
	c.Flags().BoolVar(&once, "once", false, "end at the last block that there is")
	return c
}

// watching reads what is to be watched, from the block after the last on.
func (s *session) watching(ctx context.Context, args []string, lender string) (w watch, err error) {
	for _, text := range args {
		r, err := strict(text)
		if err != nil {
			return w, err
		}
		w.blocks = append(w.blocks, r)
	}
	if len(args) == 0 && lender == "" {
		return w, usage("say what to watch").hint("ipledger watch 193.0.0.0/16, or --lender ACCOUNT")
	}
	head, err := s.status(ctx)
	if err != nil {
		return w, err
	}
	w.after = head.Height
	return w, nil
}

// keepWatch tells of changes as they come.
func (s *session) keepWatch(ctx context.Context, w watch, lender string, once bool) error {
	for {
		head, err := s.status(ctx)
		if err != nil {
			return err
		}
		if head.Height > w.after {
			now := w
			if lender != "" {
				if now, err = s.withLoans(ctx, w, lender); err != nil {
					return err
				}
			}
			if err := s.tellChanges(ctx, now, head.Height); err != nil {
				return err
			}
			w.after = head.Height
		}
		if once || !rest(ctx, watchEvery) {
			return nil
		}
	}
}

// withLoans is a watch over the titles under a lender's charges too.
func (s *session) withLoans(ctx context.Context, w watch, lender string) (watch, error) {
	id, err := s.book.id(lender)
	if err != nil {
		return w, err
	}
	w.blocks = slices.Clone(w.blocks)
	return w, s.paged(ctx, "/v1/accounts/"+id.String()+"/charges", nil, func(raw []byte) (string, error) {
		var page struct {
			Charges []lentOn `json:"charges"`
			Next    string   `json:"next"`
		}
		if err := readAnswer(raw, &page); err != nil {
			return "", err
		}
		for _, x := range page.Charges {
			r, err := strict(string(x.At))
			if err != nil {
				return "", err
			}
			w.blocks, w.accounts = append(w.blocks, r), append(w.accounts, x.Holder.Address)
		}
		return page.Next, nil
	})
}

// changed is one record that a block of the ledger changed.
type changed struct {
	Height   uint64 `json:"height,string"`
	Kind     said   `json:"kind"`
	Resource string `json:"resource"`
	Account  string `json:"account"`
}

// tellChanges tells of all that was changed up to a height and is watched.
func (s *session) tellChanges(ctx context.Context, w watch, to uint64) error {
	for after := w.after; after < to; {
		var page struct {
			Changes []changed `json:"changes"`
			Next    said      `json:"next"`
		}
		if err := s.client().get(ctx, fmt.Sprintf("/v1/changes?from=%d&to=%d&after=%d", w.after, to, after), &page); err != nil {
			return err
		}
		for _, c := range page.Changes {
			if path := w.concerns(c); path != "" {
				if err := s.tellChange(ctx, c, path); err != nil {
					return err
				}
			}
		}
		if page.Next == "" {
			return nil
		}
		var next uint64
		if _, err := fmt.Sscan(page.Next.String(), &next); err != nil || next <= after {
			return fail(exitFailed, "the node's answer has no next page")
		}
		after = next
	}
	return nil
}

// concerns is where to ask about a change that is watched, empty for another.
func (w watch) concerns(c changed) string {
	if r, err := inr.Parse(c.Resource); err == nil {
		if slices.ContainsFunc(w.blocks, func(b wire.Resource) bool { return inr.Overlaps(b, r) }) {
			return "/v1/resources/" + c.Resource
		}
	}
	if slices.ContainsFunc(w.accounts, func(a wire.Address) bool { return a.String() == c.Account }) {
		return "/v1/accounts/" + c.Account
	}
	return ""
}

// tellChange tells what was said before a block and what is said after it.
func (s *session) tellChange(ctx context.Context, c changed, path string) error {
	gone, come, err := s.saidAround(ctx, path, c.Height)
	if err != nil || len(gone)+len(come) == 0 {
		return err
	}
	what := said(c.Resource + c.Account)
	if s.json {
		return s.out.json(map[string]any{"height": c.Height, "at": what, "gone": gone, "come": come})
	}
	s.out.field("block", "%d, %s", c.Height, what)
	for _, line := range gone {
		s.out.linef("  - %s", said(line))
	}
	for _, line := range come {
		s.out.linef("  + %s", said(line))
	}
	return nil
}

// saidAround is the sentences of a statement that a block took away and made.
func (s *session) saidAround(ctx context.Context, path string, height uint64) (gone, come []string, err error) {
	var before, after struct {
		Statement string `json:"statement"`
	}
	if err := s.client().get(ctx, fmt.Sprintf("%s?at=%d", path, height), &after); err != nil {
		return nil, nil, err
	}
	if height > 1 {
		if err := s.client().get(ctx, fmt.Sprintf("%s?at=%d", path, height-1), &before); err != nil {
			return nil, nil, err
		}
	}
	gone, come = difference(before.Statement, after.Statement)
	return gone, come, nil
}
