// Package enginedb keeps the databases of the consensus engine in one Badger,
// engine.db: each database is a key space of it.
//
// It implements specs/09, "Databases of the engine", behind the engine's own
// interface (db.DB of cometbft-db). A batch is one transaction or an error,
// every write is on disk when it returns, and closing a database does nothing:
// the engine closes its databases while goroutines of it still read, so the
// files are closed once, last, by Engine.Close.
package enginedb

import (
	"log/slog"
	"sync"

	dbm "github.com/cometbft/cometbft-db"

	"ipledger/node/store/sealed"
)

const (
	// memtable gives a transaction 9.6 MiB: the engine batches at most 640 KB
	// of a block's parts and at most 1,000 rows of pruning.
	memtable = 64 << 20
	cache    = 32 << 20
)

// Engine is the open engine.db. It is safe for concurrent use.
type Engine struct {
	db *sealed.DB

	// mu admits one writer: a write reads what it replaces (see value.go).
	mu sync.Mutex
}

// Open opens or creates the databases in dir; an empty dir keeps them in
// memory, for tests. A nil log means slog.Default().
func Open(dir string, log *slog.Logger) (*Engine, error) {
	db, err := sealed.Open(sealed.Options{Dir: dir, Memtable: memtable, Cache: cache, Table: tableName, Log: log})
	if err != nil {
		return nil, err
	}
	return &Engine{db: db}, nil
}

// Database is the key space of a name, which has 1 to 255 bytes; it panics on
// another, since names are the program's own. Its Close does nothing.
func (e *Engine) Database(name string) dbm.DB {
	if len(name) == 0 || len(name) > 255 {
		panic("enginedb: the name of a database has 1 to 255 bytes")
	}
	// specs/09 STO-29: the name's length comes first, so no key space begins
	// another.
	space := append([]byte{tableRows, byte(len(name))}, name...)
	return &database{engine: e, space: space}
}

// Healthy is nil, or says why the databases no longer work.
func (e *Engine) Healthy() error { return e.db.Healthy() }

// Close closes the files. Every later call on a database is sealed.ErrClosed.
func (e *Engine) Close() error { return e.db.Close() }

// update is one synced transaction.
func (e *Engine) update(f func(*sealed.Txn) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.db.Update(f)
}
