package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

// offerAccept is the verb that accepts the offers of a family.
func (s *session) offerAccept(family, short, example string) *cobra.Command {
	return s.act(verb{
		use: "accept OFFER", short: short, example: example,
		long: `Accept an offer by the id of its act. What is taken over is looked up, shown and
asked about. Acceptance is final: nobody can take it back.`,
		plan: func(ctx context.Context, args []string) (plan, error) {
			o, err := s.openOffer(ctx, args[0], family)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(o.addressee())
			if err != nil {
				return plan{}, err
			}
			p := s.plan(who, o.acceptance())
			if next := s.settling(o.madeOffer); next != nil {
				p.after = func(*actAnswer) []string { return next }
			}
			return p, nil
		},
	})
}

// acceptance is the act that accepts an offer.
func (o *open) acceptance() tx.Body {
	switch offerFamilies[o.Body.Kind()] {
	case "transfer":
		return &tx.TransferAccept{Offer: o.id, Resource: o.block, Value: o.Title.Marked}
	case "grant":
		return &tx.GrantAccept{Offer: o.id, Resource: o.block, Value: o.Title.Marked}
	case "lease":
		return &tx.LeaseAccept{Offer: o.id, Resource: o.block, Value: o.Title.Marked}
	}
	return &tx.ChargeAccept{Offer: o.id, Resource: o.block, Value: o.Title.Marked}
}

// offerCancel is the verb that takes an offer of any kind back.
func (s *session) offerCancel(family string) *cobra.Command {
	return s.act(verb{
		use: "cancel OFFER", short: "Take an offer back before it is accepted",
		long: `Take back what its maker has open: an offer of any kind, a surrender or a merge that waits, a
listing.`,
		example: "  ipledger " + family + " cancel 9d2c6716de4c534e1f699c877c35b1685967c3b4d3…",
		plan: func(ctx context.Context, args []string) (plan, error) {
			o, err := s.offer(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(o.Header.Author)
			return s.planned(who, &tx.OfferCancel{Offer: o.id}, err)
		},
	})
}
