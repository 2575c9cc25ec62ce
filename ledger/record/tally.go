package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Breaker is how far the room of the mass-change breaker is given out (specs/23).
type Breaker struct {
	Rules uint64
	Day   uint64 // Unix days: the last that has something set aside
	Used  uint64 // authorisations of that day
}

// BreakerFromBytes reads a canonical Breaker.
func BreakerFromBytes(raw []byte) (*Breaker, error) {
	x := new(Breaker)
	if err := wire.Decode(raw, 64, x); err != nil {
		return nil, fmt.Errorf("breaker: %w", err)
	}
	return x, nil
}

// BreakerKey is where the breaker's record is kept.
var BreakerKey = dealKey(dealDay, nil)

// Handle is how many settled titles have one handle of one source.
type Handle struct {
	Rules  uint64
	Titles uint64
}

// HandleFromBytes reads a canonical Handle.
func HandleFromBytes(raw []byte) (*Handle, error) {
	x := new(Handle)
	if err := wire.Decode(raw, 64, x); err != nil {
		return nil, fmt.Errorf("handle: %w", err)
	}
	return x, nil
}

// Owner is whom a source names for a row, as far as it says: its handle, and for
// a row without one the row itself.
//
// specs/23 GOV-13: holders are counted by the handle of the source, a row without
// handle for itself.
func (s *Source) Owner() wire.Hash {
	if s.Handle != "" {
		return wire.Sum(wire.TagDealing, []byte{1, byte(len(s.Registry))}, []byte(s.Registry), []byte(s.Handle))
	}
	return wire.Sum(wire.TagDealing, []byte{2, byte(len(s.Registry))}, []byte(s.Registry), s.First[:], s.Last[:])
}

// HandleKey is where the titles of an Owner are counted.
func HandleKey(owner wire.Hash) tree.Key { return dealKey(dealHandle, owner[:]) }

// CountOrigins is how many authorisations OriginsBytes wrote into raw, which this
// process wrote.
func CountOrigins(raw []byte) (n uint64) {
	if len(raw) == 0 {
		return 0
	}
	r := wire.NewReader(raw)
	for all := r.List(); all.More(); n++ {
		all.List()
	}
	return n
}
