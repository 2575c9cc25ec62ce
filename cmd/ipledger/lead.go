package main

import (
	"context"
	"errors"

	"ipledger/ledger/light"
)

// lead follows the headers from a trust file to a proof file whose validators are
// others than the trust file's, and adds the way to it. Where the way is longer
// than a file may have it, the trust file becomes that of the file's own header.
// A proof that needs no way, or that no way leads to, stays as it is.
func (s *session) lead(ctx context.Context, raw []byte, trust *light.Trust) ([]byte, *light.Trust, error) {
	if trust == nil {
		return raw, nil, nil
	}
	f, err := light.Parse(raw)
	if err != nil {
		return raw, trust, err
	}
	var gap *light.Unproven
	_, err = f.Verify(trust)
	other := f.ChainID != trust.ChainID || f.GenesisHash != trust.GenesisHash
	if !errors.As(err, &gap) || gap.Rule != "PRF-6" || other {
		return raw, trust, nil // verified, or wrong whatever the way: the caller finds out
	}
	w, err := s.walker(ctx, trust, nil)
	if err != nil {
		return raw, trust, noWay(err)
	}
	defer w.close()
	path, err := w.path(ctx, w.primary, light.Step{Header: f.Header, Certificate: f.Certificate, Validators: f.Validators})
	if err != nil {
		return raw, trust, noWay(err)
	}
	if !f.Along(append([]light.Head{w.head}, path...)) {
		return raw, path[len(path)-1].Trust(trust.GenesisHash), nil
	}
	return f.Bytes(), trust, nil
}

// noWay is the error of a node that does not have the headers which would lead from
// the trust file to its own proof: whatever the reason, the proof does not verify.
func noWay(err error) error {
	if codeOf(err) != exitNotFound {
		return err
	}
	return fail(exitUnverified, "the proof is signed by others than the trust file names, and the node has no header that leads to them: %w", err).
		hint("ask a node that keeps older headers, or take a newer trust file from somebody you trust")
}
