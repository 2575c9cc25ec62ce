package local_test

import (
	"testing"
	"time"

	"ipledger/ledger/tx"
	"ipledger/node"
	"ipledger/testnet/local"
)

// TestCrash kills nodes between each pair of what a block changes on disk: the
// engine's block store, the ledger's commit, the file HEAD, the engine's state.
func TestCrash(t *testing.T) {
	t.Parallel()
	n := start(t, local.Options{Heartbeat: 2, NoGrants: true})
	for _, step := range []string{node.CrashCommit, node.CrashAnchor, node.CrashState} {
		t.Run("one validator at "+step, func(t *testing.T) {
			n := net{n.Network, t}
			n.must(n.Launch(1, node.CrashVar+"="+step))
			n.dies(1)
			n.must(n.Restart(n.soon(), 1))
			n.level()
		})
	}
	for i, step := range []string{node.CrashCommit, node.CrashAnchor, node.CrashState} {
		t.Run("all validators at "+step, func(t *testing.T) { net{n.Network, t}.allCrash(step, i) })
	}
}

func (n net) dies(i int) {
	n.t.Helper()
	select {
	case <-n.Died(i):
	case <-time.After(patience):
		n.t.Fatalf("node %d did not die", i)
	}
}

// allCrash has every validator die over the block that bears an acknowledged
// act, or the one before it.
func (n net) allCrash(step string, number int) {
	for i := range 4 {
		n.must(n.Kill(i))
	}
	act, err := n.Make(n.soon(), full, "kiwi", number, &tx.OriginAuthorise{Resource: parse(n.t, "36.248.0.0/19"), MaxLength: 24, AS: uint64(64600 + number)})
	n.must(err)
	id, err := n.Submit(n.soon(), full, act)
	n.must(err)
	for i := range 4 {
		n.must(n.Launch(i, node.CrashVar+"="+step))
	}
	// Those that die first may leave the others without a block to die over.
	select {
	case <-n.Died(0):
	case <-n.Died(1):
	case <-n.Died(2):
	case <-n.Died(3):
	case <-time.After(patience):
		n.t.Fatal("no validator died")
	}
	time.Sleep(time.Second)
	for i := range 4 {
		n.must(n.Kill(i))
	}
	for i := range 4 {
		n.must(n.Launch(i))
	}
	for i := range 5 {
		if _, err := n.Done(n.soon(), i, id); err != nil {
			n.t.Errorf("node %d: %v", i, err)
		}
	}
	n.level()
}
