package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/node/engine"
	"ipledger/node/store"
	"ipledger/node/store/enginedb"
)

// Import begins a home that has no ledger yet with a snapshot instead of genesis. The
// snapshot must be of the home's genesis, and its header signed by a set that the
// trust file names or, without one, by the members of genesis themselves; nothing of
// it is written before that. No node may run on the home.
//
// specs/24 ARCH-11: Who begins from a snapshot MUST have a reason to trust the set
// of its second header.
func Import(ctx context.Context, cfg Config, file string, trust *light.Trust, log *slog.Logger) (head *archive.Head, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	n := &Node{cfg: cfg, log: log}
	defer func() { err = errors.Join(err, n.Close()) }()
	if n.genesis, n.hash, err = readGenesis(cfg); err != nil {
		return nil, err
	}
	if n.identity, err = engine.LoadKeys(cfg.layout().keys); err != nil {
		return nil, err
	}
	raw, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	head, state, err := archive.ReadSnapshot(bufio.NewReaderSize(raw, 1<<20), record.ValueOfData, n.reason(trust))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return head, n.begin(head, store.Base{
		Height: head.Block.Header.Height, Time: head.Block.Header.Time.Seconds, Hash: head.Block.Header.Hash(),
		State: state, Root: head.StateRoot, LogRoot: head.Frontier.Root(), Frontier: head.Frontier.Bytes(),
	})
}

// reason is why a snapshot's head is trusted: its genesis is the home's, and its set
// the trust file's or, where there is none, that of genesis.
func (n *Node) reason(trust *light.Trust) func(*archive.Head) error {
	if trust == nil {
		trust = &light.Trust{ChainID: n.genesis.ChainID, GenesisHash: n.hash, ValidatorsHash: n.genesis.Validators().Hash()}
	}
	return func(h *archive.Head) error {
		if h.Genesis != n.hash {
			return fmt.Errorf("%w: the snapshot is of genesis %v, this home of %v (ARCH-11)", ErrHome, h.Genesis, n.hash)
		}
		return audit.Trusting(trust)(h)
	}
}

// begin writes a snapshot into an empty home: the engine first, so that an import
// that was cut short is made again, and a node never runs on half of one.
func (n *Node) begin(head *archive.Head, base store.Base) (err error) {
	l := n.cfg.layout()
	if n.store, err = store.Open(store.Options{
		Dir: filepath.Join(l.data, "ledger"), Value: record.ValueOfData, Log: n.log, Progress: n.progress, NoBallast: !n.cfg.Ballast,
	}); err != nil {
		return err
	}
	if _, _, err = n.store.State(); !errors.Is(err, store.ErrEmpty) {
		return errors.Join(fmt.Errorf("%w: %s has a ledger already; import into a new home", ErrHome, n.cfg.Home), err)
	}
	if n.databases, err = enginedb.Open(filepath.Join(l.data, "engine.db"), n.log); err != nil {
		return err
	}
	if err := engine.Bootstrap(n.databases.Database, n.engineGenesis(), n.identity, head); err != nil {
		return err
	}
	return n.store.Load(base)
}
