package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

// RollbackMax bounds the blocks that Rollback takes back: it is the cure for a
// head that is wrong, not a way through history.
const RollbackMax = 100

// Rollback makes the block at height the head again, block by block, and gives
// its state. What was above is gone. The engine must be rolled back as far.
func (s *Store) Rollback(height uint64) (tree.State, Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.mayWrite(); err != nil {
		return tree.State{}, Head{}, err
	}
	if height > s.head.Height {
		return tree.State{}, Head{}, fmt.Errorf("%w: height %d, the head is %d", ErrNotFound, height, s.head.Height)
	}
	if s.head.Height-height > RollbackMax {
		return tree.State{}, Head{}, fmt.Errorf("%w: %d blocks, at most %d", ErrTooFar, s.head.Height-height, RollbackMax)
	}
	if height < s.head.Height {
		if err := s.unfold(height); err != nil {
			return tree.State{}, Head{}, fmt.Errorf("roll back to block %d: %w", height, err)
		}
	}
	for s.head.Height > height {
		if err := s.rollbackOne(); err != nil {
			return tree.State{}, Head{}, fmt.Errorf("roll back block %d: %w", s.head.Height, err)
		}
	}
	return s.state, s.head, nil
}

// unfold takes back folds beyond height: afterwards the blocks above the fold
// include all that will be taken back. The records stay as they are.
func (s *Store) unfold(height uint64) error {
	p, _ := s.window.snapshot()
	if height >= p.fold.done {
		return nil
	}
	done := uint64(0)
	for _, f := range p.folds {
		if f <= height {
			done = f
		}
	}
	err := s.db.Update(func(t *sealed.Txn) error {
		base, _, err := bounds(t)
		if err != nil {
			return err
		}
		back := fold{max(base, done), p.fold.begun}
		return errors.Join(buryHeights(t, back.done+1, ^uint64(0)), back.write(t))
	})
	if err == nil {
		err = s.db.View(func(t *sealed.Txn) error {
			w, err := readWindow(t)
			if err == nil {
				s.window.become(w, true)
			}
			return err
		})
	}
	if err != nil {
		s.broken = err
	}
	return err
}

// rollbackOne takes back the head.
//
// specs/09 STO-26: HEAD MUST be moved before the rows, so that a crash between
// leaves a database one ahead of HEAD, which is no damage.
func (s *Store) rollbackOne() error {
	to, state, err := s.before()
	if err != nil {
		return err
	}
	if err := s.o.Before(StepAnchor); err != nil {
		s.broken = err
		return err
	}
	if s.broken = s.anchor.write(anchorOf(to.Meta)); s.broken != nil {
		return s.broken
	}
	if s.broken = s.o.Before(StepCommit); s.broken != nil {
		return s.broken
	}
	var gone []Act
	s.broken = s.db.Update(func(t *sealed.Txn) error {
		gone, err = s.bury(t, to)
		return err
	})
	if s.broken == nil {
		s.window.drop(gone)
		s.milestones.cut(to.Height)
		s.head, s.state = to, state
	}
	return s.broken
}

// before is the head and state before the present ones; nothing is written
// unless its root is right.
func (s *Store) before() (to Head, state tree.State, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		if err := inRange(t, s.head.Height-1); err != nil {
			return err
		}
		if to.Meta, err = readMeta(t, s.head.Height-1); err != nil {
			return err
		}
		if to.Frontier, err = readFrontier(t, to.Height); err != nil {
			return err
		}
		state, err = s.takeBack(context.Background(), t, milestone{s.head.Height, s.state}, to.Meta)
		return err
	})
	return to, state, err
}

// bury puts back the records that the head changed, which a fold may have
// written, and lays tombstones over its other rows. It gives the head's acts.
func (s *Store) bury(t *sealed.Txn, to Head) ([]Act, error) {
	gone := s.head.Meta
	changes, err := changesAt(t, gone)
	if err != nil {
		return nil, err
	}
	for _, c := range leaves(changes) {
		if err := putRecord(t, c.Key, c.Old); err != nil {
			return nil, err
		}
	}
	all, err := actsAt(t, gone)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if err := t.Bury(hashKey(tableIndex, a.ID)); err != nil {
			return nil, err
		}
	}
	rows, err := rowsOf(t, gone.Height)
	if err != nil {
		return nil, err
	}
	for _, key := range rows {
		if err := t.Bury(key); err != nil {
			return nil, err
		}
	}
	return all, writeHead(t, to)
}

// rowsOf is the keys of a block's rows beside its acts' places.
func rowsOf(t *sealed.Txn, height uint64) (keys [][]byte, err error) {
	for _, table := range []byte{tableActs, tableReceipts, tableChanges, tableBlocks, tableFrontier, tableSigned} {
		prefix := heightKey(table, height)
		err = errors.Join(err, t.Scan(prefix, prefix, false, func(r sealed.Row) (bool, error) {
			if r.Live {
				keys = append(keys, bytes.Clone(r.Key))
			}
			return true, nil
		}))
	}
	return keys, err
}
