package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
)

// openClaim is a claim or a succession as a node shows it.
type openClaim struct {
	Time       instant   `json:"time"`
	ID         wire.Hash `json:"id"`
	Kind       said      `json:"kind"`
	Account    party     `json:"account"`
	From       party     `json:"against"`
	Resource   said      `json:"resource"`
	Grade      said      `json:"grade"`
	Stage      said      `json:"stage"`
	Entered    instant   `json:"entered"`
	Next       instant   `json:"next"`
	Ends       instant   `json:"lapses"`
	Words      []word    `json:"words"`
	Objections []struct {
		By       party `json:"by"`
		Resource said  `json:"resource"`
	} `json:"objections"`
}

// word is a registrar's word on a claim.
type word struct {
	Kind   said      `json:"kind"`
	By     party     `json:"by"`
	Digest wire.Hash `json:"digest"`
	At     instant   `json:"at"`
}

// claim asks for an open claim or succession.
func (s *session) claim(ctx context.Context, text string) (*openClaim, error) {
	id, err := parseID(text)
	if err != nil {
		return nil, err
	}
	c := new(openClaim)
	return c, s.client().get(ctx, "/v1/claims/"+id.String(), c)
}

func claimShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show CLAIM", Short: "Show an open claim or succession: how far it is, and who said what",
		Example: "  ipledger claim show 1f0a77de4c534e1f699c877c35b1685967c3b4d3…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			if s.json {
				raw, err := s.client().raw(cmd.Context(), "/v1/claims/"+id.String())
				if err != nil {
					return err
				}
				return s.out.json(spliced{map[string]any{}, raw})
			}
			c, err := s.claim(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			s.tellClaim(c)
			return nil
		},
	}
}

func (s *session) tellClaim(c *openClaim) {
	p := s.out
	p.field(string(c.Kind), "%v", c.ID)
	p.field("block", "%s", c.Resource)
	p.field("by", "%s", s.book.tell(c.Account.Address))
	if !c.From.IsZero() {
		p.field("against", "%s", s.book.tell(c.From.Address))
	}
	p.field("grade", "%s", c.Grade)
	p.field("stage", "%s, next looked at %v", c.Stage, c.Next)
	for _, w := range c.Words {
		p.field("word", "%s %s at %v, digest %v", s.book.tell(w.By.Address), w.Kind, w.At, w.Digest)
	}
	for _, o := range c.Objections {
		p.field("objection", "%s to %s", s.book.tell(o.By.Address), o.Resource)
	}
}

// writeStatement writes a statement under the name that a checklist lists it by.
func (s *session) writeStatement(ctx context.Context, args []string, until, dir string) error {
	st := new(rpki.Statement)
	var err error
	if st.Block, err = strict(args[0]); err != nil {
		return err
	}
	if st.Account, err = s.accountArg(args[1:]); err != nil {
		return err
	}
	chain, err := s.status(ctx)
	if err != nil {
		return err
	}
	st.Chain = chain.GenesisHash
	if st.Expiry, err = parseWhen("until", until, uint64(chain.Time)); err != nil {
		return err
	}
	name := filepath.Join(dir, st.FileName())
	if err := os.WriteFile(name, st.Bytes(), 0o644); err != nil {
		return err
	}
	s.out.field("statement", "%s", name)
	s.out.field("block", "%v", st.Block)
	s.out.field("account", "%s", s.book.tell(st.Account))
	s.out.field("expires", "%v", instant(st.Expiry))
	s.err.linef("have it listed, under that name, in a signed checklist of the CA that your registry certified")
	return nil
}
