package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

func grantCommand(s *session) *cobra.Command {
	return family("grant", "Give possession of a block for as long as no notice is given", "  ipledger grant offer 193.0.8.0/24 carol\n  ipledger grant accept 1f0a…",
		grantOffer(s), s.offerAccept("grant", "Accept an offered grant; this is final", "  ipledger grant accept 1f0a77de4c534e1f699c877c35b1685967c3b4d3…"),
		s.offerCancel("grant"), grantNotice(s), grantWithdraw(s), grantGiveUp(s))
}

func grantOffer(s *session) *cobra.Command {
	var w window
	var sub bool
	var first origins
	notice := span(30 * 24 * 3600)
	return s.act(verb{
		use: "offer RESOURCE TO", short: "Offer possession of a block, ending by notice",
		long: `Offer possession of a block to another account. The title stays where it is. The
grant ends --notice after its maker gives notice of it, or at once when the
grantee gives it up. When it is accepted, the maker's origin authorisations are
narrowed to what the maker still possesses, and those of --origins enter as the
grantee's.`,
		example: "  ipledger grant offer 193.0.8.0/24 carol --notice 30d\n  ipledger grant offer 193.0.8.0/24 carol --origins 193.0.8.0/24=AS3333",
		bind: func(c *cobra.Command) {
			c.Flags().Var(&notice, "notice", "time between a notice and the end")
			c.Flags().BoolVar(&sub, "sub-grants", false, "the grantee may grant and lease parts on")
			first.bind(c)
			w.bind(c)
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, to, err := s.matterAndParty(ctx, args)
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, m.possessor(), &w)
			if err != nil {
				return plan{}, err
			}
			b := &tx.GrantOffer{Resource: m.block, To: to, Notice: uint64(notice), SubGrants: sub, Value: t.value, Earliest: t.earliest, Until: t.until}
			b.Origins, err = first.read()
			return s.planned(t.author, b, err)
		},
	})
}

func grantNotice(s *session) *cobra.Command {
	return s.act(verb{
		use: "notice RESOURCE [GRANT]", short: "Give notice that a grant ends",
		long: `Give notice of a grant: it ends after the time it states. The id of the grant is
needed only where several lie at the block.`,
		example: "  ipledger grant notice 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, g, err := s.estateAt(ctx, args, "grant", "EST-9")
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(g.outer)
			return s.planned(who, &tx.GrantNotice{Resource: m.block, Grant: g.ID}, err)
		},
	})
}

func grantWithdraw(s *session) *cobra.Command {
	var w window
	return s.act(verb{
		use: "withdraw RESOURCE [GRANT]", short: "Offer the grantee to take a notice back",
		long: `Offer the grantee to take the notice of its grant back. The grantee accepts with
ipledger grant accept; the grant then stands until another notice.`,
		example: "  ipledger grant withdraw 193.0.8.0/24",
		bind:    w.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, g, err := s.estateAt(ctx, args, "grant", "EST-9")
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, g.outer, &w)
			return s.planned(t.author, &tx.NoticeWithdraw{Resource: m.block, Grant: g.ID, Value: t.value, Earliest: t.earliest, Until: t.until}, err)
		},
	})
}

func grantGiveUp(s *session) *cobra.Command {
	return s.act(verb{
		use: "giveup RESOURCE [GRANT]", aliases: []string{"give-up"}, short: "Give one's own grant up at once",
		example: "  ipledger grant giveup 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, g, err := s.estateAt(ctx, args, "grant", "EST-9")
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(g.Holder.Address)
			return s.planned(who, &tx.GrantGiveUp{Resource: m.block, Grant: g.ID}, err)
		},
	})
}

// estateAt reads RESOURCE [ID] and finds the estate of a kind there.
func (s *session) estateAt(ctx context.Context, args []string, kind, rule string) (m matter, e foundEstate, err error) {
	if m, err = s.matter(ctx, args[0]); err != nil {
		return m, e, err
	}
	e, err = m.estate(kind, rule, args[1:])
	return m, e, err
}
