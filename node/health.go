package node

import (
	"context"
	"fmt"
	"time"

	"ipledger/node/store"
)

// Health is what an operator asks first.
type Health struct {
	Phase string // what the node is doing, in words
	// Ready reports whether answers are those of the network: running, not
	// catching up, and the last block young. Why says what is missing.
	Ready       bool
	Why         string
	Height      uint64
	HeadAge     time.Duration // since the time of the last block's header
	Syncing     bool
	EnginePeers int // consensus peers
	Peers       int // peers that carry acts
	PoolActs    int
	PoolBytes   int64
	FreeBytes   uint64 // on the disk of the databases
}

// headAgeMax is how old the last block of an idle chain gets, with room for a
// round that fails: a header tells when the block before it was signed.
func (n *Node) headAgeMax() time.Duration {
	heartbeat, err := n.engine.Heartbeat()
	if err != nil {
		heartbeat = 0 // a state without parameters is found by whoever applies the next block
	}
	return 4*heartbeat + 15*time.Second
}

// Health is the present state of the node.
func (n *Node) Health() Health {
	head := n.engine.View().Head
	h := Health{
		Phase: *n.state.Load(), Height: head.Height, HeadAge: time.Since(time.Unix(int64(head.Time), 0)),
		Syncing: n.engine.Syncing(), EnginePeers: n.engine.Peers(),
	}
	h.PoolActs, h.PoolBytes = n.engine.Pool()
	h.FreeBytes, _ = store.FreeBytes(n.cfg.layout().data)
	if host := n.host.Load(); host != nil {
		h.Peers = len(host.Peers())
	}
	switch {
	case h.Phase != phaseRunning:
		h.Why = h.Phase
	case h.Syncing:
		h.Why = "fetching blocks that others have decided"
	case h.Height == 0:
		h.Why = "waiting for the first block"
	case h.HeadAge > n.headAgeMax():
		h.Why = fmt.Sprintf("the last block is %v old", h.HeadAge.Round(time.Second))
	}
	if h.Why == "" && h.EnginePeers > 0 && h.Peers == 0 {
		h.Why = "no peer carries acts: what is submitted here reaches nobody; check p2p_peers"
	}
	h.Ready = h.Why == ""
	return h
}

const phaseRunning = "running"

func (n *Node) phase(name string) {
	n.state.Store(&name)
	n.log.Info("phase", "phase", name)
}

// progressEvery is the pause between two lines about the same long work.
const progressEvery = time.Second

// progress tells of long work: once a second, and at its end.
func (n *Node) progress(what string, done, all uint64) {
	if done < all && what == n.spoken && time.Since(n.spokenAt) < progressEvery {
		return
	}
	n.spoken, n.spokenAt = what, time.Now()
	n.log.Info("progress", "of", what, "done", done, "all", all)
}

// watchEvery is the pause between two looks at disks and databases: at the
// fastest that blocks grow, 5 MB/s, it uses a tenth of what is kept free.
const watchEvery = 5 * time.Second

// watch ends the node in good order before its disk is full, and at once when a
// database has stopped working.
func (n *Node) watch(ctx context.Context) error {
	for {
		if err := n.look(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchEvery):
		}
	}
}

func (n *Node) look() error {
	if err := n.store.Healthy(); err != nil {
		return err
	}
	if err := n.databases.Healthy(); err != nil {
		return err
	}
	free, err := store.FreeBytes(n.cfg.layout().data)
	if err == nil && free < n.cfg.FreeBytesMin {
		err = fmt.Errorf("%d MiB are free in %s, free_bytes_min is %d MiB; free some and start again, nothing is lost",
			free>>20, n.cfg.layout().data, n.cfg.FreeBytesMin>>20)
	}
	return err
}
