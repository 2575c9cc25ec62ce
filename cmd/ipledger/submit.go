package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
)

func submitCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "submit FILE...", Short: "Submit signed act files and wait until they are final",
		Long: `Submit a signed act file, or all those of a bundle. It may be submitted as often as
you like: the ledger applies an act at most once, and the outcome told is always
that of the one.`,
		Example: "  ipledger submit offer.act.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := readActs(args)
			if err != nil {
				return err
			}
			for i, file := range files {
				if len(file.Act.Signatures) == 0 {
					return usage("%s has no signatures", args[i]).hint("ipledger sign %s --signer NAME", said(args[i]))
				}
			}
			ctx := cmd.Context()
			chain, err := s.status(ctx)
			if err != nil {
				return err
			}
			if salt := files[0].Salt; chain.GenesisHash != salt {
				// specs/03 SIG-5: what is signed is bound to one genesis hash.
				return tx.Refuse("SIG-5", "salt", "the act is for the chain of genesis %v, the node is of %v", salt, chain.GenesisHash)
			}
			return s.submitAll(ctx, chain, files)
		},
	}
}

// submitAll hands acts over, those of a whole bundle together, and tells what
// became of each.
func (s *session) submitAll(ctx context.Context, chain *status, files []*tx.File) error {
	if len(files) > 1 && uint64(len(files)) == files[0].Act.Count {
		if err := s.submitBundle(ctx, files); err != nil {
			return err
		}
	} else if err := s.submitEach(ctx, chain, files); err != nil {
		return err
	}
	for _, file := range files {
		a, err := s.await(ctx, file.Act.ID(file.Salt))
		if err == nil {
			err = s.tellOutcome(ctx, a, file, s.afterOf(file.Act))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// submitEach hands acts over one by one.
func (s *session) submitEach(ctx context.Context, chain *status, files []*tx.File) error {
	for _, file := range files {
		if a, err := s.actOf(ctx, file.Act.ID(file.Salt), 0); err == nil && a.Outcome != "pending" {
			s.err.linef("it is final already")
		} else if err := chain.ruling(file.Act); err != nil {
			return err
		} else if err := s.submit(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// submitBundle hands all acts of a bundle over at once, in their places. Like an
// act, it may be handed over as often as one likes.
func (s *session) submitBundle(ctx context.Context, files []*tx.File) error {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b *tx.File) int { return cmp.Compare(a.Act.Index, b.Act.Index) })
	body, err := textsOf(files)
	if err != nil {
		return err
	}
	s.err.linef("submitting bundle %v, %d acts, to %s", files[0].Act.Bundle, len(files), said(s.node))
	_, err = s.client().patient(ctx, http.MethodPost, "/v1/acts", "application/json", body)
	var p *problem
	if err == nil || errors.As(err, &p) || neverSent(err) {
		return judged(err)
	}
	return fail(exitUnknown, "the bundle was submitted and the node did not answer; whether it will be applied is unknown: %w", err).
		hint("submit the same files once more; each act is applied at most once")
}

// textsOf is several act files as a node takes them together.
func textsOf(files []*tx.File) ([]byte, error) {
	var texts []string
	for _, f := range files {
		texts = append(texts, string(f.Bytes()))
	}
	return json.Marshal(texts)
}

func preflightCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "preflight FILE...", Short: "Try an act file, or those of a bundle, on a node's newest state, signed or not",
		Long: `Ask a node what would become of an act, or of a whole bundle, in the next block,
without submitting it: what it changes in the register, which announcements routers
would no longer accept, and whose consents are missing. An act that a rule would
refuse exits 5 with the rule. Where a file carries signatures they are tried too.`,
		Example: "  ipledger preflight offer.act.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := readActs(args)
			if err != nil {
				return err
			}
			p, raw, err := s.preview(cmd.Context(), files...)
			if err != nil {
				return err
			}
			if s.json {
				if err := s.out.json(json.RawMessage(raw)); err != nil {
					return err
				}
				return p.refusal()
			}
			for _, file := range files {
				s.tellWords(s.out, file)
			}
			s.tellEffects(s.out, p)
			s.out.field("outcome", "%s", p.Outcome)
			if p.Outcome != "done" && len(files) > 1 {
				s.out.field("refused", "%s", said(args[min(p.At, len(args)-1)]))
			}
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
