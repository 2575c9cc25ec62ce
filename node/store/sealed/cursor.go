package sealed

import (
	"github.com/dgraph-io/badger/v4"
)

// Cursor walks the rows over a snapshot of its own, for readers
// that cannot hold a View open. It is for one goroutine. Close it.
type Cursor struct {
	db       *DB
	txn      *badger.Txn
	it       *badger.Iterator
	released bool // by Close of the cursor or of the database; under db.mu
}

// Cursor starts at the first row of the database at or after from, or at or
// before it if reverse.
func (d *DB) Cursor(from []byte, reverse bool) (*Cursor, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if err := d.ready(); err != nil {
		return nil, err
	}
	txn := d.badger.NewTransaction(false)
	c := &Cursor{db: d, txn: txn, it: txn.NewIterator(iteration(nil, reverse))}
	c.it.Seek(from)
	d.cursors.Store(c, struct{}{})
	return c, nil
}

// Row is the row at the cursor. ok is false beyond the last row of the
// database. After the database has closed it is ErrClosed.
func (c *Cursor) Row() (row Row, ok bool, err error) {
	c.db.mu.RLock()
	defer c.db.mu.RUnlock()
	if c.released {
		return Row{}, false, ErrClosed
	}
	if !c.it.Valid() {
		return Row{}, false, c.db.alarm.err()
	}
	data, live, err := c.db.open(c.it.Item())
	if err != nil {
		return Row{}, false, err
	}
	return Row{c.it.Item().KeyCopy(nil), data, live}, true, nil
}

// Get is Txn.Get over the cursor's snapshot.
func (c *Cursor) Get(key []byte) ([]byte, error) {
	c.db.mu.RLock()
	defer c.db.mu.RUnlock()
	if c.released {
		return nil, ErrClosed
	}
	return (&Txn{db: c.db, txn: c.txn}).Get(key)
}

// Next moves to the next row.
func (c *Cursor) Next() {
	c.db.mu.RLock()
	defer c.db.mu.RUnlock()
	if !c.released {
		c.it.Next()
	}
}

// Close lets the snapshot go. A second Close does nothing.
func (c *Cursor) Close() {
	c.db.mu.RLock()
	defer c.db.mu.RUnlock()
	c.release()
}

// release must be called under db.mu.
func (c *Cursor) release() {
	if c.released {
		return
	}
	c.released = true
	c.it.Close()
	c.txn.Discard()
	c.db.cursors.Delete(c)
}
