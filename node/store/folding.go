package store

import (
	"bytes"
	"encoding/binary"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

// folding is a fold under way.
type folding struct {
	s    *Store
	from fold
	to   uint64
	// rows are sealed while those before them are on their way to the disk, each
	// batch a transaction.
	rows chan []sealed.Sealed
	room []byte // for the rows that come next
}

// write writes the beginning, all rows, and the end.
func (f *folding) write(all []folded) error {
	begun := fold{f.from.done, max(f.from.begun, f.to)}
	err := f.update(begun.write)
	f.rows = make(chan []sealed.Sealed, 1)
	go func() {
		defer close(f.rows)
		f.heights(all)
		f.acts(f.s.window.places())
		f.records(all)
	}()
	for rows := range f.rows { // to the end: what seals rows uses the store's slab
		if err == nil {
			err = f.update(func(t *sealed.Txn) error { return putAll(t, rows) })
		}
	}
	if err != nil {
		return err
	}
	return f.end()
}

// update is one transaction of a fold.
func (f *folding) update(put func(*sealed.Txn) error) error {
	if err := f.s.o.Before(StepFold); err != nil {
		return err
	}
	return f.s.db.Update(put)
}

// heights says which blocks changed which keys.
func (f *folding) heights(all []folded) {
	f.s.slab.reset()
	l := listing{slab: &f.s.slab, max: sortedBytes}
	var key [treeKeyBytesMax]byte
	var raw []byte
	for i := range all {
		k := &all[i].first.Key
		raw = raw[:0]
		for _, h := range all[i].heights {
			raw = binary.BigEndian.AppendUint64(raw, h)
		}
		l.add(func() []byte { return sortedKey(tableHeights, f.to, *k) }, k.AppendBytes(key[:0]), raw)
	}
	runs := l.end()
	cut(len(runs), func(i int) int { return len(runs[i].Value) }, func(from, to int) { f.rows <- runs[from:to] })
}

func putAll(t *sealed.Txn, rows []sealed.Sealed) error {
	for _, r := range rows {
		if err := t.Put(r); err != nil {
			return err
		}
	}
	return nil
}

// acts says where each act stands.
func (f *folding) acts(all []actPlace) {
	cut(len(all), func(int) int { return indexBytes }, func(from, to int) {
		rows := make([]sealed.Sealed, 0, to-from)
		for _, a := range all[from:to] {
			key := append(append(f.take(1+len(a.id)), tableIndex), a.id[:]...)
			rows = append(rows, sealed.Seal(f.take(sealed.SealedBytes(placeBytes)), key, a.place.bytes()))
		}
		f.rows <- rows
	})
}

// records is what stands at the keys now. What came and went above the fold has
// no record, unless an earlier fold came so far as to write it.
func (f *folding) records(all []folded) {
	clean := f.from.begun <= f.from.done
	cut(len(all), func(i int) int { return dataBytes(all[i].last.New) }, func(from, to int) {
		rows := make([]sealed.Sealed, 0, to-from)
		for i := range all[from:to] {
			c := &all[from+i]
			if clean && c.first.Old == nil && c.last.New == nil {
				continue
			}
			rows = append(rows, f.record(c.first.Key, c.last.New))
		}
		f.rows <- rows
	})
}

func (f *folding) record(k tree.Key, l *tree.Leaf) sealed.Sealed {
	key := k.AppendBytes(append(f.take(recordKeyBytes), tableRecords))
	if l == nil {
		return sealed.Tomb(key)
	}
	return sealed.Seal(f.take(sealed.SealedBytes(len(l.Data))), key, l.Data)
}

// take is room for n bytes. It is not used again: the database may still read it.
func (f *folding) take(n int) []byte {
	if cap(f.room)-len(f.room) < n {
		f.room = make([]byte, 0, max(n, foldRoom))
	}
	begin := len(f.room)
	f.room = f.room[:begin+n]
	return f.room[begin : begin : begin+n]
}

func putRecord(t *sealed.Txn, k tree.Key, l *tree.Leaf) error {
	if l == nil {
		return t.Bury(recordKey(k))
	}
	return t.Set(recordKey(k), l.Data)
}

func dataBytes(l *tree.Leaf) int {
	if l == nil {
		return 0
	}
	return len(l.Data)
}

// end makes the fold count, and removes the heights of one that was cut short.
func (f *folding) end() error {
	return f.update(func(t *sealed.Txn) error {
		if f.from.begun > f.from.done {
			if err := buryHeights(t, f.from.done+1, f.to); err != nil {
				return err
			}
		}
		return fold{f.to, f.to}.write(t)
	})
}

// buryHeights lays tombstones over the heights of folds from one height to
// below another.
func buryHeights(t *sealed.Txn, from, below uint64) error {
	var keys [][]byte
	err := t.Scan([]byte{tableHeights}, heightKey(tableHeights, from), false, func(r sealed.Row) (bool, error) {
		if heightOf(r.Key) >= below {
			return false, nil
		}
		if r.Live {
			keys = append(keys, bytes.Clone(r.Key))
		}
		return true, nil
	})
	for _, key := range keys {
		if err == nil {
			err = t.Bury(key)
		}
	}
	return err
}

// cut does something to n items in runs that fit a transaction.
func cut(n int, size func(i int) int, do func(from, to int)) {
	for from := 0; from < n; {
		to, bytes := from, 0
		for to < n && to-from < foldRowsMax && (to == from || bytes+size(to) <= foldBatchMax) {
			bytes += size(to)
			to++
		}
		do(from, to)
		from = to
	}
}
