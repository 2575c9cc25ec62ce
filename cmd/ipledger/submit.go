package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

func submitCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "submit FILE", Short: "Submit a signed act file and wait until it is final",
		Long: `Submit a signed act file. It may be submitted as often as you like: the ledger
applies an act at most once, and the outcome told is always that of the one.`,
		Example: "  ipledger submit offer.act.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readAct(args[0])
			if err != nil {
				return err
			}
			if len(file.Act.Signatures) == 0 {
				return usage("%s has no signatures", args[0]).hint("ipledger sign %s --signer NAME", said(args[0]))
			}
			ctx := cmd.Context()
			chain, err := s.status(ctx)
			if err != nil {
				return err
			}
			if chain.GenesisHash != file.Salt {
				// specs/03 SIG-5: what is signed is bound to one genesis hash.
				return tx.Refuse("SIG-5", "salt", "the act is for the chain of genesis %v, the node is of %v", file.Salt, chain.GenesisHash)
			}
			after := s.afterOf(file.Act)
			if a, err := s.actOf(ctx, file.Act.ID(file.Salt), 0); err == nil && a.Outcome != "pending" {
				s.err.linef("it is final already")
				return s.tellOutcome(a, after)
			}
			return s.carry(ctx, file, after)
		},
	}
}

func preflightCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "preflight FILE", Short: "Try an act file on a node's newest state, signed or not",
		Long: `Ask a node what would become of an act in the next block, without submitting it.
An act that a rule would refuse exits 5 with the rule. Where the file carries
signatures they are tried too.`,
		Example: "  ipledger preflight offer.act.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := readAct(args[0])
			if err != nil {
				return err
			}
			p, raw, err := s.preview(cmd.Context(), file)
			if err != nil {
				return err
			}
			if s.json {
				if err := s.out.json(json.RawMessage(raw)); err != nil {
					return err
				}
				return p.refusal()
			}
			s.tellWords(s.out, file)
			s.tellEffects(s.out, p)
			s.out.field("outcome", "%s", p.Outcome)
			s.out.field("tried on", "the state after block %d, %s", p.Height, signedOrNot(p.Signed))
			return p.refusal()
		},
	}
}

func signedOrNot(signed bool) string {
	if signed {
		return "signatures included"
	}
	return "signatures left out"
}

// afterOf is what comes after an act, whoever made its file.
func (s *session) afterOf(act *tx.Act) func(*actAnswer) []string {
	return func(a *actAnswer) []string { return s.nextSteps(act.Body, a) }
}
