package relay

import (
	"context"
	"fmt"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Submit takes an act from a client of this node. When it returns nil, the act
// is on this node's disk and will be published until it is final or expired.
// The error is the rule that refuses the act, or ErrFull.
//
// specs/11 RLY-1: An act MUST NOT be acknowledged before it is synced to disk.
func (r *Relay) Submit(ctx context.Context, raw []byte) (tx.Verified, error) {
	if err := ctx.Err(); err != nil {
		return tx.Verified{}, err
	}
	v, err := r.verify(raw)
	if err != nil {
		return tx.Verified{}, err
	}
	if _, final, err := r.finally(v.ID()); final || err != nil {
		return v, err
	}
	if err := r.admit(v, true); err != nil {
		// It may have become final meanwhile, and its number is taken by itself.
		if _, final, _ := r.finally(v.ID()); final {
			return v, nil
		}
		return v, err
	}
	if err := r.journal.put(v.ID(), v.Raw()); err != nil {
		return v, fmt.Errorf("journal act %v: %w", v.ID(), err)
	}
	return v, r.own(v.ID())
}

// verify checks an act that a client sent.
//
// specs/11 RLY-3: While pool and side buffer are over their marks, an act MUST
// be refused before a signature of it is checked.
func (r *Relay) verify(raw []byte) (tx.Verified, error) {
	if v, ok := r.o.Pool.Verified(raw); ok {
		return v, nil
	}
	if r.overMark() {
		if _, err := tx.VerifyForm(raw); err != nil {
			return tx.Verified{}, err
		}
		return tx.Verified{}, ErrFull
	}
	return r.o.Pool.Verify(raw)
}

func (r *Relay) overMark() bool {
	if !r.o.Pool.Full() {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting.over(1, 0)
}

// own marks an act as journalled here and publishes it. If it was let go while
// its row was written, it became final, or was refused and is not acknowledged.
func (r *Relay) own(id wire.Hash) error {
	r.mu.Lock()
	h := r.held[id]
	if h != nil {
		h.own, r.owned[id] = true, h
		r.outbox = append(r.outbox, h)
	}
	r.mu.Unlock()
	if h == nil {
		r.journal.remove(id)
		return r.gone(id)
	}
	r.wake()
	return nil
}

// gone says why an act that is held no more is not acknowledged; nil if it is
// final.
func (r *Relay) gone(id wire.Hash) error {
	if _, final, err := r.finally(id); final || err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if why, ok := r.refused.get(id); ok {
		return why
	}
	return ErrFull
}

func (r *Relay) wake() {
	select {
	case r.publish <- struct{}{}:
	default:
	}
}

// admit offers an act to the pool or parks it. An act that is held already is
// answered as it was the first time.
func (r *Relay) admit(v tx.Verified, own bool) error {
	id := v.ID()
	r.mu.Lock()
	if err := r.mayHold(own); err != nil {
		r.mu.Unlock()
		return err
	}
	if h := r.held[id]; h != nil {
		r.mu.Unlock()
		<-h.settled
		return h.err
	}
	h := &held{v: v, settled: make(chan struct{}), since: time.Now(), offered: time.Now()}
	r.hold(h)
	r.mu.Unlock()
	if v.Header().Count > 0 {
		return r.admitPart(h, own)
	}
	answer, err := r.o.Pool.Offer(v)
	r.settle(h, answer, err)
	r.feed(keyOf(v))
	return h.err
}

// mayHold must be called under mu.
func (r *Relay) mayHold(own bool) error {
	if r.closed {
		return ErrClosed
	}
	if r.load.acts >= heldMax || r.load.bytes >= heldBytesMax || own && r.journal.over() {
		return ErrFull
	}
	return nil
}

// settle does with an act what the pool's answer demands.
func (r *Relay) settle(h *held, answer Answer, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer close(h.settled)
	h.offered = time.Now()
	switch answer {
	case Taken, Known:
		return
	case Later, Full:
		if h.err = r.park(h); h.err == nil {
			return
		}
		h.err = fmt.Errorf("%w (%w)", h.err, err)
	default:
		h.err = err
		r.refused.add(h.v.ID(), err)
	}
	r.unhold(h)
}

// hold counts an act as held, and unhold as held no more. They must be called
// under mu.
func (r *Relay) hold(h *held) {
	r.held[h.v.ID()] = h
	r.load.add(1, h.v.Raw())
}

func (r *Relay) unhold(h *held) {
	if r.held[h.v.ID()] == h {
		delete(r.held, h.v.ID())
		r.load.add(-1, h.v.Raw())
	}
}
