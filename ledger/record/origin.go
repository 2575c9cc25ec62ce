package record

import (
	"bytes"
	"cmp"
	"fmt"

	"ipledger/ledger/wire"
)

// OriginsMax is how many authorisations may rest on one possession.
const OriginsMax = 64

// Origin lets an AS originate the block it is written at, and more specific
// prefixes down to MaxLength, by the word of the account that possesses it.
type Origin struct {
	Rules     uint64
	Holder    wire.Address
	MaxLength uint64
	AS        uint64
	Act       wire.Hash // the act it goes back to; zero from genesis
}

// CompareOrigins is the order of authorisations at one block.
func CompareOrigins(a, b Origin) int {
	return cmp.Or(cmp.Compare(a.AS, b.AS), cmp.Compare(a.MaxLength, b.MaxLength), bytes.Compare(a.Holder[:], b.Holder[:]))
}

// OriginsBytes is the record of the authorisations at one block, in order.
func OriginsBytes(list []Origin) []byte {
	if len(list) == 0 {
		return nil
	}
	return wire.Encode(list)
}

// OriginsFromBytes reads what OriginsBytes writes; empty bytes are none.
func OriginsFromBytes(raw []byte) ([]Origin, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []Origin
	if err := wire.Decode(raw, FolioBytesMax, &list); err != nil {
		return nil, fmt.Errorf("authorisations: %w", err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("authorisations: %w: an empty list", wire.ErrCanonical)
	}
	return list, nil
}

// Ref names one authorisation of a holder: where it is written and what it says.
type Ref struct {
	Resource  wire.Resource
	MaxLength uint64
	AS        uint64
}

// CompareRefs is the order of references in an index.
func CompareRefs(a, b Ref) int {
	return cmp.Or(
		bytes.Compare(a.Resource.Key(), b.Resource.Key()),
		cmp.Compare(a.MaxLength, b.MaxLength), cmp.Compare(a.AS, b.AS))
}

// Resting is the index of the authorisations that rest on one possession, kept
// under the root because Apply reads it.
type Resting struct {
	Rules uint64
	Refs  []Ref
}

// RestingFromBytes reads a canonical index.
func RestingFromBytes(raw []byte) (*Resting, error) {
	x := new(Resting)
	if err := wire.Decode(raw, FolioBytesMax, x); err != nil {
		return nil, fmt.Errorf("resting: %w", err)
	}
	return x, nil
}
