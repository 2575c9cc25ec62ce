package p2p

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/rlp"
)

// ErrSize reports bytes or lists longer than their kind allows (P2P-2).
var ErrSize = errors.New("p2p: too large")

// ErrCanonical reports bytes that are not the one encoding of what they say (P2P-1).
var ErrCanonical = errors.New("p2p: not canonical")

// encode gives the canonical bytes of v. It panics if v cannot be encoded:
// what a type allows is decided when the program is written, never by input.
func encode(v any) []byte {
	raw, err := rlp.EncodeToBytes(v)
	if err != nil {
		panic(fmt.Sprintf("p2p: encode %T: %v", v, err))
	}
	return raw
}

// decode reads raw, at most max bytes, into v. It is the twin of the ledger's
// decoder, which this room may not import.
func decode(raw []byte, max int, v any) error {
	// specs/10 P2P-2: A receiver MUST check the size of what it receives
	// before it decodes it.
	if len(raw) > max {
		return fmt.Errorf("%w: %d bytes, at most %d (P2P-2)", ErrSize, len(raw), max)
	}
	// specs/10 P2P-1: A receiver MUST refuse bytes that do not re-encode to
	// themselves.
	if err := rlp.DecodeBytes(raw, v); err != nil {
		return fmt.Errorf("%w: %v (P2P-1)", ErrCanonical, err)
	}
	if again, err := rlp.EncodeToBytes(v); err != nil || !bytes.Equal(again, raw) {
		return fmt.Errorf("%w: the bytes do not re-encode to themselves (P2P-1)", ErrCanonical)
	}
	return nil
}
