package store

import (
	"errors"
	"fmt"

	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Errors that callers branch on. Each is wrapped by an error that says what,
// why and what to do.
var (
	// ErrClosed reports a call after Close (STO-4).
	ErrClosed = sealed.ErrClosed
	// ErrCorrupt reports damage to what is stored; see CorruptError (STO-1).
	ErrCorrupt = sealed.ErrCorrupt
	// ErrFatal reports that the database stopped by an error (STO-5).
	ErrFatal = sealed.ErrFatal
	// ErrNotFound reports what was never there: an unknown act, a height
	// beyond the head or before the base.
	ErrNotFound = errors.New("store: not found")
	// ErrEmpty reports that no state has been loaded: call Load.
	ErrEmpty = errors.New("store: no state has been loaded")
	// ErrLoaded reports a Load over a state that is there.
	ErrLoaded = errors.New("store: a state has been loaded already")
	// ErrNotReady reports a Commit before State or Load has checked the disk.
	ErrNotReady = errors.New("store: the state has not been checked; call State or Load first")
	// ErrBlock reports a block that does not follow the head or contradicts itself (STO-12).
	ErrBlock = errors.New("store: block refused")
	// ErrLimit reports a block beyond a named limit (STO-13).
	ErrLimit = errors.New("store: block too large")
	// ErrFull reports that as many contact files are kept as may be (SVC-11).
	ErrFull = errors.New("store: no room for another contact file")
	// ErrAnchor reports that the database and the file HEAD disagree (STO-18).
	ErrAnchor = errors.New("store: the head anchor and the database disagree")
	// ErrRoot reports records that do not make the state root (STO-17).
	ErrRoot = errors.New("store: the records do not make the state root")
	// ErrDiskLow reports too little free space to go on (STO-24).
	ErrDiskLow = errors.New("store: too little free space")
	// ErrFormat reports files of another version of this program.
	ErrFormat = errors.New("store: unknown format")
)

// CorruptError names the table and row, or the file, that is damaged.
type CorruptError = sealed.CorruptError

// FatalError carries the message of the database that stopped it.
type FatalError = sealed.FatalError

const restore = "restore this node from a peer's snapshot or a backup"

// RootError says that the records on disk have another root than the head.
type RootError struct {
	Height    uint64
	Want, Got wire.Hash
}

// Error says what was met, by which rule, and what to do next.
func (e *RootError) Error() string {
	return fmt.Sprintf("%v of height %d: %v wanted, %v found; a record is missing, stale or damaged (STO-17); %s",
		ErrRoot, e.Height, e.Want, e.Got, restore)
}

// Unwrap returns ErrRoot.
func (e *RootError) Unwrap() error { return ErrRoot }

// AnchorError says how the file HEAD and the database disagree.
type AnchorError struct {
	Anchor, Head uint64 // heights
	Why          string
}

// Error says what was met, by which rule, and what to do next.
func (e *AnchorError) Error() string {
	return fmt.Sprintf("%v: HEAD says height %d, the database %d: %s (STO-18); %s",
		ErrAnchor, e.Anchor, e.Head, e.Why, restore)
}

// Unwrap returns ErrAnchor.
func (e *AnchorError) Unwrap() error { return ErrAnchor }

// LimitError names the limit that a block exceeds.
type LimitError struct {
	Limit    string
	Max, Got int
}

// Error says what was met, by which rule, and what to do next.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%v: %d %s, at most %d (STO-13); the rules of blocks must keep it from being made",
		ErrLimit, e.Got, e.Limit, e.Max)
}

// Unwrap returns ErrLimit.
func (e *LimitError) Unwrap() error { return ErrLimit }

// DiskLowError says how much space is left where.
type DiskLowError struct {
	Dir        string
	Free, Need uint64 // bytes
}

// Error says what was met, by which rule, and what to do next.
func (e *DiskLowError) Error() string {
	return fmt.Sprintf("%v: %d MiB in %s, %d MiB needed (STO-24); free some, then start again; nothing is lost. "+
		"Deleting the file %s there gives %d MiB, enough to open the store", ErrDiskLow,
		e.Free>>20, e.Dir, e.Need>>20, ballastName, BallastBytes>>20)
}

// Unwrap returns ErrDiskLow.
func (e *DiskLowError) Unwrap() error { return ErrDiskLow }
