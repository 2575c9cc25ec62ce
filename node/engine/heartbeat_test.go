package engine

import (
	"testing"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
)

// TestHeartbeat_ENG21 votes another heartbeat on a running network, and wants it in
// the engines that run, and in one that starts again.
func TestHeartbeat_ENG21(t *testing.T) {
	t.Parallel()
	a := &assembly{newNetwork(t, 4, 0, 1, 3600).startAll(), make([]uint64, 4), 1}
	all, e := []int{0, 1, 2, 3}, a.peers[0].engine
	propose := func(seconds uint64) {
		a.carry(&tx.Propose{Matter: uint64(record.SetParameter), Name: "heartbeat_seconds", Value: seconds}, []int{0, 1, 2}, all...)
	}
	a.rests(0) // for up to an hour
	propose(1)
	for _, p := range a.peers {
		if got, err := p.engine.Heartbeat(); err != nil || got != time.Second {
			t.Errorf("the heartbeat is %v, %v", got, err)
		}
	}
	from := e.View().Head.Height + 2 // past the blocks that prove the last act
	a.eventually(90*time.Second, "five blocks of nobody's acts", func() bool { return e.View().Head.Height > from+5 })
	first, last := a.certified(0, from+2).header.Time, a.certified(0, from+4).header.Time
	if gap := last.Seconds - first.Seconds; gap < 1 {
		t.Errorf("two blocks in %d s, faster than the heartbeat", gap)
	}
	// Who starts again has it from the state, not from genesis.
	a.peers[3].stop()
	a.start(3)
	if got := a.peers[3].engine.app.beat.timing.CreateEmptyBlocksInterval; got != time.Second {
		t.Errorf("after a start the engine waits %v", got)
	}
	propose(3600)
	a.rests(0)
}

// rests waits until a peer has had no new block for longer than a short heartbeat
// leaves it without one.
func (a *assembly) rests(peer int) {
	a.t.Helper()
	height, since := uint64(0), time.Now()
	a.eventually(90*time.Second, "a chain at rest", func() bool {
		if now := a.peers[peer].engine.View().Head.Height; now != height {
			height, since = now, time.Now()
		}
		return height > 0 && time.Since(since) > 4*time.Second
	})
}
