package relay

import (
	"errors"
	"slices"
	"testing"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (h *harness) verified(raw [][]byte) (out []tx.Verified) {
	h.t.Helper()
	for _, r := range raw {
		v, err := h.chain.Verify(r)
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func (h *harness) id(raw []byte) wire.Hash {
	h.t.Helper()
	v, err := tx.Verify(raw, h.chain.salt)
	if err != nil {
		h.t.Fatal(err)
	}
	return v.ID()
}

func (h *harness) offers() []wire.Hash {
	h.chain.mu.Lock()
	defer h.chain.mu.Unlock()
	return slices.Clone(h.chain.offers)
}

// A bundle handed in act by act, in any order, enters the pool whole and in its order.
func TestBundle_RLY8(t *testing.T) {
	h := newHarness(t, 2)
	raw := h.world.Bundle(0, 0, 1, 0)
	acts := h.verified(raw)
	h.submit(raw[2])
	h.submit(raw[0])
	if got := h.offers(); len(got) != 0 {
		t.Fatalf("a part of a bundle was offered: %v", got)
	}
	h.Deliver(acts[1:2]) // the other party's came to another node
	h.eventually("the bundle to be offered", func() bool { return len(h.offers()) == 3 })
	if got := h.offers(); !slices.Equal(got, []wire.Hash{acts[0].ID(), acts[1].ID(), acts[2].ID()}) {
		t.Fatalf("offered as %v", got)
	}
	h.mu.Lock()
	if h.waiting != (load{}) || len(h.bundles) != 0 || len(h.parked) != 0 {
		t.Errorf("the side buffer still has %+v, %d bundles", h.waiting, len(h.bundles))
	}
	h.mu.Unlock()
	h.chain.block(h.Relay)
	if h.Pending(10); len(h.Pending(10)) != 0 {
		t.Error("final acts are held")
	}
}

// Another's act in a place of the bundle does not keep the bundle out, and what
// was submitted here is not put aside for it.
func TestBundleForged_RLY8(t *testing.T) {
	h := newHarness(t, 3)
	raw := h.world.Bundle(0, 0, 1)
	acts := h.verified(raw)
	forged := acts[1].Header()
	forged.Number = 0
	forgery := h.verified([][]byte{h.world.Sign(2, forged, acts[0].Body())})
	head := acts[0].Header()
	other := h.verified([][]byte{h.world.Sign(2, head, acts[1].Body())})
	h.submit(raw[0])
	h.Deliver(other) // in the place of what was submitted here
	h.Deliver(forgery)
	h.eventually("the forged act to wait", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return h.held[forgery[0].ID()] != nil })
	if len(h.offers()) != 0 {
		t.Fatal("a forged bundle was offered")
	}
	h.Deliver(acts[1:])
	h.eventually("the bundle to be offered", func() bool { return len(h.offers()) == 2 })
}

// A bundle waits for numbers before it, for room and for a restart.
func TestBundleWaits_RLY8_RLY2(t *testing.T) {
	h := newHarness(t, 1)
	raw := h.world.Bundle(1, 0, 0)
	h.submit(raw[0])
	h.submit(raw[1])
	if len(h.offers()) != 0 {
		t.Fatal("it was taken before its turn")
	}
	h.stop()
	h.open()
	h.submit(h.act(0, 0, 0))
	h.chain.block(h.Relay)
	h.eventually("the bundle to be offered", func() bool { return len(h.offers()) == 3 })
	h.chain.block(h.Relay)
	for _, v := range h.verified(raw) {
		if _, final, _ := h.chain.Final(v.ID()); !final {
			t.Errorf("act %d is not final", v.Header().Index)
		}
	}
}

func TestBundleRefused_RLY8(t *testing.T) {
	h := newHarness(t, 2)
	raw := h.world.Bundle(0, 0, 1)
	h.submit(raw[0])
	h.chain.mu.Lock()
	h.chain.refuse = tx.Refuse("ADM-6", "account", "it costs 20")
	h.chain.mu.Unlock()
	if _, err := h.Submit(t.Context(), raw[1]); !errors.Is(err, tx.ErrRefused) {
		t.Fatalf("got %v, want the rule that refuses the bundle", err)
	}
}

// A revocation has neither expiry nor number: it is held until it is final.
func TestRevocation_RLY6(t *testing.T) {
	h := newHarness(t, 1)
	raw := h.world.Revoke(0)
	h.chain.mu.Lock()
	h.chain.refuse = nil
	h.chain.committed[laneKey{h.world.Holders[0].ID, 0}] = 5
	h.chain.next[laneKey{h.world.Holders[0].ID, 0}] = 0
	h.chain.mu.Unlock()
	if _, _, verdict := h.Check(raw); verdict != Accept {
		t.Fatalf("got %v for a peer's revocation", verdict)
	}
	id := h.submit(raw)
	h.mu.Lock()
	h.swept = time.Time{}
	h.mu.Unlock()
	h.sweep()
	h.mu.Lock()
	kept := h.held[id] != nil
	h.held[id].since = time.Now().Add(-laneless - time.Second)
	h.swept = time.Time{}
	h.mu.Unlock()
	if !kept {
		t.Fatal("it was given up as expired or superseded")
	}
	h.sweep()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held[id] != nil {
		t.Fatal("it is held for good")
	}
}

// A bundle handed in as a whole is acknowledged as a whole, and takes the places that
// others' acts were put into.
func TestSubmitBundle_RLY1_RLY8(t *testing.T) {
	h := newHarness(t, 3)
	raw := h.world.Bundle(0, 0, 1, 0)
	acts := h.verified(raw)
	forged := acts[1].Header()
	forged.Number = 0
	h.submit(h.world.Sign(2, forged, acts[0].Body())) // by a client, for another's place
	if _, err := h.SubmitBundle(t.Context(), raw[:2]); !isRule(err, "ACT-18") {
		t.Fatalf("a part: %v", err)
	}
	if got := len(h.journal.all()); got != 1 {
		t.Fatalf("%d acts in the journal after a part, want the forged one", got)
	}
	for range 2 { // it may be handed in again
		if got, err := h.SubmitBundle(t.Context(), raw); err != nil || len(got) != 3 {
			t.Fatalf("got %d acts, %v", len(got), err)
		}
	}
	if got := h.offers(); !slices.Equal(got, []wire.Hash{acts[0].ID(), acts[1].ID(), acts[2].ID()}) {
		t.Fatalf("offered as %v", got)
	}
	for _, v := range acts {
		if h.journal.all()[v.ID()] == nil {
			t.Errorf("act %d is not in the journal", v.Header().Index)
		}
	}
	h.eventually("all to be published", func() bool {
		return h.chain.times(raw[0]) > 0 && h.chain.times(raw[1]) > 0 && h.chain.times(raw[2]) > 0
	})
	h.chain.block(h.Relay)
	if _, err := h.SubmitBundle(t.Context(), raw); err != nil {
		t.Errorf("a final bundle handed in again: %v", err)
	}
}

// A bundle that the pool refuses leaves nothing behind.
func TestSubmitBundleRefused_RLY8(t *testing.T) {
	h := newHarness(t, 2)
	raw := h.world.Bundle(0, 0, 1)
	h.chain.mu.Lock()
	h.chain.refuse = tx.Refuse("ADM-6", "account", "it costs 20")
	h.chain.mu.Unlock()
	if _, err := h.SubmitBundle(t.Context(), raw); !isRule(err, "ADM-6") {
		t.Fatalf("got %v, want the rule that refuses the bundle", err)
	}
	h.chain.mu.Lock()
	h.chain.refuse = nil
	h.chain.unwilled = map[wire.Hash]error{h.id(raw[1]): tx.Refuse("ADM-3", "signatures", "another's key")}
	h.chain.mu.Unlock()
	other := h.world.Bundle(5, 0, 1)
	h.chain.mu.Lock()
	h.chain.unwilled[h.id(other[1])] = tx.Refuse("ADM-3", "signatures", "another's key")
	h.chain.mu.Unlock()
	if _, err := h.SubmitBundle(t.Context(), other); !isRule(err, "ADM-3") {
		t.Fatalf("got %v, want the rule that refuses its second act", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.held) != 0 || len(h.bundles) != 0 || h.waiting != (load{}) || len(h.journal.all()) != 0 {
		t.Errorf("left behind: %d held, %d bundles, %+v, %d in the journal", len(h.held), len(h.bundles), h.waiting, len(h.journal.all()))
	}
}

// A bundle of which a part never comes is never offered, and is given up when its
// time is over.
func TestBundleIncomplete_RLY6_RLY8(t *testing.T) {
	h := newHarness(t, 2)
	raw := h.world.Bundle(0, 0, 1)
	v := h.verified(raw)[0]
	h.submit(raw[0])
	told := make(chan error, 1)
	go func() {
		_, err := h.Wait(t.Context(), v.ID())
		told <- err
	}()
	h.eventually("one to wait", func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.waiters) == 1 })
	for range 3 {
		h.chain.block(h.Relay)
	}
	h.chain.mu.Lock()
	h.chain.now = v.Header().Expires
	h.chain.mu.Unlock()
	h.eventually("it to be given up", func() bool {
		h.chain.block(h.Relay)
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.held) == 0 && len(h.bundles) == 0
	})
	if err := <-told; !errors.Is(err, ErrExpired) {
		t.Errorf("who waited was told %v", err)
	}
	if len(h.offers()) != 0 || len(h.journal.all()) != 0 {
		t.Error("a part of a bundle was offered, or is still in the journal")
	}
}
