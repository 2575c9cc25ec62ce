// Package engine orders acts: CometBFT, unmodified, with the ledger as its
// application in the same process.
//
// It implements specs/11. The engine agrees on blocks; this package checks what
// it proposes, applies what it decides, hands the outcome to a store and shows
// readers the state. Nothing an engine's peer sends is applied before every
// signature in it was checked here, once.
//
// It does not carry acts between nodes (its pool is local), keep them across
// restarts, or know where anything is stored.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger"
)

// ErrAhead reports a ledger that is ahead of the engine's blocks (ENG-13).
var ErrAhead = errors.New("engine: the ledger is ahead of the engine's block store")

// Store is what the engine needs of the ledger's store. When Commit returns
// nil, the block and all before it are on disk.
type Store interface {
	Commit(Block) error
}

// Options is all that an Engine is given. Log and Fatal may be nil.
type Options struct {
	Genesis Genesis
	Config  Config
	Keys    Keys
	// Databases opens one of the engine's databases by name. Their Close is
	// called while goroutines of the engine still read, so it must do nothing.
	Databases func(name string) dbm.DB
	Store     Store
	// View is the state that the store holds, and its head.
	View View
	// CrashDir takes the reports of what ended the process.
	CrashDir string
	Log      *slog.Logger
	// Fatal ends the process after a report was written; nil means exit 1.
	Fatal func(error)

	// rules is replaced by tests that plant faults.
	rules rules
}

// Engine is a running node of the consensus network. Its methods are safe for
// concurrent use.
type Engine struct {
	o      Options
	app    *application
	node   *node.Node
	states state.Store
	sets   lastSet
	gate   gate // before the databases; shut by Stop

	// offering keeps the engine's pool in the order in which acts were admitted:
	// the engine adds an act only after the application has answered.
	offering sync.Mutex
}

// New assembles an engine and brings the ledger level with the engine's blocks.
// Nothing is listened on before Start.
func New(o Options) (*Engine, error) {
	o = o.filled()
	if err := o.Config.Validate(); err != nil {
		return nil, err
	}
	doc, err := o.Genesis.document()
	if err != nil {
		return nil, err
	}
	e := &Engine{o: o}
	e.states = state.NewStore(e.database("state"), state.StoreOptions{DiscardABCIResponses: true})
	if err := e.aligned(); err != nil {
		return nil, err
	}
	if e.app, err = newApplication(o); err != nil {
		return nil, err
	}
	if err := e.assemble(doc); err != nil {
		e.gate.shut.Store(true)
		return nil, err
	}
	return e, nil
}

func (e *Engine) database(name string) dbm.DB { return database{e.o.Databases(name), &e.gate} }

func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Fatal == nil {
		o.Fatal = func(error) { os.Exit(1) }
	}
	if o.rules == nil {
		o.rules = newLaw()
	}
	return o
}

// aligned compares the ledger with the engine's blocks.
//
// specs/11 ENG-13: A ledger behind the engine's blocks MUST be brought level by
// applying them; a ledger ahead of them MUST be refused.
func (e *Engine) aligned() error {
	engine, err := e.begun()
	if err != nil {
		return fmt.Errorf("read the engine's height: %w", err)
	}
	if ledger := e.o.View.Head.Height; ledger > engine {
		return fmt.Errorf("%w: height %d against %d (ENG-13); run `ipledgerd rollback`, or restore both from one backup",
			ErrAhead, ledger, engine)
	}
	return nil
}

func (e *Engine) assemble(doc *types.GenesisDoc) (err error) {
	heartbeat, err := heartbeatOf(e.o.View.State)
	if err != nil {
		return err
	}
	c := e.o.Config.engine(heartbeat)
	e.app.beat.timing = c.Consensus
	warnOfWAL(c.Consensus.WalFile(), e.o.Log)
	e.node, err = node.NewNode(c, e.o.Keys.validator, e.o.Keys.node,
		proxy.NewConnSyncLocalClientCreator(e.app),
		func() (*types.GenesisDoc, error) { return doc, nil },
		func(ctx *config.DBContext) (dbm.DB, error) { return e.database(ctx.ID), nil },
		node.DefaultMetricsProvider(c.Instrumentation),
		newLogger(e.o.Log, e.app.failed))
	if err != nil {
		return fmt.Errorf("assemble the engine: %w", err)
	}
	e.app.pool.Store(&pool{e.node.Mempool()})
	return nil
}

// Start listens, dials the configured peers, and takes part in consensus.
func (e *Engine) Start() error {
	if err := e.node.Start(); err != nil {
		return fmt.Errorf("start the engine: %w", err)
	}
	return nil
}

// stopMax is how long Stop waits for the engine's goroutines: half of what a
// graceful end of the process may take.
const stopMax = 5 * time.Second

// Stop leaves the network. Databases may be closed when it has returned, and
// Certified finds nothing any more.
func (e *Engine) Stop() error {
	defer e.gate.shut.Store(true)
	if !e.node.IsRunning() {
		return nil
	}
	e.app.leaving.Store(true)
	e.stopFetching()
	if err := e.node.Stop(); err != nil {
		return fmt.Errorf("stop the engine: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopMax)
	defer cancel()
	select {
	case <-e.node.Quit():
	case <-ctx.Done():
	}
	// A block that is being committed is finished first.
	e.app.commits.Lock()
	e.app.stopped = true
	e.app.commits.Unlock()
	return nil
}

// stopFetching ends the fetching of decided blocks before the peers leave that it
// fetches from: the engine breaks over a block whose peer goes while it is judged.
func (e *Engine) stopFetching() {
	fetching, ok := e.node.Switch().Reactor("BLOCKSYNC")
	if !ok || !fetching.IsRunning() {
		return
	}
	if err := fetching.Stop(); err != nil {
		e.o.Log.Warn("the fetching of blocks did not stop", "err", err)
	}
}

// Peers is the number of connected consensus peers.
func (e *Engine) Peers() int { return e.node.Switch().Peers().Size() }

// Syncing reports whether the engine fetches blocks that others have decided,
// and does not yet take part in consensus.
func (e *Engine) Syncing() bool { return e.node.ConsensusReactor().WaitSync() }

// ID is the engine's peer id: what stands before @ in another's Config.Peers.
func (e *Engine) ID() string { return string(e.o.Keys.node.ID()) }

// rules are what a block is judged by.
type rules interface {
	Apply(applyArgs) (ledger.Result, error)
	Propose(applyArgs) ([]int, error)
}
