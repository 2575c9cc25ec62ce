package main

import (
	"context"

	"ipledger/ledger/tx"
)

// alone is an act that its account's policy does not bind: an opening by work,
// a revocation. It is tried with its signatures, for they are part of its sense.
type alone struct {
	act     *tx.Act
	signers func() ([]string, error) // names of keys
	after   func(*actAnswer) []string
}

// performAlone is perform for such an act.
func (s *session) performAlone(ctx context.Context, f *acting, p alone) error {
	if err := p.act.Check(); err != nil {
		return err
	}
	chain, err := s.status(ctx)
	if err != nil {
		return err
	}
	file := &tx.File{Salt: chain.GenesisHash, Act: p.act}
	s.tellWords(s.err, file)
	if f.out != "" {
		return s.writeAct(f.out, file)
	}
	names, err := p.signers()
	if err != nil {
		return err
	}
	if err := s.agree(); err != nil {
		return err
	}
	if err := s.signWith(names, file); err != nil {
		return err
	}
	t, _, err := s.preview(ctx, file)
	if err != nil {
		return err
	}
	if err := t.refusal(); err != nil {
		return err
	}
	return s.carry(ctx, file, p.after)
}
