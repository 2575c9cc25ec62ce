package node

import (
	"errors"
	"log/slog"

	"ipledger/node/engine"
)

// Rollback makes ledger, engine and head anchor agree again: it takes back what
// the ledger has beyond the engine's blocks or, where they are level, the last
// block of both. It gives the height that is left. No node may run on the home.
//
// specs/11 ENG-16: A rollback MUST move ledger, engine and anchor together.
func Rollback(cfg Config, log *slog.Logger) (height uint64, err error) {
	if err := cfg.Validate(); err != nil {
		return 0, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	n := &Node{cfg: cfg, log: log}
	defer func() { err = errors.Join(err, n.Close()) }()
	view, err := n.open()
	if err != nil {
		return 0, err
	}
	height = engine.Height(n.databases.Database)
	if view.Head.Height <= height {
		// The engine goes first: a ledger ahead of it is refused, and rolled back by
		// another call.
		if height, err = engine.Rollback(n.databases.Database); err != nil {
			return 0, err
		}
	}
	if view.Head.Height > height {
		_, _, err = n.store.Rollback(height)
	}
	return height, err
}
