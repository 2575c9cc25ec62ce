package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func disputeOrder(s *session) *cobra.Command {
	var court, jurisdiction, reference, text, to, caution string
	return s.act(verb{
		use: "order RESOURCE", short: "Record an order of a court; adjudicators say whether it is in effect",
		long: `Record an order over a block. It binds nobody until half the adjudicators find it in
force, recognised, served, and naming the block. A final order (--to) gives the
title to an account, once a panel has decided so.`,
		example: "  ipledger dispute order 193.0.8.0/24 --court \"Rechtbank Amsterdam\" --jurisdiction NL --reference C/13/7 --text order.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&court, "court", "", "the court, as text")
			c.Flags().StringVar(&jurisdiction, "jurisdiction", "", "its jurisdiction, two letters")
			c.Flags().StringVar(&reference, "reference", "", "the court's own reference")
			textFlag(c, &text, "the order")
			c.Flags().StringVar(&to, "to", "", "the order is final and gives the title to this account")
			c.Flags().StringVar(&caution, "caution", "", "your caution that it follows, which stands while the order is looked at")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			r, err := strict(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.OrderRecord{Resource: r, Court: court, Jurisdiction: strings.ToUpper(jurisdiction), Reference: reference, Final: to != ""}
			if b.Digest, err = needed("text", text); err != nil {
				return plan{}, err
			}
			if to != "" {
				if b.To, err = s.book.id(to); err != nil {
					return plan{}, err
				}
			}
			if caution != "" {
				if b.Caution, err = parseID(caution); err != nil {
					return plan{}, err
				}
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

// findings are the words for what an order in effect needs.
var findings = map[string]uint64{"in-force": tx.FoundInForce, "recognised": tx.FoundRecognised, "served": tx.FoundServed, "names-block": tx.FoundNames}

func disputeStatus(s *session) *cobra.Command {
	var reasons string
	var lacks []string
	return s.act(verb{
		use: "status ORDER in-effect|refused|lifted", short: "As an adjudicator, vote on what becomes of an order",
		long: `Vote that an order is in effect: that it is in force, recognised, served, and names
the block. Or that it is refused for what it lacks, or, in effect, is lifted.`,
		example: "  ipledger dispute status 1f0a77de4c534e1f699c877c35b1685967c3b4d3… in-effect\n  ipledger dispute status 1f0a77de4c534e1f699c877c35b1685967c3b4d3… refused --lacks served --reasons reasons.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringSliceVar(&lacks, "lacks", nil, "what a refused order lacks: in-force, recognised, served, names-block")
			c.Flags().StringVar(&reasons, "reasons", "", "file with the reasons of a refusal or a lifting, or its SHA-256")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			id, err := parseID(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.OrderStatus{Order: id}
			switch args[1] {
			case "in-effect":
				b.Status, b.Findings = tx.OrderInEffect, tx.FoundAll
			case "refused":
				b.Status = tx.OrderRefused
				b.Findings, err = found(lacks)
			case "lifted":
				b.Status = tx.OrderLifted
			default:
				err = usage("%q is none of in-effect, refused and lifted", args[1])
			}
			if err == nil && b.Status != tx.OrderInEffect {
				b.Reasons, err = needed("reasons", reasons)
			}
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

// found is what an order has that lacks something.
func found(lacks []string) (uint64, error) {
	all := uint64(tx.FoundAll)
	for _, word := range lacks {
		bit, ok := findings[word]
		if !ok {
			return 0, usage("--lacks %q is none of in-force, recognised, served and names-block", word)
		}
		all &^= bit
	}
	if all == tx.FoundAll {
		return 0, usage("say what the order lacks").hint("--lacks served")
	}
	return all, nil
}

// votes counts votes by what they say, in words.
func votes(list []vote) string {
	var parts []string
	for _, v := range list {
		parts = append(parts, string(v.Says))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
