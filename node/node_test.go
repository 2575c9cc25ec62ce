package node

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/relay"
)

// TestNode_ENG14_ENG15 submits acts at a full node; all five nodes come to the same
// state, and each serves certificates for it that verify.
func TestNode_ENG14_ENG15(t *testing.T) {
	n := newTestnet(t, 4, 1, 8, 1).startAll()
	var ids []wire.Hash
	for i := range 8 {
		for number := range uint64(3) {
			ids = append(ids, n.submit(4, n.world.Open(i, 0, number, "account "+string(rune('a'+i))+string(rune('0'+number)))))
		}
	}
	last := uint64(0)
	for _, id := range ids {
		last = max(last, n.wait(4, id))
	}
	want := wire.Hash{}
	for i, m := range n.nodes {
		n.eventually(20*time.Second, "the block after the last act", func() bool { return m.node.View().Head.Height > last })
		block, err := m.node.Store().BlockAt(last)
		n.must(err)
		if i == 0 {
			want = block.AppHash()
		}
		if block.AppHash() != want {
			t.Errorf("node %d has application hash %v at height %d, node 0 %v", i, block.AppHash(), last, want)
		}
		n.eventually(10*time.Second, "a certificate", func() bool {
			_, _, _, err := m.node.Certified(last + 1)
			return err == nil
		})
		header, cert, set, err := m.node.Certified(last + 1)
		n.must(err)
		n.must(chain.Verify("tiny", set, header, cert))
		if header.AppHash != want {
			t.Errorf("node %d: header %d says %v, want %v (ENG-15)", i, last+1, header.AppHash, want)
		}
		proven, height, ok := m.node.Proven()
		if header, _, _, err := m.node.Certified(height); !ok || err != nil || header.AppHash != proven.Head.AppHash() {
			t.Errorf("node %d: the proven state is not what header %d says: %v, %v", i, height, ok, err)
		}
	}
	for i, m := range n.nodes {
		n.eventually(10*time.Second, "readiness", func() bool { return m.node.Health().Ready })
		if h := m.node.Health(); h.EnginePeers == 0 || h.Peers == 0 {
			t.Errorf("node %d: %+v", i, h)
		}
	}
}

// The relay and the engine each state the pool's answers, and agree.
func TestAnswers_agree(t *testing.T) {
	for theirs, ours := range map[engine.Answer]relay.Answer{
		engine.Taken: relay.Taken, engine.Known: relay.Known, engine.Later: relay.Later,
		engine.Full: relay.Full, engine.Refused: relay.Refused,
	} {
		if relay.Answer(theirs) != ours {
			t.Errorf("engine %d, relay %d", theirs, ours)
		}
	}
}

// TestNode_RLY5 hands in many acts at two nodes at once, in any order: all
// become final, each lane in its order.
func TestNode_RLY5(t *testing.T) {
	const holders, each = 10, 40
	n := newTestnet(t, 4, 1, holders, 1).startAll()
	type act struct {
		raw []byte
		id  wire.Hash
	}
	var all []act
	for i := range holders {
		for number := range uint64(each) {
			all = append(all, act{raw: n.world.Open(i, 2, number, fmt.Sprintf("account %d %d", i, number))})
		}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i := range all {
		all[i].id = n.submit([]int{4, 1}[i%2], all[i].raw)
	}
	for i := range all {
		n.wait(3, all[i].id)
	}
	for i := range holders {
		next, _ := final{n.nodes[3].node}.Committed(n.world.Holders[i].ID, 2)
		if next != each {
			t.Errorf("holder %d is at number %d, want %d", i, next, each)
		}
	}
	for i, m := range n.nodes {
		if acts, _ := m.node.engine.Pool(); acts != 0 && i < 4 {
			n.eventually(5*time.Second, "an empty pool", func() bool { acts, _ := m.node.engine.Pool(); return acts == 0 })
		}
	}
}
