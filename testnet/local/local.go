// Package local runs a test network of real processes on this machine, on
// loopback: what `ipledgerd testnet` does, and what end-to-end tests and load
// stand on.
//
// A home keeps everything: a second start goes on where the first ended. Every
// key in it is public (package world), so nothing of worth may stand on it.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options says what network to run. Home must be set.
type Options struct {
	// Home is the folder of the network. It is made if it is not there.
	Home string
	// Binary is the ipledgerd to run; empty is the running program itself.
	Binary string
	// Validators and FullNodes are how many nodes to run; 0 validators is four,
	// or as many as Genesis or the home has.
	Validators, FullNodes int
	// Genesis is a genesis file whose members are those of package world; empty
	// makes one of the embedded world.
	Genesis string
	// Fresh removes what an earlier network left in Home, if it was one.
	Fresh bool
	// Heartbeat replaces that of the embedded world, in whole seconds; 0 leaves it.
	Heartbeat uint64
	// NoGrants leaves out the grants of the embedded world.
	NoGrants bool
	// Parameters are further lines for the [parameters] of the embedded world.
	Parameters []string
	// Anchors is further tables for the members file of the embedded world: the
	// trust anchors and registry CAs whose evidence the network takes.
	Anchors string
	// Settings are further lines for every node's configuration file.
	Settings []string
	// Env is added to the environment of every node.
	Env []string
	// Patience is how long to wait for the first final blocks; 0 is three minutes.
	Patience time.Duration
	// Tell receives one line for each thing that people should know; nil is silence.
	Tell func(line string)
}

// Errors that callers branch on.
var (
	// ErrHome reports a folder that is no network's, or one that is in use.
	ErrHome = errors.New("local: home")
	// ErrOptions reports options that do not fit each other or the home.
	ErrOptions = errors.New("local: options")
	// ErrStart reports a network that made no block.
	ErrStart = errors.New("local: the network did not start")
)

const patienceUsual = 3 * time.Minute

// Network is a running test network. Its methods are safe for concurrent use.
type Network struct {
	Home string
	File File // what testnet.json says

	o     Options
	lock  io.Closer
	nodes []*process

	mu      sync.Mutex // of Stop
	stopped bool
}

// Start makes what is missing in the home, starts every node, and returns when
// each has a final block. ctx bounds the start alone; Stop ends the network.
func Start(ctx context.Context, o Options) (*Network, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	lock, err := takeHome(o)
	if err != nil {
		return nil, err
	}
	n := &Network{Home: o.Home, o: o, lock: lock}
	if err := n.start(ctx); err != nil {
		return nil, errors.Join(err, n.Stop())
	}
	return n, nil
}

func (o Options) filled() (Options, error) {
	var err error
	if o.Home == "" {
		return o, fmt.Errorf("%w: no home", ErrOptions)
	}
	if o.Home, err = filepath.Abs(o.Home); err != nil {
		return o, fmt.Errorf("%w: %w", ErrHome, err)
	}
	if o.Binary == "" {
		if o.Binary, err = os.Executable(); err != nil {
			return o, fmt.Errorf("%w: %w", ErrOptions, err)
		}
	}
	if o.Patience == 0 {
		o.Patience = patienceUsual
	}
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	return o, nil
}

func (n *Network) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, n.o.Patience)
	defer cancel()
	g, err := n.o.genesis(ctx)
	if err != nil {
		return err
	}
	plan, err := n.o.plan(g)
	if err != nil {
		return err
	}
	if err := n.o.homes(plan, g); err != nil {
		return err
	}
	for _, p := range plan.Nodes {
		n.nodes = append(n.nodes, newProcess(p, n.o))
	}
	n.o.Tell(fmt.Sprintf("starting %d nodes", len(n.nodes)))
	for _, p := range n.nodes {
		if err := p.start(nil); err != nil {
			return fmt.Errorf("%w: %w", ErrStart, err)
		}
	}
	// The keys are written while the nodes start: each costs a tenth of a second.
	accounts, err := n.o.accounts(g)
	if err != nil {
		return err
	}
	for _, p := range n.nodes {
		if err := p.wait(ctx); err != nil {
			return err
		}
	}
	if err := n.writeFiles(ctx, g, accounts); err != nil {
		return err
	}
	if n.o.NoGrants {
		return nil
	}
	return n.grant(ctx)
}

// Nodes is the names of the nodes: validators first.
func (n *Network) Nodes() []string {
	var out []string
	for _, p := range n.nodes {
		out = append(out, p.Name)
	}
	return out
}

// HTTP is the URL of a node's interface.
func (n *Network) HTTP(i int) string { return n.nodes[i].url() }

// Kill ends a node at once, as a crash would.
func (n *Network) Kill(i int) error { return n.nodes[i].kill() }

// Launch starts a node that was killed or died, with further environment, and
// does not wait. A node that runs is ended in good order before.
func (n *Network) Launch(i int, env ...string) error {
	p := n.nodes[i]
	if err := p.stop(); err != nil {
		return err
	}
	return errors.Join(p.start(env), n.refresh())
}

// Restart is Launch, and returns when the node answers.
func (n *Network) Restart(ctx context.Context, i int, env ...string) error {
	if err := n.Launch(i, env...); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, n.o.Patience)
	defer cancel()
	return n.nodes[i].wait(ctx)
}

// Died is closed when the node's present process has ended.
func (n *Network) Died(i int) <-chan struct{} { return n.nodes[i].died() }

// Running reports whether a node's process runs.
func (n *Network) Running(i int) bool {
	select {
	case <-n.Died(i):
		return false
	default:
		return true
	}
}

// Stop ends every node in good order, and frees the home for another start.
func (n *Network) Stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.stopped {
		return nil
	}
	n.stopped = true
	errs := make([]error, len(n.nodes))
	var all sync.WaitGroup
	for i, p := range n.nodes {
		all.Go(func() { errs[i] = p.stop() })
	}
	all.Wait()
	return errors.Join(errors.Join(errs...), n.lock.Close())
}
