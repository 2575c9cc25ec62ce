package store

import (
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

// HistoryMax bounds a page of History.
const HistoryMax = 1_000

// Version is what stood at a key from the block at Height on.
type Version struct {
	Height uint64 // that made it; the base's for what was loaded
	Data   []byte // nil: the key held nothing
}

// Forms of a history row: what stood at the key before the block.
const (
	oldAbsent  = 0x00
	oldPresent = 0x01 // ‖ data
)

func appendOld(out []byte, old *tree.Leaf) []byte {
	if old == nil {
		return append(out, oldAbsent)
	}
	return append(append(out, oldPresent), old.Data...)
}

// decodeOld gives the data in memory of its own, nil for absent.
func decodeOld(row sealed.Row) ([]byte, error) {
	switch {
	case len(row.Data) == 1 && row.Data[0] == oldAbsent:
		return nil, nil
	case len(row.Data) > 0 && row.Data[0] == oldPresent:
		return append([]byte{}, row.Data[1:]...), nil
	}
	return nil, corrupt(row.Key, "the form of the history row has no meaning")
}

// ValueAt is the data at k after the block at height, or nil if the key held
// nothing; ErrNotFound for a height beyond the head or before the base.
func (s *Store) ValueAt(k tree.Key, height uint64) (data []byte, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, height); err != nil {
			return err
		}
		data, err = valueAt(t, k, height)
		return err
	})
	return data, err
}

// valueAt: the first block after height that changed k replaced what stood
// there at height; if there is none it stands there still.
//
// specs/09 STO-16: The data at a key after height h are those of the first
// history row above h, or of the record if there is none.
func valueAt(t *sealed.Txn, k tree.Key, height uint64) (data []byte, err error) {
	found := false
	err = t.Scan(historyPrefix(k), historyKey(k, height+1), false, func(r sealed.Row) (bool, error) {
		if !r.Live {
			return true, nil
		}
		found = true
		data, err = decodeOld(r)
		return false, err
	})
	if found || err != nil {
		return data, err
	}
	data, err = t.Get(recordKey(k))
	if errors.Is(err, sealed.ErrAbsent) {
		return nil, nil
	}
	return data, err
}

// History is what stood at k, newest first: at most limit versions (HistoryMax)
// made by blocks below the height before; 0 stands for no such bound. Go on
// with the last version's height, until a page comes back short.
func (s *Store) History(k tree.Key, before uint64, limit int) (page []Version, err error) {
	limit = min(limit, HistoryMax)
	if limit <= 0 {
		return nil, nil
	}
	err = s.db.View(func(t *sealed.Txn) error {
		base, head, err := bounds(t)
		if err != nil {
			return err
		}
		if before == 0 || before > head {
			before = head + 1
		}
		page, err = history(t, k, base, before, limit)
		return err
	})
	return page, err
}

func history(t *sealed.Txn, k tree.Key, base, before uint64, limit int) ([]Version, error) {
	if before <= base {
		return nil, nil
	}
	data, err := valueAt(t, k, before-1)
	if err != nil {
		return nil, err
	}
	var page []Version
	err = t.Scan(historyPrefix(k), historyKey(k, before-1), true, func(r sealed.Row) (bool, error) {
		if !r.Live {
			return true, nil
		}
		page = append(page, Version{heightOf(r.Key), data})
		data, err = decodeOld(r)
		return len(page) < limit, err
	})
	if err == nil && len(page) < limit && data != nil {
		page = append(page, Version{base, data})
	}
	return page, err
}

// ChangesAt is the keys that the block at height changed, ascending.
func (s *Store) ChangesAt(height uint64) (keys []tree.Key, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, height); err != nil {
			return err
		}
		keys, err = changesAt(t, height)
		return err
	})
	return keys, err
}

func changesAt(t *sealed.Txn, height uint64) ([]tree.Key, error) {
	m, err := readMeta(t, height)
	if err != nil {
		return nil, err
	}
	raw, err := list(t, tableChanges, height, m.Changes)
	if err != nil {
		return nil, err
	}
	keys := make([]tree.Key, len(raw))
	for i, k := range raw {
		if keys[i], err = tree.ParseKey(k); err != nil {
			return nil, corrupt(heightKey(tableChanges, height), err.Error())
		}
	}
	return keys, nil
}

// inRange is ErrNotFound for a height before the base or beyond the head.
func inRange(t *sealed.Txn, height uint64) error {
	base, head, err := bounds(t)
	if err == nil && (height < base || height > head) {
		err = fmt.Errorf("%w: height %d; this node has %d to %d", ErrNotFound, height, base, head)
	}
	return err
}
