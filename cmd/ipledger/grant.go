package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func grantCommand(s *session) *cobra.Command {
	return family("grant", "Give possession of a block for as long as no notice is given", "  ipledger grant offer 193.0.8.0/24 carol\n  ipledger grant accept 1f0a…",
		grantOffer(s), grantAccept(s), offerCancel(s), grantNotice(s), grantGiveUp(s))
}

func grantOffer(s *session) *cobra.Command {
	var f acting
	var w window
	var notice time.Duration
	var sub bool
	c := &cobra.Command{
		Use: "offer RESOURCE TO", Short: "Offer possession of a block, ending by notice",
		Long: `Offer possession of a block to another account. The title stays where it is. The
grant ends --notice after its maker gives notice of it, or at once when the
grantee gives it up. When it is accepted, the maker's origin authorisations are
narrowed to what the maker still possesses.`,
		Example: "  ipledger grant offer 193.0.8.0/24 carol --notice 720h",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, to, err := s.blockAndParty(args)
			if err != nil {
				return err
			}
			if notice < 0 || notice > tx.NoticeSecondsMax*time.Second || notice%time.Second != 0 {
				return usage("--notice %v: whole seconds, at most ten years", notice)
			}
			p, now, err := s.granting(cmd.Context(), r)
			if err != nil {
				return err
			}
			b := &tx.GrantOffer{Resource: r, To: to, Notice: uint64(notice / time.Second), SubGrants: sub, Value: p.value}
			if b.Earliest, b.Until, err = w.read(now, p.delay); err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(p.author, b))
		},
	}
	c.Flags().DurationVar(&notice, "notice", 30*24*time.Hour, "time between a notice and the end")
	c.Flags().BoolVar(&sub, "sub-grants", false, "the grantee may grant parts on")
	w.bind(c)
	return f.bind(c)
}

// granting is offering, but by the possessor.
func (s *session) granting(ctx context.Context, r wire.Resource) (offered, uint64, error) {
	a, err := s.look(ctx, r, "", false)
	if err != nil {
		return offered{}, 0, err
	}
	who, err := s.author(a.Possessor.Address)
	if err != nil {
		return offered{}, 0, err
	}
	value, err := a.dealing(r)
	if err != nil {
		return offered{}, 0, err
	}
	account, err := s.accountOf(ctx, who)
	if err != nil {
		return offered{}, 0, err
	}
	return offered{who, value, account.Account.Delay}, uint64(account.Time), nil
}

func grantAccept(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "accept OFFER", Short: "Accept an offered grant; this is final",
		Example: "  ipledger grant accept 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := s.offer(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			b, ok := o.Body.(*tx.GrantOffer)
			if !ok {
				return o.not("grant")
			}
			value, who, err := s.accepting(cmd.Context(), b.Resource, b.To)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.GrantAccept{Offer: o.id, Resource: b.Resource, Value: value}))
		},
	}
	return f.bind(c)
}

func grantNotice(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "notice RESOURCE [GRANT]", Short: "Give notice that a grant ends",
		Long: `Give notice of a grant: it ends after the time it states. The id of the grant is
needed only where several lie at the block.`,
		Example: "  ipledger grant notice 193.0.8.0/24",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := s.grant(cmd.Context(), args)
			if err != nil {
				return err
			}
			who, err := s.author(g.maker)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.GrantNotice{Resource: g.block, Grant: g.id}))
		},
	}
	return f.bind(c)
}

func grantGiveUp(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "giveup RESOURCE [GRANT]", Aliases: []string{"give-up"}, Short: "Give one's own grant up at once",
		Example: "  ipledger grant giveup 193.0.8.0/24",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := s.grant(cmd.Context(), args)
			if err != nil {
				return err
			}
			who, err := s.author(g.holder)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.GrantGiveUp{Resource: g.block, Grant: g.id}))
		},
	}
	return f.bind(c)
}

// foundGrant is a grant at a block, who holds it and who possesses next outside.
type foundGrant struct {
	block         wire.Resource
	id            wire.Hash
	holder, maker wire.Address
}

// grant finds the grant that lies at exactly a block.
func (s *session) grant(ctx context.Context, args []string) (g foundGrant, err error) {
	if g.block, err = strict(args[0]); err != nil {
		return g, err
	}
	if len(args) == 2 {
		if g.id, err = parseID(args[1]); err != nil {
			return g, err
		}
	}
	a, err := s.look(ctx, g.block, "", false)
	if err != nil {
		return g, err
	}
	var outer wire.Address
	if a.Title != nil {
		outer = a.Title.Holder.Address
	}
	found := 0
	for _, e := range a.Estates {
		asked := len(args) == 1 || e.ID == g.id
		if string(e.At) == g.block.String() && asked {
			g.id, g.holder, g.maker = e.ID, e.Holder.Address, outer
			found++
		}
		outer = e.Holder.Address
	}
	switch found {
	case 1:
		return g, nil
	case 0:
		return g, fail(exitRefused, "%w", tx.Refuse("EST-9", "grant", "no such grant lies at %v", g.block)).hint("ipledger lookup %v", g.block)
	}
	return g, usage("%d grants lie at %v: say which by its id", found, g.block).hint("ipledger lookup %v", g.block)
}
