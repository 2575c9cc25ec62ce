package chain

import (
	"fmt"

	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"

	"ipledger/ledger/wire"
)

// zip215 makes the verdict on a signature the same on every node, whichever
// way it checks: one by one, or in a batch as the engine does.
var zip215 = &ed25519.Options{Verify: ed25519.VerifyOptionsZIP_215}

// SignatureError says which validator's signature does not verify.
type SignatureError struct {
	Slot    int
	Address wire.Address
}

// Error says what was met, by which rule, and what to do next.
func (e *SignatureError) Error() string {
	return fmt.Sprintf("%v of validator %v in slot %d (CHAIN-10): the certificate was altered; ask another node for it",
		ErrSignature, e.Address, e.Slot)
}

// Unwrap returns ErrSignature.
func (e *SignatureError) Unwrap() error { return ErrSignature }

// PowerError says how much of a set's power stands behind a block.
type PowerError struct {
	Rule          string // CHAIN-11 the set's own, CHAIN-12 the trusted set's
	Signed, Total uint64
}

// Error says what was met, by which rule, and what to do next.
func (e *PowerError) Error() string {
	next := "ask another node for the certificate"
	if e.Rule == "CHAIN-12" {
		next = "verify a header between the two first"
	}
	return fmt.Sprintf("%v (%s): %d of %d signed, more than two thirds are needed; %s",
		ErrPower, e.Rule, e.Signed, e.Total, next)
}

// Unwrap returns ErrPower.
func (e *PowerError) Unwrap() error { return ErrPower }

// Judge says whether sig is a signature of message by key under the rules of ZIP
// 215 (CHAIN-10). It answers alike whenever it is asked: who checks thousands of
// certificates that share signatures can give one that remembers its answers.
type Judge func(key [32]byte, message, sig []byte) bool

// Arithmetic is the Judge that Verify asks: it computes each answer.
func Arithmetic(key [32]byte, message, sig []byte) bool {
	return ed25519.VerifyWithOptions(key[:], message, sig, zip215)
}

// Verify reports whether cert makes header final on the chain chainID, given
// that set is the header's validator set. It does not say whether that set
// deserves trust: ask the previous header, or VerifyTrusting.
//
// Errors: ErrForm, ErrMismatch, ErrSignature, ErrPower.
func Verify(chainID string, set ValidatorSet, header Header, cert Certificate) error {
	return Judge(Arithmetic).Verify(chainID, set, header, cert)
}

// Verify is Verify by this judge.
func (by Judge) Verify(chainID string, set ValidatorSet, header Header, cert Certificate) error {
	if err := belong(chainID, set, header, cert); err != nil {
		return err
	}
	for i, slot := range cert.Slots {
		if slot.Flag == Absent {
			continue
		}
		// specs/06 CHAIN-10: Every signature of a certificate, for the block or
		// for none, MUST verify under the key of its place in the set by the
		// rules of ZIP 215; otherwise the whole certificate is refused.
		if !by(set[i].PubKey, cert.SignBytes(chainID, i), slot.Sig) {
			return &SignatureError{Slot: i, Address: set[i].Address()}
		}
	}
	// specs/06 CHAIN-11: The validators who voted for the block MUST have more
	// than two thirds of the set's power.
	return enough("CHAIN-11", committed(cert, set, set), set)
}

// VerifyTrusting is Verify, and reports besides whether the set trusted, of
// an earlier height, lets a verifier step to this header without seeing those
// between. The caller judges whether trusted is young enough.
func VerifyTrusting(chainID string, trusted, set ValidatorSet, header Header, cert Certificate) error {
	return Judge(Arithmetic).VerifyTrusting(chainID, trusted, set, header, cert)
}

// VerifyTrusting is VerifyTrusting by this judge.
func (by Judge) VerifyTrusting(chainID string, trusted, set ValidatorSet, header Header, cert Certificate) error {
	if err := trusted.Check(); err != nil {
		return fmt.Errorf("trusted set: %w", err)
	}
	if err := by.Verify(chainID, set, header, cert); err != nil {
		return err
	}
	return Trusts(trusted, set, cert)
}

// Trusts is what VerifyTrusting checks besides: that enough of a trusted set,
// well formed, signed what the certificate of set says. Verify has judged the
// certificate itself.
//
// specs/06 CHAIN-12: A step over headers MUST satisfy CHAIN-11, and the
// validators of the trusted set who voted for the block MUST have more than two
// thirds of the trusted set's power, by their power in it.
func Trusts(trusted, set ValidatorSet, cert Certificate) error {
	return enough("CHAIN-12", committed(cert, set, trusted), trusted)
}

// belong checks form, and that the four speak of the same block.
//
// specs/06 CHAIN-8: A header, set and certificate MUST each be well formed; the
// header MUST name the chain; its validators hash MUST be the set's hash; the
// certificate MUST name the header's height and hash, and have one slot a
// validator.
func belong(chainID string, set ValidatorSet, header Header, cert Certificate) error {
	for _, check := range []func() error{header.Check, set.Check, cert.Check} {
		if err := check(); err != nil {
			return err
		}
	}
	switch hash := header.Hash(); {
	case header.ChainID != chainID:
		return mismatch("header is of chain %q, want %q", header.ChainID, chainID)
	case header.ValidatorsHash != set.Hash():
		return mismatch("header's validators hash to %v, the set to %v", header.ValidatorsHash, set.Hash())
	case cert.Height != header.Height:
		return mismatch("certificate is of height %d, header of %d", cert.Height, header.Height)
	case cert.Block.Hash != hash:
		return mismatch("certificate is of block %v, header of %v", cert.Block.Hash, hash)
	case len(cert.Slots) != len(set):
		return mismatch("certificate has %d slots, the set %d validators", len(cert.Slots), len(set))
	}
	return nil
}

func mismatch(format string, args ...any) error {
	return fmt.Errorf("%w (CHAIN-8): %s; ask for all three again, of one height", ErrMismatch, fmt.Sprintf(format, args...))
}

// committed is the power, by counted, of the validators of set who voted for
// the block. Keys are distinct in a set, so none counts twice.
func committed(cert Certificate, set, counted ValidatorSet) uint64 {
	power := make(map[[32]byte]uint64, len(counted))
	for _, v := range counted {
		power[v.PubKey] = v.Power
	}
	signed := uint64(0)
	for i, slot := range cert.Slots {
		if slot.Flag == Committed {
			signed += power[set[i].PubKey]
		}
	}
	return signed
}

func enough(rule string, signed uint64, set ValidatorSet) error {
	if total := set.Power(); 3*signed <= 2*total {
		return &PowerError{Rule: rule, Signed: signed, Total: total}
	}
	return nil
}
