package record

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// modulusBytes is the size of every key of the RPKI (RFC 7935, Section 3).
const modulusBytes = 256

// rsaEncryption is the algorithm of every key of the RPKI, with its parameters
// (RFC 7935, Section 3; RFC 4055, Section 1.2).
var rsaEncryption = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00}

// Check holds an anchor to the form of its fields.
//
// specs/08 GEN-28: A trust anchor and a registry CA MUST be a registry's name and
// a SubjectPublicKeyInfo in DER of an RSA key of 2,048 bits.
func (a *Anchor) Check() error {
	if a.Kind != TrustAnchor && a.Kind != RegistryCA {
		return fmt.Errorf("anchor of kind %d; 1 is a trust anchor, 2 a registry CA", a.Kind)
	}
	if !registryName(a.Registry) {
		return fmt.Errorf("registry is not 1 to %d of a-z", RegistryBytesMax)
	}
	return CheckPublicKeyInfo(a.Key)
}

func registryName(s string) bool {
	ok := s != "" && len(s) <= RegistryBytesMax
	for i := range len(s) {
		ok = ok && s[i] >= 'a' && s[i] <= 'z'
	}
	return ok
}

// CheckPublicKeyInfo reads a SubjectPublicKeyInfo of RSA; it says what is wrong
// with other bytes.
func CheckPublicKeyInfo(der []byte) error {
	if len(der) > AnchorBytesMax {
		return fmt.Errorf("a key of %d bytes, at most %d", len(der), AnchorBytesMax)
	}
	var info, algorithm, numbers, modulus, exponent cryptobyte.String
	var bits []byte
	in := cryptobyte.String(der)
	if !in.ReadASN1(&info, asn1.SEQUENCE) || !in.Empty() || !info.ReadASN1(&algorithm, asn1.SEQUENCE) ||
		!info.ReadASN1BitStringAsBytes(&bits) || !info.Empty() {
		return errors.New("the key is no SubjectPublicKeyInfo in DER")
	}
	key := cryptobyte.String(bits)
	if !bytes.Equal(algorithm, rsaEncryption) || !key.ReadASN1(&numbers, asn1.SEQUENCE) || !key.Empty() ||
		!positive(&numbers, &modulus) || !positive(&numbers, &exponent) || !numbers.Empty() {
		return errors.New("the key is not one of RSA")
	}
	if len(modulus) != 1+modulusBytes || modulus[1] < 0x80 {
		return fmt.Errorf("the key has a modulus of other than %d bits", 8*modulusBytes)
	}
	return nil
}

// positive reads an INTEGER above zero in its shortest form.
func positive(in, out *cryptobyte.String) bool {
	if !in.ReadASN1(out, asn1.INTEGER) || len(*out) == 0 || (*out)[0] >= 0x80 {
		return false
	}
	if (*out)[0] != 0 {
		return true
	}
	return len(*out) > 1 && (*out)[1] >= 0x80
}
