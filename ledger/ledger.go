// Package ledger decides: given the state, a header and signed acts, it says
// what is true after them (specs/04, specs/07).
//
// It promises that the same state, headers and acts give the same result on
// every machine (R11). It has no clock, disk, network, goroutine or dice, and
// no input makes it panic; a panic is a broken invariant and a defect.
//
// It does not order acts, store anything or check signatures; the engine, the
// store and package tx do.
package ledger

import (
	"fmt"

	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Limits of a ledger block (specs/07 DUE-3, specs/04 ADM-7). Together they keep
// one ledger block inside one database transaction.
const (
	BlockBytesMax   = 4 << 20
	BlockActsMax    = 5000
	BlockChangesMax = 20000
	BlockDueMax     = 2000
	// BlockWeightMax bounds the data of all changed records, before and after.
	BlockWeightMax = 8 << 20
)

// Header is what the rules may know of a ledger block's header.
type Header struct {
	Height uint64
	Time   uint64 // Unix seconds, the engine's BFT time rounded down
	Hash   wire.Hash
}

// Result is what a ledger block made of the state.
type Result struct {
	State    tree.State
	Receipts []Receipt     // one an act, in order
	Changes  []tree.Change // net, in key order
	Bearing  bool          // it had an act, evidence or something due
	Backlog  bool          // not all that was due could be settled
	// Validators is what changes in the validator set, by key, power 0 for who
	// leaves it; it takes effect in the second ledger block after (specs/06).
	Validators []chain.Validator
	NextRules  uint64 // the version that headers name from the next on; 0 for no change
}

// Inadmissible reports the act for which a ledger block must be refused.
type Inadmissible struct {
	Index int
	Err   error
}

// Error names the act by its place and says why.
func (e *Inadmissible) Error() string { return fmt.Sprintf("act %d: %v", e.Index, e.Err) }

// Unwrap returns the reason.
func (e *Inadmissible) Unwrap() error { return e.Err }

// Apply settles what is due, then applies each act in order. evidence is what the
// ledger block carries against validators. An error is
// *Inadmissible, or reports a corrupt state; then there is no result.
func Apply(s tree.State, prev, now Header, acts []tx.Verified, evidence []Misbehaviour) (Result, error) {
	return Memory{}.Apply(s, prev, now, acts, evidence)
}

// Propose picks, in order, the candidates that make an admissible ledger block,
// and says at which places they stand. It takes bundles whole: their acts have
// to be side by side.
func Propose(s tree.State, prev, now Header, candidates []tx.Verified) ([]int, error) {
	return Memory{}.Propose(s, prev, now, candidates)
}
