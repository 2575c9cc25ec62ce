package main

import (
	"context"
	"encoding/json"
	"strings"

	"ipledger/ledger/light"
)

// proven is a proof file that a node made, and what it shows.
type proven struct {
	*light.Verified
	file    []byte
	trusted bool // verified with a trust file, and not only consistent
}

// prove asks for a proof file of a kind and checks it; where a trust file is set,
// with that, the way to newer validators included.
func (s *session) prove(ctx context.Context, path, kind string) (*proven, error) {
	trust, err := s.trustFile()
	if err != nil {
		return nil, err
	}
	raw, err := s.client().raw(ctx, path)
	if err != nil {
		return nil, err
	}
	if raw, trust, err = s.lead(ctx, raw, trust); err != nil {
		return nil, err
	}
	v, err := verifyFile(raw, trust)
	if err != nil {
		return nil, err
	}
	if v.Kind != kind {
		return nil, fail(exitUnverified, "the node proved a %s, not what was asked for; ask another", v.Kind)
	}
	return &proven{v, raw, trust != nil}, nil
}

// elsewhere is the error of a proof of something else than was asked for.
func elsewhere(asked any) error {
	return fail(exitUnverified, "the node proved something else than %v; ask another", asked)
}

// binaryName is how the name of a proof file ends that is wanted in binary.
const binaryName = ".proof"

// writeProof keeps a proof file that was checked, in the form that its name asks for.
func writeProof(name string, raw []byte) error {
	if strings.HasSuffix(name, binaryName) {
		f, err := light.Parse(raw)
		if err != nil {
			return err
		}
		raw = f.Binary()
	}
	return writeWhole(name, raw)
}

// tellProven prints a proof's answer: lines, or JSON; and keeps the file where
// that was asked for.
func (s *session) tellProven(p *proven, file string, lines func()) error {
	if file != "" {
		if err := writeProof(file, p.file); err != nil {
			return err
		}
	}
	s.tellAge(p.Time)
	if s.json {
		raw, err := json.Marshal(p.Answer)
		if err != nil {
			return err
		}
		return s.out.json(spliced{map[string]any{"verified": p.trusted, "kind": p.Kind, "basis": p.Basis}, raw})
	}
	s.out.field("as of", "block %d, %s", p.Height, instant(p.Time))
	lines()
	if p.trusted {
		s.out.field("verified", "yes, with %s", said(s.trust))
	} else {
		s.out.field("verified", "no: no trust file is set, the proof only holds together")
	}
	if file != "" {
		s.out.field("proof", "%s", said(file))
		s.out.field("next", "ipledger verify %s", said(file))
	}
	return nil
}
