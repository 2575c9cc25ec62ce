package engine

import (
	"time"

	"ipledger/ledger"
)

// pace holds a proposer to what it can pick in time. A round fails when the
// others have waited timeoutPropose in vain, and they wait for more than the
// picking: for this node to have committed the block before, and for the
// proposal to arrive and be judged, all of which takes longer where picking does.
type pace struct{ acts int }

const (
	// paceTime is what picking may take, an eighth of what others wait.
	paceTime = timeoutPropose / 8
	// paceActsMin is what a proposal may hold however slow the machine is. Each
	// block costs several syncs and two rounds of votes whatever it holds, so
	// short blocks would slow a slow machine down further.
	paceActsMin = 1000
)

// most is how many acts the next proposal may hold.
func (p *pace) most() int {
	if p.acts == 0 {
		return ledger.BlockActsMax
	}
	return p.acts
}

// took tells how long it took to pick so many acts. What is slow once may be the
// machine's and not the acts' doing, so it halves the next proposal at most; what
// is fast again doubles it at most.
func (p *pace) took(acts int, time time.Duration) {
	next := 2 * p.most()
	if acts >= paceActsMin && time > 0 {
		next = min(next, int(int64(acts)*int64(paceTime)/int64(time)))
	}
	next = max(next, p.most()/2, paceActsMin)
	p.acts = min(next, ledger.BlockActsMax)
}
