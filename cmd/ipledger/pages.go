package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// pagesAtOnce is how many pages are handed over before their outcome is awaited:
// one that a rule refuses takes those behind it along, and each costs credit.
const pagesAtOnce = 16

func sourceSubmit(s *session) *cobra.Command {
	f := new(acting)
	c := &cobra.Command{
		Use: "submit STATEMENTS", Short: "Enter the pages of an attested statement file, one after the other",
		Long: `Enter the pages of a statement file that enough registrars attested. Anyone may; what
is entered already is left out, so the same command goes on where another stopped.
You are asked once, before the first page. Each page waits its time, then changes
titles that nobody holds, and marks those that somebody does.`,
		Example: "  ipledger source submit ripencc-20261201.source",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readStated(args[0])
			if err != nil {
				return err
			}
			e, err := s.entering(cmd.Context(), f, file)
			if err != nil {
				return err
			}
			return e.enter(cmd.Context())
		},
	}
	return f.bind(c)
}

// entering is a statement file whose pages are entered.
type entering struct {
	*session
	f      *acting
	file   *genesis.StatementFile
	pages  []*tx.SourceStatement
	at     int // the page that is entered next
	chain  *status
	who    *accountAnswer
	number uint64 // of the author's next act in the lane
	team   *team
}

// entering finds the page that the ledger awaits, and who enters it.
func (s *session) entering(ctx context.Context, f *acting, file *genesis.StatementFile) (*entering, error) {
	e := &entering{session: s, f: f, file: file}
	e.pages, _ = file.Pages()
	all, err := s.feeds(ctx, file.Registry)
	if err != nil {
		return nil, err
	}
	if e.at, err = e.awaited(&all.Sources[0]); err != nil || e.at == len(e.pages) {
		return e, err
	}
	author, err := s.author(wire.Address{})
	if err != nil {
		return nil, err
	}
	if e.chain, err = s.status(ctx); err != nil {
		return nil, err
	}
	if e.who, err = s.accountOf(ctx, author); err != nil {
		return nil, err
	}
	if e.team, err = s.team(e.who, e.pages[e.at], f); err != nil {
		return nil, err
	}
	e.number, err = parseCount(e.who.Account.Lanes[e.team.lane])
	return e, err
}

// awaited is the page that a registry's feed awaits, all where they are all in.
func (e *entering) awaited(f *feed) (int, error) {
	if f.Date == said(decimal(e.file.Date)) && f.File != nil && *f.File == e.file.File && f.Next == nil && f.Pages == uint64(len(e.pages)) {
		return len(e.pages), nil
	}
	at := int(min(f.Received, uint64(len(e.pages)-1)))
	if f.Next != nil && *f.Next == record.SheetHash(e.pages[at].Behind, e.pages[at].Lines) {
		return at, nil
	}
	return 0, fail(exitRefused, "%w", tx.Refuse("SRC-4", "registry", "no page of this file is awaited: enough registrars have not attested it, or a later one since")).
		hint("ipledger source state %s", e.file.Registry)
}

// enter enters all pages from the awaited one on.
func (e *entering) enter(ctx context.Context) error {
	if e.at == len(e.pages) {
		e.err.linef("all pages are in already")
		return e.tell(nil)
	}
	e.err.linef("acting as %s", e.book.tell(e.who.ID))
	files, err := e.acts()
	if err != nil {
		return err
	}
	if err := e.tellPreview(ctx, files[0]); err != nil {
		return err
	}
	if e.f.out != "" {
		return e.writeAct(e.f.out, files[0])
	}
	if len(files) > 1 {
		e.err.linef("%d pages are entered, this one first", len(files))
	}
	if err := e.agree(); err != nil {
		return err
	}
	if err := e.signWith(e.team.sign, files...); err != nil {
		return err
	}
	return e.run(ctx, files)
}

// run hands over pages some at a time, and awaits what becomes of them.
func (e *entering) run(ctx context.Context, files []*tx.File) error {
	var last *actAnswer
	for len(files) > 0 {
		ids, err := e.hand(ctx, files[:min(pagesAtOnce, len(files))])
		if err != nil {
			return err
		}
		for _, id := range ids {
			if last, err = e.await(ctx, id); err != nil {
				return err
			}
			if last.Outcome != "done" {
				return e.stopped(last)
			}
			e.at++
		}
		files = files[len(ids):]
		e.err.linef("pages in %d of %d", e.at, len(e.pages))
	}
	return e.tell(last)
}

// stopped tells a page that a rule refused; those before it are in.
func (e *entering) stopped(a *actAnswer) error {
	why := &tx.RuleError{Rule: string(a.Rule), Field: string(a.Field), Detail: fmt.Sprintf("page %d of %d", e.at+1, len(e.pages))}
	return fail(exitRefused, "%w", why).hint("the same command goes on with the page that is awaited then").
		hint("ipledger source state %s", e.file.Registry)
}

// hand hands pages over.
func (e *entering) hand(ctx context.Context, files []*tx.File) (ids []wire.Hash, err error) {
	for _, file := range files {
		if err := e.submit(ctx, file); err != nil {
			return nil, err
		}
		ids = append(ids, file.Act.ID(file.Salt))
	}
	return ids, nil
}

// acts is the acts that enter the pages from the awaited one on.
func (e *entering) acts() (files []*tx.File, err error) {
	for i, page := range e.pages[e.at:] {
		act := tx.New(tx.Header{
			Author: e.who.ID, Policy: e.who.Account.Policy, Lane: e.team.lane, Number: e.number + uint64(i), Expires: e.expiry(e.chain),
		}, page)
		if err := act.Check(); err != nil {
			return nil, err
		}
		files = append(files, &tx.File{Salt: e.chain.GenesisHash, Act: act})
	}
	return files, nil
}

// tell tells what was entered.
func (e *entering) tell(last *actAnswer) error {
	if e.json {
		out := map[string]any{"registry": e.file.Registry, "date": decimal(e.file.Date), "pages": decimal(uint64(len(e.pages))), "last": nil}
		if last != nil {
			out["last"] = shapeOutcome(last)
		}
		return e.out.json(out)
	}
	if last != nil {
		e.tellAct(last)
	}
	e.out.field("entered", "%s, file of %s, pages in %d of %d", e.file.Registry, isoDay(decimal(e.file.Date)), e.at, len(e.pages))
	e.out.field("next", "ipledger source list %s", e.file.Registry)
	return nil
}
