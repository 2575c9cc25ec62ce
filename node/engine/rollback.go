package engine

import (
	"fmt"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/state"
	blocks "github.com/cometbft/cometbft/store"
)

// Height is the engine's last block, 0 for none. The engine must not be running.
func Height(databases func(name string) dbm.DB) uint64 {
	return uint64(blocks.NewBlockStore(databases("blockstore")).Height())
}

// Rollback takes back the engine's last block, and gives the height before it.
// The ledger must be rolled back as far. What this node has signed remains
// recorded with its key, so it signs no height twice: it fetches those blocks
// from others. The engine must not be running.
func Rollback(databases func(name string) dbm.DB) (uint64, error) {
	states := state.NewStore(databases("state"), state.StoreOptions{DiscardABCIResponses: true})
	height, _, err := state.Rollback(blocks.NewBlockStore(databases("blockstore")), states, true)
	if err != nil {
		return 0, fmt.Errorf("roll back the engine: %w; restore this node from a peer's snapshot or a backup", err)
	}
	return uint64(height), nil
}
