package account

import (
	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// What separates signatures of this ledger from all others (EIP-712).
const (
	DomainName    = "ipledger"
	DomainVersion = "1"
	DomainType    = "EIP712Domain(string name,string version,bytes32 salt)"
)

var (
	domainTypeHash    = Keccak([]byte(DomainType))
	domainNameHash    = Keccak([]byte(DomainName))
	domainVersionHash = Keccak([]byte(DomainVersion))
)

// Keccak is Keccak-256. It is used for what wallets compute and for nothing else.
func Keccak(parts ...[]byte) wire.Hash { return wire.Hash(crypto.Keccak256Hash(parts...)) }

// Hasher makes one Keccak-256 hash after another in the same room, for who
// makes many. One goroutine uses it at a time.
type Hasher struct {
	sponge crypto.KeccakState
	sum    wire.Hash
	signed [2 + 2*32]byte
}

// NewHasher is ready to use.
func NewHasher() *Hasher { return &Hasher{sponge: crypto.NewKeccakState()} }

// Keccak is the Keccak of this package, of one part.
func (h *Hasher) Keccak(raw []byte) wire.Hash {
	h.sponge.Reset()
	_, _ = h.sponge.Write(raw) // a sponge takes and gives whatever it is asked
	_, _ = h.sponge.Read(h.sum[:])
	return h.sum
}

// Domain is the EIP-712 domain separator of the chain whose genesis hash is salt.
//
// specs/03 SIG-5: The domain of a signed message MUST be the name "ipledger",
// the version "1" and the genesis hash as salt, and nothing else.
func Domain(salt wire.Hash) wire.Hash {
	var raw [4 * 32]byte
	copy(raw[0:], domainTypeHash[:])
	copy(raw[32:], domainNameHash[:])
	copy(raw[64:], domainVersionHash[:])
	copy(raw[96:], salt[:])
	return Keccak(raw[:])
}

// Digest is what keys sign: the EIP-712 digest of a message in a domain.
//
// specs/03 SIG-6: The digest MUST be Keccak-256 of the bytes 0x19 and 0x01, the
// domain separator and the hash of the message.
func Digest(domain, message wire.Hash) wire.Hash { return NewHasher().Digest(domain, message) }

// Digest is the Digest of this package.
func (h *Hasher) Digest(domain, message wire.Hash) wire.Hash {
	h.signed[0], h.signed[1] = 0x19, 0x01
	copy(h.signed[2:], domain[:])
	copy(h.signed[34:], message[:])
	return h.Keccak(h.signed[:])
}
