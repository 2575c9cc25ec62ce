package relay

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// TestSubmit_RLY1_RLY2 loses a process after it has acknowledged acts: the next
// one takes up those that are not final, and publishes them until they are.
func TestSubmit_RLY1_RLY2(t *testing.T) {
	h := newHarness(t, 2)
	done, open := h.act(0, 0, 0), h.act(1, 0, 0)
	h.submit(done)
	h.chain.block(h.Relay)
	id := h.submit(open)
	raw, err := os.ReadFile(h.file)
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := parseJournal(raw)
	if err != nil || len(rows) < 2 || rows[len(rows)-1].ID != id {
		t.Fatalf("the acknowledged act is not in the journal: %v, %d rows", err, len(rows))
	}
	// The process is lost with its pool; what it wrote remains.
	h.stop()
	h.chain.pool, h.chain.next = nil, map[laneKey]uint64{keyOf(h.chain.known[string(done)]): 1}
	h.chain.published, h.chain.known = nil, map[string]tx.Verified{}
	h.open()
	h.eventually("the act to be published again and again", func() bool { return h.chain.times(open) >= 3 })
	if h.chain.times(done) != 0 {
		t.Error("a final act is published again")
	}
	h.chain.block(h.Relay)
	if f, ok, _ := h.chain.Final(id); !ok || f.Height != 2 {
		t.Errorf("the act did not come back into the pool: %v, %v", f, ok)
	}
	h.eventually("an empty journal", func() bool { return len(h.journal.all()) == 0 })
	again := h.chain.times(open)
	time.Sleep(700 * time.Millisecond)
	if h.chain.times(open) != again {
		t.Error("an act is published after it is final")
	}
}

// TestPublish_RLY2 publishes where nobody hears, until somebody does.
func TestPublish_RLY2(t *testing.T) {
	h := newHarness(t, 1)
	h.chain.mu.Lock()
	h.chain.offline = true
	h.chain.mu.Unlock()
	raw := h.act(0, 0, 0)
	h.submit(raw)
	h.chain.mu.Lock()
	h.chain.offline = false
	h.chain.mu.Unlock()
	h.eventually("the act to be published", func() bool { return h.chain.times(raw) > 0 })
}

// TestFull_RLY3 counts signature checks while pool and side buffer are full.
func TestFull_RLY3(t *testing.T) {
	h := newHarness(t, 2)
	h.chain.poolMax = 0
	raw, bad := h.act(0, 0, 0), []byte("no act")
	if _, _, verdict := h.Check(raw); verdict != Ignore {
		t.Errorf("a peer's act over the mark: verdict %d, want Ignore", verdict)
	}
	if _, _, verdict := h.Check(bad); verdict != Reject {
		t.Errorf("bad bytes over the mark: verdict %d, want Reject", verdict)
	}
	if h.Wants([][32]byte{{1}}) != nil {
		t.Error("acts are wanted over the mark")
	}
	h.mu.Lock()
	h.load.bytes += heldBytesMax
	h.mu.Unlock()
	h.chain.poolMax = 16
	if _, err := h.Submit(t.Context(), h.act(1, 0, 0)); !errors.Is(err, ErrFull) {
		t.Errorf("an act beyond the bytes of all that are held: %v, want ErrFull", err)
	}
	h.chain.poolMax, h.chain.verified = 0, 0
	h.mu.Lock()
	h.load.bytes -= heldBytesMax
	h.waiting = load{acts: waitingActsMax}
	h.mu.Unlock()
	if _, err := h.Submit(t.Context(), raw); !errors.Is(err, ErrFull) {
		t.Errorf("a client's act: %v, want ErrFull", err)
	}
	if _, err := h.Submit(t.Context(), bad); !errors.Is(err, tx.ErrRefused) {
		t.Errorf("bad bytes: %v, want the rule", err)
	}
	if h.chain.verified != 0 {
		t.Errorf("%d signatures were checked over the mark", h.chain.verified)
	}
	if len(h.journal.all()) != 0 {
		t.Error("a refused act is in the journal")
	}
}

