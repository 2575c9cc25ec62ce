package record

import (
	"errors"

	"github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
)

var matterNames = [...]string{
	"", "admit-member", "remove-member", "member-account", "admit-registrar", "remove-registrar", "admit-adjudicator",
	"remove-adjudicator", "parameter", "add-trust-anchor", "remove-trust-anchor", "add-registry-ca", "remove-registry-ca",
	"upgrade", "registry-ceased", "registry-resumed", "allot", "lift-freeze",
}

// String is the matter's name.
func (m Matter) String() string {
	if int(m) < len(matterNames) {
		return matterNames[m]
	}
	return "unknown"
}

// MatterOf is the matter of a name, 0 for none.
func MatterOf(name string) Matter {
	for m := Matter(1); m <= MatterMost; m++ {
		if matterNames[m] == name {
			return m
		}
	}
	return 0
}

// ParameterOf is the number of the table with a name, nil for none.
func ParameterOf(name string) *Parameter {
	for i := range ParameterTable {
		if ParameterTable[i].Name == name {
			return &ParameterTable[i]
		}
	}
	return nil
}

// CheckMemberKey reports whether a key is one that a member may have: a point of
// the curve that is not of small order, so that a signature under it shows who
// signed.
func CheckMemberKey(key [32]byte) error {
	if _, err := ed25519.NewExpandedPublicKey(key[:]); err != nil || smallOrder(key[:]) {
		return errors.New("it is no ed25519 key, or one of small order")
	}
	return nil
}

// smallOrder reports whether a key is a point of small order: under ZIP-215 the
// signature of the neutral point and zero then holds for every message, and
// for no message under any other key.
func smallOrder(key []byte) bool {
	nothing := make([]byte, ed25519.SignatureSize)
	nothing[0] = 1
	zip215 := &ed25519.Options{Verify: ed25519.VerifyOptionsZIP_215}
	return ed25519.VerifyWithOptions(key, []byte("small order"), nothing, zip215)
}
