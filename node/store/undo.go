package store

import (
	"context"
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/node/store/sealed"
)

const (
	// UndoneMax bounds the changes that StateAt takes back, a few seconds' work.
	UndoneMax = 1_000_000
	// RollbackMax bounds the blocks that Rollback takes back: it is the cure
	// for a head that is wrong, not a way through history.
	RollbackMax = 100
)

// ErrTooFar reports a height that too many changes or blocks lie above.
var ErrTooFar = errors.New("store: too far back")

// StateAt is the state after the block at height, made from the present one by
// taking back what the blocks since changed, and checked against that block's
// root. It takes about 10 microseconds a change: let few run at a time.
func (s *Store) StateAt(ctx context.Context, height uint64) (tree.State, Meta, error) {
	s.mu.Lock()
	head, state, ready := s.head, s.state, s.ready
	s.mu.Unlock()
	if !ready {
		return tree.State{}, Meta{}, errors.Join(ErrNotReady, s.db.Healthy())
	}
	var m Meta
	err := s.db.View(func(t *sealed.Txn) (err error) {
		if err := inRange(t, height); err != nil {
			return err
		}
		if m, err = readMeta(t, height); err != nil {
			return err
		}
		state, err = s.takeBack(ctx, t, state, head.Height, m)
		return err
	})
	if err != nil {
		return tree.State{}, Meta{}, err
	}
	return state, m, nil
}

// takeBack goes from the state after the block at from back to that after to.
func (s *Store) takeBack(ctx context.Context, t *sealed.Txn, state tree.State, from uint64, to Meta) (tree.State, error) {
	edit := state.Edit()
	undone := 0
	start := chunkKey(tableChanges, from, ^uint32(0))
	err := t.Scan(start[:1], start, true, func(r sealed.Row) (bool, error) {
		height := heightOf(r.Key[:len(r.Key)-4])
		if height <= to.Height || !r.Live {
			return height > to.Height, ctx.Err()
		}
		keys, err := unchunk(r.Key, r.Data)
		if err != nil {
			return false, err
		}
		if undone += len(keys); undone > UndoneMax {
			return false, fmt.Errorf("%w: more than %d changes lie above height %d; ask an archive", ErrTooFar, UndoneMax, to.Height)
		}
		return true, errors.Join(ctx.Err(), s.undo(t, edit, height, keys))
	})
	if err != nil {
		return tree.State{}, err
	}
	back := edit.Freeze()
	if back.Root() != to.StateRoot {
		return tree.State{}, &RootError{Height: to.Height, Want: to.StateRoot, Got: back.Root()}
	}
	return back, nil
}

// undo puts back what the block at height replaced at keys.
func (s *Store) undo(t *sealed.Txn, edit *tree.Editor, height uint64, keys [][]byte) error {
	for _, raw := range keys {
		k, err := tree.ParseKey(raw)
		if err != nil {
			return corrupt(heightKey(tableChanges, height), err.Error())
		}
		old, err := oldAt(t, k, height)
		if err != nil {
			return err
		}
		if old == nil {
			edit.Delete(k)
			continue
		}
		value, err := s.o.Value(k, old)
		if err != nil {
			return corrupt(historyKey(k, height), "the data have no value: "+err.Error())
		}
		edit.Put(tree.Leaf{Key: k, Value: value, Data: old})
	}
	return nil
}

// oldAt is what the block at height replaced at k, nil if nothing stood there.
func oldAt(t *sealed.Txn, k tree.Key, height uint64) ([]byte, error) {
	key := historyKey(k, height)
	raw, err := t.Get(key)
	if errors.Is(err, sealed.ErrAbsent) {
		return nil, corrupt(key, "the history of a change is missing")
	}
	if err != nil {
		return nil, err
	}
	return decodeOld(sealed.Row{Key: key, Data: raw})
}

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
	for s.head.Height > height {
		if err := s.rollbackOne(); err != nil {
			return tree.State{}, Head{}, fmt.Errorf("roll back block %d: %w", s.head.Height, err)
		}
	}
	return s.state, s.head, nil
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
	s.broken = s.db.Update(func(t *sealed.Txn) error { return s.bury(t, to) })
	if s.broken == nil {
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
		state, err = s.takeBack(context.Background(), t, s.state, s.head.Height, to.Meta)
		return err
	})
	return to, state, err
}

// bury puts back the records that the head changed and lays tombstones over
// its other rows.
func (s *Store) bury(t *sealed.Txn, to Head) error {
	gone := s.head.Meta
	keys, err := changesAt(t, gone.Height)
	if err != nil {
		return err
	}
	for _, k := range keys {
		old, err := oldAt(t, k, gone.Height)
		if err == nil && old == nil {
			err = t.Bury(recordKey(k))
		} else if err == nil {
			err = t.Set(recordKey(k), old)
		}
		if err := errors.Join(err, t.Bury(historyKey(k, gone.Height))); err != nil {
			return err
		}
	}
	rows, err := rowsOf(t, gone)
	if err != nil {
		return err
	}
	for _, key := range rows {
		if err := t.Bury(key); err != nil {
			return err
		}
	}
	return writeHead(t, to)
}

// rowsOf is the keys of a block's rows beside records and history.
func rowsOf(t *sealed.Txn, m Meta) ([][]byte, error) {
	raw, err := list(t, tableActs, m.Height, m.Acts)
	if err != nil {
		return nil, err
	}
	all, err := acts(raw, heightKey(tableActs, m.Height))
	if err != nil {
		return nil, err
	}
	var keys [][]byte
	for _, a := range all {
		keys = append(keys, hashKey(tableIndex, a.ID))
	}
	for _, table := range []byte{tableActs, tableReceipts, tableChanges, tableBlocks, tableFrontier, tableSigned} {
		prefix := heightKey(table, m.Height)
		err = errors.Join(err, t.Scan(prefix, prefix, false, func(r sealed.Row) (bool, error) {
			if r.Live {
				keys = append(keys, append([]byte(nil), r.Key...))
			}
			return true, nil
		}))
	}
	return keys, err
}
