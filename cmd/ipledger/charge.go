package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func chargeCommand(s *session) *cobra.Command {
	return family("charge", "Secure a debt on a title", "  ipledger charge propose 193.0.0.0/16 bank --deed deed.pdf --law \"Dutch law\"\n  ipledger charge accept 1f0a…",
		chargePropose(s), s.offerAccept("charge", "Accept a proposed charge or its redemption; this is final", "  ipledger charge accept 1f0a77de4c534e1f699c877c35b1685967c3b4d3…"),
		s.offerCancel("charge"), chargeConsent(s), chargeRelease(s), chargeEnforce(s), chargeContest(s), chargeRedeem(s), chargeList(s))
}

// modes are the words for how a charge is enforced.
var modes = map[string]tx.ChargeMode{"adjudication": tx.ModeAdjudication, "sale": tx.ModeSale, "title": tx.ModeTitle}

func chargePropose(s *session) *cobra.Command {
	var w window
	var byLender bool
	var mode, law, deed string
	longest := span(90 * 24 * 3600)
	return s.act(verb{
		use: "propose RESOURCE TO", short: "Offer a charge over a title, or ask for one",
		long: `Propose a charge over a title or a part of it, to the lender or, with --by-lender,
to the title's holder. The other side accepts. Whoever holds the title then needs
the lender's consent to transfer it or to lease it for longer than --longest.`,
		example: "  ipledger charge propose 193.0.0.0/16 bank --mode sale --deed deed.pdf --law \"Dutch law\" --longest 90d",
		bind: func(c *cobra.Command) {
			c.Flags().BoolVar(&byLender, "by-lender", false, "the lender proposes it to the title's holder")
			c.Flags().StringVar(&mode, "mode", "adjudication", "how it is enforced: adjudication (only as adjudicators decide), sale (to a buyer whom the lender names) or title (to the lender)")
			c.Flags().StringVar(&law, "law", "", "governing law, as text")
			c.Flags().StringVar(&deed, "deed", "", "file with the deed, or its SHA-256")
			c.Flags().Var(&longest, "longest", "longest lease allowed without the lender's consent")
			w.bind(c)
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, to, err := s.matterAndParty(ctx, args)
			if err != nil {
				return plan{}, err
			}
			maker := m.holder()
			if byLender {
				maker = wire.Address{} // who asks cannot be looked up
			}
			t, err := s.offering(ctx, m, maker, &w)
			if err != nil {
				return plan{}, err
			}
			b := &tx.ChargePropose{Resource: m.block, To: to, ByLender: byLender, Law: law, Longest: uint64(longest), Value: t.value, Earliest: t.earliest, Until: t.until}
			var ok bool
			if b.Mode, ok = modes[mode]; !ok {
				return plan{}, usage("--mode %q is none of adjudication, sale and title", mode)
			}
			if deed == "" {
				return plan{}, usage("a charge names its deed").hint("--deed FILE, or the SHA-256 of it")
			}
			b.Deed, err = digestOf(deed)
			return s.planned(t.author, b, err)
		},
	})
}

func chargeConsent(s *session) *cobra.Command {
	var release bool
	return s.act(verb{
		use: "consent OFFER [CHARGE]", short: "As a lender, consent to an offer that touches the security",
		long: `Give a lender's consent to an offer, a merge or a surrender over a title under its
charge. The charge follows what is transferred, or with --release what is
transferred leaves it; a surrender ends it, which --release says too.`,
		example: "  ipledger charge consent 1f0a77de4c534e1f699c877c35b1685967c3b4d3… --release",
		bind: func(c *cobra.Command) {
			c.Flags().BoolVar(&release, "release", false, "what is transferred or surrendered leaves the charge")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			o, err := s.openOffer(ctx, args[0], "")
			if err != nil {
				return plan{}, err
			}
			c, who, err := s.lent(o.matter, args[1:])
			r, _ := blockOf(o.Body)
			return s.planned(who, &tx.ChargeConsent{Offer: o.id, Resource: r, Charge: c.ID, Release: release, Value: o.worth}, err)
		},
	})
}

// lent finds a charge and its lender, who acts.
func (s *session) lent(m matter, ids []string) (c chargeAnswer, who wire.Address, err error) {
	asked, err := s.asked()
	if err != nil {
		return c, who, err
	}
	if c, err = m.charge(ids, asked); err != nil {
		return c, who, err
	}
	who, err = s.author(c.Lender.Address)
	return c, who, err
}

// charged reads RESOURCE [CHARGE] and finds the charge there.
func (s *session) charged(ctx context.Context, args []string, lender bool) (m matter, c chargeAnswer, who wire.Address, err error) {
	if m, err = s.matter(ctx, args[0]); err != nil {
		return m, c, who, err
	}
	if lender {
		c, who, err = s.lent(m, args[1:])
		return m, c, who, err
	}
	if c, err = m.charge(args[1:], wire.Address{}); err != nil {
		return m, c, who, err
	}
	who, err = s.author(m.holder())
	return m, c, who, err
}

func chargeRelease(s *session) *cobra.Command {
	return s.act(verb{
		use: "release RESOURCE [CHARGE]", short: "As its lender, release a charge over one title; this is final",
		example: "  ipledger charge release 193.0.0.0/16",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, c, who, err := s.charged(ctx, args, true)
			return s.planned(who, &tx.ChargeRelease{Resource: m.block, Charge: c.ID}, err)
		},
	})
}

func chargeEnforce(s *session) *cobra.Command {
	var to string
	return s.act(verb{
		use: "enforce RESOURCE [CHARGE]", short: "As its lender, give notice that a charge is enforced",
		long: `Give notice that a charge is enforced: after the notice the title goes to the buyer
that --to names, or under a charge with mode title to the lender. Leases and
earlier charges stand.`,
		example: "  ipledger charge enforce 193.0.0.0/16 --to dave",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&to, "to", "", "account to which the title goes (default: the lender, where the charge says so)")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, c, who, err := s.charged(ctx, args, true)
			if err != nil {
				return plan{}, err
			}
			b := &tx.ChargeEnforce{Resource: m.block, Charge: c.ID, To: c.Lender.Address}
			switch {
			case to != "":
				b.To, err = s.book.id(to)
			case c.Mode == "sale":
				err = usage("this charge is enforced by sale: say to whom").hint("--to ACCOUNT")
			}
			return s.planned(who, b, err)
		},
	})
}

func chargeContest(s *session) *cobra.Command {
	return s.act(verb{
		use: "contest RESOURCE [CHARGE]", short: "As the title's holder, contest an enforcement: its clock stops once",
		example: "  ipledger charge contest 193.0.0.0/16",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, c, who, err := s.charged(ctx, args, false)
			return s.planned(who, &tx.ChargeContest{Resource: m.block, Charge: c.ID}, err)
		},
	})
}

func chargeRedeem(s *session) *cobra.Command {
	var w window
	return s.act(verb{
		use: "redeem RESOURCE [CHARGE]", short: "Offer a lender to pay its charge off",
		long: `Offer the lender of a charge to redeem it: accepted from the title's holder, the
charge ends; from a later lender (--account), that one takes its place.`,
		example: "  ipledger charge redeem 193.0.0.0/16",
		bind:    w.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, c, who, err := s.charged(ctx, args, false)
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, who, &w)
			return s.planned(t.author, &tx.ChargeRedeem{Resource: m.block, Charge: c.ID, Value: t.value, Earliest: t.earliest, Until: t.until}, err)
		},
	})
}
