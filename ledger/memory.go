package ledger

import (
	"ipledger/ledger/rpki"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
)

// Memory is what a caller remembers, so that nothing dear is done twice. The zero
// value remembers nothing, and the rules decide alike with any.
type Memory struct {
	// Link MUST answer as rpki.Link does; nil is rpki.Link. It is asked only for
	// evidence whose act is admissible: signed, and paid for.
	Link func(raw []byte, anchors [][]byte) (*rpki.Linked, error)
}

// Apply is the Apply of this package, by one who remembers.
func (m Memory) Apply(s tree.State, prev, now Header, acts []tx.Verified, evidence []Misbehaviour) (Result, error) {
	b, err := m.begin(s, prev, now, len(acts))
	if err != nil {
		return Result{}, err
	}
	for at, seen := 0, 0; at < len(acts); {
		if at >= seen {
			b.near(acts[at:])
			seen = at + nearActs
		}
		n, err := b.next(acts[at:])
		if err != nil {
			return Result{}, &Inadmissible{at + n, err}
		}
		at += n
	}
	return b.end(evidence)
}

// Propose is the Propose of this package, by one who remembers.
func (m Memory) Propose(s tree.State, prev, now Header, candidates []tx.Verified) ([]int, error) {
	b, err := m.begin(s, prev, now, len(candidates))
	if err != nil {
		return nil, err
	}
	var chosen []int
	for at := 0; at < len(candidates) && len(chosen) < BlockActsMax && !b.backlog; {
		n, err := b.next(candidates[at:])
		if err != nil {
			at++
			continue
		}
		for range n {
			chosen = append(chosen, at)
			at++
		}
	}
	return chosen, nil
}
