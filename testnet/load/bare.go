package main

import (
	"errors"
	"os"

	"github.com/dgraph-io/badger/v4"

	"ipledger/ledger/tree"
)

// Badger's settings that matter, as the store has them.
const (
	memtable    = 128 << 20
	valueInline = 1 << 20 // no value stands outside its tables
)

// bare is Badger and nothing else, with the store's settings.
type bare struct {
	*badger.DB
	dir     string
	written uint64
}

func newBare() (*bare, error) {
	dir, err := os.MkdirTemp("", "ipledger-bare-")
	if err != nil {
		return nil, err
	}
	db, err := badger.Open(badger.DefaultOptions(dir).WithSyncWrites(true).WithDetectConflicts(false).
		WithMemTableSize(memtable).WithNumMemtables(3).WithValueThreshold(valueInline).WithLogger(nil))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &bare{DB: db, dir: dir}, nil
}

func (b *bare) close() error { return errors.Join(b.Close(), os.RemoveAll(b.dir)) }

// write writes, as often as the other side, each record and what it replaced.
func (b *bare) write(changes []tree.Change) error {
	for range blocksEach {
		b.written++
		err := b.Update(func(t *badger.Txn) error {
			for _, c := range changes {
				key := c.Key.Bytes()
				if err := t.Set(append([]byte{1}, key...), c.New.Data); err != nil {
					return err
				}
				if err := t.Set(append(append([]byte{2}, key...), byte(b.written>>8), byte(b.written)), c.Old.Data); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
