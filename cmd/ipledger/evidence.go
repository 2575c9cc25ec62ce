package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func evidenceCommand(s *session) *cobra.Command {
	return family("evidence", "Show the ledger what your registry's RPKI says of you", "  ipledger evidence build claim.sig /var/cache/rpki-client --out claim.evidence",
		evidenceBuild(s), evidenceShow(s), evidenceSubmit(s))
}

// evidenceBuild gathers what stands above a checklist.
func evidenceBuild(s *session) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "build CHECKLIST PLACE...", Short: "Gather the certificates and CRLs above a signed checklist",
		Long: `Gather evidence: a signed checklist (RFC 9323) as your CA made it, and the certificates
and CRLs of the CAs from the trust anchor down to it. They are looked for in the places
named: files, or folders such as the cache of rpki-client with all that is in them.
What is gathered is verified here as the nodes will verify it, under the trust anchor
that the path begins with.`,
		Example: "  ipledger evidence build claim.sig /var/cache/rpki-client --out claim.evidence",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usage("say with --out FILE where to write the evidence")
			}
			e, err := gather(args[0], args[1:])
			if err != nil {
				return err
			}
			if err := s.tellEvidence(e.Bytes()); err != nil {
				return err
			}
			if err := writeFresh(out, e.Bytes(), 0o644); err != nil {
				return err
			}
			s.err.linef("wrote %s", said(out))
			if !s.json {
				s.out.field("next", "ipledger evidence submit %s", said(out))
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write the evidence to")
	return c
}

func evidenceShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show FILE", Short: "Tell what evidence shows, without any network",
		Long: `Tell what a file of evidence shows and how long it can be entered, and verify it, under
the trust anchor that it begins with: whether the ledger knows that one is for a node
to say, before the act is signed. Evidence that does not verify now exits 3.`,
		Example: "  ipledger evidence show claim.evidence",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			raw, err := readSmall(args[0], rpki.EvidenceBytesMax)
			if err != nil {
				return err
			}
			return s.tellEvidence(raw)
		},
	}
}

func evidenceSubmit(s *session) *cobra.Command {
	return s.act(verb{
		use: "submit FILE", short: "Enter evidence on the ledger, for claims to name",
		long: `Enter evidence: every node verifies it, and what it shows is written down under the
id of this act. Anyone may enter anyone's evidence; what is signed names the account
that it is for.`,
		example: "  ipledger evidence submit claim.evidence",
		plan: func(_ context.Context, args []string) (plan, error) {
			raw, err := readSmall(args[0], rpki.EvidenceBytesMax)
			if err != nil {
				return plan{}, err
			}
			if _, err := rpki.Decode(raw); err != nil {
				return plan{}, err
			}
			// Whether it verifies is for the node to say, with its time and its anchors.
			if x, err := show(raw, time.Now()); err == nil {
				x.tell(s.err)
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.Evidence{Evidence: raw}, err)
		},
	})
}
