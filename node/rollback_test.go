package node

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ipledger/node/engine"
)

// TestRollback_ENG16 takes a validator back by two blocks: each time ledger and
// engine are level, and afterwards it fetches from the others what it lost. All
// stop meanwhile: an engine that stops lets go of a connection made in that
// moment only when its process ends, and these are all one process.
func TestRollback_ENG16(t *testing.T) {
	n := newTestnet(t, 4, 0, 1, 1).startAll()
	id := n.submit(0, n.world.Open(0, 0, 0, "taken back by one"))
	at := n.wait(3, id)
	head := func(i int) uint64 { return n.nodes[i].node.View().Head.Height }
	n.eventually(10*time.Second, "two blocks more", func() bool { return head(3) > at+1 })
	for i := range n.nodes {
		n.end(i)
	}
	last := head(3)
	cfg := n.nodes[3].cfg
	for back := uint64(1); back <= 2; back++ {
		at, err := Rollback(cfg, nil)
		n.must(err)
		if at != last-back {
			t.Fatalf("height %d after %d rollbacks from %d", at, back, last)
		}
	}
	n.startAll()
	n.eventually(60*time.Second, "the node to come level", func() bool { return head(3) > last && head(3)+2 >= head(0) })
	if n.wait(3, id) != at {
		t.Error("the act is at another height")
	}
}

// TestRollback_ENG13 takes back a ledger that is ahead of its engine.
func TestRollback_ENG13(t *testing.T) {
	n := newTestnet(t, 1, 0, 1, 1)
	n.start(0)
	n.eventually(10*time.Second, "a block", func() bool { return n.nodes[0].node.View().Head.Height >= 2 })
	n.end(0)
	cfg := n.nodes[0].cfg
	n.must(os.RemoveAll(filepath.Join(cfg.Home, "data", "engine.db")))
	if _, err := New(cfg, nil); !errors.Is(err, engine.ErrAhead) {
		t.Fatalf("got %v, want ErrAhead", err)
	}
	at, err := Rollback(cfg, nil)
	n.must(err)
	if at != 0 {
		t.Fatalf("height %d, the engine has none", at)
	}
	n.start(0)
	if got := n.nodes[0].node.View().Head.Height; got != 0 {
		t.Errorf("the node starts at height %d", got)
	}
}
