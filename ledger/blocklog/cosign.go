package blocklog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"
)

// Types of key in a verifier key.
const (
	typeLog     = 0x01 // plain ed25519
	typeWitness = 0x04 // ed25519, cosignature/v1
)

// NameBytesMax bounds a witness's name.
const NameBytesMax = 100

// keyHash is what names a key in a line.
func keyHash(name string, kind byte, key ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append(append([]byte(name+"\n"), kind), key...))
	return binary.BigEndian.Uint32(sum[:])
}

func verifierKey(name string, kind byte, key ed25519.PublicKey) string {
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(name, kind, key), base64.StdEncoding.EncodeToString(append([]byte{kind}, key...)))
}

// CheckName reports whether a witness may have a name.
func CheckName(name string) error {
	if name == "" || len(name) > NameBytesMax || strings.ContainsFunc(name, func(r rune) bool { return r == '+' || unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return malformed("LOG-4", "a witness's name is 1 to %d printable characters without + and spaces", NameBytesMax)
	}
	return nil
}

// Witness is a witness's public key: it verifies cosignatures.
type Witness struct {
	name string
	key  ed25519.PublicKey
}

// WitnessOf is the public side of a witness's key.
func WitnessOf(name string, key ed25519.PublicKey) Witness { return Witness{name, key} }

// ParseWitness reads a verifier key as String writes it.
func ParseWitness(text string) (Witness, error) {
	kind, w, err := parseKey(text)
	if err == nil && kind != typeWitness {
		err = malformed("LOG-4", "a key of type %#02x, a witness's is %#02x", kind, typeWitness)
	}
	return w, err
}

func parseKey(text string) (kind byte, w Witness, err error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || len(text) > NameBytesMax+60 {
		return 0, w, malformed("LOG-4", "a verifier key is name+hash+key")
	}
	if err := CheckName(parts[0]); err != nil {
		return 0, w, err
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return 0, w, malformed("LOG-4", "a verifier key with %d bytes (%v)", len(raw), err)
	}
	w = Witness{parts[0], ed25519.PublicKey(raw[1:])}
	if verifierKey(w.name, raw[0], w.key) != text {
		return 0, w, malformed("LOG-4", "a verifier key whose hash is not its own")
	}
	return raw[0], w, nil
}

// String is the verifier key.
func (w Witness) String() string { return verifierKey(w.name, typeWitness, w.key) }

// Name is the witness's name.
func (w Witness) Name() string { return w.name }

// KeyHash names the key in a line.
func (w Witness) KeyHash() uint32 { return keyHash(w.name, typeWitness, w.key) }

// Same reports whether both have one key.
func (w Witness) Same(other Witness) bool { return w.key.Equal(other.key) }

// Verify reports whether sig is the witness's over the text.
//
// specs/25 LOG-4: A cosignature MUST be of type 0x04: u64 Unix seconds ‖ the
// ed25519 signature over cosignature/v1, newline, time, space, those seconds,
// newline, and the text.
func (w Witness) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(w.key, cosigned(binary.BigEndian.Uint64(sig), text), sig[8:])
}

func cosigned(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

// Cosigner signs as a witness, at a time that the caller gives.
type Cosigner struct {
	Witness
	key ed25519.PrivateKey
	at  uint64
}

// NewCosigner is a witness's own key, at Unix seconds.
func NewCosigner(name string, key ed25519.PrivateKey, at uint64) Cosigner {
	return Cosigner{WitnessOf(name, key.Public().(ed25519.PublicKey)), key, at}
}

// Sign is the cosignature over a text.
func (c Cosigner) Sign(text []byte) ([]byte, error) {
	return append(binary.BigEndian.AppendUint64(nil, c.at), ed25519.Sign(c.key, cosigned(c.at, text))...), nil
}

// Line is the cosigner's line below a checkpoint.
func (c Cosigner) Line(p Checkpoint) (string, error) {
	raw, err := p.Sign(c)
	if err != nil {
		return "", err
	}
	return string(raw[len(p.Text())+1:]), nil
}

// LogSigner signs checkpoints as a log: its name is the origin.
type LogSigner struct {
	name string
	key  ed25519.PrivateKey
}

// NewLogSigner is a node's log key for an origin.
func NewLogSigner(origin string, key ed25519.PrivateKey) LogSigner { return LogSigner{origin, key} }

// Name is the origin.
func (l LogSigner) Name() string { return l.name }

// KeyHash names the key in a line.
func (l LogSigner) KeyHash() uint32 {
	return keyHash(l.name, typeLog, l.key.Public().(ed25519.PublicKey))
}

// Sign is the signature over a text.
func (l LogSigner) Sign(text []byte) ([]byte, error) { return ed25519.Sign(l.key, text), nil }

// VerifierKey is what others know the log key by.
func (l LogSigner) VerifierKey() string {
	return verifierKey(l.name, typeLog, l.key.Public().(ed25519.PublicKey))
}

// ParseLogKey reads the verifier key of a log key.
func ParseLogKey(text string) (note.Verifier, error) {
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, malformed("LOG-3", "%v", err)
	}
	return v, nil
}

// ParseAnyKey reads the verifier key of a log or of a witness.
func ParseAnyKey(text string) (note.Verifier, error) {
	if w, err := ParseWitness(text); err == nil {
		return w, nil
	}
	return ParseLogKey(text)
}