// TestPark_RLY4 fills a lane of the side buffer.
func TestPark_RLY4(t *testing.T) {
	h := newHarness(t, 2)
	h.submit(h.act(0, 0, 5))
	other := h.world.Open(0, 0, 5, "another with the number")
	if _, err := h.Submit(t.Context(), other); !isRule(err, "RLY-4") {
		t.Errorf("a second act with the number: %v, want RLY-4", err)
	}
	h.mu.Lock()
	l := h.lanes[keyOf(h.chain.known[string(other)])]
	for n := uint64(100); len(l.acts) < laneActsMax; n++ {
		l.acts[n] = &held{}
	}
	h.mu.Unlock()
	if _, err := h.Submit(t.Context(), h.act(0, 0, 6)); !errors.Is(err, ErrFull) {
		t.Errorf("an act beyond the lane's bound: %v, want ErrFull", err)
	}
	h.mu.Lock()
	for n := range l.acts {
		if n >= 100 {
			delete(l.acts, n)
		}
	}
	h.waiting.bytes = waitingBytesMax
	h.mu.Unlock()
	if _, err := h.Submit(t.Context(), h.act(1, 0, 6)); !errors.Is(err, ErrFull) {
		t.Errorf("an act beyond the bytes: %v, want ErrFull", err)
	}
	h.mu.Lock()
	h.waiting.bytes = 0
	h.mu.Unlock()
}

// TestPark_share_RLY4: an account that fills its lanes with acts whose turn
// never comes leaves most of the side buffer to others.
func TestPark_share_RLY4(t *testing.T) {
	h := newHarness(t, 2)
	first := h.act(0, 0, 5)
	h.submit(first)
	author := keyOf(h.chain.known[string(first)]).account
	h.mu.Lock()
	own := h.parked[author]
	h.parked[author] = load{h.share().acts, own.bytes}
	if own.acts != 1 || h.share().acts > waitingActsMax/4 || h.share().bytes > waitingBytesMax/4 {
		t.Errorf("one account has %v, and may have %v", own, h.share())
	}
	h.mu.Unlock()
	if _, err := h.Submit(t.Context(), h.act(0, 0, 7)); !errors.Is(err, ErrFull) {
		t.Errorf("an act beyond its author's share: %v, want ErrFull", err)
	}
	h.mu.Lock()
	h.parked[author] = load{own.acts, h.share().bytes}
	h.mu.Unlock()
	if _, err := h.Submit(t.Context(), h.act(0, 0, 7)); !errors.Is(err, ErrFull) {
		t.Errorf("an act beyond the bytes of its author's share: %v, want ErrFull", err)
	}
	h.submit(h.act(1, 0, 7))
	h.mu.Lock()
	h.waiting.acts = waitingActsMax - 2
	h.mu.Unlock()
	h.submit(h.act(1, 0, 8))
}

func isRule(err error, rule string) bool {
	var r *tx.RuleError
	return errors.As(err, &r) && r.Rule == rule
}

// TestFeed_RLY5 hands in a hundred acts of two lanes backwards, to a pool of
// sixteen: they enter blocks in order.
func TestFeed_RLY5(t *testing.T) {
	h := newHarness(t, 2)
	const n = 50
	want := map[laneKey][]wire.Hash{}
	for i := range 2 {
		for number := uint64(n); number > 0; number-- {
			raw := h.act(i, 3, number-1)
			id := h.submit(raw)
			key := keyOf(h.chain.known[string(raw)])
			want[key] = append([]wire.Hash{id}, want[key]...)
		}
	}
	h.eventually("all to be final", func() bool {
		h.chain.block(h.Relay)
		h.chain.mu.Lock()
		defer h.chain.mu.Unlock()
		return len(h.chain.final) == 2*n
	})
	got := map[laneKey][]wire.Hash{}
	for _, id := range h.chain.offers {
		for _, v := range h.chain.known {
			if v.ID() == id {
				got[keyOf(v)] = append(got[keyOf(v)], id)
			}
		}
	}
	for key := range want {
		if !slices.Equal(got[key], want[key]) {
			t.Errorf("lane %v was not fed in order", key)
		}
	}
	if h.waiting != (load{}) || len(h.lanes) != 0 || len(h.held) != 0 {
		t.Errorf("left behind: %+v, %d lanes, %d held", h.waiting, len(h.lanes), len(h.held))
	}
}

