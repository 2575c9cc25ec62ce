package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
	"ipledger/node/internal/tiny"
	"ipledger/node/store"
	"ipledger/node/store/enginedb"
)

// peer is one node of a test network: a real engine over a real store, without
// the relay, so that tests hand acts to each pool themselves.
type peer struct {
	t       *testing.T
	dir     string
	keys    Keys
	listen  string
	store   *store.Store
	engines *enginedb.Engine
	engine  *Engine
	rules   rules
	before  func(step string) error // faults of the store

	mu    sync.Mutex
	fatal error // guarded by mu
}

// network is some peers of one genesis.
type network struct {
	t     *testing.T
	world *tiny.World
	peers []*peer
}

// newNetwork makes validators and full nodes, and starts none.
func newNetwork(t *testing.T, validators, full, holders int, heartbeat uint64) *network {
	n := &network{t: t}
	var members [][32]byte
	for i := range validators + full {
		p := &peer{t: t, dir: filepath.Join(t.TempDir(), fmt.Sprint(i)), listen: tiny.FreePort()}
		var err error
		p.keys, err = MakeKeys(KeyFiles{
			Node:           filepath.Join(p.dir, "node_key.json"),
			Validator:      filepath.Join(p.dir, "priv_validator_key.json"),
			ValidatorState: filepath.Join(p.dir, "data", "priv_validator_state.json"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if i < validators {
			key, err := p.keys.Validator()
			if err != nil {
				t.Fatal(err)
			}
			members = append(members, key)
		}
		n.peers = append(n.peers, p)
	}
	var err error
	if n.world, err = tiny.New(members, holders, heartbeat); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range n.peers {
			p.stop()
		}
	})
	return n
}

func (n *network) startAll() *network {
	for i := range n.peers {
		n.start(i)
	}
	return n
}

// start opens the stores of a peer and starts its engine.
func (n *network) start(i int) {
	n.t.Helper()
	if err := n.tryStart(i); err != nil {
		n.t.Fatalf("start peer %d: %v", i, err)
	}
}

func (n *network) tryStart(i int) error {
	p := n.peers[i]
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: logLevel()})).With("peer", i)
	view, err := p.open(n.world, log)
	if err != nil {
		return err
	}
	c := DefaultConfig()
	c.Dir, c.Listen, c.Exchange = filepath.Join(p.dir, "data"), p.listen, false
	for j, q := range n.peers {
		if j != i {
			c.Peers = append(c.Peers, q.keys.Node()+"@"+q.listen)
		}
	}
	p.engine, err = New(Options{
		Genesis: genesisOf(n.world), Config: c, Keys: p.keys, Databases: p.engines.Database, Store: storing{p.store},
		View: view, CrashDir: filepath.Join(p.dir, "crash"), Log: log, Fatal: p.die, rules: p.rules,
	})
	if err != nil {
		return err
	}
	return p.engine.Start()
}

func logLevel() slog.Level {
	if os.Getenv("ENGINE_LOG") != "" {
		return slog.LevelInfo
	}
	return slog.LevelError + 1
}

func (p *peer) open(w *tiny.World, log *slog.Logger) (View, error) {
	var err error
	data := filepath.Join(p.dir, "data")
	p.store, err = store.Open(store.Options{Dir: filepath.Join(data, "ledger"), Value: record.ValueOfData, Log: log, NoBallast: true,
		Before: func(step string) error {
			if p.before != nil {
				return p.before(step)
			}
			return nil
		}})
	if err != nil {
		return View{}, err
	}
	if p.engines, err = enginedb.Open(filepath.Join(data, "engine.db"), log); err != nil {
		return View{}, err
	}
	state, head, err := p.store.State()
	if errors.Is(err, store.ErrEmpty) {
		empty := chain.Frontier{}
		err = p.store.Load(store.Base{Time: w.Genesis.Time, Hash: w.Hash, State: w.State, Root: w.State.Root(),
			LogRoot: empty.Root(), Frontier: empty.Bytes()})
		if err == nil {
			state, head, err = p.store.State()
		}
	}
	if err != nil {
		return View{}, err
	}
	frontier, err := chain.DecodeFrontier(head.Frontier)
	if err != nil {
		return View{}, err
	}
	return View{state, Head{head.Height, head.Time, head.HeaderHash, head.StateRoot, head.LogRoot, frontier, head.ActBearing}}, nil
}

func (p *peer) die(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fatal = errors.Join(p.fatal, err)
}

func (p *peer) dead() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fatal
}

func (p *peer) stop() {
	if p.engine != nil {
		if err := p.engine.Stop(); err != nil {
			p.t.Error(err)
		}
	}
	if p.engines != nil {
		if err := p.engines.Close(); err != nil {
			p.t.Error(err)
		}
	}
	if p.store != nil {
		if err := p.store.Close(); err != nil {
			p.t.Error(err)
		}
	}
	p.engine, p.engines, p.store = nil, nil, nil
}

// storing gives decided blocks to a store, as node does.
type storing struct{ *store.Store }

func (s storing) Commit(b Block) error {
	acts := make([]store.Act, len(b.Acts))
	for i, v := range b.Acts {
		acts[i] = store.Act{ID: v.ID(), Raw: v.Raw()}
	}
	return s.Store.Commit(store.Block{Height: b.Head.Height, Time: b.Head.Time, HeaderHash: b.Head.Hash, State: b.State,
		LogRoot: b.Head.LogRoot, Frontier: b.Head.Frontier.Bytes(), ActBearing: b.Head.Bearing, Acts: acts,
		Receipts: b.Receipts, Changes: b.Changes})
}

func genesisOf(w *tiny.World) Genesis {
	g := Genesis{ChainID: w.Genesis.ChainID, Hash: w.Hash, Time: time.Unix(int64(w.Genesis.Time), 0), AppHash: w.Genesis.AppHash}
	for _, v := range w.Genesis.Validators() {
		g.Members = append(g.Members, Member{PubKey: v.PubKey, Power: v.Power})
	}
	return g
}

// offer gives an act to the pools of some peers, and fails unless each takes it.
func (n *network) offer(raw []byte, to ...int) {
	n.t.Helper()
	for _, i := range to {
		if answer, err := n.tryOffer(raw, i); answer != Taken {
			n.t.Fatalf("peer %d: answer %d, %v", i, answer, err)
		}
	}
}

func (n *network) tryOffer(raw []byte, to int) (Answer, error) {
	v, err := n.peers[to].engine.Verify(raw)
	if err != nil {
		return Refused, err
	}
	return n.peers[to].engine.Offer(v)
}

// idOf is the id of an act.
func (n *network) idOf(raw []byte) wire.Hash {
	v, err := n.peers[0].engine.Verify(raw)
	if err != nil {
		n.t.Fatal(err)
	}
	return v.ID()
}

// waitFor waits until a peer holds the act, and gives its height.
func (n *network) waitFor(id wire.Hash, i int, most time.Duration) uint64 {
	n.t.Helper()
	var at uint64
	n.eventually(most, fmt.Sprintf("peer %d to commit act %v", i, id), func() bool {
		found, err := n.peers[i].store.Act(id)
		at = found.Height
		return err == nil
	})
	return at
}

// patience is how long a test waits at the least: a busy machine is slow.
const patience = 3 * time.Minute

func (n *network) eventually(most time.Duration, what string, done func() bool) {
	n.t.Helper()
	most = max(most, patience)
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	n.t.Fatalf("waited %v for %s", most, what)
}
