package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"ipledger/ledger/wire"
	"ipledger/node/internal/tiny"
	"ipledger/node/serve"
)

// member is one node of a test network, and how to run it again.
type member struct {
	cfg    Config
	id     Identity
	faults faults
	serve  *serve.Config // nil for nothing
	said   io.Writer     // what it logs, nil for nothing

	node *Node
	stop func() error
}

// testnet is some real nodes in this process, on loopback.
type testnet struct {
	t     *testing.T
	world *tiny.World
	nodes []*member
}

// newTestnet makes the homes of validators and full nodes, and starts none.
func newTestnet(t *testing.T, validators, full, holders int, heartbeat uint64) *testnet {
	n := &testnet{t: t}
	dir := t.TempDir()
	var keys [][32]byte
	for i := range validators + full {
		m := &member{cfg: Default()}
		m.cfg.Home = filepath.Join(dir, fmt.Sprint(i))
		m.cfg.EngineListen, m.cfg.EngineExchange = tiny.FreePort(), false
		m.cfg.Listen = []string{"/ip4/127.0.0.1/tcp/" + port(tiny.FreePort())}
		m.cfg.Ballast, m.cfg.Republish = false, time.Second
		var err error
		if m.id, err = MakeKeys(m.cfg.Home); err != nil {
			t.Fatal(err)
		}
		if i < validators {
			keys = append(keys, m.id.Validator)
		}
		n.nodes = append(n.nodes, m)
	}
	var err error
	if n.world, err = tiny.New(keys, holders, heartbeat); err != nil {
		t.Fatal(err)
	}
	n.init(dir)
	t.Cleanup(func() {
		for i := range n.nodes {
			n.end(i)
		}
	})
	return n
}

// init writes the genesis and gives it to every home.
func (n *testnet) init(dir string) {
	file := filepath.Join(dir, "genesis.json")
	n.must(os.WriteFile(file, n.world.File, 0o600))
	n.must(os.WriteFile(filepath.Join(dir, n.world.StateName), n.world.StateFile, 0o600))
	for _, m := range n.nodes {
		_, err := Init(m.cfg.Home, file)
		n.must(err)
		for _, other := range n.nodes {
			if other != m {
				m.cfg.EnginePeers = append(m.cfg.EnginePeers, other.id.Engine+"@"+other.cfg.EngineListen)
				m.cfg.Peers = append(m.cfg.Peers, other.cfg.Listen[0]+"/p2p/"+other.id.Peer)
			}
		}
	}
}

func (n *testnet) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func port(addr string) string {
	_, p, _ := net.SplitHostPort(addr)
	return p
}

func (n *testnet) startAll() *testnet {
	for i := range n.nodes {
		n.start(i)
	}
	return n
}

func (n *testnet) start(i int) {
	n.t.Helper()
	m := n.nodes[i]
	level := slog.LevelError + 1
	if os.Getenv("NODE_LOG") != "" {
		level = slog.LevelInfo
	}
	to := io.Writer(os.Stderr)
	if m.said != nil {
		to, level = m.said, slog.LevelError
	}
	log := slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level})).With("node", i)
	var err error
	m.node, err = newNode(m.cfg, log, m.faults)
	n.must(err)
	if m.serve != nil {
		_, err = m.node.Serve(*m.serve, "test")
		n.must(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func(node *Node) { done <- errors.Join(node.Run(ctx), node.Close()) }(m.node)
	m.stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
}

// end stops a node in good order, and fails if it takes longer than it may.
func (n *testnet) end(i int) {
	n.t.Helper()
	if n.nodes[i].stop == nil {
		return
	}
	start := time.Now()
	if err := n.nodes[i].stop(); err != nil {
		n.t.Errorf("node %d: %v", i, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		n.t.Errorf("node %d took %v to stop", i, took)
	}
	n.nodes[i].stop = nil
}

// submit gives an act to a node once it takes it.
func (n *testnet) submit(i int, raw []byte) wire.Hash {
	n.t.Helper()
	id, err := n.nodes[i].node.Submit(n.t.Context(), raw)
	if err != nil {
		n.t.Fatalf("node %d refuses an act: %v", i, err)
	}
	return id
}

// wait waits until an act is final at a node, and gives its height.
func (n *testnet) wait(i int, id wire.Hash) uint64 {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	f, err := n.nodes[i].node.Wait(ctx, id)
	if err != nil {
		n.t.Fatalf("node %d: %v", i, err)
	}
	return f.Height
}

// patience is how long a test waits at the least: a busy machine is slow.
const patience = 3 * time.Minute

func (n *testnet) eventually(most time.Duration, what string, done func() bool) {
	n.t.Helper()
	most = max(most, patience)
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	n.t.Fatalf("waited %v for %s", most, what)
}
