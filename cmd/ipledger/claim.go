package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// proofFlags is the flags of what proves a block: evidence, and the statement in it.
type proofFlags struct{ evidence, statement string }

func (p *proofFlags) bind(c *cobra.Command) {
	c.Flags().StringVar(&p.evidence, "evidence", "", "act that showed the checklist")
	c.Flags().StringVar(&p.statement, "statement", "", "statement file that the checklist lists, as ipledger claim statement wrote it")
}

// read gives the statement that the flags name; nil where there are none.
func (p *proofFlags) read() (*rpki.Statement, error) {
	if p.evidence == "" && p.statement == "" {
		return nil, nil
	}
	if p.evidence == "" || p.statement == "" {
		return nil, usage("--evidence and --statement belong together")
	}
	raw, err := readSmall(p.statement, digestBytesMax)
	if err != nil {
		return nil, err
	}
	return rpki.ParseStatement(raw)
}

func claimCommand(s *session) *cobra.Command {
	var p proofFlags
	grade := ""
	c := s.act(verb{
		use: "claim RESOURCE", short: "Claim the title to a block, or to a part of one",
		long: `Claim a title. At grade A, with evidence from the RPKI: write a statement, have your
CA sign it in a checklist, file the evidence, then claim. It settles after a window
in which others may object. At grade B registrars of different organisations attest
the claim, and the title is qualified for a time. At grade C one registrar's word
makes it an entry, which cannot be dealt in.`,
		example: "  ipledger claim 193.0.8.0/21 --evidence 1f0a77de… --statement ipledger-5d41402abc4b2a76.txt\n  ipledger claim 193.0.8.0/21 --grade B",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&grade, "grade", "", "A, B or C (default: A with --evidence, else B)")
			p.bind(c)
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			r, err := strict(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.Claim{Resource: r}
			st, err := p.read()
			if err != nil {
				return plan{}, err
			}
			if b.Grade, err = gradeOf(grade, st != nil); err != nil {
				return plan{}, err
			}
			if st == nil {
				who, err := s.author(wire.Address{})
				return s.planned(who, b, err)
			}
			if st.Block != r {
				return plan{}, usage("the statement is of %v, not of %v", st.Block, r)
			}
			b.Expiry = st.Expiry
			if b.Evidence, err = parseID(p.evidence); err != nil {
				return plan{}, err
			}
			return s.planned(st.Account, b, nil)
		},
	})
	c.AddCommand(claimStatement(s), claimShow(s), claimWithdraw(s), claimAnswer(s), claimProve(s))
	return c
}

// gradeOf reads a grade; without one it is A with evidence and B without.
func gradeOf(text string, proven bool) (uint64, error) {
	switch strings.ToUpper(text) {
	case "A":
		return uint64(record.GradeA), nil
	case "B":
		return uint64(record.GradeB), nil
	case "C":
		return uint64(record.GradeC), nil
	case "":
		if proven {
			return uint64(record.GradeA), nil
		}
		return uint64(record.GradeB), nil
	}
	return 0, usage("--grade %q is none of A, B and C", text)
}

func claimStatement(s *session) *cobra.Command {
	var until, out string
	c := &cobra.Command{
		Use: "statement RESOURCE [ACCOUNT]", Short: "Write the statement that a CA signs in a checklist (RFC 9323)",
		Long: `Write the file that says which account speaks for a block, on this chain, until when.
List it by its name in a signed checklist of the CA that the registry certified for
you; no other file does.`,
		Example: "  ipledger claim statement 193.0.8.0/21 alice --until +30d\n  ipledger claim statement 193.0.8.0/21 alice --out ./",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.writeStatement(cmd.Context(), args, until, out)
		},
	}
	c.Flags().StringVar(&until, "until", "+30d", "when the statement expires, such as +30d or a date")
	c.Flags().StringVar(&out, "out", ".", "directory to write it to, under the name that the checklist must list")
	return c
}

func claimWithdraw(s *session) *cobra.Command {
	return s.act(verb{
		use: "withdraw CLAIM", short: "Withdraw a claim or a succession, or one's objection to it",
		example: "  ipledger claim withdraw 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		plan: func(ctx context.Context, args []string) (plan, error) {
			c, err := s.claim(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(c.Account.Address)
			return s.planned(who, &tx.ClaimWithdraw{Claim: c.ID}, err)
		},
	})
}

func claimAnswer(s *session) *cobra.Command {
	var digest string
	return s.act(verb{
		use: "answer CLAIM", short: "As the holder, answer a claim to a qualified title: it goes to adjudication",
		long: `Answer a claim to your title. Unanswered, with three notices on record, a claim with
newer evidence of grade A takes a qualified title after its time.`,
		example: "  ipledger claim answer 1f0a77de4c534e1f699c877c35b1685967c3b4d3… --text answer.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&digest, "text", "", "file with the answer, or its SHA-256")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			c, err := s.claim(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.ClaimAnswer{Claim: c.ID}
			if b.Digest, err = needed("text", digest); err != nil {
				return plan{}, err
			}
			who, err := s.author(c.From.Address)
			return s.planned(who, b, err)
		},
	})
}

func claimProve(s *session) *cobra.Command {
	var p proofFlags
	return s.act(verb{
		use: "prove RESOURCE", short: "Prove a title of grade A again, with newer evidence",
		example: "  ipledger claim prove 193.0.8.0/21 --evidence 1f0a77de… --statement ipledger-5d41402abc4b2a76.txt",
		bind:    p.bind,
		plan: func(_ context.Context, args []string) (plan, error) {
			r, err := strict(args[0])
			if err != nil {
				return plan{}, err
			}
			st, err := p.read()
			if err != nil {
				return plan{}, err
			}
			if st == nil || st.Block != r {
				return plan{}, usage("proof takes --evidence and the --statement of %v", r)
			}
			b := &tx.ProveAgain{Resource: r, Expiry: st.Expiry}
			b.Evidence, err = parseID(p.evidence)
			return s.planned(st.Account, b, err)
		},
	})
}
