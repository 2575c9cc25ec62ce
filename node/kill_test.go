package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/node/store"
)

// TestKill_RLY2 acknowledges an act on a full node that knows nobody yet, kills
// the node, and finds the act in a block after its restart.
func TestKill_RLY2(t *testing.T) {
	n := newTestnet(t, 4, 1, 2, 1)
	c := startChild(t, n.nodes[4].cfg)
	raw := n.world.Open(0, 0, 0, "survives a kill")
	c.submit(raw)
	c.kill()
	n.startAll()
	for i := range n.nodes {
		n.wait(i, n.submit(i, raw))
	}
}

// TestKill_ENG13 kills a validator; the others go on, and it comes level when
// it is started again.
func TestKill_ENG13(t *testing.T) {
	n := newTestnet(t, 4, 0, 2, 1)
	c := startChild(t, n.nodes[3].cfg)
	for i := range 3 {
		n.start(i)
	}
	number := uint64(0)
	commit := func() uint64 {
		id := n.submit(0, n.world.Open(0, 0, number, "account "+string(rune('a'+number))))
		number++
		return n.wait(0, id)
	}
	commit()
	n.eventually(20*time.Second, "the fourth to be heard", func() bool { return n.nodes[0].node.Health().EnginePeers == 3 })
	c.kill()
	last := uint64(0)
	for range 3 {
		last = commit()
	}
	n.start(3)
	n.eventually(30*time.Second, "the killed validator to come level", func() bool { return n.nodes[3].node.View().Head.Height >= last })
	want, err := n.nodes[0].node.Store().BlockAt(last)
	n.must(err)
	got, err := n.nodes[3].node.Store().BlockAt(last)
	n.must(err)
	if got.AppHash() != want.AppHash() {
		t.Errorf("application hash %v at height %d, want %v", got.AppHash(), last, want.AppHash())
	}
}

// TestEnd_ENG11 breaks the disk under a validator: the process ends by itself,
// with an error and a report.
func TestEnd_ENG11(t *testing.T) {
	n := newTestnet(t, 1, 0, 2, 1)
	c := startChild(t, n.nodes[0].cfg, childFault+"="+store.StepCommit)
	ended := make(chan int, 1)
	go func() {
		state, _ := c.cmd.Process.Wait()
		ended <- state.ExitCode()
	}()
	select {
	case code := <-ended:
		if code != 1 {
			t.Errorf("exit code %d, want 1", code)
		}
	case <-time.After(patience):
		t.Fatal("the process goes on without a disk")
	}
	reports, err := filepath.Glob(filepath.Join(n.nodes[0].cfg.Home, "crash", "*-Commit.txt"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports: %v, %v", reports, err)
	}
	raw, err := os.ReadFile(reports[0])
	if err != nil || !strings.Contains(string(raw), "the disk breaks") {
		t.Errorf("the report: %s, %v", raw, err)
	}
}
