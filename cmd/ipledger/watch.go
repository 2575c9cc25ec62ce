package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// Bounds of coming back after a broken connection.
const (
	watchRest    = time.Second
	watchRestMax = 30 * time.Second
)

// watch is what somebody watches, and from which block on.
type watch struct {
	blocks   []wire.Resource
	accounts []wire.Address
	after    uint64          // every block up to this one was looked at
	told     map[string]bool // of the block after that: what was told already
	count    int             // changes that are still wanted; negative for all there will be
}

func watchCommand(s *session) *cobra.Command {
	var lender string
	var from uint64
	var once bool
	var count int
	c := &cobra.Command{
		Use: "watch [RESOURCE|ACCOUNT...]", Short: "Tell what changes at blocks, over them and inside them, or of accounts",
		Long: `Watch blocks of numbers, without an account or a key: what each block of the ledger
changes at them, over them or inside them is told, claims, cautions, freezes, estates,
charges and authorisations alike, in the words of the statement before and after.
Accounts are watched alike. With --lender the titles under that account's charges are
watched, and the accounts of their holders. It goes on until it is interrupted, with
--once up to the last block, with --count until so many changes were told.

Where a trust file is set, both statements are proven and verified. A connection that
breaks is made anew, and what was missed is told. A node can keep silent all the same:
that nothing is told does not prove that nothing changed, "ipledger diff" does. With
--json each change is one line.`,
		Example: "  ipledger watch 193.0.0.0/16 AS3333\n  ipledger watch alice --count 1 --json\n  ipledger watch --lender bank --from 120000 --once",
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := s.watching(cmd.Context(), args, lender)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("from") {
				w.after = max(from, 1) - 1
			}
			if w.count = count; count == 0 {
				w.count = -1
			}
			return s.keepWatch(cmd.Context(), w, lender, once)
		},
	}
	c.Flags().StringVar(&lender, "lender", "", "watch the titles under this account's charges")
	c.Flags().Uint64Var(&from, "from", 0, "first block that is told of (default: the next one)")
	c.Flags().BoolVar(&once, "once", false, "end at the last block that there is")
	c.Flags().IntVar(&count, "count", 0, "end after so many changes; 0 for as many as there will be")
	return c
}

