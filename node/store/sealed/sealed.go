// Package sealed is Badger as ipledger uses it: one store, settings that were
// chosen for durability, and a hash on every row.
//
// It implements the first part of specs/09. A row read is the row written, or
// the read is an error that names it (STO-1); a transaction is atomic and on
// disk when Update returns (STO-3); after Close every call returns ErrClosed
// (STO-4); an error that Badger only logs stops all further work (STO-5).
//
// It does not know what rows mean; that is for node/store and its enginedb.
package sealed

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// ErrClosed reports a call on a database that has been closed (STO-4).
var ErrClosed = errors.New("store: closed")

// ErrAbsent reports that no row stands under a key.
var ErrAbsent = errors.New("store: no such row")

// ErrLocked reports a database that another process has open.
var ErrLocked = errors.New("store: open in another process")

// Options says where a database lives and how much memory it may take.
type Options struct {
	// Dir holds the files; empty keeps everything in memory, for tests.
	Dir string
	// Memtable is the size in bytes of Badger's table in memory. A transaction
	// may take 15 % of it (see Limits).
	Memtable int64
	// Cache bounds the block cache and the index cache, in bytes each; above 0.
	Cache int64
	// Table names the table of a key in errors.
	Table func(key []byte) string
	// Log receives Badger's messages; nil means slog.Default().
	Log *slog.Logger
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	table func([]byte) string
	alarm *alarm

	// mu is held for reading by each call while it is inside Badger, and for
	// writing by Close alone: Badger blocks for ever on use after Close.
	mu      sync.RWMutex
	badger  *badger.DB // nil once closed; owned by Close
	cursors sync.Map   // *Cursor -> struct{}: what Close must close first
}

// Open opens or creates the database. The directory is locked against a
// second process. Damage that shows at opening is a *CorruptError; nothing has
// been deleted by then (STO-6).
func Open(o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if err := checkManifest(o.Dir); err != nil {
		return nil, err
	}
	a := &alarm{log: o.Log}
	b, err := openBadger(settings(o, a), o.Dir)
	if err != nil {
		return nil, err
	}
	return &DB{table: o.Table, alarm: a, badger: b}, nil
}

// settings are the choices of specs/09, "Badger": every write is on disk when
// acknowledged, all values stay inside the checked tables (no value log), a
// table is verified when it is opened, memory is bounded.
func settings(o Options, log badger.Logger) badger.Options {
	return badger.DefaultOptions(o.Dir).
		WithInMemory(o.Dir == "").
		WithSyncWrites(true).
		WithChecksumVerificationMode(options.OnTableRead).
		WithDetectConflicts(false). // one writer
		WithNumVersionsToKeep(1).
		WithValueThreshold(valueMax). // above any row, see RowBytesMax
		WithCompression(options.None).
		WithMemTableSize(o.Memtable).
		WithNumMemtables(3).
		WithBlockCacheSize(o.Cache).
		WithIndexCacheSize(o.Cache).
		WithNumCompactors(2).
		WithMetricsEnabled(false).
		WithLogger(log)
}

// openBadger turns a panic of Badger over damaged files into an error.
func openBadger(o badger.Options, dir string) (db *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			db, err = nil, &CorruptError{Table: dir, Why: fmt.Sprint("opening the database panicked: ", p)}
		}
	}()
	if err := checkTables(o); err != nil {
		return nil, err
	}
	if db, err = badger.Open(o); err != nil {
		return nil, openError(err, dir)
	}
	return db, nil
}

// openError says what an operator can do: about a second process, about what
// the system refuses, and else about files that are not what was written.
func openError(err error, dir string) error {
	// Badger keeps of its causes nothing but their words.
	says := func(words string) bool { return strings.Contains(err.Error(), words) }
	switch {
	case says("Cannot acquire directory lock"):
		return fmt.Errorf("%w: %s: %w; a process that runs here, or was killed a moment ago, has it open: end that one, or start again when it is gone", ErrLocked, dir, err)
	case slices.ContainsFunc(systemErrors, func(e syscall.Errno) bool { return says(e.Error()) }):
		return fmt.Errorf("open database %s: %w", dir, err)
	}
	return &CorruptError{Table: dir, Why: err.Error()}
}

// systemErrors are what keeps sound files from being opened.
var systemErrors = []syscall.Errno{syscall.EACCES, syscall.EPERM, syscall.EROFS, syscall.ENOSPC, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM}

// Limits are the bounds that a transaction must stay below: rows, and bytes as
// RowCost counts them. Badger refuses a transaction at a bound, whole.
func (d *DB) Limits() (rows, bytes int64) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.badger == nil {
		return 0, 0
	}
	return d.badger.MaxBatchCount(), d.badger.MaxBatchSize()
}

// View runs f over one consistent snapshot. f must not call the DB again.
func (d *DB) View(f func(*Txn) error) error { return d.run(false, f) }

// Update runs f and commits what it wrote as one transaction, which is whole
// and on disk when Update returns nil. If f or the commit fails nothing is written.
func (d *DB) Update(f func(*Txn) error) error { return d.run(true, f) }

func (d *DB) run(write bool, f func(*Txn) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if err := d.ready(); err != nil {
		return err
	}
	txn := d.badger.NewTransaction(write)
	defer txn.Discard()
	if err := f(&Txn{db: d, txn: txn}); err != nil {
		return err
	}
	if !write {
		return d.alarm.err()
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	// specs/09 STO-5: An error that Badger logs MUST stop the store.
	return d.alarm.err()
}

// ready must be called under mu.
func (d *DB) ready() error {
	if d.badger == nil {
		return ErrClosed
	}
	return d.alarm.err()
}

// Healthy is nil, or says why the database no longer works.
func (d *DB) Healthy() error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ready()
}

// Size is what the database takes on disk, in bytes, as Badger last measured it.
func (d *DB) Size() int64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.badger == nil {
		return 0
	}
	lsm, vlog := d.badger.Size()
	return lsm + vlog
}

// Close waits for the calls under way, closes open cursors, and closes the
// files. A second Close does nothing.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.badger == nil {
		return nil
	}
	d.cursors.Range(func(c, _ any) bool {
		c.(*Cursor).release()
		return true
	})
	err := d.badger.Close()
	d.badger = nil
	if err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}
