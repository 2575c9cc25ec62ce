package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Bounds of one batch of Load, well within a transaction.
const (
	batchRowsMax  = 20_000
	batchBytesMax = 8 << 20
)

// Base is a whole state to begin with: genesis, at height 0, or a snapshot.
type Base struct {
	Height uint64
	Time   uint64    // unix seconds
	Hash   wire.Hash // of the genesis file, or the header hash of the snapshot's block
	State  tree.State
	// Root is the state root that was promised for State.
	Root     wire.Hash
	LogRoot  wire.Hash
	Frontier []byte
}

// Load writes a base into an empty store, in batches; the head row, written
// last, makes it the store's state. A Load that a crash cut short is repeated
// with the same base. Over a store that has a state it returns ErrLoaded.
//
// specs/09 STO-21: A base MUST be written in batches, the head row last; until
// then the store has no state and the load can be repeated.
func (s *Store) Load(b Base) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.mayLoad(b); err != nil {
		return err
	}
	if err := s.o.checkFree(freeToCommit); err != nil {
		return err
	}
	head := Head{Frontier: b.Frontier, Meta: Meta{
		Height: b.Height, Time: b.Time, HeaderHash: b.Hash, StateRoot: b.Root, LogRoot: b.LogRoot, Records: uint64(b.State.Len()),
	}}
	if err := s.load(b, head); err != nil {
		return fmt.Errorf("load the state of height %d: %w", b.Height, err)
	}
	return nil
}

func (s *Store) load(b Base, head Head) error {
	if err := s.loadRecords(b.State); err != nil {
		return err
	}
	if err := s.o.Before(StepMarker); err != nil {
		return err
	}
	s.window.set(past{fold: fold{b.Height, b.Height}, top: b.Height})
	return s.write(head, b.State, func(t *sealed.Txn) error {
		if err := t.Set(infoKey(infoBase), binary.BigEndian.AppendUint64(nil, b.Height)); err != nil {
			return err
		}
		if err := (fold{b.Height, b.Height}).write(t); err != nil {
			return err
		}
		return writeHead(t, head)
	})
}

// mayLoad checks the base, and notes its root on disk: what an interrupted load
// left behind is overwritten only by the same state.
func (s *Store) mayLoad(b Base) error {
	// specs/09 STO-22: The state MUST have the root that was promised for it.
	if b.State.Root() != b.Root {
		return fmt.Errorf("%w: the base has root %v, %v was promised (STO-22); get the state file again",
			ErrRoot, b.State.Root(), b.Root)
	}
	if len(b.Frontier) > FrontierBytesMax {
		return &LimitError{"bytes of frontier", FrontierBytesMax, len(b.Frontier)}
	}
	if s.broken != nil {
		return fmt.Errorf("an earlier write failed, start again: %w", s.broken)
	}
	a, anchored, err := s.anchor.read()
	if err != nil {
		return err
	}
	return s.db.Update(func(t *sealed.Txn) error {
		if _, err := t.Get(infoKey(infoHead)); !errors.Is(err, sealed.ErrAbsent) {
			return errors.Join(ErrLoaded, err)
		}
		if anchored {
			return &AnchorError{Anchor: a.height, Why: "the database has lost its state; remove the directory before you load another"}
		}
		raw, err := t.Get(infoKey(infoLoading))
		if errors.Is(err, sealed.ErrAbsent) {
			return t.Set(infoKey(infoLoading), b.Root[:])
		}
		if err == nil && string(raw) != string(b.Root[:]) {
			err = fmt.Errorf("%w: the load of another state, root %x, was begun in %s (STO-22); remove that directory and start again",
				ErrRoot, raw, s.o.Dir)
		}
		return err
	})
}

func (s *Store) loadRecords(state tree.State) (err error) {
	all, done := uint64(state.Len()), uint64(0)
	var batch []tree.Leaf
	size := 0
	flush := func() error {
		done += uint64(len(batch))
		err := s.loadBatch(batch)
		batch, size = batch[:0], 0
		s.o.Progress("load", done, all)
		return err
	}
	for subtree := range tree.Subtree(tree.SubtreeCount) {
		root := tree.RootKey(subtree)
		state.Walk(root, func(l tree.Leaf) bool {
			if len(batch) == batchRowsMax || size+len(l.Data) > batchBytesMax {
				err = flush()
			}
			batch, size = append(batch, l), size+len(l.Data)
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	return flush()
}

func (s *Store) loadBatch(batch []tree.Leaf) error {
	if err := s.o.Before(StepBatch); err != nil {
		return err
	}
	return s.db.Update(func(t *sealed.Txn) error {
		for _, l := range batch {
			if err := s.checkLeaf(l); err != nil {
				return err
			}
			if err := t.Set(recordKey(l.Key), l.Data); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkLeaf makes sure that a leaf can be rebuilt from its data.
func (s *Store) checkLeaf(l tree.Leaf) error {
	value, err := s.o.Value(l.Key, l.Data)
	if err == nil && value != l.Value {
		err = errors.New("the value is not that of the data")
	}
	if err != nil {
		return fmt.Errorf("%w: %v: %w (STO-22)", ErrRoot, l.Key, err)
	}
	return nil
}
