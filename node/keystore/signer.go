package keystore

import (
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Signer is what can consent to an act: a key unlocked here, or a device.
type Signer interface {
	// Address is that of the key, known without asking for its secret.
	Address() wire.Address
	// Sign is the key's consent to the digest of an act. The one who asks has
	// made the digest from the act, and has shown the act.
	Sign(digest wire.Hash) (account.Signature, error)
}

// Key is an unlocked key. It is safe for concurrent use but with Wipe.
type Key struct {
	secret  *ecdsa.PrivateKey
	address wire.Address
}

var _ Signer = (*Key)(nil)

func newKey(secret []byte) (*Key, error) {
	key, err := crypto.ToECDSA(secret)
	if err != nil {
		return nil, err
	}
	return &Key{secret: key, address: account.AddressOf(&key.PublicKey)}, nil
}

// Address is the key's address.
func (k *Key) Address() wire.Address { return k.address }

// Sign signs a digest; after Wipe it fails.
func (k *Key) Sign(digest wire.Hash) (account.Signature, error) {
	s, err := account.Sign(digest, k.secret)
	if err != nil {
		return s, fmt.Errorf("sign with %v: %w", k.address, err)
	}
	return s, nil
}

// Wipe overwrites the secret. Copies that the runtime or the operating system
// made in the meantime are beyond its reach.
func (k *Key) Wipe() { wipe(k.secret) }

// wipe overwrites the words that a secret number is kept in, and leaves zero,
// with which nothing can be signed.
func wipe(key *ecdsa.PrivateKey) {
	//lint:ignore SA1019 the number itself must go, and is never used again
	secret := key.D
	clear(secret.Bits())
	secret.SetInt64(0)
}

// External reads a signature that another wallet made over digest: 0x and 130
// hexadecimal digits, v being 0, 1, 27 or 28. The signer is whoever the
// signature recovers to: any well-formed signature gives some address, so the
// caller shows it and compares it with the keys that may sign.
func External(digest wire.Hash, text string) (account.Signature, error) {
	s := account.Signature{Alg: account.Secp256k1}
	digits, ok := strings.CutPrefix(strings.TrimSpace(text), "0x")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != len(s.Sig) {
		return s, fmt.Errorf("%w: a wallet's signature is 0x and 130 hexadecimal digits", account.ErrForm)
	}
	copy(s.Sig[:], raw)
	if v := s.Sig[64]; v == 27 || v == 28 {
		s.Sig[64] = v - 27
	}
	if err := s.Check(); err != nil {
		return s, err
	}
	s.Signer, err = account.Recover(digest, &s.Sig)
	return s, err
}
