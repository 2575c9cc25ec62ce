package enginedb

import (
	"errors"
	"strconv"

	dbm "github.com/cometbft/cometbft-db"

	"ipledger/node/store/sealed"
)

// Errors that the engine's interface demands for malformed calls.
var (
	ErrKeyEmpty = errors.New("enginedb: key is nil or empty")
	ErrValueNil = errors.New("enginedb: value is nil")
)

// database is one key space. Its rows stand under space ‖ key.
type database struct {
	engine *Engine
	space  []byte
}

var _ dbm.DB = (*database)(nil)

// row is the key of a row, in memory of its own.
func (d *database) row(key []byte) []byte {
	out := make([]byte, 0, len(d.space)+len(key))
	return append(append(out, d.space...), key...)
}

// Get is the value of key, or nil if there is none.
func (d *database) Get(key []byte) (value []byte, err error) {
	if len(key) == 0 {
		return nil, ErrKeyEmpty
	}
	err = d.engine.db.View(func(t *sealed.Txn) error {
		value, err = get(t, d.row(key))
		if errors.Is(err, sealed.ErrAbsent) {
			value, err = nil, nil
		}
		return err
	})
	return value, err
}

// Has reports whether key has a value.
func (d *database) Has(key []byte) (bool, error) {
	value, err := d.Get(key)
	return value != nil, err
}

// Set writes a value; it is on disk when Set returns.
func (d *database) Set(key, value []byte) error {
	b := d.NewBatch()
	if err := b.Set(key, value); err != nil {
		return err
	}
	return b.Write()
}

// SetSync is Set: every write is synced.
func (d *database) SetSync(key, value []byte) error { return d.Set(key, value) }

// Delete removes a key, if it is there.
func (d *database) Delete(key []byte) error {
	b := d.NewBatch()
	if err := b.Delete(key); err != nil {
		return err
	}
	return b.Write()
}

// DeleteSync is Delete: every write is synced.
func (d *database) DeleteSync(key []byte) error { return d.Delete(key) }

// Close does nothing; Engine.Close closes the files.
func (d *database) Close() error { return nil }

// NewBatch collects writes that become one transaction.
func (d *database) NewBatch() dbm.Batch { return &batch{database: d} }

// Print does nothing: the interface has it for debugging.
func (d *database) Print() error { return nil }

// Stats tells the size on disk of all the engine's databases together.
func (d *database) Stats() map[string]string {
	return map[string]string{"engine.db bytes": strconv.FormatInt(d.engine.db.Size(), 10)}
}

// Compact does nothing: Badger compacts by itself.
func (d *database) Compact(_, _ []byte) error { return nil }
