// Package chain verifies what the validators signed: a block's header, the
// set that answers for it, the certificate that makes it final, and the log
// of blocks that ever carried an act.
//
// It implements specs/06. Its formats are ipledger's own; its hashes and
// signed bytes are those of CometBFT, computed here without importing it, so
// that a verifier outlives a change of engine. The order of the files is that
// of the chapter: header, validator, certificate, verify, merkle, body, log.
//
// It keeps no state, follows no chain and knows no clock: which set to trust,
// and for how long, is for package light.
package chain

import (
	"errors"
	"fmt"

	"ipledger/ledger/wire"
)

// ErrForm reports a header, set, certificate, frontier or proof that breaks a
// bound of its kind (CHAIN-1, CHAIN-4, CHAIN-5, CHAIN-7, CHAIN-16, CHAIN-18, CHAIN-19).
var ErrForm = errors.New("chain: not well formed")

// ErrMismatch reports a header, set and certificate that do not belong
// together (CHAIN-8).
var ErrMismatch = errors.New("chain: header, validator set and certificate do not belong together")

// ErrSignature reports a signature that does not verify (CHAIN-10).
var ErrSignature = errors.New("chain: bad signature")

// ErrPower reports a certificate that two thirds of the power or less stand
// behind (CHAIN-11, CHAIN-12).
var ErrPower = errors.New("chain: not enough voting power")

// ErrProof reports a proof that does not lead to the root (CHAIN-16, CHAIN-19).
var ErrProof = errors.New("chain: proof does not lead to the root")

// decode reads raw, at most max bytes, into a T that is well formed.
//
// specs/06 CHAIN-3: A decoder MUST refuse bytes longer than the bound of their
// kind, then bytes that do not re-encode to themselves, then values that break
// CHAIN-1, CHAIN-4, CHAIN-5, CHAIN-7, CHAIN-16, CHAIN-18 or CHAIN-19.
func decode[T interface{ Check() error }](what string, raw []byte, max int) (T, error) {
	var v, none T
	if err := wire.Decode(raw, max, &v); err != nil {
		return none, fmt.Errorf("chain: %s (CHAIN-3): %w; ask another source for it", what, err)
	}
	if err := v.Check(); err != nil {
		return none, err
	}
	return v, nil
}

func formError(rule, format string, args ...any) error {
	return fmt.Errorf("%w (%s): %s; ask another source for it", ErrForm, rule, fmt.Sprintf(format, args...))
}
