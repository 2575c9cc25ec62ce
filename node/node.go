// Package node runs a node: it opens the store, the engine, the relay and the
// network, introduces them to each other, and takes them down in order.
//
// Its parts never import each other; what passes between them passes through
// the adapters of this package. What a node serves to readers is attached to it
// (Attach) and reads through the methods of Node.
package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ipledger/ledger/genesis"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/relay"
	"ipledger/node/store"
	"ipledger/node/store/enginedb"
	"ipledger/node/tiles"
	"ipledger/p2p"
)

// Node is one node. Its methods are safe for concurrent use once New has
// returned.
type Node struct {
	cfg Config
	log *slog.Logger
	// Of opening alone: which long work was told of last, and when.
	spoken   string
	spokenAt time.Time
	faults   faults

	genesis   *genesis.Genesis
	hash      wire.Hash // of the genesis file
	store     *store.Store
	contacts  *store.Contacts
	databases *enginedb.Engine
	engine    *engine.Engine
	relay     *relay.Relay
	published *tiles.Published // nil where blocks are missing
	metrics   *prometheus.Registry
	supplied  supplied // what an RPKI validator exports
	exports   exports
	drift     drifting
	identity  engine.Keys

	host     atomic.Pointer[p2p.Host]    // nil until Run, and after it
	state    atomic.Pointer[string]      // phase
	told     atomic.Pointer[engine.View] // the last that the relay was told of
	attached []attachment
	closing  sync.Once
	closeErr error
}

// attachment is a server that runs beside the node.
type attachment struct {
	name string
	run  func(context.Context) error
}

// faults are planted by tests.
type faults struct {
	before func(step string) error // of the store
	crash  string                  // where to die: see CrashVar
	fatal  func(error)             // instead of the end of the process
	forget func() bool             // what a block changed, before routers are told
}

// New opens a home and brings its ledger level with the engine's blocks. It
// listens on nothing. Close it, whether it was run or not.
func New(cfg Config, log *slog.Logger) (*Node, error) {
	return newNode(cfg, log, faults{crash: os.Getenv(CrashVar)})
}

func newNode(cfg Config, log *slog.Logger, f faults) (*Node, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	n := &Node{cfg: cfg, log: log, faults: f, metrics: prometheus.NewRegistry()}
	n.drift = newDrifting(cfg.DriftTable)
	n.supplied.path, n.supplied.most = cfg.SuppliedVRPs, cfg.SuppliedAge
	n.plantCrash()
	if err := n.assemble(); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *Node) assemble() error {
	keys, err := engine.LoadKeys(n.cfg.layout().keys)
	if err != nil {
		return err
	}
	n.identity = keys
	view, err := n.open()
	if err != nil {
		return err
	}
	n.phase("replaying blocks")
	n.engine, err = engine.New(engine.Options{
		Genesis: n.engineGenesis(), Config: n.cfg.engine(), Keys: keys, Databases: n.databases.Database,
		Store: blocks{n}, View: view, CrashDir: n.cfg.layout().crash, Log: n.log, Fatal: n.fatal,
	})
	if err != nil {
		return err
	}
	level := n.engine.View()
	n.told.Store(&level)
	if err := n.openContacts(level); err != nil {
		return err
	}
	if err := n.publish(); err != nil {
		return err
	}
	n.relay, err = relay.New(relay.Options{
		Journal: filepath.Join(n.cfg.layout().data, "journal"), Pool: pool{n.engine},
		Chain: final{n}, Carrier: carrier{n}, Log: n.log, Republish: n.cfg.Republish,
	})
	if err != nil {
		return err
	}
	return n.measure()
}

// fatal ends the process after the engine wrote its report.
func (n *Node) fatal(err error) {
	n.log.Error("the node cannot go on", "err", err)
	if n.faults.fatal != nil {
		n.faults.fatal(err)
		return
	}
	os.Exit(1)
}

// Attach adds a server that Run starts when the node serves, and ends with it.
// Call it between New and Run.
func (n *Node) Attach(name string, run func(context.Context) error) {
	n.attached = append(n.attached, attachment{name, run})
}

// Run takes part in the network until ctx ends, and then leaves it in good
// order, within ten seconds. It returns nil then, and otherwise what broke.
func (n *Node) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	host, err := n.startPeering()
	if err != nil {
		return err
	}
	defer n.stopPeering(host)
	if err := n.engine.Start(); err != nil {
		return err
	}
	// The engine stops before the network does, and after the relay: a block that
	// is committed meanwhile is found at the next start.
	defer func() {
		if err := n.engine.Stop(); err != nil {
			n.log.Error("the engine did not stop cleanly", "err", err)
		}
	}()
	n.phase("running")
	n.work(ctx, cancel)
	n.phase("stopping")
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// work runs what has a life of its own until ctx ends or one of it fails.
func (n *Node) work(ctx context.Context, cancel context.CancelCauseFunc) {
	var all sync.WaitGroup
	begin := func(name string, run func(context.Context) error) {
		all.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	begin("relay", n.relay.Run)
	begin("heads", n.followHeads)
	begin("watch", n.watch)
	for _, a := range n.attached {
		begin(a.name, a.run)
	}
	<-ctx.Done()
	all.Wait()
}

// Close closes the files. The node must not be running.
func (n *Node) Close() error {
	n.closing.Do(func() {
		var errs []error
		if n.relay != nil {
			errs = append(errs, n.relay.Close())
		}
		if n.databases != nil {
			errs = append(errs, n.databases.Close())
		}
		if n.store != nil {
			errs = append(errs, n.store.Close())
		}
		n.closeErr = errors.Join(errs...)
	})
	return n.closeErr
}
