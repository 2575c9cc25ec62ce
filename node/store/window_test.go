package store_test

import (
	"testing"

	"ipledger/node/store"
)

// TestWindow_STO34 comes to each bound of the window, one block before it and
// with it: changes and acts, bytes, blocks.
func TestWindow_STO34(t *testing.T) {
	for _, try := range []struct {
		name            string
		changes, length int
		blocks          uint64 // until the fold
	}{
		{"rows", 1 << 14, 1, 8},
		{"bytes", 16, 250 << 10, 5}, // the first block makes 4 MB, each after it replaces as many
		{"blocks", 1, 1, 1_000},
	} {
		t.Run(try.name, func(t *testing.T) {
			s, c := openAt(t, ""), store.Base{}
			c.Root = c.State.Root()
			must(t, s.Load(c))
			state := c.State
			for height := uint64(1); height <= try.blocks; height++ {
				if s.Folded() != 0 {
					t.Fatalf("a fold before block %d", height)
				}
				edit := state.Edit()
				for i := range try.changes {
					edit.Put(dueLeaf(i, try.length, byte(height%2)))
				}
				b := store.Block{Height: height, ActBearing: true, Changes: edit.Changes()}
				b.State = edit.Freeze()
				if len(b.Changes) != try.changes {
					t.Fatalf("block %d has %d changes", height, len(b.Changes))
				}
				must(t, s.Commit(b))
				state = b.State
			}
			if s.Folded() != try.blocks {
				t.Errorf("folded up to %d after block %d", s.Folded(), try.blocks)
			}
		})
	}
}
