package engine

import (
	"sync"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// overlay is what the pool knows: the committed state, and what the acts in the
// pool have taken from their authors. A commit empties it, and the engine's
// recheck of the pool fills it again.
type overlay struct {
	mu      sync.Mutex
	check   *ledger.Check
	pending map[wire.Address]int // acts in the pool, by author
}

func newOverlay(v View) (*overlay, error) {
	o := &overlay{}
	return o, o.reset(v)
}

// reset starts anew from a committed state.
//
// The time is this node's clock, not the header's: on an idle chain the last
// header is old, and the next one will say about now.
func (o *overlay) reset(v View) error {
	now := v.Head.header()
	now.Height++
	now.Time = max(now.Time, uint64(time.Now().Unix()))
	check, err := ledger.NewCheck(v.State, now)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.check, o.pending = check, map[wire.Address]int{}
	return nil
}

// next is the number that a lane awaits after what is in the pool.
func (o *overlay) next(author wire.Address, lane uint64) (uint64, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.check.Next(author, lane)
}

// admit takes the act's number and credit, or says why not.
func (o *overlay) admit(v tx.Verified) (Answer, error) {
	h := v.Header()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pending[h.Author] >= PoolAccountMax && !h.Author.IsZero() {
		return Later, tx.Refuse("ENG-5", "account", "it has %d acts in the pool, the most there may be", PoolAccountMax)
	}
	// specs/11 ENG-6: The pool MUST take only an act with the next number of its
	// lane after those it holds; one that cannot apply yet would make blocks for ever.
	if next, ok := o.check.Next(h.Author, h.Lane); ok && h.Number > next {
		return Later, tx.Refuse("ENG-6", "number", "lane %d awaits %d, not %d", h.Lane, next, h.Number)
	}
	if err := o.check.Admit(v); err != nil {
		return Refused, err
	}
	o.pending[h.Author]++
	return Taken, nil
}
