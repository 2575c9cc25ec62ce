package engine

import (
	"sync"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Head is the last block that was applied.
type Head struct {
	Height    uint64
	Time      uint64 // Unix seconds, of the block's header
	Hash      wire.Hash
	StateRoot wire.Hash // after the block
	LogRoot   wire.Hash
	Frontier  chain.Frontier // of the block log
	Bearing   bool           // the block has a leaf in the log
}

// AppHash is what the header after the block says of the ledger.
func (h Head) AppHash() wire.Hash { return chain.AppHash(h.StateRoot, h.LogRoot) }

func (h Head) header() ledger.Header {
	return ledger.Header{Height: h.Height, Time: h.Time, Hash: h.Hash}
}

// View is the state after one block. It never changes; a reader uses one for
// the whole of an answer.
type View struct {
	State tree.State
	Head  Head
}

// views holds the last two and tells subscribers of new ones.
type views struct {
	mu             sync.Mutex
	now, before    View
	subscribers    map[int]chan View
	nextSubscriber int
}

// subscribersMax bounds the readers of one node: one for each protocol it
// serves, and room to spare.
const subscribersMax = 64

func newViews(v View) *views {
	return &views{now: v, before: v, subscribers: map[int]chan View{}}
}

func (v *views) last() (now, before View) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now, v.before
}

// publish makes next the newest view. A subscriber that has not yet taken the
// view before gets the newer one instead of both.
func (v *views) publish(next View) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.before, v.now = v.now, next
	for _, c := range v.subscribers {
		select {
		case <-c:
		default:
		}
		c <- next
	}
}

func (v *views) subscribe() (<-chan View, func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.subscribers) >= subscribersMax {
		panic("engine: too many subscribers; each protocol takes one")
	}
	id, c := v.nextSubscriber, make(chan View, 1)
	v.nextSubscriber++
	v.subscribers[id] = c
	return c, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.subscribers, id)
	}
}

// View is the state after the last applied block.
func (e *Engine) View() View {
	now, _ := e.app.views.last()
	return now
}

// Proven is the newest state that a header tells of, and that header's height:
// Certified(height) proves what the view says. ok is false where there is none
// in memory: before the first block, and for a moment after some restarts.
//
// specs/11 ENG-15: The state after a block MUST be proven by the header after
// it and that header's certificate.
func (e *Engine) Proven() (v View, height uint64, ok bool) {
	now, before := e.app.views.last()
	height = now.Head.Height
	if height > 0 && !now.Head.Bearing {
		// The block changed nothing, so its own header tells of this state.
		return now, height, true
	}
	return before, height, height > 0 && before.Head.Height+1 == height
}

// Subscribe gives each new view, the newest only where the reader was slow: a
// reader that needs every block asks the store for those it missed. Call cancel
// when done.
func (e *Engine) Subscribe() (news <-chan View, cancel func()) { return e.app.views.subscribe() }
