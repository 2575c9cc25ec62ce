package enginedb

import (
	"bytes"

	dbm "github.com/cometbft/cometbft-db"

	"ipledger/node/store/sealed"
)

// iterator walks a domain of one key space. It is for one goroutine.
type iterator struct {
	database   *database
	start, end []byte // as given; nil means open
	reverse    bool
	cursor     *sealed.Cursor
	key, value []byte // at the position; key is nil once the domain is left
	err        error
}

var _ dbm.Iterator = (*iterator)(nil)

// Iterator walks [start, end) upwards. A nil bound is open.
func (d *database) Iterator(start, end []byte) (dbm.Iterator, error) {
	return d.iterate(start, end, d.row(start), false)
}

// ReverseIterator walks [start, end) downwards. A nil bound is open.
func (d *database) ReverseIterator(start, end []byte) (dbm.Iterator, error) {
	from := d.row(end)
	if end == nil {
		from = beyond(d.space)
	}
	return d.iterate(start, end, from, true)
}

func (d *database) iterate(start, end, from []byte, reverse bool) (dbm.Iterator, error) {
	if start != nil && len(start) == 0 || end != nil && len(end) == 0 {
		return nil, ErrKeyEmpty
	}
	c, err := d.engine.db.Cursor(from, reverse)
	if err != nil {
		return nil, err
	}
	i := &iterator{database: d, start: start, end: end, reverse: reverse, cursor: c}
	i.skipEnd(from)
	i.load()
	return i, nil
}

// skipEnd steps over the upper bound of a reverse walk, which is exclusive.
func (i *iterator) skipEnd(from []byte) {
	if !i.reverse {
		return
	}
	if row, ok, err := i.cursor.Row(); err == nil && ok && bytes.Equal(row.Key, from) {
		i.cursor.Next()
	}
}

// load reads the row under the cursor, or leaves the iterator invalid.
func (i *iterator) load() {
	i.key, i.value = nil, nil
	row, ok, err := i.cursor.Row()
	if err != nil || !ok {
		i.err = err
		return
	}
	key, ok := bytes.CutPrefix(row.Key, i.database.space)
	if !ok || i.outside(key) {
		return
	}
	if i.value, i.err = unfold(i.cursor.Get, row.Key, row.Data); i.err == nil {
		i.key = key
	}
}

// outside reports whether a key of the space lies beyond the bound that the
// walk moves towards.
func (i *iterator) outside(key []byte) bool {
	if i.reverse {
		return i.start != nil && bytes.Compare(key, i.start) < 0
	}
	return i.end != nil && bytes.Compare(key, i.end) >= 0
}

// beyond is the first key after all keys that begin with space. The first byte
// of a space is a small table number, so there always is one.
func beyond(space []byte) []byte {
	out := bytes.Clone(space)
	for i := len(out) - 1; ; i-- {
		out[i]++
		if out[i] != 0 {
			return out[:i+1]
		}
	}
}

// Domain is the bounds as given.
func (i *iterator) Domain() (start, end []byte) { return i.start, i.end }

// Valid reports whether there is a key at the position.
func (i *iterator) Valid() bool { return i.key != nil }

// Next moves on; it panics beyond the end, as the interface demands.
func (i *iterator) Next() {
	i.mustBeValid()
	i.cursor.Next()
	i.load()
}

// Key is the key at the position, the caller's own.
func (i *iterator) Key() []byte {
	i.mustBeValid()
	return i.key
}

// Value is the value at the position, the caller's own.
func (i *iterator) Value() []byte {
	i.mustBeValid()
	return i.value
}

// Error is why the walk ended early, if it did.
func (i *iterator) Error() error { return i.err }

// Close lets the snapshot go.
func (i *iterator) Close() error {
	i.key = nil
	i.cursor.Close()
	return nil
}

func (i *iterator) mustBeValid() {
	if !i.Valid() {
		panic("enginedb: the iterator is beyond its domain")
	}
}
