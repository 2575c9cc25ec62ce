package store

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Bounds of the window: what is above the fold is read again at each start, a
// second's work, and kept in memory. One block more may stand in it.
const (
	foldRows   = 1 << 17 // changes and acts
	foldBytes  = 32 << 20
	foldBlocks = 1_000
)

// past is what a reader of history needs beside the database. It is read only.
type past struct {
	fold  fold
	folds []uint64 // the heights of all folds, ascending
	top   uint64   // the last block that recent knows
	// recent is the blocks above the fold that changed anything, ascending.
	recent []recent
}

// recent is a block above the fold. Of the leaves only the data are used.
type recent struct {
	height  uint64
	changes []tree.Change
	acts    int
}

// window is what the blocks above the fold did: the tables of records, heights
// and acts do not tell of it yet.
type window struct {
	mu     sync.RWMutex
	loaded bool
	past
	rows, bytes int
	acts        map[wire.Hash]place
}

// snapshot is the window as of now.
func (w *window) snapshot() (p past, loaded bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.past, w.loaded
}

func (w *window) act(id wire.Hash) (at place, known, loaded bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	at, known = w.acts[id]
	return at, known, w.loaded
}

// set replaces the window by that of p, without blocks.
func (w *window) set(p past) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.recent = nil
	w.past, w.loaded = p, true
	w.rows, w.bytes, w.acts = 0, 0, map[wire.Hash]place{}
}

// add comes before the block's transaction, so that no reader finds a block in
// the database that is not here.
func (w *window) add(height uint64, acts []wire.Hash, changes []tree.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.top = height
	if len(acts)+len(changes) == 0 {
		return
	}
	for i, id := range acts {
		w.acts[id] = place{height, uint32(i)}
	}
	w.recent = append(w.recent, recent{height, changes, len(acts)})
	w.rows += len(acts) + len(changes)
	w.bytes += changed(changes) + len(changes)*changeOverhead
}

// drop takes the last block out.
func (w *window) drop(acts []Act) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.recent); n > 0 && w.recent[n-1].height == w.top {
		w.recent = slices.Clone(w.recent[:n-1]) // readers may hold the longer one
	}
	for _, a := range acts {
		delete(w.acts, a.ID)
	}
	w.top--
}

// full reports whether it is time to fold.
func (w *window) full(rows int) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.rows >= rows || w.bytes >= foldBytes || len(w.recent) >= foldBlocks
}

// at is what a block changed at k, nil if nothing.
func (r *recent) at(k tree.Key) *tree.Change {
	i, ok := slices.BinarySearchFunc(r.changes, k, func(c tree.Change, k tree.Key) int { return c.Key.Compare(k) })
	if !ok {
		return nil
	}
	return &r.changes[i]
}

// fold is how far the tables of records, heights and acts tell of the blocks.
type fold struct {
	done  uint64 // they tell of all up to this height
	begun uint64 // they may tell of some up to this one: a fold was cut short, or taken back
}

func (f fold) write(t *sealed.Txn) error {
	return t.Set(infoKey(infoFold), binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, f.done), f.begun))
}

func readFold(t *sealed.Txn) (f fold, err error) {
	key := infoKey(infoFold)
	raw, err := t.Get(key)
	if errors.Is(err, sealed.ErrAbsent) || err == nil && len(raw) != 16 {
		return fold{}, corrupt(key, "the row of the fold has not two heights")
	}
	if err != nil {
		return fold{}, err
	}
	return fold{binary.BigEndian.Uint64(raw), binary.BigEndian.Uint64(raw[8:])}, nil
}

// loadWindow reads the window for who reads before State has.
func (s *Store) loadWindow() error {
	return s.db.View(func(t *sealed.Txn) error {
		fresh, err := readWindow(t)
		if err == nil {
			s.window.become(fresh, false)
		}
		return err
	})
}

// become takes the place of a window; of one that was loaded only if it must.
func (w *window) become(fresh *window, must bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.loaded || must {
		w.loaded, w.past, w.rows, w.bytes, w.acts = true, fresh.past, fresh.rows, fresh.bytes, fresh.acts
	}
}

// readWindow reads the window from the disk.
func readWindow(t *sealed.Txn) (*window, error) {
	_, head, err := bounds(t)
	if err != nil {
		return nil, err
	}
	p := past{top: head}
	if p.fold, err = readFold(t); err != nil {
		return nil, err
	}
	if p.fold.done > head {
		return nil, corrupt(infoKey(infoFold), "the fold lies beyond the head")
	}
	if p.folds, err = foldsUpTo(t, p.fold.done); err != nil {
		return nil, err
	}
	w := &window{}
	w.set(p)
	return w, w.read(t, head)
}

// foldsUpTo is the heights of the folds that were finished, ascending.
func foldsUpTo(t *sealed.Txn, done uint64) (all []uint64, err error) {
	p := t.Probe([]byte{tableHeights}, true)
	defer p.Close()
	for from := done + 1; ; {
		row, ok, err := p.Find(heightKey(tableHeights, from))
		if err != nil || !ok {
			slices.Reverse(all)
			return all, err
		}
		from = heightOf(row.Key)
		all = append(all, from)
	}
}

// read adds the blocks above the fold up to head.
func (w *window) read(t *sealed.Txn, head uint64) error {
	for height := w.fold.done + 1; height <= head; height++ {
		m, err := readMeta(t, height)
		if err != nil {
			return err
		}
		if m.Acts == 0 && m.Changes == 0 {
			continue
		}
		all, err := actsAt(t, m)
		if err != nil {
			return err
		}
		changes, err := changesAt(t, m)
		if err != nil {
			return err
		}
		w.add(height, ids(all), leaves(changes))
	}
	w.top = head
	return nil
}

// leaves are changes as a block gives them, without the leaves' values.
func leaves(changes []change) []tree.Change {
	out := make([]tree.Change, len(changes))
	leaf := func(k tree.Key, data []byte) *tree.Leaf {
		if data == nil {
			return nil
		}
		return &tree.Leaf{Key: k, Data: data}
	}
	for i, c := range changes {
		out[i] = tree.Change{Key: c.key, Old: leaf(c.key, c.old), New: leaf(c.key, c.new)}
	}
	return out
}

// viewPast runs f over one moment of the database and of the window.
func (s *Store) viewPast(f func(*reader) error) error {
	for {
		// The window comes first: a fold after it leaves the snapshot that
		// follows with all that the window has, and more.
		p, loaded := s.window.snapshot()
		late := false
		if !loaded {
			if err := s.loadWindow(); err != nil {
				return err
			}
			continue
		}
		err := s.db.View(func(t *sealed.Txn) error {
			base, head, err := bounds(t)
			if late = head > p.top; err != nil || late {
				return err
			}
			r := &reader{t: t, past: p, base: base, head: head}
			defer r.close()
			return f(r)
		})
		if err != nil || !late {
			return err
		}
	}
}
