package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func leaseCommand(s *session) *cobra.Command {
	return family("lease", "Give possession of a block for a term", "  ipledger lease offer 193.0.8.0/24 carol --end +365d --abuse abuse@example.net\n  ipledger lease accept 1f0a…",
		leaseOffer(s, "offer"), leaseOffer(s, "sublet"),
		s.offerAccept("lease", "Accept an offered lease, renewal, end or assignment; this is final", "  ipledger lease accept 1f0a77de4c534e1f699c877c35b1685967c3b4d3…"),
		s.offerCancel("lease"), leaseConsent(s), leaseRenew(s), leaseNotice(s), leaseEnd(s), leaseAssign(s), leaseSuspend(s), leaseAnswer(s))
}

// leaseTerms is the flags of a lease that is offered.
type leaseTerms struct {
	start, end                 string
	renew, notice, clauseAfter span
	clause, agent              string
	suspend, subLet, reversion bool
	price                      string
	operator                   operator
	first                      origins
}

func (f *leaseTerms) bind(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&f.start, "start", "", "when it starts, such as +30d or a date (default: at its acceptance)")
	l.StringVar(&f.end, "end", "", "when it ends, such as +365d or a date")
	l.Var(&f.renew, "renew", "make it evergreen: it has no end and renews by this much until notice")
	l.Var(&f.notice, "notice", "notice that ends an evergreen lease")
	l.StringVar(&f.clause, "clause", "none", "who may end it inside its term besides both parties: none, notice (the lessor) or agent")
	l.Var(&f.clauseAfter, "clause-notice", "time between the clause's notice and the end")
	l.StringVar(&f.agent, "agent", "", "account that may end it, for --clause agent")
	l.BoolVar(&f.suspend, "abuse-clause", false, "the lessor may suspend the lessee's authorisations for abuse, for at most 14 days in all")
	l.BoolVar(&f.subLet, "sub-let", false, "the lessee may sub-let and grant parts")
	l.BoolVar(&f.reversion, "reversion", false, "the lessor's authorisations that the start displaces come back at the end")
	l.StringVar(&f.price, "price", "", "price as text, at most 64 bytes")
	f.operator.bind(c)
	f.first.bind(c)
}

// clauses are the words for who may end a lease inside its term.
var clauses = map[string]tx.Clause{"none": tx.ClauseNone, "notice": tx.ClauseNotice, "agent": tx.ClauseAgent}

// read fills in a lease's terms.
func (f *leaseTerms) read(ctx context.Context, s *session, now uint64, b *tx.LeaseOffer) (err error) {
	if f.end == "" && f.renew == 0 {
		return usage("a lease needs its term").hint("--end +365d for a fixed one, --renew 30d --notice 30d for an evergreen one")
	}
	if b.Start, err = f.when("start", f.start, now); err != nil {
		return err
	}
	if b.End, err = f.when("end", f.end, now); err != nil {
		return err
	}
	clause, ok := clauses[f.clause]
	if !ok {
		return usage("--clause %q is none of none, notice and agent", f.clause)
	}
	if f.agent != "" {
		if b.Agent, err = s.book.id(f.agent); err != nil {
			return err
		}
	}
	b.Renew, b.Notice, b.Clause, b.ClauseNotice = uint64(f.renew), uint64(f.notice), clause, uint64(f.clauseAfter)
	b.Suspend, b.SubLet, b.Reversion, b.Price = f.suspend, f.subLet, f.reversion, f.price
	if b.Operator, b.Abuse, err = f.operator.read(ctx, s, b.To); err != nil {
		return err
	}
	b.Origins, err = f.first.read()
	return err
}

func (f *leaseTerms) when(flag, text string, now uint64) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	return parseWhen(flag, text, now)
}

// operator is the flags that say who runs the network of a lease.
type operator struct{ name, abuse string }

func (f *operator) bind(c *cobra.Command) {
	c.Flags().StringVar(&f.name, "operator", "", "operator of record (default: the lessee's own name)")
	c.Flags().StringVar(&f.abuse, "abuse", "", "the operator's abuse contact: a role mailbox or an https URL, no person's")
}

func (f *operator) read(ctx context.Context, s *session, lessee wire.Address) (name, abuse string, err error) {
	if f.abuse == "" {
		return "", "", usage("a lease names its operator's abuse contact").hint("--abuse abuse@example.net")
	}
	if f.name != "" {
		return f.name, f.abuse, nil
	}
	a, err := s.accountOf(ctx, lessee)
	if err == nil && a.Account.Name == "" {
		err = usage("the lessee's account has no name to take for the operator of record").hint("--operator NAME")
	}
	if err != nil {
		return "", "", err
	}
	return string(a.Account.Name), f.abuse, nil
}

// leaseOffer is the verb of a lease and of a sub-lease: they differ in who acts.
func leaseOffer(s *session, name string) *cobra.Command {
	var w window
	var f leaseTerms
	v := verb{
		use: "offer RESOURCE TO", short: "Offer possession of a block for a term",
		long: `Offer possession of a block to another account from a start until an end, or
until notice (--renew). Inside its term a lease ends only by both parties, or as
its --clause says; no change of title touches it. The possessor offers it, or the
title's holder where it starts when the possessor's own term is over.`,
		example: "  ipledger lease offer 193.0.8.0/24 carol --end +365d --abuse abuse@example.net\n" +
			"  ipledger lease offer 193.0.8.0/24 carol --renew 30d --notice 90d --abuse abuse@example.net --origins 193.0.8.0/24=AS3333",
		bind: func(c *cobra.Command) { f.bind(c); w.bind(c) },
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, to, err := s.matterAndParty(ctx, args)
			if err != nil {
				return plan{}, err
			}
			maker := m.possessor()
			if name == "offer" && f.start != "" {
				maker = m.holder()
			}
			t, err := s.offering(ctx, m, maker, &w)
			if err != nil {
				return plan{}, err
			}
			b := &tx.LeaseOffer{Resource: m.block, To: to, Value: t.value, Earliest: t.earliest, Until: t.until}
			return s.planned(t.author, b, f.read(ctx, s, t.now, b))
		},
	}
	if name == "sublet" {
		v.use, v.short = "sublet RESOURCE TO", "Offer a part of one's own lease on"
		v.long = `Offer possession of a block, or a part of it, that you lease yourself. Your lease
must allow sub-letting, and the term must end by your own.`
		v.example = "  ipledger lease sublet 193.0.8.0/25 dave --end +90d --abuse abuse@example.net"
	}
	return s.act(v)
}

func leaseConsent(s *session) *cobra.Command {
	return s.act(verb{
		use: "consent OFFER", short: "Consent to an offer between others that needs it",
		long: `Give the consent that an offer of the lease family needs of one who is not its
addressee: the lessor's to an assignment, the title holder's to a term that
outlasts a revocable grant.`,
		example: "  ipledger lease consent 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		plan: func(ctx context.Context, args []string) (plan, error) {
			o, err := s.openOffer(ctx, args[0], "lease")
			if err != nil {
				return plan{}, err
			}
			usually := o.holder()
			if b, ok := o.Body.(*tx.LeaseAssign); ok {
				e, err := o.estate("lease", "LEASE-20", []string{b.Lease.String()})
				if err != nil {
					return plan{}, err
				}
				usually = e.outer
			}
			who, err := s.author(usually)
			return s.planned(who, &tx.LeaseConsent{Offer: o.id, Resource: o.block, Value: o.worth}, err)
		},
	})
}
