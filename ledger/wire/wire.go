// Package wire is how everything in ipledger becomes bytes and hashes.
//
// It implements specs/02: one canonical encoding (the recursive length prefix
// of go-ethereum, with no optional, nil or tail fields), bounds on size, and
// SHA-256 hashes that each carry a tag of their domain, so that no hash of one
// kind of thing can be taken for a hash of another.
//
// It knows nothing of what the bytes mean; that is for the rooms above it.
package wire

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/rlp"
)

// ErrSize reports bytes longer than their kind allows (WIRE-2).
var ErrSize = errors.New("wire: too large")

// ErrCanonical reports bytes that are not the one encoding of what they say (WIRE-1).
var ErrCanonical = errors.New("wire: not canonical")

// Encode gives the canonical bytes of v. It panics if v cannot be encoded:
// what a type allows is decided when the program is written, never by input.
func Encode(v any) []byte {
	if a, ok := v.(Appender); ok {
		w := Writer{buf: make([]byte, 0, recordBytesUsual)}
		a.Append(&w)
		return w.buf
	}
	raw, err := rlp.EncodeToBytes(v)
	if err != nil {
		panic(fmt.Sprintf("wire: encode %T: %v", v, err))
	}
	return raw
}

// recordBytesUsual is room for most records, so that writing one grows nothing.
const recordBytesUsual = 256

// Decode reads raw, at most max bytes, into v.
//
// A record that knows its own fields MUST be zero; its slots of bytes alias raw.
//
// specs/02 WIRE-1: A decoder MUST refuse bytes that do not re-encode to
// themselves. specs/02 WIRE-2: size is checked before anything else.
func Decode(raw []byte, max int, v any) error {
	if len(raw) > max {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrSize, len(raw), max)
	}
	if own, ok := v.(FieldReader); ok {
		r := Reader{rest: raw, strict: true}
		if own.Read(&r); r.Close() != nil {
			return fmt.Errorf("%w: %v", ErrCanonical, r.err)
		}
		return nil
	}
	if err := rlp.DecodeBytes(raw, v); err != nil {
		return fmt.Errorf("%w: %v", ErrCanonical, err)
	}
	if again, err := rlp.EncodeToBytes(v); err != nil || !bytes.Equal(again, raw) {
		return ErrCanonical
	}
	return nil
}

// Own reads bytes that this process's own rules encoded and whose hash the
// state tree holds: it spends nothing on asking again whether they are
// canonical. Failing is a broken invariant, and it panics.
func Own[T any](raw []byte) *T {
	v := new(T)
	if own, ok := any(v).(FieldReader); ok {
		r := Reader{rest: raw}
		own.Read(&r)
		if err := r.Close(); err != nil {
			panic(fmt.Errorf("wire: own record %T: %w", v, err))
		}
		return v
	}
	if err := rlp.DecodeBytes(raw, v); err != nil {
		panic(fmt.Errorf("wire: own record %T: %w", v, err))
	}
	return v
}
