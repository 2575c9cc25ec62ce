package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

// leased reads RESOURCE [LEASE] and finds the lease there.
func (s *session) leased(ctx context.Context, args []string) (matter, foundEstate, error) {
	return s.estateAt(ctx, args, "lease", "LEASE-20")
}

func leaseRenew(s *session) *cobra.Command {
	var w window
	var end string
	return s.act(verb{
		use: "renew RESOURCE [LEASE]", short: "Offer the other party a later end of a fixed lease",
		long: `Offer to let a lease run until a later --end. The lessor or the lessee offers it
(--account), and the other accepts with ipledger lease accept.`,
		example: "  ipledger lease renew 193.0.8.0/24 --end +365d",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&end, "end", "", "the later end, such as +365d or a date")
			w.bind(c)
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, e, err := s.leased(ctx, args)
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, e.outer, &w)
			if err != nil {
				return plan{}, err
			}
			if end == "" {
				return plan{}, usage("a renewal needs the later --end").hint("--end +365d")
			}
			b := &tx.LeaseRenew{Resource: m.block, Lease: e.ID, Value: t.value, Earliest: t.earliest, Until: t.until}
			b.End, err = parseWhen("end", end, t.now)
			return s.planned(t.author, b, err)
		},
	})
}

func leaseNotice(s *session) *cobra.Command {
	return s.act(verb{
		use: "notice RESOURCE [LEASE]", short: "Give notice that a lease ends",
		long: `Give notice of an evergreen lease, by either party, or of a lease inside its term,
by whom its clause names. --account says who gives it; else it is the one whom the
clause names, or the lessor.`,
		example: "  ipledger lease notice 193.0.8.0/24",
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, e, err := s.leased(ctx, args)
			if err != nil {
				return plan{}, err
			}
			giver := e.outer
			if e.Lease != nil && e.Lease.Clause == "agent" && e.Lease.Renew == 0 {
				giver = e.Lease.Agent.Address
			}
			who, err := s.author(giver)
			return s.planned(who, &tx.LeaseNotice{Resource: m.block, Lease: e.ID}, err)
		},
	})
}

func leaseEnd(s *session) *cobra.Command {
	var w window
	return s.act(verb{
		use: "end RESOURCE [LEASE]", short: "Offer the other party to end a lease now",
		long: `Offer to end a lease at once. The lessor or the lessee offers it (--account), and
the other accepts with ipledger lease accept. Leases carved out of it stand.`,
		example: "  ipledger lease end 193.0.8.0/24",
		bind:    w.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, e, err := s.leased(ctx, args)
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, e.outer, &w)
			return s.planned(t.author, &tx.LeaseEnd{Resource: m.block, Lease: e.ID, Value: t.value, Earliest: t.earliest, Until: t.until}, err)
		},
	})
}

func leaseAssign(s *session) *cobra.Command {
	var w window
	var keep bool
	var id string
	var op operator
	return s.act(verb{
		use: "assign RESOURCE TO", short: "Offer one's place in a lease to another, with the lessor's consent",
		long: `Offer another account to become the lessee. The lessor consents with ipledger
lease consent, and then the assignee accepts with ipledger lease accept.`,
		example: "  ipledger lease assign 193.0.8.0/24 dave --abuse abuse@example.org --keep",
		bind: func(c *cobra.Command) {
			c.Flags().BoolVar(&keep, "keep", false, "the lessee's authorisations become the new lessee's own")
			c.Flags().StringVar(&id, "lease", "", "id of the lease, where several lie at the block")
			op.bind(c)
			w.bind(c)
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, to, err := s.matterAndParty(ctx, args)
			if err != nil {
				return plan{}, err
			}
			e, err := m.estate("lease", "LEASE-20", given(id))
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, e.Holder.Address, &w)
			if err != nil {
				return plan{}, err
			}
			b := &tx.LeaseAssign{Resource: m.block, Lease: e.ID, To: to, Keep: keep, Value: t.value, Earliest: t.earliest, Until: t.until}
			b.Operator, b.Abuse, err = op.read(ctx, s, to)
			return s.planned(t.author, b, err)
		},
	})
}

// given is a flag's text as a list, empty where it was left out.
func given(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func leaseSuspend(s *session) *cobra.Command {
	var until string
	var lift bool
	return s.act(verb{
		use: "suspend RESOURCE [LEASE]", short: "Suspend a lessee's authorisations for abuse, or lift that",
		long: `Under a lease's abuse clause, keep the lessee's authorisations out of every export
until a time, at most 14 days ahead and in all. They stay on record; --lift ends
it early.`,
		example: "  ipledger lease suspend 193.0.8.0/24 --until +3d\n  ipledger lease suspend 193.0.8.0/24 --lift",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&until, "until", "", "when it ends, such as +3d or a date")
			c.Flags().BoolVar(&lift, "lift", false, "end it now")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, e, err := s.leased(ctx, args)
			if err != nil {
				return plan{}, err
			}
			if lift == (until != "") {
				return plan{}, usage("say either --until or --lift")
			}
			b := &tx.LeaseSuspend{Resource: m.block, Lease: e.ID}
			if !lift {
				b.Until, err = parseWhen("until", until, uint64(m.Time))
			}
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(e.outer)
			return s.planned(who, b, err)
		},
	})
}

func leaseAnswer(s *session) *cobra.Command {
	var answer string
	return s.act(verb{
		use: "answer RESOURCE [LEASE]", short: "Answer a notice or a suspension, on record",
		long: `As the lessee, put the SHA-256 of an answer on record. The text itself is kept and
sent elsewhere.`,
		example: "  ipledger lease answer 193.0.8.0/24 --text answer.txt",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&answer, "text", "", "file with the answer, or its SHA-256")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, e, err := s.leased(ctx, args)
			if err != nil {
				return plan{}, err
			}
			if answer == "" {
				return plan{}, usage("an answer needs its --text")
			}
			b := &tx.LeaseAnswer{Resource: m.block, Lease: e.ID}
			if b.Digest, err = digestOf(answer); err != nil {
				return plan{}, err
			}
			who, err := s.author(e.Holder.Address)
			return s.planned(who, b, err)
		},
	})
}
