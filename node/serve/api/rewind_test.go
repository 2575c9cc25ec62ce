package api

import (
	"context"
	"errors"
	"testing"

	"ipledger/ledger/tree"
)

// past is a world as a store that keeps history tells it.
type past struct{ *world }

func (p past) ChangesAt(height uint64) ([]tree.Key, error) {
	b, err := p.Block(height)
	return b.Changed, err
}

func (p past) ValueAt(k tree.Key, height uint64) ([]byte, error) {
	leaf, ok := p.views[height].State.Get(k)
	if !ok {
		return nil, nil
	}
	return leaf.Data, nil
}

func TestRewind_givesEveryOldState(t *testing.T) {
	w, _, _, _ := busy(t)
	head := w.View()
	for height, v := range w.views {
		got, err := Rewind(t.Context(), head.State, head.Height, uint64(height), past{w})
		if err != nil || got.Root() != v.State.Root() || got.Len() != v.State.Len() {
			t.Errorf("height %d: root %v of %d, want %v of %d, %v", height, got.Root(), got.Len(), v.State.Root(), v.State.Len(), err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Rewind(ended, head.State, head.Height, 0, past{w}); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want %v", err, ErrBusy)
	}
}
