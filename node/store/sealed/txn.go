package sealed

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// ErrRowSize reports data longer than RowBytesMax.
var ErrRowSize = errors.New("store: row too large")

// Txn reads and writes rows inside View or Update, and is of no use after.
type Txn struct {
	db  *DB
	txn *badger.Txn
}

// Get is a copy of the data under key, ErrAbsent if there is none, or a
// *CorruptError.
func (t *Txn) Get(key []byte) ([]byte, error) {
	item, err := t.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("read row %x: %w", key, err)
	}
	data, live, err := t.db.open(item)
	if err != nil {
		return nil, err
	}
	if !live {
		return nil, ErrAbsent
	}
	return data, nil
}

// open reads and checks the row at item; the data are the caller's own.
func (d *DB) open(item *badger.Item) (data []byte, live bool, err error) {
	key := item.Key()
	value, err := item.ValueCopy(nil)
	if err != nil {
		return nil, false, d.corrupt(key, "the value cannot be read: "+err.Error())
	}
	return d.unseal(key, value)
}

// Set writes a row. The key must not be changed before the transaction ends; the
// data are copied.
func (t *Txn) Set(key, data []byte) error {
	if len(data) > RowBytesMax {
		return fmt.Errorf("%w: %d bytes under %s, at most %d", ErrRowSize, len(data), t.db.table(key), RowBytesMax)
	}
	return t.put(key, Format(key, data, true))
}

// Bury writes a tombstone: the row is absent from now on, and says so under
// its own seal (STO-2).
func (t *Txn) Bury(key []byte) error { return t.put(key, Format(key, nil, false)) }

// Delete removes a row with Badger's own mark. It is for tables that nothing
// else can check, where a row that comes back does no harm.
func (t *Txn) Delete(key []byte) error {
	if err := t.txn.Delete(key); err != nil {
		return fmt.Errorf("delete row: %w", err)
	}
	return nil
}

func (t *Txn) put(key, value []byte) error {
	if err := t.txn.Set(key, value); err != nil {
		return fmt.Errorf("write row of %s: %w", t.db.table(key), err)
	}
	return nil
}

// Row is what a scan or a cursor shows. Live is false for a tombstone. In a scan
// Key and Data are valid until the next row.
type Row struct {
	Key, Data []byte
	Live      bool
}

// Scan shows the rows that begin with prefix from the key from onwards, in
// ascending order, or descending if reverse; from must begin with prefix.
// Every row shown has been checked. It stops when f returns false or an error.
func (t *Txn) Scan(prefix, from []byte, reverse bool, f func(Row) (bool, error)) error {
	it := t.txn.NewIterator(iteration(prefix, reverse))
	defer it.Close()
	for it.Seek(from); it.Valid(); it.Next() {
		more, err := t.show(it.Item(), f)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func (t *Txn) show(item *badger.Item, f func(Row) (bool, error)) (more bool, err error) {
	key := item.Key()
	readErr := item.Value(func(value []byte) error {
		var data []byte
		var live bool
		if data, live, err = t.db.unseal(key, value); err == nil {
			more, err = f(Row{key, data, live})
		}
		return nil
	})
	if readErr != nil {
		return false, t.db.corrupt(key, "the value cannot be read: "+readErr.Error())
	}
	return more, err
}

func iteration(prefix []byte, reverse bool) badger.IteratorOptions {
	o := badger.DefaultIteratorOptions
	o.Prefix, o.Reverse = prefix, reverse
	o.PrefetchSize = 64
	return o
}
