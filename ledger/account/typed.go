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
func Digest(domain, message wire.Hash) wire.Hash {
	var raw [2 + 2*32]byte
	raw[0], raw[1] = 0x19, 0x01
	copy(raw[2:], domain[:])
	copy(raw[34:], message[:])
	return Keccak(raw[:])
}
