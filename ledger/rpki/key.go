package rpki

import (
	"bytes"
	"crypto/sha256"
	"math/big"

	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/wire"
)

// The one form of a SubjectPublicKeyInfo: a modulus of 2048 bits stands between
// two runs of constant bytes (RFC 7935, Section 3).
const (
	modulusBytes = 256
	keyBytes     = 294 // of the whole SubjectPublicKeyInfo
	bitStringAt  = 24  // where in it the content of its bit string begins
)

var (
	keyHead = unhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100")
	keyTail = unhex("0203010001")
	// encodedHead is what stands before the digest in a signed message: RFC 8017,
	// Section 9.2, with the DigestInfo of SHA-256.
	encodedHead = bytes.Join([][]byte{{0, 1}, bytes.Repeat([]byte{0xff}, 202), unhex("003031300d060960864801650304020105000420")}, nil)

	exponent = big.NewInt(65537)

	// Compile-time sums of the parts above.
	_ [keyBytes - (33 + modulusBytes + 5)]struct{}
	_ [modulusBytes - (2 + 202 + 20 + sha256.Size)]struct{}
)

// key is an RSA key of 2048 bits with the exponent 65537.
type key struct {
	spki    []byte
	modulus *big.Int
}

// key takes a SubjectPublicKeyInfo.
//
// specs/19 RPKI-5: A key MUST be RSA with an odd modulus of exactly 2048 bits
// and the exponent 65537, in the one DER form of its SubjectPublicKeyInfo.
func (r *reader) key() key {
	raw := r.whole(asn1.SEQUENCE, "the public key")
	if !r.ok() {
		return key{}
	}
	modulus, ok := bytes.CutPrefix(raw, keyHead)
	modulus, end := bytes.CutSuffix(modulus, keyTail)
	if !ok || !end || len(raw) != keyBytes || modulus[0] < 0x80 || modulus[modulusBytes-1]&1 == 0 {
		r.refuse("RPKI-5", "the public key %x is not RSA of 2048 bits with exponent 65537", head(raw))
		return key{}
	}
	return key{raw, new(big.Int).SetBytes(modulus)}
}

// Fingerprint names a key by the SHA-256 of its SubjectPublicKeyInfo, which it
// checks (RPKI-5).
func Fingerprint(spki []byte) (wire.Hash, error) {
	r := newReader(spki, "RPKI-5")
	k := r.key()
	r.end("the public key")
	if !r.ok() {
		return wire.Hash{}, r.fault.refusal
	}
	return k.fingerprint(), nil
}

func (k key) fingerprint() wire.Hash { return sha256.Sum256(k.spki) }

// name is the subject key identifier.
func (k key) name() []byte { return keyName(k.spki[bitStringAt:]) }

// signed reports whether signature is that of the key over the message.
//
// specs/19 RPKI-6: The signature, a number below the modulus written in 256
// bytes, raised to 65537 modulo the modulus MUST give the one encoded message.
func (k key) signed(message, signature []byte) bool {
	if len(signature) != modulusBytes {
		return false
	}
	s := new(big.Int).SetBytes(signature)
	if s.Cmp(k.modulus) >= 0 {
		return false
	}
	digest := sha256.Sum256(message)
	var got [modulusBytes]byte
	s.Exp(s, exponent, k.modulus).FillBytes(got[:])
	return bytes.Equal(got[:len(encodedHead)], encodedHead) && bytes.Equal(got[len(encodedHead):], digest[:])
}
