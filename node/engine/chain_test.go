package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/tx"
	"ipledger/node/store"
)

// TestNetwork_ENG3_ENG6_ENG10 idles a network of four validators and a full
// node: the chain rests, whatever the pools hold that cannot apply.
func TestNetwork_ENG3_ENG6_ENG10(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 1, 4, 1).startAll()
	first := n.world.Open(0, 0, 0, "first")
	n.offer(first, 0, 1, 2, 3)
	at := n.waitFor(n.idOf(first), 4, 20*time.Second)
	e := n.peers[4].engine
	n.eventually(10*time.Second, "the block after", func() bool { return e.View().Head.Height > at })

	// ENG-6: an act with a gap before it stays out of every pool.
	gap := n.world.Open(1, 0, 1, "after a gap")
	for i := range n.peers {
		if answer, err := n.tryOffer(gap, i); answer != Later || !isRule(err, "ENG-6") {
			t.Fatalf("peer %d: answer %d, %v", i, answer, err)
		}
	}
	// ENG-3: what only a full node's pool holds reaches no validator.
	lonely := n.world.Open(2, 0, 0, "lonely")
	n.offer(lonely, 4)

	before := e.View().Head
	time.Sleep(3 * time.Second) // three heartbeats
	after := e.View().Head
	if blocks := after.Height - before.Height; blocks < 1 || blocks > 4 {
		t.Errorf("%d blocks in three heartbeats, want 1 to 4", blocks)
	}
	if after.AppHash() != before.AppHash() {
		t.Error("idle blocks changed the application hash")
	}
	for h := before.Height + 1; h <= after.Height; h++ {
		if m, err := n.peers[4].store.BlockAt(h); err != nil || m.ActBearing || m.Acts != 0 {
			t.Errorf("block %d is not idle: %+v, %v", h, m, err)
		}
	}
	for i := range 4 {
		if acts, _ := n.peers[i].engine.Pool(); acts != 0 {
			t.Errorf("validator %d has %d acts in its pool", i, acts)
		}
	}
	// What waited applies once the gap is filled.
	n.offer(n.world.Open(1, 0, 0, "the gap"), 0, 1, 2, 3)
	n.eventually(10*time.Second, "room for the act after the gap", func() bool {
		answer, _ := n.tryOffer(gap, 0)
		return answer == Taken || answer == Known
	})
	n.waitFor(n.idOf(gap), 0, 10*time.Second)
}

func isRule(err error, rule string) bool {
	var r *tx.RuleError
	return errors.As(err, &r) && r.Rule == rule
}

// poisoned are rules that break over the acts of one account in one lane.
type poisoned struct {
	law
	lane    uint64
	propose bool // break already when a proposal is made
}

func (p poisoned) Apply(a applyArgs) (ledger.Result, error) {
	p.bite(a.acts)
	return p.law.Apply(a)
}

func (p poisoned) Propose(a applyArgs) ([]int, error) {
	if p.propose {
		p.bite(a.acts)
	}
	return p.law.Propose(a)
}

func (p poisoned) bite(acts []tx.Verified) {
	for _, v := range acts {
		if v.Header().Lane == p.lane {
			panic("planted: an invariant is broken")
		}
	}
}

// TestPoison_ENG9 gives every pool an act over which three of four validators
// panic, and the fourth proposes it: others' acts are committed all the same.
func TestPoison_ENG9(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 0, 4, 1)
	for i, p := range n.peers {
		// Peer 0 does not see the fault until others judge its proposals.
		p.rules = poisoned{lane: 7, propose: true}
		if i == 0 {
			p.rules = law{}
		}
	}
	n.startAll()
	all := []int{0, 1, 2, 3}
	poison := n.world.Open(0, 7, 0, "poison")
	n.offer(poison, all...)
	for number := range uint64(6) {
		raw := n.world.Open(1, 0, number, "good "+string(rune('a'+number)))
		n.offer(raw, all...)
		n.waitFor(n.idOf(raw), 3, 20*time.Second)
	}
	for i, p := range n.peers {
		if err := p.dead(); err != nil {
			t.Errorf("peer %d ended: %v", i, err)
		}
		if _, err := p.store.Act(n.idOf(poison)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("peer %d has the poison act in a block: %v", i, err)
		}
	}
}

// breaking are rules that break over decided blocks only.
type breaking struct{ law }

func (breaking) Apply(a applyArgs) (ledger.Result, error) {
	if len(a.acts) > 0 {
		panic("planted: FinalizeBlock breaks")
	}
	return law{}.Apply(a)
}

