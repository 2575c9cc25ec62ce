package enginedb

import (
	"errors"

	dbm "github.com/cometbft/cometbft-db"

	"ipledger/node/store/sealed"
)

// ErrBatchDone reports use of a batch that was written or closed.
var ErrBatchDone = errors.New("enginedb: the batch was written or closed")

// batch collects writes in order. It is for one goroutine.
type batch struct {
	database *database
	writes   []write
	done     bool
}

// write sets a row, or removes it if value is nil.
type write struct{ row, value []byte }

var _ dbm.Batch = (*batch)(nil)

func (b *batch) Set(key, value []byte) error {
	if value == nil {
		return ErrValueNil
	}
	return b.add(key, value)
}

func (b *batch) Delete(key []byte) error { return b.add(key, nil) }

func (b *batch) add(key, value []byte) error {
	if len(key) == 0 {
		return ErrKeyEmpty
	}
	if b.done {
		return ErrBatchDone
	}
	b.writes = append(b.writes, write{b.database.row(key), value})
	return nil
}

// Write makes all writes in one transaction, or none and says why.
//
// specs/09 STO-28: A batch of the engine MUST be one transaction or an error.
func (b *batch) Write() error {
	if b.done {
		return ErrBatchDone
	}
	b.done = true
	if len(b.writes) == 0 {
		return nil
	}
	return b.database.engine.update(func(t *sealed.Txn) error {
		for _, w := range b.writes {
			if err := w.apply(t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w write) apply(t *sealed.Txn) error {
	if w.value == nil {
		return remove(t, w.row)
	}
	return set(t, w.row, w.value)
}

func (b *batch) WriteSync() error { return b.Write() }

func (b *batch) Close() error {
	b.done, b.writes = true, nil
	return nil
}
