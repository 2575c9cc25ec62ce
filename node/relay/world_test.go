package relay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/internal/tiny"
)

// chainlet is a pool, a chain and a network in one: acts enter blocks when the
// test says so. It stands for the engine, whose own tests are elsewhere.
type chainlet struct {
	salt wire.Hash

	mu        sync.Mutex
	now       uint64
	height    uint64
	poolMax   int
	pool      []tx.Verified
	next      map[laneKey]uint64 // after what the pool holds
	committed map[laneKey]uint64
	final     map[wire.Hash]Final
	known     map[string]tx.Verified
	verified  int // signature checks
	refuse    error
	unwilled  map[wire.Hash]error // acts that are not their authors'
	offers    []wire.Hash         // that were taken, in order
	published [][]byte
	offline   bool
}

func newChainlet(salt wire.Hash) *chainlet {
	return &chainlet{salt: salt, poolMax: 16, now: uint64(time.Now().Unix()), next: map[laneKey]uint64{},
		committed: map[laneKey]uint64{}, final: map[wire.Hash]Final{}, known: map[string]tx.Verified{}}
}

func (c *chainlet) Full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pool) >= c.poolMax
}

func (c *chainlet) Offer(v tx.Verified) (Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key, number := keyOf(v), v.Header().Number
	switch {
	case c.refuse != nil:
		return Refused, c.refuse
	case slices.ContainsFunc(c.pool, func(p tx.Verified) bool { return p.ID() == v.ID() }):
		return Known, nil
	case len(c.pool) >= c.poolMax:
		return Full, errors.New("full")
	case number > c.next[key]:
		return Later, errors.New("later")
	case number < c.next[key]:
		return Refused, tx.Refuse("ADM-4", "number", "taken")
	}
	c.pool = append(c.pool, v)
	c.next[key]++
	c.offers = append(c.offers, v.ID())
	return Taken, nil
}

func (c *chainlet) OfferBundle(acts []tx.Verified) (Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		return Refused, c.refuse
	}
	if len(c.pool)+len(acts) > c.poolMax {
		return Full, errors.New("full")
	}
	next := maps.Clone(c.next)
	for _, v := range acts {
		if v.Header().Number > next[keyOf(v)] {
			return Later, errors.New("later")
		}
		next[keyOf(v)]++
	}
	c.next = next
	for _, v := range acts {
		c.offers = append(c.offers, v.ID())
	}
	c.pool = append(c.pool, acts...)
	return Taken, nil
}

func (c *chainlet) Willed(v tx.Verified) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unwilled[v.ID()]
}

func (c *chainlet) Next(account wire.Address, lane uint64) (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next[laneKey{account, lane}], true
}

func (c *chainlet) Verified(raw []byte) (tx.Verified, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.known[string(raw)]
	return v, ok
}

func (c *chainlet) Verify(raw []byte) (tx.Verified, error) {
	if v, ok := c.Verified(raw); ok {
		return v, nil
	}
	v, err := tx.Verify(raw, c.salt)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.verified++
	if err == nil {
		c.known[string(raw)] = v
	}
	return v, err
}

func (c *chainlet) Final(id wire.Hash) (Final, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.final[id]
	return f, ok, nil
}

func (c *chainlet) Committed(account wire.Address, lane uint64) (next, now uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.committed[laneKey{account, lane}], c.now
}

var errNobody = errors.New("nobody hears")

func (c *chainlet) Publish(_ context.Context, acts [][]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.offline {
		return errNobody
	}
	c.published = append(c.published, acts...)
	return nil
}

func (c *chainlet) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pool)
}

func (c *chainlet) times(raw []byte) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.published {
		if string(p) == string(raw) {
			n++
		}
	}
	return n
}

// block makes the pool final and tells the relay.
func (c *chainlet) block(r *Relay) {
	c.mu.Lock()
	c.height++
	c.now++
	var acts []FinalAct
	for _, v := range c.pool {
		receipt := []byte{byte(c.height)}
		c.final[v.ID()] = Final{c.height, receipt}
		c.committed[keyOf(v)]++
		acts = append(acts, FinalAct{v.ID(), receipt})
	}
	c.pool = nil
	height, now := c.height, c.now
	c.mu.Unlock()
	r.Advance(height, now, acts)
}

// harness is a relay over a chainlet, with a journal that can be opened again.
type harness struct {
	t     *testing.T
	world *tiny.World
	chain *chainlet
	file  string
	*Relay
	stop func()
}

func newHarness(t *testing.T, holders int) *harness {
	w, err := tiny.New([][32]byte{{0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
		0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66}}, holders, 15)
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{t: t, world: w, chain: newChainlet(w.Hash), file: filepath.Join(t.TempDir(), "journal")}
	h.open()
	t.Cleanup(func() { h.stop() })
	return h
}

func (h *harness) open() {
	h.t.Helper()
	r, err := New(Options{Journal: h.file, Pool: h.chain, Chain: h.chain, Carrier: h.chain, Republish: 100 * time.Millisecond})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Relay = r
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.Run(ctx)
	}()
	h.stop = sync.OnceFunc(func() {
		cancel()
		<-done
		if err := r.Close(); err != nil {
			h.t.Error(err)
		}
	})
}

func (h *harness) act(i int, lane, number uint64) []byte {
	return h.world.Open(i, lane, number, fmt.Sprintf("a %d %d %d", i, lane, number))
}

func (h *harness) submit(raw []byte) wire.Hash {
	h.t.Helper()
	v, err := h.Submit(h.t.Context(), raw)
	if err != nil {
		h.t.Fatal(err)
	}
	return v.ID()
}

func (h *harness) eventually(what string, done func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	h.t.Fatalf("waited 10 s for %s", what)
}
