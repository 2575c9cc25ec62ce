package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

// UndoneMax bounds the changes that StateAt takes back, ten seconds' work. From
// the second time on a way back takes a second (milestones).
const UndoneMax = 1_000_000

// ErrTooFar reports a height that too many changes or blocks lie above.
var ErrTooFar = errors.New("store: too far back")

// StateAt is the state after the block at height, made from the nearest one above
// that is in memory by taking back what the blocks between changed, and checked
// against that block's root. It takes about 10 microseconds a change: let few run
// at a time. ErrNotFound for a height beyond the head or before the base;
// ErrTooFar beyond UndoneMax changes.
func (s *Store) StateAt(ctx context.Context, height uint64) (tree.State, Meta, error) {
	s.mu.Lock()
	head, ready := milestone{s.head.Height, s.state}, s.ready
	s.mu.Unlock()
	if !ready {
		return tree.State{}, Meta{}, errors.Join(ErrNotReady, s.db.Healthy())
	}
	var m Meta
	var state tree.State
	err := s.db.View(func(t *sealed.Txn) (err error) {
		if err := inRange(t, height); err != nil {
			return err
		}
		if m, err = readMeta(t, height); err != nil {
			return err
		}
		state, err = s.takeBack(ctx, t, s.milestones.over(height, head), m)
		return err
	})
	if err != nil {
		return tree.State{}, Meta{}, err
	}
	return state, m, nil
}

// wayBack is a state on its way to an older height.
type wayBack struct {
	s      *Store
	t      *sealed.Txn
	at     milestone           // what was last made
	height uint64              // of the rows last taken
	old    map[tree.Key][]byte // what the blocks above that height replaced first
	undone int
}

// takeBack goes from one state back to that after the block of to.
func (s *Store) takeBack(ctx context.Context, t *sealed.Txn, from milestone, to Meta) (tree.State, error) {
	w := &wayBack{s: s, t: t, at: from, height: from.height + 1, old: map[tree.Key][]byte{}}
	start := heightKey(tableChanges, from.height+1)
	err := t.Scan(start[:1], start, true, func(r sealed.Row) (bool, error) {
		if heightOf(r.Key) <= to.Height || !r.Live {
			return heightOf(r.Key) > to.Height, ctx.Err()
		}
		return true, errors.Join(ctx.Err(), w.take(r, to.Height))
	})
	if err == nil {
		err = w.make(to)
	}
	return w.at.state, err
}

// take gathers what the changes of a row replaced, and lays a milestone before
// it where enough was gathered of the blocks above.
func (w *wayBack) take(r sealed.Row, to uint64) error {
	changes, err := changesIn(r)
	if err != nil {
		return err
	}
	if w.undone += len(changes); w.undone > UndoneMax {
		return fmt.Errorf("%w: more than %d changes lie above height %d; ask a node or an archive that keeps it", ErrTooFar, UndoneMax, to)
	}
	if h := heightOf(r.Key); h < w.height {
		if err := w.pause(); err != nil {
			return err
		}
		w.height = h
	}
	for _, c := range changes {
		w.old[c.key] = bytes.Clone(c.old)
	}
	return nil
}

// pause lays a milestone below the blocks that were taken back so far.
func (w *wayBack) pause() error {
	if len(w.old) < w.s.o.MilestoneChanges {
		return nil
	}
	m, err := readMeta(w.t, w.height-1)
	if err == nil {
		err = w.make(m)
	}
	if err == nil {
		w.s.milestones.lay(w.at)
	}
	return err
}

// make puts back what was gathered; what comes of it has the root of that height.
//
// specs/09 STO-36: A state of the past MUST have the state root of its block's row.
func (w *wayBack) make(to Meta) error {
	edit := w.at.state.Edit()
	for k, old := range w.old {
		if err := w.undo(edit, k, old); err != nil {
			return err
		}
	}
	clear(w.old)
	w.at = milestone{to.Height, edit.Freeze()}
	if got := w.at.state.Root(); got != to.StateRoot {
		return &RootError{Height: to.Height, Want: to.StateRoot, Got: got}
	}
	return nil
}

// undo puts back what stood at a key, nil for nothing.
func (w *wayBack) undo(edit *tree.Editor, k tree.Key, old []byte) error {
	if old == nil {
		edit.Delete(k)
		return nil
	}
	value, err := w.s.o.Value(k, old)
	if err != nil {
		return corrupt(heightKey(tableChanges, w.height), "the data have no value: "+err.Error())
	}
	edit.Put(tree.Leaf{Key: k, Value: value, Data: old})
	return nil
}
