package relay

import (
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// A search for acts that can no longer become final comes every sweepEvery, and
// looks up the lanes of at most sweepMax acts, any of those held for longer: a
// look-up costs some microseconds, and most acts are final before it.
const (
	sweepEvery = 2 * time.Second
	sweepMax   = 2000
)

// laneless is for how long an act is held that takes no number: nothing tells
// that a revocation can no longer become final.
const laneless = tx.LifeSecondsMax * time.Second

// FinalAct is an act of a block and what became of it.
type FinalAct struct {
	ID      wire.Hash
	Receipt []byte
}

// Advance tells of a committed block: its acts are final, and there is room for
// others. Blocks are told in order, each once.
func (r *Relay) Advance(height, time uint64, acts []FinalAct) {
	r.mu.Lock()
	r.headAt = max(r.headAt, time)
	var own []wire.Hash
	for _, a := range acts {
		if h := r.held[a.ID]; h != nil {
			if h.own {
				own = append(own, a.ID)
			}
			r.release(h)
		}
		r.final.add(a.ID, Final{height, a.Receipt})
		r.waiters.done(a.ID, Final{height, a.Receipt})
	}
	r.mu.Unlock()
	// specs/11 RLY-2: An act MUST leave the journal only when it is final or can
	// no longer become so.
	for _, id := range own {
		r.journal.remove(id)
	}
	r.sweep()
	r.feedAll()
}

// sweep gives up the acts that have expired, and those whose number was taken.
//
// specs/11 RLY-6: An act MUST be given up, and whoever waits for it told, once
// its expiry is not after the last header's time or its lane has passed its number.
func (r *Relay) sweep() {
	for _, h := range r.suspects() {
		if err := r.hopeless(h); err != nil {
			r.mu.Lock()
			r.drop(h, err)
			r.mu.Unlock()
		}
	}
}

// suspects is the acts that sweep looks at now.
func (r *Relay) suspects() (out []*held) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if now.Sub(r.swept) < sweepEvery {
		return nil
	}
	r.swept = now
	old := 0
	for _, h := range r.held { // in an order that changes, so that each has its turn
		switch {
		case h.v.Until() <= r.headAt:
			out = append(out, h)
		case old < sweepMax && now.Sub(h.since) >= sweepEvery:
			old++
			out = append(out, h)
		}
	}
	return out
}

// hopeless says why an act can no longer become final, or nil.
func (r *Relay) hopeless(h *held) error {
	head := h.v.Header()
	next, now := r.o.Chain.Committed(head.Author, head.Lane)
	var why error
	switch {
	case h.v.Until() <= now || !h.v.Laned() && time.Since(h.since) > laneless:
		why = ErrExpired
	case h.v.Laned() && head.Number < next:
		why = ErrSuperseded
	default:
		return nil
	}
	// An act that was final when it was submitted once more is held again; it
	// leaves in silence.
	if f, final, err := r.finally(h.v.ID()); final || err != nil {
		if final {
			r.settled(h, f)
		}
		return nil
	}
	return why
}

// settled forgets an act that is final.
func (r *Relay) settled(h *held, f Final) {
	id := h.v.ID()
	r.mu.Lock()
	if r.held[id] == h {
		r.release(h)
	}
	r.waiters.done(id, f)
	r.mu.Unlock()
	r.journal.remove(id)
}

// release ends the hold of an act. It must be called under mu.
func (r *Relay) release(h *held) {
	r.unpark(h)
	r.unhold(h)
	delete(r.owned, h.v.ID())
}

// drop forgets an act that is not going to be final. It must be called under
// mu. What was acknowledged here and only refused for now is kept: the state it
// is refused by may be an old one.
func (r *Relay) drop(h *held, why error) {
	id := h.v.ID()
	if r.held[id] != h {
		return
	}
	given := why == ErrExpired || why == ErrSuperseded
	if h.own && !given {
		return
	}
	r.release(h)
	r.refused.add(id, why)
	r.waiters.fail(id, why)
	if h.own {
		r.journal.remove(id)
	}
}
