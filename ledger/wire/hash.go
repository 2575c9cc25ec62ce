package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Tags of the domains of hashes (specs/02 WIRE-3). A tag is the first byte
// hashed. 0x50 to 0x57 belong to the nodes of the state tree alone.
const (
	TagLogLeaf   = 0x00 // RFC 6962, Section 2.1
	TagLogNode   = 0x01 // RFC 6962, Section 2.1
	TagTreeNode  = 0x50 // | 1 value | 2 left | 4 right
	TagTreeTop   = 0x60
	TagApp       = 0x61
	TagAccountID = 0x62
	TagBundle    = 0x63
	TagWork      = 0x64
	TagGenesis   = 0x65
	TagValue     = 0x70
	TagRecord    = 0x71
	TagDealing   = 0x72
	TagContacts  = 0x73
	TagSource    = 0x74
	TagHandle    = 0x75
	TagLetter    = 0x76
)

// Hash is a SHA-256 hash, or all zeros where a spec says "absent".
type Hash [32]byte

// sumBytesUsual is the most that Sum lays out on the stack: more than most
// records have.
const sumBytesUsual = 512

// Sum hashes a tag and the parts after it, with nothing between them. The
// caller's domain fixes the length of every part but at most the last.
func Sum(tag byte, parts ...[]byte) Hash {
	var room [sumBytesUsual]byte
	buf := room[:1]
	if n := total(parts); n >= len(room) {
		buf = make([]byte, 1, 1+n)
	}
	buf[0] = tag
	for _, p := range parts {
		buf = append(buf, p...)
	}
	return sha256.Sum256(buf)
}

func total(parts [][]byte) (n int) {
	for _, p := range parts {
		n += len(p)
	}
	return n
}

// IsZero reports whether h stands for "absent".
func (h Hash) IsZero() bool { return h == Hash{} }

// String is the hash in 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText is String, for canonical JSON files.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads exactly 64 lower-case hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error { return unhex(h[:], text) }

// Address is 20 bytes: an account's id, or the address of a secp256k1 key.
type Address [20]byte

// IsZero reports whether a stands for "nobody".
func (a Address) IsZero() bool { return a == Address{} }

// String is 0x and 40 lower-case hexadecimal digits.
func (a Address) String() string {
	text := [2 + 2*len(a)]byte{'0', 'x'}
	hex.Encode(text[2:], a[:])
	return string(text[:])
}

// MarshalText is String.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads 0x and exactly 40 lower-case hexadecimal digits.
func (a *Address) UnmarshalText(text []byte) error {
	if len(text) != 42 || string(text[:2]) != "0x" {
		return fmt.Errorf("%w: an address is 0x and 40 lower-case hexadecimal digits", ErrCanonical)
	}
	return unhex(a[:], text[2:])
}

func unhex(dst, text []byte) error {
	if len(text) != 2*len(dst) {
		return fmt.Errorf("%w: %d hexadecimal digits wanted, %d given", ErrCanonical, 2*len(dst), len(text))
	}
	for _, c := range text {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return fmt.Errorf("%w: hexadecimal digits are 0-9 and a-f", ErrCanonical)
		}
	}
	_, err := hex.Decode(dst, text)
	return err
}