// watching reads what is to be watched, from the block after the last on.
func (s *session) watching(ctx context.Context, args []string, lender string) (w watch, err error) {
	for _, text := range args {
		if id, err := s.book.id(text); err == nil {
			w.accounts = append(w.accounts, id)
			continue
		}
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

// keepWatch tells of changes as they come, over connections that break.
func (s *session) keepWatch(ctx context.Context, w watch, lender string, once bool) error {
	w.told = map[string]bool{}
	take := func(height uint64) (more bool, err error) {
		err = s.upTo(ctx, &w, lender, height)
		return w.count != 0, err
	}
	if once {
		head, err := s.status(ctx)
		if err == nil && head.Height > w.after {
			_, err = take(head.Height)
		}
		return err
	}
	for wait := watchRest; ; wait = min(2*wait, watchRestMax) {
		before := w.after
		err := s.heads(ctx, take)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if codeOf(err) != exitUnreachable {
			return err
		}
		if w.after > before {
			wait = watchRest
		}
		s.err.linef("ipledger: the connection broke: %v; going on after block %d", err, w.after)
		if !rest(ctx, wait) {
			return nil
		}
	}
}

// upTo tells of all changes up to a height.
func (s *session) upTo(ctx context.Context, w *watch, lender string, height uint64) error {
	if height <= w.after {
		return nil
	}
	now := *w
	if lender != "" {
		var err error
		if now, err = s.withLoans(ctx, *w, lender); err != nil {
			return err
		}
	}
	err := s.tellChanges(ctx, &now, height)
	w.after, w.count = now.after, now.count
	return err
}

// withLoans is a watch over the titles under a lender's charges too.
func (s *session) withLoans(ctx context.Context, w watch, lender string) (watch, error) {
	id, err := s.book.id(lender)
	if err != nil {
		return w, err
	}
	w.blocks, w.accounts = slices.Clone(w.blocks), slices.Clone(w.accounts)
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

// tellChanges tells of all that was changed up to a height and is watched, and moves
// the watch on with each block that was told of.
func (s *session) tellChanges(ctx context.Context, w *watch, to uint64) error {
	for from, after := w.after, w.after; after < to; {
		var page struct {
			Changes []changed `json:"changes"`
			Next    said      `json:"next"`
		}
		if err := s.client().get(ctx, fmt.Sprintf("/v1/changes?from=%d&to=%d&after=%d", from, to, after), &page); err != nil {
			return err
		}
		for _, c := range page.Changes {
			if err := s.tellOnce(ctx, w, c); err != nil || w.count == 0 {
				return err
			}
		}
		next := to
		if page.Next != "" {
			if _, err := fmt.Sscan(page.Next.String(), &next); err != nil || next <= after || next > to {
				return fail(exitFailed, "the node's answer has no next page")
			}
		}
		after = next
		w.passed(after)
	}
	return nil
}

// passed moves the watch on to a block that was looked at whole.
func (w *watch) passed(height uint64) {
	if height > w.after {
		w.after = height
		clear(w.told)
	}
}

// tellOnce tells of a change, if it is watched and was not told before a connection
// broke in the middle of its block.
func (s *session) tellOnce(ctx context.Context, w *watch, c changed) error {
	if c.Height == 0 {
		return fail(exitFailed, "the node's answer names no block of a change")
	}
	w.passed(c.Height - 1)
	path := w.concerns(c)
	if path == "" || w.told[path] {
		return nil
	}
	found, err := s.tellChange(ctx, c, path)
	if err != nil {
		return err
	}
	w.told[path] = true
	if found && w.count > 0 {
		w.count--
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

// tellChange tells what was said before a block and what is said after it, and whether
// the two differ.
func (s *session) tellChange(ctx context.Context, c changed, path string) (found bool, err error) {
	gone, come, err := s.saidAround(ctx, path, c.Height)
	if err != nil || len(gone)+len(come) == 0 {
		return false, err
	}
	what := said(c.Resource + c.Account)
	if s.json {
		raw, err := json.Marshal(map[string]any{
			"height": decimal(c.Height), "at": what, "gone": append([]string{}, gone...), "come": append([]string{}, come...), "verified": s.trust != "",
		})
		s.out.linef("%s", raw)
		return true, err
	}
	s.out.field("block", "%d, %s", c.Height, what)
	for _, line := range gone {
		s.out.linef("  - %s", said(line))
	}
	for _, line := range come {
		s.out.linef("  + %s", said(line))
	}
	return true, nil
}

// saidAround is the sentences of a statement that a block took away and made.
func (s *session) saidAround(ctx context.Context, path string, height uint64) (gone, come []string, err error) {
	before, after := "", ""
	if after, err = s.saidAt(ctx, path, height); err == nil && height > 1 {
		before, err = s.saidAt(ctx, path, height-1)
	}
	if err != nil {
		return nil, nil, err
	}
	gone, come = difference(before, after)
	return gone, come, nil
}

// saidAt is the statement at a path after a block: proven where a trust file is set,
// else the node's word.
func (s *session) saidAt(ctx context.Context, path string, height uint64) (string, error) {
	at := decimal(height)
	if s.trust == "" {
		var answer struct {
			Statement string `json:"statement"`
		}
		err := s.client().get(ctx, path+"?at="+at, &answer)
		return answer.Statement, err
	}
	what, kind := strings.TrimPrefix(path, "/v1/accounts/"), light.KindAccount
	if r, ok := strings.CutPrefix(path, "/v1/resources/"); ok {
		what, kind = r, light.KindResource
	}
	p, err := s.prove(ctx, path+"?proof=1&at="+at, kind)
	if err != nil {
		return "", err
	}
	if kind == light.KindAccount && p.Account.ID.String() != what || kind == light.KindResource && p.Resource.Resource.String() != what {
		return "", elsewhere(what)
	}
	return p.Statement, asOf(p.Verified, at)
}
