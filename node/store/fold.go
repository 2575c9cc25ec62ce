package store

import (
	"bytes"
	"fmt"
	"slices"

	"ipledger/ledger/wire"
)

// Bounds of a transaction of a fold: rows near one another go into Badger's table
// in memory faster than many, and all fit a transaction.
const (
	foldRowsMax  = 5_000
	foldBatchMax = 8 << 20
	// foldRoom is how much memory is taken at a time for rows to be written.
	foldRoom = 256 << 10
)

// Fold brings the tables level with the head now, not when the window is full:
// the next start then has the less to read. Commit folds by itself.
func (s *Store) Fold() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.mayWrite(); err != nil {
		return err
	}
	if err := s.o.checkFree(freeToCommit); err != nil {
		return err
	}
	return s.fold()
}

// fold brings the tables of records, heights and acts level with the head. A
// crash leaves them between, which is no damage: what the blocks above the fold
// did counts before them.
//
// specs/09 STO-33: A fold MUST write the highest height that was begun first,
// then the heights, the index and the records, and MUST end by its own row.
func (s *Store) fold() (err error) {
	defer func() {
		if err != nil {
			s.broken = err
			err = fmt.Errorf("fold up to block %d: %w", s.head.Height, err)
		}
	}()
	p, _ := s.window.snapshot()
	all := merged(p.recent)
	f := folding{s: s, from: p.fold, to: p.top}
	if err := f.write(all); err != nil {
		return err
	}
	if len(all) > 0 {
		p.folds = append(slices.Clip(p.folds), p.top)
	}
	p.fold = fold{p.top, p.top}
	s.window.set(p)
	return nil
}

// actPlace is a row of the index of acts.
type actPlace struct {
	id    wire.Hash
	place place
}

// places is the acts of the window, in the order of their ids.
func (w *window) places() []actPlace {
	w.mu.RLock()
	defer w.mu.RUnlock()
	out := make([]actPlace, 0, len(w.acts))
	for id, p := range w.acts {
		out = append(out, actPlace{id, p})
	}
	slices.SortFunc(out, func(a, b actPlace) int { return bytes.Compare(a.id[:], b.id[:]) })
	return out
}
