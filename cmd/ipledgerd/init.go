package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipledger/node"
)

func initCommand() *cobra.Command {
	var home, genesis string
	c := &cobra.Command{
		Use: "init --home DIR --genesis FILE", Short: "Make the home of a node", Args: cobra.NoArgs,
		Long: `Makes keys, a configuration file in which every key is explained, and copies of
the genesis file and of the state file beside it, whose hash is checked.
It never overwrites: on a home that is there it changes nothing and exits with 2.`,
		Example: "  ipledgerd init --home /var/lib/ipledger --genesis genesis.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if home == "" {
				home = os.Getenv("IPLEDGERD_HOME")
			}
			if home == "" || genesis == "" {
				return usage("--home and --genesis are both needed")
			}
			id, err := makeHome(home, genesis)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), `home             %s
validator key    %s
consensus peers  %s@HOST:26656
act peers        /ip4/HOST/tcp/4001/p2p/%s

next:
  edit %s
  ipledgerd config check --home %s
  ipledgerd run --home %s
`, home, hex.EncodeToString(id.Validator[:]), id.Engine, id.Peer, filepath.Join(home, configName), home, home)
			return nil
		},
	}
	c.Flags().StringVar(&home, "home", "", "directory to make (IPLEDGERD_HOME)")
	c.Flags().StringVar(&genesis, "genesis", "", "genesis file of the network; its state file stands beside it")
	return c
}

// makeHome makes a home unless there is one.
func makeHome(home, genesis string) (node.Identity, error) {
	for _, name := range []string{"genesis.json", configName} {
		if _, err := os.Lstat(filepath.Join(home, name)); err == nil {
			return node.Identity{}, usage("%s is a home already and is left as it is", home)
		}
	}
	if _, err := os.Stat(genesis); err != nil {
		return node.Identity{}, fail(exitNotFound, err, "--genesis names the file that `ipledgerd genesis build` wrote")
	}
	id, err := node.Init(home, genesis)
	if err != nil {
		return id, err
	}
	file, err := os.OpenFile(filepath.Join(home, configName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return id, err
	}
	_, err = file.Write(defaultFile())
	return id, errors.Join(err, file.Sync(), file.Close())
}
