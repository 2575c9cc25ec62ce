// Package store keeps everything of the ledger on disk: the state's records,
// their history, blocks, acts, receipts, certificates.
//
// It implements specs/09. A commit is one synced transaction, followed by the
// file HEAD outside the database (STO-10, STO-11). Every row carries its own
// hash, and at start the records must make the state root that the head names
// (STO-1, STO-17): bytes that rot are found, never served. Whoever rewrites the
// files as a whole, hashes and HEAD included, can make the node tell another
// past; it cannot make a client believe it, whose proofs need certificates.
//
// The state itself lives in memory, as a tree.State. The store does not decide
// what is true, and knows neither acts nor records, only their bytes.
package store

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

const (
	// format is the version of all that specs/09 lays down.
	format = 2
	// memtable lets a transaction have 19.2 MiB, 15 % of it (see txnBytesMax).
	memtable = 128 << 20
	cache    = 64 << 20
)

// Options says where the store lives. Dir and Value must be set; an empty Dir
// keeps everything in memory, for tests.
type Options struct {
	// Dir holds ledger.db, HEAD and BALLAST. It is created if need be.
	Dir string
	// Value computes the value of a leaf from its data (specs/14).
	Value func(tree.Key, []byte) (wire.Hash, error)
	// Log receives what an operator should know; nil means slog.Default().
	Log *slog.Logger
	// Progress, if set, hears of long work: what, how much of how much.
	Progress func(what string, done, all uint64)
	// NoBallast leaves out the ballast file, for tests and small machines.
	NoBallast bool
	// FoldRows is how many changes and acts may stand above the fold, 0 for
	// 131,072; tests take fewer.
	FoldRows int
	// MilestoneChanges is how many changes lie between two states of the past in
	// memory, 0 for 65,536; for tests.
	MilestoneChanges int
	// Free measures the free bytes of a file system; nil means FreeBytes.
	Free func(dir string) (uint64, error)
	// Before is for tests of crashes: it runs before each named step, and an
	// error ends the work there as a crash would. See the Step constants.
	Before func(step string) error
}

// Steps that Options.Before hears of.
const (
	StepBatch  = "batch"  // of Load: each batch of records
	StepMarker = "marker" // of Load: the row that says all are there
	StepCommit = "commit" // of Commit and Rollback: the transaction
	StepAnchor = "anchor" // of Load, Commit and Rollback: the file HEAD
	StepFold   = "fold"   // of Commit: each transaction of a fold
)

// Store is the open store. It is safe for concurrent use; Load, State, Commit
// and Rollback run one at a time.
type Store struct {
	o      Options
	db     *sealed.DB
	anchor anchorFile

	// mu admits one writer and guards what follows.
	mu    sync.Mutex
	ready bool       // head and state have been checked against the disk
	head  Head       // the last committed
	state tree.State // after head
	// broken is why no more may be committed in this process: a commit whose
	// outcome on disk is not known.
	broken error
	slab   slab // of the rows being written

	window     window     // guards itself
	milestones milestones // guard themselves
}

// Open opens or creates the store. Call State or Load next: until then nothing
// has been checked as a whole, and Commit refuses.
func Open(o Options) (*Store, error) {
	if o.Value == nil {
		return nil, errors.New("store: Options.Value is not set")
	}
	o = o.filled()
	if err := o.prepareDir(); err != nil {
		return nil, err
	}
	db, err := sealed.Open(sealed.Options{
		Dir: o.file("ledger.db"), Memtable: memtable, Cache: cache, Table: tableName, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	s := &Store{o: o, db: db, anchor: anchorFile{name: o.file("HEAD")}}
	if err := s.checkFormat(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Progress == nil {
		o.Progress = func(string, uint64, uint64) {}
	}
	if o.FoldRows == 0 {
		o.FoldRows = foldRows
	}
	if o.MilestoneChanges == 0 {
		o.MilestoneChanges = milestoneChanges
	}
	if o.Free == nil {
		o.Free = FreeBytes
	}
	if o.Before == nil {
		o.Before = func(string) error { return nil }
	}
	return o
}

// file is the path of a file of the store; empty in memory.
func (o Options) file(name string) string {
	if o.Dir == "" {
		return ""
	}
	return filepath.Join(o.Dir, name)
}

func (o Options) prepareDir() error {
	if o.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("make the store's directory: %w", err)
	}
	if err := o.checkFree(freeToOpen); err != nil {
		return err
	}
	if o.NoBallast {
		return nil
	}
	return o.makeBallast()
}

// checkFormat writes the format into a new database and compares it in another.
//
// specs/09 STO-9: Files of another format MUST be refused.
func (s *Store) checkFormat() error {
	key := infoKey(infoFormat)
	return s.db.Update(func(t *sealed.Txn) error {
		raw, err := t.Get(key)
		if errors.Is(err, sealed.ErrAbsent) {
			return t.Set(key, []byte{format})
		}
		if err == nil && (len(raw) != 1 || raw[0] != format) {
			err = fmt.Errorf("%w: the files are of format %x, this program reads and writes format %d (STO-9); use the version that wrote them, or remove the directory and fetch the chain again", ErrFormat, raw, format)
		}
		return err
	})
}

// Healthy is nil, or says why the store no longer works. It does not wait for
// a commit under way.
func (s *Store) Healthy() error { return s.db.Healthy() }

// Size is what the database takes on disk, in bytes, as last measured.
func (s *Store) Size() int64 { return s.db.Size() }

// Close waits for the calls under way and closes the files. Every later call
// returns ErrClosed; a second Close does nothing.
//
// specs/09 STO-4: After Close every call MUST return at once with an error.
func (s *Store) Close() error { return s.db.Close() }
