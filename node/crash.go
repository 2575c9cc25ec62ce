package node

import "os"

// CrashVar is the environment variable that makes a node of a test network die
// as if by kill -9, at its first block after the start, between two of the four
// things that a block changes on disk. A network that is not marked test ignores it.
const CrashVar = "IPLEDGERD_TEST_CRASH"

// Values of CrashVar: what is reached, and what is not.
const (
	CrashCommit = "commit" // the engine's block store; not the ledger's commit
	CrashAnchor = "anchor" // the ledger's commit; not the file HEAD
	CrashState  = "state"  // the file HEAD; not the engine's state
)

// plantCrash makes the store's steps a place to die at.
func (n *Node) plantCrash() {
	if n.faults.crash == "" || n.faults.before != nil {
		return
	}
	n.faults.before = func(step string) error {
		n.crashAt(step)
		return nil
	}
}

// crashAt ends the process without a word if it was told to die here. What runs
// before the engine is there, the loading of genesis, is left alone.
func (n *Node) crashAt(step string) {
	if n.faults.crash != step || n.engine == nil || !n.genesis.Test {
		return
	}
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill() // it does not return to a dead process
	}
	select {}
}
