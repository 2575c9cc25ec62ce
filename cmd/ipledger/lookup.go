package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// staleAfter is how old an answer may be before the user is told.
const staleAfter = 5 * time.Minute

func lookupCommand(s *session) *cobra.Command {
	var at, proof string
	c := &cobra.Command{
		Use: "lookup RESOURCE", Short: "Tell who holds an address, a prefix or an AS number",
		Long: `Tell what the ledger says of an address, a prefix or an AS number: its title,
the rights carved out of it, who possesses it and who may originate it.

Where a trust file is set (--trust, IPLEDGER_TRUST or the test network's), the
answer is fetched with its proof and verified here; one that does not verify is
refused with exit code 3. A resource that nothing covers is an answer too, and
exits 0. Usual spellings are understood; the canonical one is shown.`,
		Example: "  ipledger lookup 193.0.8.1\n  ipledger lookup 193.0.8.0/24 --at 2026-11-01 --proof old.proof.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := usual(strings.Join(args, " "))
			if err != nil {
				return err
			}
			when, err := parseAt(at)
			if err != nil {
				return err
			}
			a, err := s.look(cmd.Context(), r, when, proof != "")
			if err != nil {
				return err
			}
			if proof != "" {
				if err := writeProof(proof, a.file); err != nil {
					return err
				}
			}
			s.tellAge(uint64(a.Time))
			if err := s.tellAnswer(a); err != nil || s.json {
				return err
			}
			s.tellHands(cmd.Context(), a, when)
			s.tellProof(a, proof)
			return nil
		},
	}
	c.Flags().StringVar(&at, "at", "", "height or date of the state, the newest if left out")
	c.Flags().StringVar(&proof, "proof", "", "file to write the proof to")
	return c
}

func (s *session) tellProof(a *sourced, file string) {
	if file != "" {
		s.out.field("proof", "%s", said(file))
		next := "ipledger verify " + said(file).String()
		if s.trust == "" {
			next += " --trust FILE"
		}
		s.out.field("next", "%s", next)
	}
}

// tellAge says how old an answer is, where it is older than a node in step with its
// network gives: whoever keeps later blocks back shows an old state with a good proof.
func (s *session) tellAge(header uint64) {
	if age := time.Since(time.Unix(int64(header), 0)); age > staleAfter && header != 0 {
		s.err.linef("the answer is %v old", age.Round(time.Second))
	}
}

// spliced is an object's fields in front of those of an object of JSON.
type spliced struct {
	front map[string]any
	rest  json.RawMessage
}

func (x spliced) MarshalJSON() ([]byte, error) {
	if len(x.front) == 0 {
		return x.rest, nil
	}
	front, err := json.Marshal(x.front)
	if err != nil {
		return nil, err
	}
	rest := bytes.TrimSpace(x.rest)
	if len(rest) < 3 || rest[0] != '{' {
		return front, nil
	}
	return append(append(bytes.TrimSuffix(front, []byte("}")), ','), rest[1:]...), nil
}
