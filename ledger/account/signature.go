package account

import (
	"bytes"
	"crypto/ecdsa"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// SignaturesMax is how many signatures an act may carry: one for each key of
// the largest role, of which there are KeysMax.
const SignaturesMax = KeysMax

const _ uint = SignaturesMax - KeysMax // every k of a policy can be met

// Signature is one key's consent to a digest.
type Signature struct {
	Alg    uint8
	Signer wire.Address
	Sig    [65]byte // r, s, v; s in the lower half, v 0 or 1
}

// The order n of the secp256k1 group and the largest s that is low, n/2
// rounded down (SEC 2, Section 2.4.1; BIP 62).
var (
	order = [32]byte{
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
		0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
	}
	halfOrder = [32]byte{
		0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
	}
	zero [32]byte
)

// Sign is key's consent to digest. The nonce is that of RFC 6979, so the same
// key and digest always give the same bytes.
func Sign(digest wire.Hash, key *ecdsa.PrivateKey) (Signature, error) {
	raw, err := crypto.Sign(digest[:], key)
	if err != nil {
		return Signature{}, formError("SIG-2", "key", "%v", err)
	}
	s := Signature{Alg: Secp256k1, Signer: AddressOf(&key.PublicKey)}
	copy(s.Sig[:], raw)
	return s, nil
}

// AddressOf is the address of a public key: the last 20 bytes of the
// Keccak-256 hash of its two coordinates.
func AddressOf(key *ecdsa.PublicKey) wire.Address { return wire.Address(crypto.PubkeyToAddress(*key)) }

// Check reports whether the signature has the one form it may have. It
// recovers nothing and costs next to nothing.
func (s *Signature) Check() error {
	// specs/03 SIG-1: The algorithm of a signature MUST be 1, secp256k1.
	if s.Alg != Secp256k1 {
		return formError("SIG-1", "alg", "unknown signature algorithm %d", s.Alg)
	}
	// specs/03 SIG-2: r and s MUST be above zero and below the group's order, s
	// MUST be at most half of it, and v MUST be 0 or 1.
	if !within(s.Sig[:32], order[:]) || !within(s.Sig[32:64], order[:]) {
		return formError("SIG-2", "signature", "r or s is zero or not below the group's order")
	}
	if bytes.Compare(s.Sig[32:64], halfOrder[:]) > 0 {
		return formError("SIG-2", "signature", "s is in the upper half of the group: use its negative and the other v")
	}
	if s.Sig[64] > 1 {
		return formError("SIG-2", "signature", "v is %d, not 0 or 1", s.Sig[64])
	}
	return nil
}

// within reports whether 0 < n < limit, both big-endian of 32 bytes.
func within(n, limit []byte) bool {
	return !bytes.Equal(n, zero[:]) && bytes.Compare(n, limit) < 0
}

// Recover is the address whose key made sig over digest. Nearly any bytes give
// some address: only comparison with a claimed signer says anything.
func Recover(digest wire.Hash, sig *[65]byte) (wire.Address, error) {
	return NewHasher().Recover(digest, sig)
}

// Recover is the Recover of this package.
func (h *Hasher) Recover(digest wire.Hash, sig *[65]byte) (wire.Address, error) {
	public, err := crypto.Ecrecover(digest[:], sig[:])
	if err != nil {
		return wire.Address{}, formError("SIG-3", "signature", "no key made this: %v", err)
	}
	hash := h.Keccak(public[1:])
	return wire.Address(hash[12:]), nil
}

// CheckForms reports whether sigs are a set of signatures that may stand
// together: each in form, in number 1 to SignaturesMax, in ascending order.
func CheckForms(sigs []Signature) error {
	// specs/03 SIG-4: There MUST be 1 to 16 signatures, in ascending order of
	// their signers, no signer twice.
	if len(sigs) < 1 || len(sigs) > SignaturesMax {
		return formError("SIG-4", "signatures", "%d signatures, want 1 to %d", len(sigs), SignaturesMax)
	}
	for i := range sigs {
		if err := sigs[i].Check(); err != nil {
			return err
		}
		if i > 0 && bytes.Compare(sigs[i-1].Signer[:], sigs[i].Signer[:]) >= 0 {
			return formError("SIG-4", "signatures", "signer %v does not come after signer %v", sigs[i].Signer, sigs[i-1].Signer)
		}
	}
	return nil
}

// CheckSignatures reports whether each of sigs is its signer's consent to
// digest. All forms are checked before the first key is recovered, which costs
// a hundred times as much.
func CheckSignatures(digest wire.Hash, sigs []Signature) error {
	return NewHasher().CheckSignatures(digest, sigs)
}

// CheckSignatures is the CheckSignatures of this package.
func (h *Hasher) CheckSignatures(digest wire.Hash, sigs []Signature) error {
	if err := CheckForms(sigs); err != nil {
		return err
	}
	for i := range sigs {
		// specs/03 SIG-3: The key recovered from the digest and the signature MUST
		// have the address that the signature names as its signer.
		got, err := h.Recover(digest, &sigs[i].Sig)
		if err != nil {
			return err
		}
		if got != sigs[i].Signer {
			return formError("SIG-3", "signatures", "%v did not sign this digest on this chain", sigs[i].Signer)
		}
	}
	return nil
}
