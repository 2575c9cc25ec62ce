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
	evidence  bool
}

// law is the ledger's own rules.
type law struct{}

func (law) Apply(a applyArgs) (ledger.Result, error) {
	return ledger.Apply(a.state, a.prev, a.now, a.acts, a.evidence)
}

func (law) Propose(a applyArgs) ([]int, error) {
	return ledger.Propose(a.state, a.prev, a.now, a.acts)
}
