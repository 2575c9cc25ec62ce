package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func transferCommand(s *session) *cobra.Command {
	return family("transfer", "Offer a title to another account, or take one", "  ipledger transfer offer 193.0.8.0/24 bob\n  ipledger transfer accept 9d2c…",
		transferOffer(s), transferAccept(s), offerCancel(s))
}

func transferOffer(s *session) *cobra.Command {
	var f acting
	var w window
	var keep bool
	c := &cobra.Command{
		Use: "offer RESOURCE TO", Short: "Offer a title, or a part of one, to another account",
		Long: `Offer the title to a block to another account. Where the block is a part of a
title, acceptance cuts the title. Nothing moves until the other party accepts;
until then the offer can be cancelled, and it lapses if the title changes.

The seller's origin authorisations for the block end with the transfer, unless
--keep makes them the buyer's own.`,
		Example: "  ipledger transfer offer 193.0.8.0/24 bob\n  ipledger transfer offer AS3333 0x5c1e… --keep --until 72h",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, to, err := s.blockAndParty(args)
			if err != nil {
				return err
			}
			p, now, err := s.offering(cmd.Context(), r)
			if err != nil {
				return err
			}
			b := &tx.TransferOffer{Resource: r, To: to, Keep: keep, Value: p.value}
			if b.Earliest, b.Until, err = w.read(now, p.delay); err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(p.author, b))
		},
	}
	c.Flags().BoolVar(&keep, "keep", false, "the seller's authorisations become the buyer's own")
	w.bind(c)
	return f.bind(c)
}

// plan is an act followed by the usual next steps.
func (s *session) plan(author wire.Address, body tx.Body) plan {
	return plan{author, body, func(a *actAnswer) []string { return s.nextSteps(body, a) }}
}

func (s *session) blockAndParty(args []string) (wire.Resource, wire.Address, error) {
	r, err := strict(args[0])
	if err != nil {
		return r, wire.Address{}, err
	}
	to, err := s.book.id(args[1])
	return r, to, err
}

// offered is what an offer of a block needs to know.
type offered struct {
	author wire.Address
	value  wire.Hash
	delay  uint64 // seconds before the author's offers can be accepted
}

// offering looks up what an offer needs; now is the header's time.
func (s *session) offering(ctx context.Context, r wire.Resource) (o offered, now uint64, err error) {
	a, who, err := s.ofTitle(ctx, r)
	if err != nil {
		return o, 0, err
	}
	o.author = who
	if o.value, err = a.dealing(r); err != nil {
		return o, 0, err
	}
	account, err := s.accountOf(ctx, who)
	if err != nil {
		return o, 0, err
	}
	o.delay = account.Account.Delay
	return o, uint64(account.Time), nil
}

func transferAccept(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "accept OFFER", Short: "Accept an offered title; this is final",
		Long: `Accept an offer by the id of its act. What is taken over is looked up, shown and
asked about. Acceptance is final: nobody can take it back.`,
		Example: "  ipledger transfer accept 9d2c6716de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := s.offer(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			b, ok := o.Body.(*tx.TransferOffer)
			if !ok {
				return o.not("transfer")
			}
			value, who, err := s.accepting(cmd.Context(), b.Resource, b.To)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.TransferAccept{Offer: o.id, Resource: b.Resource, Value: value}))
		},
	}
	return f.bind(c)
}

// accepting is the title's dealing value as it stands, and who accepts.
func (s *session) accepting(ctx context.Context, r wire.Resource, to wire.Address) (wire.Hash, wire.Address, error) {
	who, err := s.author(to)
	if err != nil {
		return wire.Hash{}, who, err
	}
	a, err := s.look(ctx, r, "", false)
	if err != nil {
		return wire.Hash{}, who, err
	}
	value, err := a.dealing(r)
	return value, who, err
}

func offerCancel(s *session) *cobra.Command {
	var f acting
	c := &cobra.Command{
		Use: "cancel OFFER", Short: "Take an offer back before it is accepted",
		Example: "  ipledger transfer cancel 9d2c6716de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := s.offer(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			who, err := s.author(o.Header.Author)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, s.plan(who, &tx.OfferCancel{Offer: o.id}))
		},
	}
	return f.bind(c)
}
