package relay

import (
	"context"
	"time"

	"ipledger/ledger/tx"
)

// Publication: a lone act goes out at once; of a burst, what came within a few
// milliseconds goes out together.
const (
	batchMax   = 50
	batchPause = 4 * time.Millisecond
	// tick is how often acts that are due again are looked for, and againMax how
	// many are published again each time.
	tick     = 500 * time.Millisecond
	againMax = 1000
	// parkedPauses is how many times as long the pause is for an act that waits
	// for the numbers before it: a flood of gaps must not use up what peers
	// grant this node (P2P-12).
	parkedPauses = 20
)

// publishForEver publishes what is submitted here, and publishes it again until
// it is final.
func (r *Relay) publishForEver(ctx context.Context) {
	again := time.NewTicker(tick)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.publish:
			r.publishNew(ctx)
		case <-again.C:
			r.publishAgain(ctx)
		}
	}
}

func (r *Relay) publishNew(ctx context.Context) {
	for {
		r.mu.Lock()
		n := min(len(r.outbox), batchMax)
		batch := r.outbox[:n:n]
		r.outbox = r.outbox[n:]
		r.mu.Unlock()
		if n == 0 {
			return
		}
		r.send(ctx, batch)
		select {
		case <-ctx.Done():
			return
		case <-time.After(batchPause):
		}
	}
}

// publishAgain offers and publishes the acts submitted here that are not final.
//
// specs/11 RLY-2: An act in the journal MUST be published again every few
// seconds, every minute while it waits for the numbers before it.
func (r *Relay) publishAgain(ctx context.Context) {
	r.sweep()
	due := r.due()
	for _, h := range due {
		r.offerAgain(h)
	}
	for len(due) > 0 && ctx.Err() == nil {
		n := min(len(due), batchMax)
		r.send(ctx, due[:n])
		due = due[n:]
	}
}

func (r *Relay) due() []*held {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*held
	for _, h := range r.owned {
		pause := r.o.Republish
		if h.parked {
			pause *= parkedPauses
		}
		if time.Since(h.published) >= pause {
			if out = append(out, h); len(out) == againMax {
				break
			}
		}
	}
	return out
}

// offerAgain brings an act back into the pool that the pool has dropped, or
// that an older state refused.
func (r *Relay) offerAgain(h *held) {
	r.mu.Lock()
	parked := h.parked
	h.offered = time.Now()
	r.mu.Unlock()
	if h.v.Header().Count > 0 {
		r.offerPart(h)
		return
	}
	if !parked {
		answer, _ := r.o.Pool.Offer(h.v)
		r.mu.Lock()
		if r.held[h.v.ID()] == h && !h.parked && (answer == Later || answer == Full) {
			// No room to wait: it is offered again after the next pause.
			_ = r.park(h)
		}
		r.mu.Unlock()
	}
	r.feed(keyOf(h.v))
}

// send publishes a batch. If nobody hears it, it is due again at the next tick.
func (r *Relay) send(ctx context.Context, batch []*held) {
	raw := make([][]byte, len(batch))
	for i, h := range batch {
		raw[i] = h.v.Raw()
	}
	err := r.o.Carrier.Publish(ctx, raw)
	if err != nil {
		r.o.Log.DebugContext(ctx, "acts were not published; they will be again", "acts", len(batch), "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range batch {
		h.published = time.Now()
		if err != nil {
			h.published = time.Time{}
		}
	}
}

// replay takes up the acts that an earlier process acknowledged.
//
// specs/11 RLY-2: After a restart every act in the journal that is not final
// MUST be taken up again.
func (r *Relay) replay() {
	for id, raw := range r.journal.all() {
		_, final, err := r.o.Chain.Final(id)
		if final {
			r.journal.remove(id)
			continue
		}
		v, bad := r.o.Pool.Verify(raw)
		if bad != nil || err != nil {
			r.o.Log.Error("an act of the journal cannot be taken up", "act", id, "err", bad, "store", err)
			continue
		}
		r.takeUp(v)
	}
	r.sweep()
	r.wake()
}

// takeUp holds an act of the journal, whatever the pool says now: this node may
// be far behind the others.
func (r *Relay) takeUp(v tx.Verified) {
	h := &held{v: v, own: true, settled: make(chan struct{}), since: time.Now()}
	close(h.settled)
	r.mu.Lock()
	r.hold(h)
	r.owned[v.ID()] = h
	r.outbox = append(r.outbox, h)
	r.mu.Unlock()
	r.offerAgain(h)
}
