package node

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ipledger/ledger/chain"
	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/store"
	"ipledger/node/store/enginedb"
)

// open reads the genesis, opens the databases, and gives the state they hold.
func (n *Node) open() (view engine.View, err error) {
	if n.genesis, n.hash, err = readGenesis(n.cfg); err != nil {
		return view, err
	}
	l := n.cfg.layout()
	n.phase("opening the databases")
	n.store, err = store.Open(store.Options{
		Dir: filepath.Join(l.data, "ledger"), Value: record.ValueOfData, Log: n.log,
		Progress: n.progress, NoBallast: !n.cfg.Ballast, Before: n.faults.before,
	})
	if err != nil {
		return view, err
	}
	if n.databases, err = enginedb.Open(filepath.Join(l.data, "engine.db"), n.log); err != nil {
		return view, err
	}
	n.phase("checking the state")
	state, head, err := n.store.State()
	if errors.Is(err, store.ErrEmpty) {
		if err = n.load(l); err == nil {
			state, head, err = n.store.State()
		}
	}
	if err != nil {
		return view, err
	}
	if err := n.compare(); err != nil {
		return view, err
	}
	frontier, err := chain.DecodeFrontier(head.Frontier)
	return engine.View{State: state, Head: engine.Head{
		Height: head.Height, Time: head.Time, Hash: head.HeaderHash, StateRoot: head.StateRoot,
		LogRoot: head.LogRoot, Frontier: frontier, Bearing: head.ActBearing,
	}}, err
}

// readGenesis reads the genesis file and compares its hash with the expected one.
func readGenesis(c Config) (*genesis.Genesis, wire.Hash, error) {
	name := c.layout().genesis
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, wire.Hash{}, fmt.Errorf("%w: %w; run `ipledgerd init`", ErrHome, err)
	}
	g, err := genesis.Decode(raw)
	if err != nil {
		return nil, wire.Hash{}, fmt.Errorf("%s: %w", name, err)
	}
	hash := g.Hash()
	if c.GenesisHash != "" && c.GenesisHash != hash.String() {
		return nil, wire.Hash{}, fmt.Errorf("%w: genesis_hash is %s, that of %s is %v; one of the two is of another network",
			ErrConfig, c.GenesisHash, name, hash)
	}
	return g, hash, nil
}

// load fills an empty store with the first state.
func (n *Node) load(l layout) error {
	n.phase("loading the first state")
	name := filepath.Join(filepath.Dir(l.genesis), n.genesis.State.Name())
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("%w: the state file stands beside the genesis file: %w", ErrHome, err)
	}
	defer file.Close()
	state, err := genesis.DecodeState(n.genesis, bufio.NewReaderSize(file, 1<<20), func(done, all uint64) { n.progress("read", done, all) })
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	empty := chain.Frontier{}
	return n.store.Load(store.Base{
		Time: n.genesis.Time, Hash: n.hash, State: state, Root: n.genesis.State.Root,
		LogRoot: empty.Root(), Frontier: empty.Bytes(),
	})
}

// compare makes sure that the store holds the ledger of this genesis.
func (n *Node) compare() error {
	base, err := n.store.Base()
	if err != nil || base != 0 {
		return err
	}
	first, err := n.store.BlockAt(0)
	if err == nil && first.HeaderHash != n.hash {
		err = fmt.Errorf("%w: %s holds the ledger of genesis %v, the genesis file is %v; use the home and genesis that belong together",
			ErrHome, n.cfg.Home, first.HeaderHash, n.hash)
	}
	return err
}

// engineGenesis is the genesis in the engine's terms.
func (n *Node) engineGenesis() engine.Genesis {
	g := engine.Genesis{
		ChainID: n.genesis.ChainID, Hash: n.hash, Time: time.Unix(int64(n.genesis.Time), 0), AppHash: n.genesis.AppHash,
	}
	for _, v := range n.genesis.Validators() {
		g.Members = append(g.Members, engine.Member{Name: v.Address().String(), PubKey: v.PubKey, Power: v.Power})
	}
	return g
}
