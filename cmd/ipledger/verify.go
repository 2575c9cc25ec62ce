package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
)

func verifyCommand(s *session) *cobra.Command {
	var untrusted bool
	var member string
	c := &cobra.Command{
		Use: "verify FILE", Short: "Check a proof file, without any network",
		Long: `Check a proof file (ipledger-proof/1), as text or in its binary form (which is
written where a command's --proof names a file that ends in ".proof"), against a trust file: that more than two
thirds of the validators it leads to signed the header, and that the header
commits to what the file says. Nothing is asked of any node.

A trust file of the second format (ipledger-trust/2) names witnesses instead, and
how many of them are enough. That is another choice of trust: the witnesses vouch
that there is one log of blocks, not that the members followed the rules. A proof
file then needs --log, the file of "ipledger log member" about its header. Log
files themselves (ipledger-log/1) are checked alike.

A file that is malformed or does not verify exits 3. Without a trust file
nothing can be said to be true; --no-trust only checks that the file holds
together.`,
		Example: "  ipledger verify 193.0.8.0.proof.json --trust trust.json\n" +
			"  ipledger verify 193.0.8.0.proof.json --log block.log.json --trust witnesses.json",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			raw, err := readSmall(args[0], light.FileBytesMax)
			if err != nil {
				return err
			}
			if done, err := s.verifyLogged(raw, member, untrusted); done || err != nil {
				return err
			}
			trust, err := s.trustFile()
			if err != nil {
				return err
			}
			if isFork(raw) {
				return s.tellFork(raw, trust)
			}
			if untrusted {
				trust = nil
			}
			v, err := verifyFile(raw, trust)
			if err != nil {
				return err
			}
			if trust == nil && !untrusted {
				return usage("the file holds together, but no trust file says whose signatures count").
					hint("ipledger verify %s --trust FILE", said(args[0])).
					hint("a test network's is named in its testnet.json; --no-trust leaves the question open")
			}
			return s.tellVerified(v, trust != nil)
		},
	}
	c.Flags().StringVar(&member, "log", "", "file that shows the proof's header in the block log, for a trust file that names witnesses")
	c.AddCommand(verifyLetter(s))
	c.Flags().BoolVar(&untrusted, "no-trust", false, "only check that the file holds together, not who signed it")
	return c
}

func verifyFile(raw []byte, trust *light.Trust) (*light.Verified, error) {
	if trust == nil {
		return light.Inspect(raw)
	}
	return light.Verify(raw, trust)
}

func (s *session) tellVerified(v *light.Verified, trusted bool) error {
	if s.json {
		raw, err := json.Marshal(v.Answer)
		if err != nil {
			return err
		}
		return s.out.json(spliced{map[string]any{"verified": trusted, "kind": v.Kind, "basis": v.Basis}, raw})
	}
	if trusted {
		s.out.field("verified", "yes, with %s", said(s.trust))
	} else {
		s.out.field("verified", "no, it only holds together")
	}
	s.out.field("kind", "%s", v.Kind)
	s.out.field("as of", "block %d, %s", v.Height, instant(v.Time))
	s.out.field("statement", "%s", said(v.Statement))
	s.out.field("basis", "%s", said(v.Basis))
	return nil
}
