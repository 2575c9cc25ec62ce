package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"ipledger/node"
)

// rollbackMax bounds the blocks of one call: it is the cure for a last block
// that is wrong, not a way through history.
const rollbackMax = 100

func rollbackCommand() *cobra.Command {
	var blocks int
	c := &cobra.Command{
		Use: "rollback --home DIR", Short: "Take a stopped node back by a block", Args: cobra.NoArgs,
		Long: `Makes ledger, head anchor and engine agree again: it takes back what the ledger has
beyond the engine or, where they are level, the last block of both. Keys, and what
they last signed, are left alone. The next start fetches from peers what is missing.`,
		Example: "  ipledgerd rollback --home /var/lib/ipledger\n  ipledgerd rollback --home /var/lib/ipledger --blocks 3",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if blocks < 1 || blocks > rollbackMax {
				return usage("--blocks %d: 1 to %d can be taken back", blocks, rollbackMax)
			}
			l, err := load(cmd)
			if err != nil {
				return err
			}
			height, err := rollBack(l.Node, blocks, newLogger(l.settings, cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "the node is at height %d; start it to go on\n", height)
			return nil
		},
	}
	settingFlags(c.Flags())
	c.Flags().IntVar(&blocks, "blocks", 1, "how many blocks to take back")
	return c
}

func rollBack(c node.Config, blocks int, log *slog.Logger) (height uint64, err error) {
	for range blocks {
		if height, err = node.Rollback(c, log); err != nil {
			return 0, fmt.Errorf("roll back: %w", err)
		}
	}
	return height, nil
}
