package relay

import (
	"context"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Verdict is what Check says of an act that a peer sent.
type Verdict uint8

const (
	Accept Verdict = 1 // good, and passed on
	// Reject: the bytes are bad for everybody, at any time.
	Reject Verdict = 2
	// Ignore: not wanted here and now.
	Ignore Verdict = 3
)

// Check judges an act that a peer sent. It is whole if it is Accepted, and then
// has its id.
//
// specs/11 RLY-7: A peer's act MUST be rejected only for what its bytes alone
// prove, and ignored for what depends on a clock, on state or on room.
func (r *Relay) Check(raw []byte) (v tx.Verified, id wire.Hash, verdict Verdict) {
	v, known := r.o.Pool.Verified(raw)
	if !known {
		var err error
		// specs/11 RLY-3: over the mark the form alone is checked.
		if r.o.Pool.Full() {
			return r.checkForm(raw)
		}
		if v, err = r.o.Pool.Verify(raw); err != nil {
			return tx.Verified{}, wire.Hash{}, Reject
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.Until() <= r.headAt || r.final.has(v.ID()) {
		return v, v.ID(), Ignore
	}
	return v, v.ID(), Accept
}

func (r *Relay) checkForm(raw []byte) (tx.Verified, wire.Hash, Verdict) {
	if _, err := tx.VerifyForm(raw); err != nil {
		return tx.Verified{}, wire.Hash{}, Reject
	}
	return tx.Verified{}, wire.Hash{}, Ignore
}

// Deliver takes acts that Check accepted. It does not wait: what the pool
// cannot take in time is dropped, and comes back by reconciliation.
func (r *Relay) Deliver(acts []tx.Verified) {
	select {
	case r.arrived <- acts:
	default:
	}
}

func (r *Relay) takeForEver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case acts := <-r.arrived:
			for _, v := range acts {
				r.take(v)
			}
		}
	}
}

func (r *Relay) take(v tx.Verified) {
	r.mu.Lock()
	h := r.held[v.ID()]
	known := r.final.has(v.ID()) || r.refused.has(v.ID())
	// The pool drops an act that a block makes inadmissible for a while, and does
	// not tell. When its author's node publishes it again, it is offered again.
	again := h != nil && !h.parked && time.Since(h.offered) >= r.o.Republish
	r.mu.Unlock()
	switch {
	case again:
		r.offerAgain(h)
	case h != nil || known:
	default:
		// A refusal concerns the act's author, who asks the node it was submitted to.
		if err := r.admit(v, false); err != nil {
			r.o.Log.Debug("a peer's act is not taken", "act", v.ID(), "err", err)
		}
	}
}

// Pending is the ids of acts held and not final, at most max.
func (r *Relay) Pending(max int) [][32]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([][32]byte, 0, min(max, len(r.held)))
	for id := range r.held {
		if len(out) == max {
			break
		}
		out = append(out, id)
	}
	return out
}

// Wants is which of ids this node would take.
func (r *Relay) Wants(ids [][32]byte) (out [][32]byte) {
	if r.o.Pool.Full() {
		return nil
	}
	for _, id := range ids {
		if r.wants(id) {
			out = append(out, id)
		}
	}
	return out
}

func (r *Relay) wants(id wire.Hash) bool {
	r.mu.Lock()
	known := r.held[id] != nil || r.refused.has(id) || r.final.has(id)
	r.mu.Unlock()
	if known {
		return false
	}
	_, final, err := r.o.Chain.Final(id)
	return !final && err == nil
}

// Acts is the bytes of those acts that are held.
func (r *Relay) Acts(ids [][32]byte) (out [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if h := r.held[id]; h != nil {
			out = append(out, h.v.Raw())
		}
	}
	return out
}
