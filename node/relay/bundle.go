package relay

import (
	"context"
	"fmt"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// bundle is the acts of a bundle that are here, by place. They wait in the side
// buffer until all are, and the pool takes them.
type bundle struct {
	acts    map[uint64]*held
	offered bool // someone is offering it
}

// SubmitBundle is Submit for all acts of a bundle, in order: all are taken in, or none.
func (r *Relay) SubmitBundle(ctx context.Context, raw [][]byte) ([]tx.Verified, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	acts, err := r.verifyBundle(raw)
	if err != nil {
		return nil, err
	}
	if done, err := r.allFinal(acts); done || err != nil {
		return acts, err
	}
	if err := r.admitBundle(acts); err != nil {
		if done, _ := r.allFinal(acts); done {
			return acts, nil
		}
		return nil, err
	}
	rows := make([]row, len(acts))
	for i, v := range acts {
		rows[i] = row{rowPut, v.ID(), v.Raw()}
	}
	if err := r.journal.putAll(rows); err != nil {
		return nil, fmt.Errorf("journal bundle %v: %w", acts[0].Header().Bundle, err)
	}
	for _, v := range acts {
		if err := r.own(v.ID()); err != nil {
			return nil, err
		}
	}
	return acts, nil
}

func (r *Relay) verifyBundle(raw [][]byte) ([]tx.Verified, error) {
	if len(raw) > tx.BundleMax {
		return nil, tx.Refuse("ACT-18", "count", "%d acts, a bundle has at most %d", len(raw), tx.BundleMax)
	}
	acts := make([]tx.Verified, len(raw))
	for i := range raw {
		v, err := r.verify(raw[i])
		if err != nil {
			return nil, fmt.Errorf("act %d: %w", i, err)
		}
		acts[i] = v
	}
	return acts, tx.CheckBundle(acts)
}

func (r *Relay) allFinal(acts []tx.Verified) (bool, error) {
	for _, v := range acts {
		if _, final, err := r.finally(v.ID()); !final || err != nil {
			return false, err
		}
	}
	return true, nil
}

// admitBundle admits all acts of a bundle, or lets go of those that nobody
// submitted before.
func (r *Relay) admitBundle(acts []tx.Verified) (err error) {
	for _, v := range acts {
		if err = r.admit(v, true); err != nil {
			break
		}
	}
	if err == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range acts {
		if h := r.held[v.ID()]; h != nil && !h.own {
			r.release(h)
		}
	}
	return err
}

// admitPart keeps an act of a bundle until the bundle is whole, and then offers
// it. An act that makes it whole is answered as the pool answers.
//
// specs/11 RLY-8: Acts of a bundle MUST wait in the side buffer until all are
// there, and be offered together, in their order.
func (r *Relay) admitPart(h *held, own bool) error {
	err := r.o.Pool.Willed(h.v)
	r.mu.Lock()
	if err == nil {
		err = r.gather(h, own)
	}
	if h.err = err; err != nil {
		r.unhold(h)
	}
	close(h.settled)
	r.mu.Unlock()
	if err != nil {
		return err
	}
	return r.feedBundle(h.v.Header().Bundle)
}

// gather puts an act in its place. Whose place is taken by another act, which
// anyone can make, has it, unless that one alone was submitted here: of those
// from the network only one can make the bundle whole. It must be called under mu.
func (r *Relay) gather(h *held, own bool) error {
	head := h.v.Header()
	b := r.bundles[head.Bundle]
	if b != nil && b.acts[head.Index] != nil {
		other := b.acts[head.Index]
		if other.own && !own {
			return tx.Refuse("RLY-8", "index", "another act was submitted here for place %d of its bundle", head.Index)
		}
		r.unpark(other)
		b = r.bundles[head.Bundle]
	}
	if !r.mayWait(h.v) {
		return ErrFull
	}
	if b == nil {
		b = &bundle{acts: map[uint64]*held{}}
		r.bundles[head.Bundle] = b
	}
	b.acts[head.Index] = h
	r.enter(h)
	return nil
}

// leaveBundle takes an act out of its place. It must be called under mu.
func (r *Relay) leaveBundle(h *held) {
	head := h.v.Header()
	b := r.bundles[head.Bundle]
	delete(b.acts, head.Index)
	if len(b.acts) == 0 {
		delete(r.bundles, head.Bundle)
	}
}

// offerPart brings an act back into its bundle, and the bundle into the pool.
func (r *Relay) offerPart(h *held) {
	r.mu.Lock()
	if r.held[h.v.ID()] == h && !h.parked {
		_ = r.gather(h, h.own) // no room to wait: it is offered again after the next pause
	}
	r.mu.Unlock()
	_ = r.feedBundle(h.v.Header().Bundle)
}

// feedBundle offers a bundle that is whole to the pool. The error says that it
// was refused.
func (r *Relay) feedBundle(id wire.Hash) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, parts, acts := r.whole(id)
	if b == nil {
		return nil
	}
	b.offered = true
	r.mu.Unlock()
	answer, err := r.o.Pool.OfferBundle(acts)
	r.mu.Lock()
	b.offered = false
	if answer == Later || answer == Full {
		return nil
	}
	for _, h := range parts {
		if r.held[h.v.ID()] == h {
			r.unpark(h)
		}
		if answer == Refused {
			r.drop(h, err)
		}
	}
	if answer == Refused {
		return fmt.Errorf("its bundle: %w", err)
	}
	return nil
}

// whole gives a bundle's acts in order if all are here, they are the bundle, and
// nobody is offering it. It must be called under mu.
func (r *Relay) whole(id wire.Hash) (*bundle, []*held, []tx.Verified) {
	b := r.bundles[id]
	if b == nil || b.offered || r.closed {
		return nil, nil, nil
	}
	var parts []*held
	var acts []tx.Verified
	for i := range uint64(len(b.acts)) {
		h := b.acts[i]
		if h == nil {
			return nil, nil, nil
		}
		parts, acts = append(parts, h), append(acts, h.v)
	}
	if tx.CheckBundle(acts) != nil {
		return nil, nil, nil
	}
	return b, parts, acts
}
