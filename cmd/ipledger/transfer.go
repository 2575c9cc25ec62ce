package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

func transferCommand(s *session) *cobra.Command {
	return family("transfer", "Offer a title to another account, or take one", "  ipledger transfer offer 193.0.8.0/24 bob\n  ipledger transfer accept 9d2c…",
		transferOffer(s), s.offerAccept("transfer", "Accept an offered title; this is final", "  ipledger transfer accept 9d2c6716de4c534e1f699c877c35b1685967c3b4d3…"),
		s.offerCancel("transfer"), transferRelease(s))
}

func transferOffer(s *session) *cobra.Command {
	var w window
	var keep bool
	var cond conditions
	return s.act(verb{
		use: "offer RESOURCE TO", short: "Offer a title, or a part of one, to another account",
		long: `Offer the title to a block to another account. Where the block is a part of a
title, acceptance cuts the title. Nothing moves until the other party accepts;
until then the offer can be cancelled, and it lapses if the title changes.

The seller's origin authorisations for the block end with the transfer, unless
--keep makes them the buyer's own.

With --agent or --lock an acceptance is not yet the transfer: the title waits on
hold until the agent releases it, the secret is revealed, or both, and stays the
seller's if that has not happened by --settle. --lock FILE makes a secret, writes
it to FILE and names only its hash; --lock HASH names one that is made elsewhere.
Whoever is paid against the secret must have less time for that than --settle.`,
		example: "  ipledger transfer offer 193.0.8.0/24 bob\n  ipledger transfer offer AS3333 0x5c1e… --keep --until 72h\n" +
			"  ipledger transfer offer 193.0.8.0/24 bob --agent notary --lock sale.secret --settle +14d",
		bind: func(c *cobra.Command) {
			c.Flags().BoolVar(&keep, "keep", false, "the seller's authorisations become the buyer's own")
			w.bind(c)
			cond.bind(c)
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, to, err := s.matterAndParty(ctx, args)
			if err != nil {
				return plan{}, err
			}
			t, err := s.offering(ctx, m, m.holder(), &w)
			if err != nil {
				return plan{}, err
			}
			b := &tx.TransferOffer{Resource: m.block, To: to, Keep: keep, Value: t.value, Earliest: t.earliest, Until: t.until}
			return s.planned(t.author, b, cond.read(s, t, b))
		},
	})
}

// conditions is the flags of a transfer that waits after its acceptance.
type conditions struct{ agent, lock, settle string }

func (f *conditions) bind(c *cobra.Command) {
	c.Flags().StringVar(&f.agent, "agent", "", "escrow agent that must release the transfer once it is accepted, an account")
	c.Flags().StringVar(&f.lock, "lock", "", "file for the secret that must be revealed once it is accepted, or the secret's SHA-256")
	c.Flags().StringVar(&f.settle, "settle", "", "when it lapses unsettled, such as +14d or a date (default: 7 days after the offer lapses)")
}

func (f *conditions) read(s *session, t terms, b *tx.TransferOffer) (err error) {
	if f.agent != "" {
		if b.Agent, err = s.book.id(f.agent); err != nil {
			return err
		}
	}
	if f.lock != "" {
		if b.Lock, err = s.lock(f.lock); err != nil {
			return err
		}
	}
	if b.Conditional() {
		b.Settle = b.Until + usualWindowSeconds
	}
	if f.settle != "" {
		b.Settle, err = parseWhen("settle", f.settle, t.now)
	}
	return err
}

func transferRelease(s *session) *cobra.Command {
	var secret string
	return s.act(verb{
		use: "release OFFER", short: "Meet a condition of an accepted transfer",
		long: `As the agent of an accepted transfer, release it; or, with --secret, reveal the
secret of its lock, which anyone may who knows it. When every condition is met,
the title moves in the same ledger block.`,
		example: "  ipledger transfer release 9d2c6716de4c534e…\n  ipledger transfer release 9d2c6716de4c534e… --secret sale.secret",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&secret, "secret", "", "file with the secret, or its 64 digits; everyone can read it from then on")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			o, err := s.offer(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b, ok := o.Body.(*tx.TransferOffer)
			if !ok {
				return plan{}, o.not("transfer")
			}
			body, usually := &tx.TransferRelease{Offer: o.id, Resource: b.Resource}, b.Agent
			if secret != "" {
				usually = o.Header.Author
				if body.Secret, err = readSecret(secret); err != nil {
					return plan{}, err
				}
			}
			if usually.IsZero() {
				return plan{}, usage("offer %v names no agent: its lock is met with --secret", o.id)
			}
			who, err := s.author(usually)
			return s.planned(who, body, err)
		},
	})
}

// settling is the commands that settle an offer once it is accepted, or nil
// where nothing waits.
func (s *session) settling(o *madeOffer) (next []string) {
	b, ok := o.Body.(*tx.TransferOffer)
	if !ok || !b.Conditional() {
		return nil
	}
	if !b.Agent.IsZero() {
		next = append(next, fmt.Sprintf("ipledger transfer release %v   # by %s", o.id, s.book.short(b.Agent)))
	}
	if !b.Lock.IsZero() {
		next = append(next, fmt.Sprintf("ipledger transfer release %v --secret FILE   # by whoever has the secret", o.id))
	}
	return append(next, "ipledger lookup "+b.Resource.String())
}
