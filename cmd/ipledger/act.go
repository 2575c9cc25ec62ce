package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func actCommand(s *session) *cobra.Command {
	return family("act", "Tell what became of an act", "  ipledger act show 9d2c…", actShow(s))
}

func actShow(s *session) *cobra.Command {
	var proof string
	c := &cobra.Command{
		Use: "show ID", Short: "Tell what became of an act, verified where a trust file is set",
		Long: `Tell in which block an act is and what became of it. --proof keeps the receipt as
a proof file, which proves the acceptance offline.`,
		Example: "  ipledger act show 9d2c6716de4c534e1f699c877c35b1685967c3b4d3… --proof receipt.proof.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			a, err := s.actOf(cmd.Context(), id, 0)
			if err != nil {
				return err
			}
			if a.Outcome == "pending" || s.trust == "" && proof == "" {
				return s.tellShown(a, "no")
			}
			raw, err := s.client().raw(cmd.Context(), actPath(id, url.Values{"proof": {"1"}}))
			if err != nil {
				return err
			}
			return s.tellReceipt(cmd.Context(), raw, id, proof)
		},
	}
	c.Flags().StringVar(&proof, "proof", "", "file to write the receipt with its proof to")
	return c
}

func (s *session) tellShown(a *actAnswer, verified string) error {
	if s.json {
		return s.out.json(shapeOutcome(a))
	}
	s.tellAct(a)
	s.out.field("statement", "%s", a.Statement)
	s.out.field("verified", "%s", verified)
	return nil
}

// tellReceipt verifies the proof of an act's receipt and shows what it says.
func (s *session) tellReceipt(ctx context.Context, raw []byte, id wire.Hash, keep string) error {
	trust, err := s.trustFile()
	if err != nil {
		return err
	}
	if raw, trust, err = s.lead(ctx, raw, trust); err != nil {
		return err
	}
	v, err := verifyFile(raw, trust)
	if err != nil {
		return err
	}
	if v.Kind != light.KindAct || v.Act.Act.ID() != id {
		return fail(exitUnverified, "the node proved something else than act %v; ask another", id)
	}
	if keep != "" {
		if err := writeProof(keep, raw); err != nil {
			return err
		}
		s.err.linef("the receipt is in %s; check it anywhere with: ipledger verify %s --trust FILE", said(keep), said(keep))
	}
	return s.tellVerified(v, trust != nil)
}
