package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func accountDelay(s *session) *cobra.Command {
	return s.act(verb{
		use: "delay DURATION", short: "Set the time between an offer and the first moment it can be accepted",
		long: `Set the account's delay. A longer one takes effect at once, a shorter one after the
delay that was.`,
		example: "  ipledger account delay 72h --account alice",
		plan: func(_ context.Context, args []string) (plan, error) {
			d, err := delayOf(args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.SetDelay{Delay: d}, err)
		},
	})
}

// delayOf reads an account's delay.
func delayOf(text string) (uint64, error) {
	d, err := parseSpan(text)
	if err == nil && d > account.DelaySecondsMax {
		err = usage("a delay of %s: at most %dd", text, account.DelaySecondsMax/86400)
	}
	return d, err
}

func accountGuardians(s *session) *cobra.Command {
	var k uint64
	var away bool
	return s.act(verb{
		use: "guardians [GUARDIAN...]", short: "Name the accounts that together can replace the keys",
		long: `Name the guardians of the account: --threshold of them together can start to
replace its keys if they are lost or stolen. It takes effect after the account's
delay.`,
		example: "  ipledger account guardians bob carol dave --threshold 2 --account alice",
		bind: func(c *cobra.Command) {
			c.Flags().Uint64Var(&k, "threshold", 0, "how many of them start a recovery (default: more than half)")
			none(c, &away, "all guardians")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			if err := either(len(args) == 0, away, "the guardians"); err != nil {
				return plan{}, err
			}
			var ids []string
			for _, text := range args {
				id, err := s.book.id(text)
				if err != nil {
					return plan{}, err
				}
				ids = append(ids, id.String())
			}
			slices.Sort(ids)
			if k == 0 && len(ids) > 0 {
				k = uint64(len(ids)/2 + 1)
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.SetGuardians{Guardians: strings.Join(slices.Compact(ids), " "), Threshold: k}, err)
		},
	})
}

func accountRename(s *session) *cobra.Command {
	var jurisdiction string
	return s.act(verb{
		use: "rename NAME", short: "Change the name that the ledger shows, as the account declares itself",
		example: "  ipledger account rename \"Exempel AB\" --jurisdiction SE --account alice",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&jurisdiction, "jurisdiction", "", "two letters of ISO 3166-1 (default: as it is)")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			who, err := s.author(wire.Address{})
			if err != nil {
				return plan{}, err
			}
			if jurisdiction == "" {
				a, err := s.accountOf(ctx, who)
				if err != nil {
					return plan{}, err
				}
				jurisdiction = string(a.Account.Jurisdiction)
			}
			return s.plan(who, &tx.Rename{Name: args[0], Jurisdiction: jurisdiction}), nil
		},
	})
}

func accountProvider(s *session) *cobra.Command {
	var away bool
	return s.act(verb{
		use: "provider [PROVIDER]", short: "Name the account that keeps one's affairs; it gets no right",
		example: "  ipledger account provider nordlicht --account alice",
		bind:    func(c *cobra.Command) { none(c, &away, "the provider of record") },
		plan: func(_ context.Context, args []string) (plan, error) {
			if err := either(len(args) == 0, away, "the provider"); err != nil {
				return plan{}, err
			}
			b := new(tx.SetProvider)
			var err error
			for _, text := range args {
				if b.Provider, err = s.book.id(text); err != nil {
					return plan{}, err
				}
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}
