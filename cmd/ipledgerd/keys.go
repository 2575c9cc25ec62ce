package main

import (
	"encoding/hex"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ipledger/node"
)

func keysCommand() *cobra.Command {
	var home string
	c := &cobra.Command{
		Use: "keys --home DIR", Short: "Make the keys of a node before there is a genesis", Args: cobra.NoArgs,
		Long: `Draws the keys of a node, each into a file that only its owner can read, and
prints what the author of a genesis needs for its members file. Keys that are
there are kept. "ipledgerd init" on the same home goes on with them.`,
		Example: "  ipledgerd keys --home /var/lib/ipledger",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if home == "" {
				home = os.Getenv("IPLEDGERD_HOME")
			}
			if home == "" {
				return usage("--home is needed")
			}
			if err := os.MkdirAll(home, 0o700); err != nil {
				return err
			}
			id, err := node.MakeKeys(home)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "public_key       %s\nconsensus peers  %s@HOST:26656\nact peers        /ip4/HOST/tcp/4001/p2p/%s\n",
				hex.EncodeToString(id.Validator[:]), id.Engine, id.Peer)
			return nil
		},
	}
	c.Flags().StringVar(&home, "home", "", "directory of the node (IPLEDGERD_HOME)")
	return c
}