// TestFinalize_ENG11 lets a validator alone break over a decided block: it
// reports and ends, writes nothing, and replays the block when it is mended.
func TestFinalize_ENG11(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 1, 2, 1)
	n.peers[4].rules = breaking{}
	n.startAll()
	full := n.peers[4]
	n.eventually(10*time.Second, "the full node to follow", func() bool { return full.engine.View().Head.Height >= 1 })
	raw := n.world.Open(0, 0, 0, "breaks the full node")
	n.offer(raw, 0, 1, 2, 3)
	at := n.waitFor(n.idOf(raw), 0, 20*time.Second)
	n.eventually(10*time.Second, "the end", func() bool { return full.dead() != nil })
	checkReport(t, full, "FinalizeBlock", "planted: FinalizeBlock breaks")
	if h := full.engine.View().Head.Height; h != at-1 {
		t.Errorf("the ledger is at height %d, the block was %d", h, at)
	}
	full.stop()
	full.rules, full.fatal = nil, nil
	n.start(4)
	n.waitFor(n.idOf(raw), 4, 20*time.Second)
}

func checkReport(t *testing.T, p *peer, where, cause string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(p.dir, "crash", "*-"+where+".txt"))
	if err != nil || len(names) != 1 {
		t.Fatalf("crash reports: %v, %v", names, err)
	}
	raw, err := os.ReadFile(names[0])
	if err != nil || !strings.Contains(string(raw), cause) || !strings.Contains(string(raw), "goroutine") {
		t.Errorf("the report says neither cause nor stack: %v\n%s", err, raw)
	}
}

// TestCommit_ENG11_ENG13 breaks the store of a lone validator before and after
// each of its two writes; a restart brings the ledger level.
func TestCommit_ENG11_ENG13(t *testing.T) {
	t.Parallel()
	for _, step := range []string{store.StepCommit, store.StepAnchor} {
		t.Run("at "+step, func(t *testing.T) {
			n := newNetwork(t, 1, 0, 2, 1)
			p := n.peers[0]
			p.before = func(s string) error {
				if s == step && p.store != nil && p.engine != nil && p.engine.View().Head.Height >= 1 {
					return errors.New("planted: the disk breaks")
				}
				return nil
			}
			n.start(0)
			raw := n.world.Open(0, 0, 0, "breaks the disk")
			n.eventually(10*time.Second, "the pool", func() bool {
				answer, _ := n.tryOffer(raw, 0)
				return answer == Taken || answer == Known
			})
			n.eventually(10*time.Second, "the end", func() bool { return p.dead() != nil })
			checkReport(t, p, "Commit", "planted: the disk breaks")
			p.stop()
			p.before, p.fatal = nil, nil
			n.start(0)
			p.engine.app.acts.forget()
			before := p.engine.View().Head.Height
			n.eventually(10*time.Second, "blocks", func() bool { return p.engine.View().Head.Height > before })
		})
	}
}

// forget empties the memory of verified acts, as a restart does.
func (a *acts) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.young, a.old, a.bytes = map[string]tx.Verified{}, map[string]tx.Verified{}, 0
}

// TestAhead_ENG13 gives a node another's engine database, a block behind its
// ledger.
func TestAhead_ENG13(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 1, 0, 1, 1)
	n.start(0)
	p := n.peers[0]
	n.eventually(10*time.Second, "a block", func() bool { return p.engine.View().Head.Height >= 1 })
	p.stop()
	if err := os.RemoveAll(filepath.Join(p.dir, "data", "engine.db")); err != nil {
		t.Fatal(err)
	}
	if err := n.tryStart(0); !errors.Is(err, ErrAhead) || !strings.Contains(err.Error(), "ipledgerd rollback") {
		t.Fatalf("got %v, want ErrAhead and what to do", err)
	}
	p.engine = nil
}

// TestCertified_ENG14_ENG15 checks every certificate of a short chain, and that
// each header tells of the state before it.
func TestCertified_ENG14_ENG15(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 4, 0, 2, 1).startAll()
	raw := n.world.Open(0, 0, 0, "one")
	n.offer(raw, 0, 1, 2, 3)
	at := n.waitFor(n.idOf(raw), 0, 20*time.Second)
	e := n.peers[0].engine
	n.eventually(10*time.Second, "two blocks more", func() bool { return e.View().Head.Height >= at+2 })
	for h := uint64(1); h <= at+2; h++ {
		header, cert, set, err := e.Certified(h)
		if err != nil {
			t.Fatal(err)
		}
		if err := chain.Verify("tiny", set, header, cert); err != nil {
			t.Errorf("height %d: %v", h, err)
		}
		before, err := n.peers[0].store.BlockAt(h - 1)
		if err != nil || before.AppHash() != header.AppHash {
			t.Errorf("header %d says %v, the state before has %v (%v)", h, header.AppHash, before.AppHash(), err)
		}
	}
	for _, h := range []uint64{0, at + 1000} {
		if _, _, _, err := e.Certified(h); !errors.Is(err, ErrNotFound) {
			t.Errorf("height %d: %v, want ErrNotFound", h, err)
		}
	}
	n.eventually(5*time.Second, "a proven state", func() bool {
		view, height, ok := e.Proven()
		header, _, _, err := e.Certified(height)
		return ok && err == nil && header.AppHash == view.Head.AppHash() && view.State.Root() == view.Head.StateRoot
	})
}
