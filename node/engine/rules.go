package engine

import (
	"ipledger/ledger"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// applyArgs is what ledger.Apply and ledger.Propose are asked.
type applyArgs struct {
	state     tree.State
	prev, now ledger.Header
	acts      []tx.Verified
	evidence  []ledger.Misbehaviour
}

// law is the ledger's own rules.
type law struct{ memory ledger.Memory }

func (l law) Apply(a applyArgs) (ledger.Result, error) {
	return l.memory.Apply(a.state, a.prev, a.now, a.acts, a.evidence)
}

func (l law) Propose(a applyArgs) ([]int, error) {
	return l.memory.Propose(a.state, a.prev, a.now, a.acts)
}
