package chain

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"ipledger/ledger/wire"
)

// Bounds of a validator set (specs/06 CHAIN-5).
const (
	// ValidatorsMax: a certificate of 200 has 17 kB and is checked in about
	// 10 ms; it is more than the 175 validators the engine's makers try.
	ValidatorsMax = 200
	// PowerMax bounds a set's power together; three times it fits 64 bits.
	PowerMax = 1<<60 - 1
	// ValidatorSetBytesMax fits ValidatorsMax of at most 44 bytes each.
	ValidatorSetBytesMax = 8 + 44*ValidatorsMax
)

// Ed25519 is the one algorithm validators sign with.
const Ed25519 = 1

// Validator is one member of a set.
type Validator struct {
	Alg    uint8 // Ed25519
	PubKey [32]byte
	Power  uint64 // votes, at least 1
}

// Address is the first 20 bytes of the key's SHA-256, as the engine names it.
func (v Validator) Address() wire.Address {
	sum := sha256.Sum256(v.PubKey[:])
	return wire.Address(sum[:20])
}

// before reports whether v comes before w in a set.
func (v Validator) before(w Validator) bool {
	if v.Power != w.Power {
		return v.Power > w.Power
	}
	a, b := v.Address(), w.Address()
	return bytes.Compare(a[:], b[:]) < 0
}

// ValidatorSet is the validators of one height, in their order.
type ValidatorSet []Validator

// Check reports whether s is within its bounds and in order.
//
// specs/06 CHAIN-5: A validator set MUST have 1 to 200 validators with distinct
// keys of algorithm 1, each of power 1 or more and together of at most 2^60-1,
// in order of falling power and, where equal, rising address.
func (s ValidatorSet) Check() error {
	if len(s) == 0 || len(s) > ValidatorsMax {
		return formError("CHAIN-5", "a validator set has 1 to %d validators, this has %d", ValidatorsMax, len(s))
	}
	total, seen := uint64(0), make(map[[32]byte]bool, len(s))
	for i, v := range s {
		switch {
		case v.Alg != Ed25519:
			return formError("CHAIN-5", "validator %d has algorithm %d, want %d", i, v.Alg, Ed25519)
		case v.Power == 0 || v.Power > PowerMax-total:
			return formError("CHAIN-5", "validator %d has power %d after %d, at most %d together", i, v.Power, total, uint64(PowerMax))
		case seen[v.PubKey]:
			return formError("CHAIN-5", "validator %d has the key of another", i)
		case i > 0 && !s[i-1].before(v):
			return formError("CHAIN-5", "validator %d is out of order", i)
		}
		total += v.Power
		seen[v.PubKey] = true
	}
	return nil
}

// Sort puts s into its order.
func (s ValidatorSet) Sort() {
	slices.SortFunc(s, func(v, w Validator) int {
		if v.before(w) {
			return -1
		}
		if w.before(v) {
			return 1
		}
		return 0
	})
}

// Power is the power of all validators together. Check has bounded it.
func (s ValidatorSet) Power() uint64 {
	total := uint64(0)
	for _, v := range s {
		total += v.Power
	}
	return total
}

// Bytes is the set's canonical encoding.
func (s ValidatorSet) Bytes() []byte { return wire.Encode([]Validator(s)) }

// DecodeValidatorSet reads what Bytes writes, at most ValidatorSetBytesMax of it.
func DecodeValidatorSet(raw []byte) (ValidatorSet, error) {
	return decode[ValidatorSet]("validator set", raw, ValidatorSetBytesMax)
}

// Hash is what a header's ValidatorsHash says of the set that signs it.
//
// specs/06 CHAIN-6: The hash of a validator set MUST be the list hash
// (CHAIN-13) of its validators in protobuf, in the order of the set.
func (s ValidatorSet) Hash() wire.Hash {
	leaves := make([][]byte, len(s))
	for i, v := range s {
		key := proto(nil).bytes(Ed25519, v.PubKey[:])
		leaves[i] = proto(nil).message(1, key).varint(2, v.Power)
	}
	return listHash(leaves...)
}
