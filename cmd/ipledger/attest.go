package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// needed is the digest of a file that a flag must name, or a digest itself.
func needed(flag, text string) (wire.Hash, error) {
	if text == "" {
		return wire.Hash{}, usage("--%s is missing: a file, or its SHA-256", flag)
	}
	return digestOf(text)
}

func attestCommand(s *session) *cobra.Command {
	var notice, date string
	c := s.act(verb{
		use: "attest CLAIM", short: "As a registrar, stand by a claim or a succession, or record a notice to a holder",
		long: `Attest a claim, with the notice that you sent to the source registry's published
contact, or a succession, with the documents that you saw. On a claim to a
qualified title it records a notice to its holder.`,
		example: "  ipledger attest 1f0a77de4c534e1f699c877c35b1685967c3b4d3… --notice notice.eml --date 2026-01-15",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&notice, "notice", "", "file with the notice or the documents, or its SHA-256")
			c.Flags().StringVar(&date, "date", "", "when it was sent (default: now, as the ledger has it)")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			c, err := s.claim(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.ClaimAttest{Claim: c.ID, Noticed: uint64(c.Time)}
			if b.Notice, err = needed("notice", notice); err != nil {
				return plan{}, err
			}
			if date != "" {
				if b.Noticed, err = parseWhen("date", date, uint64(c.Time)); err != nil {
					return plan{}, err
				}
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
	c.AddCommand(attestRefuse(s), attestName(s))
	return c
}

func attestRefuse(s *session) *cobra.Command {
	var reason string
	return s.act(verb{
		use: "refuse CLAIM", short: "As a registrar, refuse to attest, for a reason that is on record by its digest",
		example: "  ipledger attest refuse 1f0a77de4c534e1f699c877c35b1685967c3b4d3… --reason reason.txt",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&reason, "reason", "", "file with the reason, or its SHA-256")
		},
		plan: func(_ context.Context, args []string) (plan, error) {
			id, err := parseID(args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.AttestRefuse{Claim: id}
			if b.Reason, err = needed("reason", reason); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func attestName(s *session) *cobra.Command {
	var documents string
	return s.act(verb{
		use: "name ACCOUNT", short: "As a registrar, attest the name that an account states",
		example: "  ipledger attest name alice --documents register-extract.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&documents, "documents", "", "file with the documents, or its SHA-256")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			id, err := s.book.id(args[0])
			if err != nil {
				return plan{}, err
			}
			a, err := s.accountOf(ctx, id)
			if err != nil {
				return plan{}, err
			}
			b := &tx.NameAttest{Subject: id, Name: string(a.Account.Name), Jurisdiction: string(a.Account.Jurisdiction)}
			if b.Documents, err = needed("documents", documents); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func objectCommand(s *session) *cobra.Command {
	var p proofFlags
	var reason string
	return s.act(verb{
		use: "object CLAIM [RESOURCE]", short: "Object to a claim, with evidence of grade A or as a registrar",
		long: `Object to a claim, as far as it is to a block: with evidence of grade A, or, as one of
two registrars, for a reason. Only that part is contested.`,
		example: "  ipledger object 1f0a77de… 193.0.8.0/24 --evidence 77aa… --statement ipledger-5d41402abc4b2a76.txt\n  ipledger object 1f0a77de… --reason reason.txt",
		bind: func(c *cobra.Command) {
			p.bind(c)
			c.Flags().StringVar(&reason, "reason", "", "a registrar's reason: a file, or its SHA-256")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			c, err := s.claim(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.ClaimObject{Claim: c.ID}
			text := string(c.Resource)
			if len(args) > 1 {
				text = args[1]
			}
			if b.Resource, err = strict(text); err != nil {
				return plan{}, err
			}
			st, err := p.read()
			if err != nil {
				return plan{}, err
			}
			if st == nil {
				if b.Reason, err = needed("reason", reason); err != nil {
					return plan{}, err
				}
				who, err := s.author(wire.Address{})
				return s.planned(who, b, err)
			}
			b.Expiry = st.Expiry
			b.Evidence, err = parseID(p.evidence)
			return s.planned(st.Account, b, err)
		},
	})
}

func successionCommand(s *session) *cobra.Command {
	var documents string
	c := s.act(verb{
		use: "succession RESOURCE", short: "Ask to succeed the dissolved holder of a title",
		long: `Ask for the title of a holder that is dissolved. Two registrars attest the documents;
then a window runs in which any title key of the holder vetoes. Charges, leases and
authorisations stand.`,
		example: "  ipledger succession 193.0.8.0/21 --documents merger.pdf",
		bind: func(c *cobra.Command) {
			c.Flags().StringVar(&documents, "documents", "", "file with the documents, or its SHA-256")
		},
		plan: func(ctx context.Context, args []string) (plan, error) {
			m, err := s.matter(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			b := &tx.Succession{Resource: m.block, Subject: m.holder()}
			if b.Documents, err = needed("documents", documents); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
	c.AddCommand(s.act(verb{
		use: "veto SUCCESSION", short: "As one title key of the holder, say that it is not dissolved",
		example: "  ipledger succession veto 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		plan: func(ctx context.Context, args []string) (plan, error) {
			c, err := s.claim(ctx, args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(c.From.Address)
			return s.planned(who, &tx.SuccessionVeto{Succession: c.ID}, err)
		},
	}))
	return c
}
