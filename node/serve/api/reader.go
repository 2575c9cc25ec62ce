package api

import (
	"context"
	"errors"

	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// ErrNotFound reports a height, act or key version that this node does not have.
// Implementations wrap it; any other error is a fault of the node.
var ErrNotFound = errors.New("api: this node does not have it")

// ErrBusy reports a full queue: the same request may pass a moment later.
var ErrBusy = errors.New("api: busy")

// ErrFull reports that there is no room, and will be none a moment later.
var ErrFull = errors.New("api: full")

// View is the state after one block, with what its header says. It never
// changes; a handler uses one view for the whole of an answer.
type View struct {
	State      tree.State
	Height     uint64
	Time       uint64 // Unix seconds, of the block's header
	HeaderHash wire.Hash
	LogRoot    wire.Hash // of the block log after the block
	Bearing    bool      // the block changed the state or the log
}

// AppHash is what the header after the block says of the ledger.
func (v View) AppHash() wire.Hash { return chain.AppHash(v.State.Root(), v.LogRoot) }

// Ledger is the verifiable answers that the API reads. All methods are safe for
// many goroutines at once, and none gives something that a later Apply changes.
type Ledger interface {
	// View is the state after the last applied block. It does not wait.
	View() View
	// ViewAt is the state after the block of a height from 1 on, rebuilt from
	// history where it is no longer in memory: the API asks for few at a time.
	ViewAt(ctx context.Context, height uint64) (View, error)
	// Certified is the header of a height, a certificate that makes it final,
	// and the set that signed it. The newest header is that of View.
	Certified(height uint64) (chain.Header, chain.Certificate, chain.ValidatorSet, error)
	// Block is what the block of a height carried and changed.
	Block(height uint64) (Block, error)
	// Archived is the block of a height as an archive holds it, with the
	// certificate that the next block carries; ErrNotFound for the newest.
	Archived(height uint64) (*archive.Block, error)
	// Act says in which block and at which place an act is.
	Act(id wire.Hash) (height, index uint64, err error)
	// History is what stood at a key, newest first: at most limit versions made
	// by blocks below the height before, 0 standing for no such bound.
	History(k tree.Key, before uint64, limit int) ([]Version, error)
}

// Block is what one block carried and what it changed.
type Block struct {
	Acts     [][]byte   // as the block carried them
	Receipts [][]byte   // one an act, in order
	Changed  []tree.Key // ascending
}

// Version is what stood at a key from the block at Height on: the bytes of a
// record, or none.
type Version struct {
	Height uint64
	Data   []byte
}

// Relay takes acts in. A nil Relay is a node that takes none.
type Relay interface {
	// Submit verifies an act, journals it and hands it on. It MUST NOT return nil
	// before the journal has synced: from then on the act is acknowledged. It
	// returns an error that wraps tx.ErrRefused for bytes that are no act of this
	// chain and for an act that no block will take, and ErrBusy where there is no
	// room.
	Submit(ctx context.Context, raw []byte) (tx.Verified, error)
	// SubmitBundle is Submit for all acts of a bundle, in order: all are taken in,
	// or none.
	SubmitBundle(ctx context.Context, raw [][]byte) ([]tx.Verified, error)
	// Pending reports whether the act was submitted here or heard of, and is
	// neither final nor expired.
	Pending(id wire.Hash) bool
}

// Contacts keeps contact files, one for a block. A nil Contacts is a node that
// keeps none. All methods are safe for many goroutines at once.
type Contacts interface {
	// Put keeps a file under its hash for a block, in the place of what was kept
	// for it. It wraps ErrFull where a bound is reached.
	Put(at wire.Resource, hash wire.Hash, holder wire.Address, file []byte) error
	// Under lists the blocks for which a file is kept under a hash.
	Under(hash wire.Hash) []wire.Resource
	// Get reads what is kept for a block under a hash, or wraps ErrNotFound.
	Get(at wire.Resource, hash wire.Hash) ([]byte, error)
	// Forget removes what is kept for a block under a hash, if it is.
	Forget(at wire.Resource, hash wire.Hash) error
}

// Node is what the node says of itself.
type Node interface {
	// Status is a snapshot that costs nothing to read.
	Status() Status
	// Subscribe gives each new view, the newest only where the reader was slow.
	// The API takes one subscription for all its readers.
	Subscribe() (views <-chan View, cancel func())
}

// Status is the node's own facts, beside those of its view.
type Status struct {
	Version string // of the program
	Phase   string // starting, syncing, ready, stalled or halted
	Synced  bool
	Peers   int
	// Supplied is the RPKI payloads that the operator supplies; nil where none is named.
	Supplied *Supplied
}

// Supplied is what a node says of the RPKI payloads that it was given (specs/30).
type Supplied struct {
	Payloads int           `json:"payloads"`
	Made     light.Instant `json:"made"` // of the set that stands; null where none was read yet
	Old      bool          `json:"old"`  // than the operator wants; it stands
	Left     int64         `json:"left_out"`
	Over     bool          `json:"over_rpki"` // what contradicts it is exported all the same
	Fault    string        `json:"fault"`     // why the newest file was not taken; empty if it was
}
