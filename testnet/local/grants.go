package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/world"
)

// grantLane is far from the lanes that people's tools use first.
const grantLane = 7

// grant has the world's grants made, as acts like any other: a genesis holds
// titles alone. It does so once in the life of a home.
func (n *Network) grant(ctx context.Context) error {
	done, ours := filepath.Join(n.Home, "grants-made"), filepath.Join(n.Home, "genesis", world.HoldingsFile)
	if _, err := os.Stat(ours); errors.Is(err, fs.ErrNotExist) {
		return nil // the genesis was given: it has another world
	}
	if _, err := os.Stat(done); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, g := range world.Grants {
		if err := n.grantOne(ctx, g); err != nil {
			return fmt.Errorf("the grant of %s: %w", g.Block, err)
		}
	}
	return writeFile(done, []byte("The grants of the world were made; this file keeps them from being made again.\n"), 0o600)
}

func (n *Network) grantOne(ctx context.Context, g world.Grant) error {
	block, err := inr.Parse(g.Block)
	if err != nil {
		return err
	}
	to, err := n.Account(g.To)
	if err != nil {
		return err
	}
	last := len(n.nodes) - 1
	value, err := n.Dealing(ctx, last, block)
	if err != nil {
		return err
	}
	offer, _, err := n.Do(ctx, last, g.From, grantLane, &tx.GrantOffer{
		Resource: block, To: to.ID, Notice: g.Notice, SubGrants: g.SubGrants, Value: value, Until: uint64(time.Now().Add(actLife).Unix()),
	})
	if err != nil {
		return err
	}
	return n.acceptGrant(ctx, last, g, block, offer)
}

func (n *Network) acceptGrant(ctx context.Context, i int, g world.Grant, block wire.Resource, offer wire.Hash) error {
	value, err := n.Dealing(ctx, i, block)
	if err != nil {
		return err
	}
	_, _, err = n.Do(ctx, i, g.To, grantLane, &tx.GrantAccept{Offer: offer, Resource: block, Value: value})
	return err
}
