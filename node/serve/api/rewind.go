package api

import (
	"context"
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
)

// RewindMax bounds the records put back for one old state: as many as fifty
// full blocks change, some seconds of work.
const RewindMax = 1 << 20

// Past is what Rewind needs of a store.
type Past interface {
	// ChangesAt is the keys that the block at a height changed.
	ChangesAt(height uint64) ([]tree.Key, error)
	// ValueAt is the data at a key after the block at a height, nil for none.
	ValueAt(k tree.Key, height uint64) ([]byte, error)
}

// Rewind makes the state after the block at a height out of the state after a
// later one, head: what the blocks between changed is put back. A caller
// compares its root with the one it knows of that height. It fails with
// ErrBusy where the blocks between changed more than RewindMax records.
func Rewind(ctx context.Context, s tree.State, head, height uint64, past Past) (tree.State, error) {
	keys := map[tree.Key]struct{}{}
	for h := height + 1; h <= head; h++ {
		changed, err := past.ChangesAt(h)
		if err != nil {
			return tree.State{}, fmt.Errorf("rewind to height %d: changes of %d: %w", height, h, err)
		}
		for _, k := range changed {
			keys[k] = struct{}{}
		}
		if err := ctx.Err(); err != nil || len(keys) > RewindMax {
			return tree.State{}, fmt.Errorf("rewind to height %d, at %d with %d records: %w", height, h, len(keys), ErrBusy)
		}
	}
	e := s.Edit()
	for k := range keys {
		if err := putBack(e, k, height, past); err != nil {
			return tree.State{}, fmt.Errorf("rewind to height %d: %w", height, err)
		}
	}
	return e.Freeze(), nil
}

func putBack(e *tree.Editor, k tree.Key, height uint64, past Past) error {
	data, err := past.ValueAt(k, height)
	if err != nil {
		return fmt.Errorf("%v: %w", k, err)
	}
	if data == nil {
		e.Delete(k)
		return nil
	}
	value, err := record.ValueOfData(k, data)
	if err != nil {
		return err
	}
	e.Put(tree.Leaf{Key: k, Value: value, Data: data})
	return nil
}
