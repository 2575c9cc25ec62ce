package api

import (
	"sync"

	"ipledger/ledger/tree"
)

// followGapMax is how many blocks an index catches up one by one; beyond, it is
// made anew, which takes some seconds for a million folios.
const followGapMax = 1000

// follower keeps an index at the state of a view: made when first asked for, and
// brought along block by block. Whoever asks holds its lock.
type follower struct {
	mu     sync.Mutex
	height uint64
	state  tree.State // that the index speaks of
	made   bool
}

// index is what a follower brings along.
type index interface {
	// fill makes the index of a state anew.
	fill(s tree.State) error
	// move takes what stood at a key out and puts what stands there now in.
	move(k tree.Key, before, now tree.State) error
}

// follow brings the index to the state of v. A reader that comes late, with an
// older view, is served from the newer index: what it lists is read from its
// own view afterwards.
func (x *follower) follow(v View, past Ledger, i index) error {
	if x.made && v.Height <= x.height {
		return nil
	}
	if x.made && v.Height-x.height <= followGapMax {
		return x.catchUp(v, past, i)
	}
	x.made = false
	if err := i.fill(v.State); err != nil {
		return err
	}
	x.height, x.state, x.made = v.Height, v.State, true
	return nil
}

func (x *follower) catchUp(v View, past Ledger, i index) error {
	for h := x.height + 1; h <= v.Height; h++ {
		b, err := past.Block(h)
		if err != nil {
			return err
		}
		for _, k := range b.Changed {
			if err := i.move(k, x.state, v.State); err != nil {
				x.made = false
				return err
			}
		}
	}
	x.height, x.state = v.Height, v.State
	return nil
}
