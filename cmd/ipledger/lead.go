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
	if err == nil {
		return raw, trust, s.young(ctx, trust)
	}
	if !errors.As(err, &gap) || gap.Rule != "PRF-6" || other {
		return raw, trust, nil // wrong whatever the way: the caller finds out
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

// young reports a trust file whose validators may have left: a chain that they forge
// afterwards verifies by it as well as the real one.
//
// specs/26 LIGHT-8: Who takes a node's proof by a trust file MUST refuse it where that
// file's header is more than 1,209,600 seconds (14 days) before the reader's clock, and
// MUST say so where the node does not give this header.
func (s *session) young(ctx context.Context, trust *light.Trust) error {
	w, err := s.walker(ctx, trust, nil)
	if err != nil {
		if codeOf(err) == exitNotFound {
			s.err.linef("ipledger: the node does not have header %d, which the trust file names: its age is unknown; validators who left more than 14 days ago could have signed this", trust.Height)
			return nil
		}
		return err
	}
	defer w.close()
	if now := uint64(w.now().Unix()); now > w.head.Time() && now-w.head.Time() > light.TrustSeconds {
		return w.old(light.ErrOld)
	}
	return nil
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
