package store

import (
	"errors"
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// CheckedBlocks is how many of the last blocks State reads whole: far more than
// a crash can have touched, and seconds at the most.
const CheckedBlocks = 100

// progressEvery is how many records pass between two calls of Progress.
const progressEvery = 50_000

// State reads the whole state, and checks it as specs/09 "Start" demands: the
// head against HEAD, the last blocks, each record, and the root of all. It is
// ErrEmpty if no state has been loaded. Only after it may blocks be committed.
//
// A refusal is a *CorruptError, *AnchorError or *RootError, which says what to
// do. Nothing is repaired but one thing: HEAD, if it is one block behind.
func (s *Store) State() (tree.State, Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return tree.State{}, Head{}, fmt.Errorf("an earlier commit failed, start again: %w", s.broken)
	}
	head, state, err := s.readDisk()
	if err != nil {
		return tree.State{}, Head{}, err
	}
	s.head, s.state, s.ready = head, state, true
	return state, head, nil
}

func (s *Store) readDisk() (head Head, state tree.State, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		head, err = readHead(t)
		return orEmpty(err)
	})
	if err != nil && !errors.Is(err, ErrEmpty) {
		return Head{}, tree.State{}, err
	}
	if err := s.checkAnchor(head.Meta, err != nil); err != nil {
		return Head{}, tree.State{}, err
	}
	if err != nil {
		return Head{}, tree.State{}, err
	}
	err = s.db.View(func(t *sealed.Txn) error {
		if err := s.checkBlocks(t, head.Meta); err != nil {
			return err
		}
		w, err := readWindow(t)
		if err != nil {
			return err
		}
		s.window.become(w, true)
		state, err = s.readState(t, head.Meta)
		return err
	})
	return head, state, err
}

// checkAnchor compares HEAD with the head of the database, which may be empty.
//
// specs/09 STO-18: HEAD MUST name the database's head or, after a crash between
// the two writes, the block before it; anything else MUST be refused.
func (s *Store) checkAnchor(m Meta, empty bool) error {
	a, ok, err := s.anchor.read()
	if err != nil {
		return err
	}
	refuse := func(why string) error { return &AnchorError{Anchor: a.height, Head: m.Height, Why: why} }
	switch {
	case empty && ok:
		return refuse("the database has lost its state")
	case empty:
		return nil
	case !ok && m.Previous.IsZero():
		// The base was loaded and the crash came before HEAD.
	case !ok:
		return refuse("HEAD is missing")
	case a == anchorOf(m):
		return nil
	case a.height+1 == m.Height && a.block == m.Previous:
		// specs/09 STO-19: HEAD one block behind MUST be brought level.
	case a.height > m.Height:
		return refuse("the database has lost acknowledged blocks")
	default:
		return refuse("HEAD names a block that is not the database's")
	}
	s.o.Log.Info("the last stop came between a commit and HEAD; HEAD is brought level", "height", m.Height)
	return s.anchor.write(anchorOf(m))
}

// checkBlocks reads the last blocks whole, newest first.
//
// specs/09 STO-20: The last 100 blocks MUST be there without a gap, each naming
// the one before, with the lists that their rows name.
func (s *Store) checkBlocks(t *sealed.Txn, m Meta) error {
	base, head, err := bounds(t)
	if err != nil {
		return err
	}
	all := min(CheckedBlocks, head-base)
	for done := range all {
		if err := checkLists(t, m); err != nil {
			return err
		}
		previous, err := readMeta(t, m.Height-1)
		if err != nil {
			return err
		}
		if previous.digest() != m.Previous {
			return corrupt(heightKey(tableBlocks, m.Height-1), "the row is not the one that the next block names")
		}
		m = previous
		s.o.Progress("check blocks", done+1, all)
	}
	return nil
}

// checkLists compares a block's lists with its row.
func checkLists(t *sealed.Txn, m Meta) error {
	var digests []wire.Hash
	for _, table := range []byte{tableActs, tableReceipts, tableChanges} {
		prefix := heightKey(table, m.Height)
		err := t.Scan(prefix, prefix, false, func(r sealed.Row) (bool, error) {
			if r.Live {
				digests = append(digests, sealed.Digest(r.Key, r.Data))
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	if bodyHash(digests) != m.Body {
		return corrupt(heightKey(tableBlocks, m.Height), "the block's lists are not those that its row names")
	}
	return nil
}

// readState builds the state of all records, and over them what the blocks above
// the fold made.
//
// specs/09 STO-17: At start the tree of all records, and over them the changes
// of the blocks above the fold, MUST have the state root of the head.
func (s *Store) readState(t *sealed.Txn, m Meta) (tree.State, error) {
	p, _ := s.window.snapshot()
	var scanErr error
	state, err := tree.Build(func(yield func(tree.Leaf) bool) {
		b := building{s: s, over: merged(p.recent), yield: yield, all: m.Records}
		if scanErr = b.records(t); scanErr == nil {
			scanErr = b.rest()
		}
		s.o.Progress("read records", b.done, m.Records)
	})
	if err := errors.Join(scanErr, err); err != nil {
		return tree.State{}, err
	}
	if state.Root() != m.StateRoot {
		return tree.State{}, &RootError{Height: m.Height, Want: m.StateRoot, Got: state.Root()}
	}
	return state, nil
}

// building merges records with what blocks made since, both in order.
type building struct {
	s         *Store
	over      []folded // not yet shown
	yield     func(tree.Leaf) bool
	stopped   bool
	done, all uint64
}

func (b *building) records(t *sealed.Txn) error {
	prefix := []byte{tableRecords}
	return t.Scan(prefix, prefix, false, func(r sealed.Row) (bool, error) {
		if !r.Live {
			return true, nil
		}
		k, err := tree.ParseKey(r.Key[1:])
		if err != nil {
			return false, corrupt(r.Key, err.Error())
		}
		if err := b.before(k); err != nil {
			return false, err
		}
		if len(b.over) > 0 && b.over[0].first.Key == k {
			return true, nil // rest or before shows what stands there now
		}
		return !b.stopped, b.show(k, r.Data)
	})
}

// before shows what blocks made at keys before k.
func (b *building) before(k tree.Key) error {
	for len(b.over) > 0 && b.over[0].first.Key.Compare(k) < 0 && !b.stopped {
		if err := b.next(); err != nil {
			return err
		}
	}
	return nil
}

func (b *building) rest() error {
	for len(b.over) > 0 && !b.stopped {
		if err := b.next(); err != nil {
			return err
		}
	}
	return nil
}

func (b *building) next() error {
	c := b.over[0]
	b.over = b.over[1:]
	if c.last.New == nil {
		return nil
	}
	return b.show(c.first.Key, c.last.New.Data)
}

// show gives a leaf to the tree; its data are valid until the next.
func (b *building) show(k tree.Key, data []byte) error {
	value, err := b.s.o.Value(k, data)
	if err != nil {
		return corrupt(recordKey(k), "the data have no value: "+err.Error())
	}
	if b.done++; b.done%progressEvery == 0 {
		b.s.o.Progress("read records", b.done, b.all)
	}
	b.stopped = !b.yield(tree.Leaf{Key: k, Value: value, Data: data})
	return nil
}
