package sealed

import (
	"errors"
	"fmt"
)

// ErrCorrupt reports that the disk holds other bytes than were written (STO-1).
var ErrCorrupt = errors.New("store: corrupt")

// CorruptError names the row or file that is damaged.
type CorruptError struct {
	Table string // table or file
	Key   []byte // the row's whole key; nil for a file
	Why   string
}

// Error says what was met, by which rule, and what to do next.
func (e *CorruptError) Error() string {
	where := e.Table
	if e.Key != nil {
		where = fmt.Sprintf("%s, row %x", e.Table, e.Key)
	}
	return fmt.Sprintf("%v: %s: %s (STO-1); check the disk, then restore this node from a peer's snapshot or a backup",
		ErrCorrupt, where, e.Why)
}

// Unwrap returns ErrCorrupt.
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

func (d *DB) corrupt(key []byte, why string) error {
	return &CorruptError{Table: d.table(key), Key: append([]byte(nil), key...), Why: why}
}
