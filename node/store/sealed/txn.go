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

// Put writes a row that is sealed already.
func (t *Txn) Put(s Sealed) error {
	if s.Bytes() > RowBytesMax {
		return fmt.Errorf("%w: %d bytes under %s, at most %d", ErrRowSize, s.Bytes(), t.db.table(s.Key), RowBytesMax)
	}
	return t.put(s.Key, s.Value)
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

// Probe looks for rows in one table or part of it: those that begin with prefix.
// It is for one goroutine, for the time of the transaction. Close it.
type Probe struct {
	t  *Txn
	it *badger.Iterator
}

// Probe is for many lookups in one place, each of the row at a key or the next
// before it, or after it unless reverse.
func (t *Txn) Probe(prefix []byte, reverse bool) *Probe {
	o := iteration(prefix, reverse)
	o.PrefetchValues = false // the next rows are not wanted
	return &Probe{t, t.txn.NewIterator(o)}
}

// Find is the live row at the key, or the nearest beyond it; ok is false if
// there is none. Its key and data are the caller's own.
func (p *Probe) Find(key []byte) (row Row, ok bool, err error) {
	for p.it.Seek(key); p.it.Valid(); p.it.Next() {
		data, live, err := p.t.db.open(p.it.Item())
		if err != nil {
			return Row{}, false, err
		}
		if live {
			return Row{p.it.Item().KeyCopy(nil), data, true}, true, nil
		}
	}
	return Row{}, false, nil
}

// Close ends the probe.
func (p *Probe) Close() { p.it.Close() }

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
