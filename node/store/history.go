package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

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

// reader reads the past as of one moment.
type reader struct {
	t *sealed.Txn
	past
	base, head uint64

	heights, changes *sealed.Probe // of those tables, in reverse; nil until used
}

func (r *reader) close() {
	for _, p := range []*sealed.Probe{r.heights, r.changes} {
		if p != nil {
			p.Close()
		}
	}
}

// inRange is ErrNotFound for a height before the base or beyond the head.
func (r *reader) inRange(height uint64) error { return within(r.base, r.head, height) }

func within(base, head, height uint64) error {
	if height < base || height > head {
		return fmt.Errorf("%w: height %d; this node has %d to %d", ErrNotFound, height, base, head)
	}
	return nil
}

// ValueAt is the data at k after the block at height, or nil if the key held
// nothing; ErrNotFound for a height beyond the head or before the base.
func (s *Store) ValueAt(k tree.Key, height uint64) (data []byte, err error) {
	err = s.viewPast(func(r *reader) error {
		if err := r.inRange(height); err != nil {
			return err
		}
		data, err = r.valueAt(k, height)
		return err
	})
	return data, err
}

// valueAt: the first block after height that changed k replaced what stood
// there at height; if there is none, it is what stands there now.
//
// specs/09 STO-16: The data at a key after height h are those that the first
// change of it above h replaced; or else those that the last made; or else the
// record.
func (r *reader) valueAt(k tree.Key, height uint64) ([]byte, error) {
	above, err := r.firstAbove(k, height)
	if err != nil {
		return nil, err
	}
	if above != 0 {
		c, err := r.changeAt(k, above)
		return c.old, err
	}
	for _, b := range slices.Backward(r.recent) {
		if b.height > r.head {
			continue // on its way to the disk
		}
		if c := b.at(k); c != nil {
			return data(c.New), nil
		}
	}
	raw, err := r.t.Get(recordKey(k))
	if errors.Is(err, sealed.ErrAbsent) {
		return nil, nil
	}
	return raw, err
}

// data is a copy of a leaf's data, nil for no leaf.
func data(l *tree.Leaf) []byte {
	if l == nil {
		return nil
	}
	return append([]byte{}, l.Data...)
}

// firstAbove is the height of the first block above a height that changed k, 0
// if there is none.
func (r *reader) firstAbove(k tree.Key, height uint64) (uint64, error) {
	at, _ := slices.BinarySearch(r.folds, height+1)
	for _, f := range r.folds[at:] {
		all, err := r.heightsIn(f, k)
		if err != nil {
			return 0, err
		}
		if i, _ := slices.BinarySearch(all, height+1); i < len(all) {
			return all[i], nil
		}
	}
	for i := range r.recent {
		if b := &r.recent[i]; b.height > height && b.height <= r.head && b.at(k) != nil {
			return b.height, nil
		}
	}
	return 0, nil
}

// heightsIn is the blocks of a fold that changed k, ascending.
func (r *reader) heightsIn(f uint64, k tree.Key) ([]uint64, error) {
	if r.heights == nil {
		r.heights = r.t.Probe([]byte{tableHeights}, true)
	}
	item, err := sortedItem(r.heights, tableHeights, f, k)
	if err != nil || item == nil {
		return nil, err
	}
	_, raw, err := leadingKey(item)
	if err != nil || len(raw)%8 != 0 {
		return nil, corrupt(sortedKey(tableHeights, f, k), "the item is no key with heights")
	}
	out := make([]uint64, len(raw)/8)
	for i := range out {
		out[i] = binary.BigEndian.Uint64(raw[8*i:])
	}
	return out, nil
}

// changeAt is what the block at height, which changed k, did there.
func (r *reader) changeAt(k tree.Key, height uint64) (change, error) {
	if r.changes == nil {
		r.changes = r.t.Probe([]byte{tableChanges}, true)
	}
	item, err := sortedItem(r.changes, tableChanges, height, k)
	if err != nil {
		return change{}, err
	}
	key := sortedKey(tableChanges, height, k)
	if item == nil {
		return change{}, corrupt(key, "a change that its height was noted of is missing")
	}
	c, err := parseChange(item)
	if err != nil {
		return change{}, corrupt(key, err.Error())
	}
	return c, nil
}

// History is what stood at k, newest first: at most limit versions (HistoryMax)
// made by blocks below the height before; 0 stands for no such bound. Go on
// with the last version's height, until a page comes back short.
func (s *Store) History(k tree.Key, before uint64, limit int) (page []Version, err error) {
	limit = min(limit, HistoryMax)
	if limit <= 0 {
		return nil, nil
	}
	err = s.viewPast(func(r *reader) error {
		below := before
		if below == 0 || below > r.head {
			below = r.head + 1
		}
		page, err = r.history(k, below, limit)
		return err
	})
	return page, err
}

func (r *reader) history(k tree.Key, below uint64, limit int) (page []Version, err error) {
	if below <= r.base {
		return nil, nil
	}
	heights, err := r.heightsBelow(k, below, limit)
	if err != nil {
		return nil, err
	}
	for _, h := range heights {
		c, err := r.changeAt(k, h)
		if err != nil {
			return nil, err
		}
		page = append(page, Version{h, bytes.Clone(c.new)})
	}
	if len(page) == limit {
		return page, nil
	}
	data, err := r.valueAt(k, r.base)
	if err == nil && data != nil {
		page = append(page, Version{r.base, data})
	}
	return page, err
}

// heightsBelow is the blocks below a height that changed k, descending, at most
// limit.
func (r *reader) heightsBelow(k tree.Key, below uint64, limit int) (all []uint64, err error) {
	for i := len(r.recent) - 1; i >= 0 && len(all) < limit; i-- {
		if b := &r.recent[i]; b.height < below && b.at(k) != nil {
			all = append(all, b.height)
		}
	}
	for i := len(r.folds) - 1; i >= 0 && len(all) < limit; i-- {
		if i > 0 && r.folds[i-1] >= below-1 {
			continue // all of this fold lies above
		}
		heights, err := r.heightsIn(r.folds[i], k)
		if err != nil {
			return nil, err
		}
		for _, h := range slices.Backward(heights) {
			if h < below && len(all) < limit {
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// ChangesAt is the keys that the block at height changed, ascending.
func (s *Store) ChangesAt(height uint64) (keys []tree.Key, err error) {
	err = s.metaAt(height, func(t *sealed.Txn, m Meta) error {
		all, err := changesAt(t, m)
		for _, c := range all {
			keys = append(keys, c.key)
		}
		return err
	})
	return keys, err
}

func changesAt(t *sealed.Txn, m Meta) ([]change, error) {
	raw, err := list(t, tableChanges, m.Height, m.Changes)
	if err != nil {
		return nil, err
	}
	out := make([]change, len(raw))
	for i, item := range raw {
		if out[i], err = parseChange(item); err != nil {
			return nil, corrupt(heightKey(tableChanges, m.Height), err.Error())
		}
	}
	return out, nil
}

// inRange is ErrNotFound for a height before the base or beyond the head.
func inRange(t *sealed.Txn, height uint64) error {
	base, head, err := bounds(t)
	if err != nil {
		return err
	}
	return within(base, head, height)
}