// TestGiveUp_RLY6 waits for acts that cannot become final.
func TestGiveUp_RLY6(t *testing.T) {
	h := newHarness(t, 2)
	late := h.world.OpenUntil(0, 0, 3, "late", h.chain.now+1)
	taken := h.world.Open(1, 0, 2, "taken")
	lateID, takenID := h.submit(late), h.submit(taken)
	errs := make(chan error, 2)
	for _, id := range []wire.Hash{lateID, takenID} {
		go func() {
			_, err := h.Wait(t.Context(), id)
			errs <- err
		}()
	}
	h.eventually("two to wait", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.waiters) == 2
	})
	h.chain.mu.Lock()
	h.chain.now += 10
	h.chain.committed[keyOf(h.chain.known[string(taken)])] = 3
	h.chain.mu.Unlock()
	first, second := <-errs, <-errs
	if both := errors.Join(first, second); !errors.Is(both, ErrExpired) || !errors.Is(both, ErrSuperseded) {
		t.Errorf("got %v and %v", first, second)
	}
	h.eventually("an empty journal", func() bool { return len(h.journal.all()) == 0 })
}

// TestWait tells of acts that become final before, while and never.
func TestWait_of_acts(t *testing.T) {
	h := newHarness(t, 1)
	id := h.submit(h.act(0, 0, 0))
	go func() {
		time.Sleep(20 * time.Millisecond)
		h.chain.block(h.Relay)
	}()
	for range 2 {
		if f, err := h.Wait(t.Context(), id); err != nil || f.Height != 1 || len(f.Receipt) == 0 {
			t.Errorf("got %+v, %v", f, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.Wait(ctx, wire.Hash{9}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an unknown act: %v", err)
	}
	if len(h.waiters) != 0 {
		t.Errorf("%d waiters left behind", len(h.waiters))
	}
}

// TestCheck_RLY7 judges what peers send.
func TestCheck_RLY7(t *testing.T) {
	h := newHarness(t, 2)
	good := h.act(0, 0, 0)
	forged := slices.Clone(h.act(1, 0, 0))
	forged[len(forged)-5] ^= 1
	expired := h.world.OpenUntil(1, 0, 0, "expired", h.chain.now-1)
	for _, c := range []struct {
		name string
		raw  []byte
		want Verdict
	}{
		{"a good act", good, Accept},
		{"a good act again", good, Accept},
		{"a forged act", forged, Reject},
		{"no act", []byte{1, 2, 3}, Reject},
		{"an expired act", expired, Ignore},
	} {
		if _, _, got := h.Check(c.raw); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
	}
	v, id, _ := h.Check(good)
	h.Deliver([]tx.Verified{v})
	h.eventually("the act to be held", func() bool { return len(h.Pending(10)) == 1 })
	if got := h.Acts([][32]byte{id, {1}}); len(got) != 1 || !slices.Equal(got[0], good) {
		t.Errorf("got %d acts", len(got))
	}
	if got := h.Wants([][32]byte{id, {1}}); len(got) != 1 || got[0] != [32]byte{1} {
		t.Errorf("wants %x", got)
	}
	h.chain.block(h.Relay)
	if _, _, verdict := h.Check(good); verdict != Ignore || len(h.Wants([][32]byte{id})) != 0 || len(h.Pending(10)) != 0 {
		t.Errorf("a final act is still wanted: %d", verdict)
	}
	if len(h.journal.all()) != 0 || h.chain.times(good) != 0 {
		t.Error("a peer's act is journalled or published")
	}
}

// TestSubmit_refused tells the client which rule refuses its act.
func TestSubmit_refused(t *testing.T) {
	h := newHarness(t, 1)
	h.chain.refuse = tx.Refuse("ADM-6", "account", "no credit")
	if _, err := h.Submit(t.Context(), h.act(0, 0, 0)); !isRule(err, "ADM-6") {
		t.Errorf("got %v", err)
	}
	if len(h.journal.all()) != 0 || len(h.Pending(1)) != 0 {
		t.Error("a refused act is kept")
	}
}

// TestTake_again lets the pool drop a peer's act in silence: when it is heard
// again it goes back into the pool.
func TestTake_again(t *testing.T) {
	h := newHarness(t, 1)
	raw := h.act(0, 0, 0)
	v, _, _ := h.Check(raw)
	h.Deliver([]tx.Verified{v})
	h.eventually("the act to be in the pool", func() bool { return len(h.Pending(1)) == 1 && h.chain.size() == 1 })
	h.chain.mu.Lock()
	h.chain.pool, h.chain.next = nil, map[laneKey]uint64{}
	h.chain.mu.Unlock()
	h.eventually("the act to be back", func() bool {
		h.Deliver([]tx.Verified{v})
		return h.chain.size() == 1
	})
}

// TestOwn_RLY2 lets an act go while its journal row is being written: it is
// acknowledged only if it is final.
func TestOwn_RLY2(t *testing.T) {
	h := newHarness(t, 1)
	id := wire.Hash{1}
	h.Relay.mu.Lock()
	h.Relay.refused.add(id, ErrSuperseded)
	h.Relay.mu.Unlock()
	if err := h.Relay.own(id); !errors.Is(err, ErrSuperseded) {
		t.Fatalf("got %v for an act that was refused meanwhile", err)
	}
	if err := h.Relay.own(wire.Hash{2}); err == nil {
		t.Fatal("an act that is nowhere was acknowledged")
	}
}

// TestDue_RLY2 publishes what waits for its turn less often than the rest.
func TestDue_RLY2(t *testing.T) {
	h := newHarness(t, 1)
	r, err := New(Options{Journal: t.TempDir() + "/journal", Pool: h.chain, Chain: h.chain, Carrier: h.chain, Republish: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	act := &held{own: true}
	r.held[wire.Hash{1}], r.owned[wire.Hash{1}] = act, act
	for _, c := range []struct {
		what   string
		parked bool
		ago    time.Duration
		due    int
	}{
		{"an act published two pauses ago", false, 2 * time.Minute, 1},
		{"an act published just now", false, time.Second, 0},
		{"one that waits, two pauses ago", true, 2 * time.Minute, 0},
		{"one that waits, long ago", true, parkedPauses * time.Minute, 1},
	} {
		act.parked, act.published = c.parked, time.Now().Add(-c.ago)
		if got := len(r.due()); got != c.due {
			t.Errorf("%s: %d due, want %d", c.what, got, c.due)
		}
	}
}

// TestAdvance_forgets_RLY2 keeps nothing of an act that is final.
func TestAdvance_forgets_RLY2(t *testing.T) {
	h := newHarness(t, 1)
	h.submit(h.act(0, 0, 0))
	count := func() [2]int {
		h.Relay.mu.Lock()
		defer h.Relay.mu.Unlock()
		return [2]int{len(h.held), len(h.owned)}
	}
	if got := count(); got != [2]int{1, 1} {
		t.Errorf("submitted: held and owned %v, want one each", got)
	}
	h.chain.block(h.Relay)
	if got := count(); got != [2]int{} {
		t.Errorf("final: held and owned %v, want none", got)
	}
}
