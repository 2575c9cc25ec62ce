package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
	"ipledger/node"
)

func snapshotCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "snapshot", Short: "Export blocks and state for auditors and new nodes", Args: cobra.NoArgs, RunE: group,
		Example: "  ipledgerd snapshot export --home DIR --blocks --out /srv/archive\n  ipledgerd snapshot import state.snapshot --home DIR --trust trust.json",
	}
	c.AddCommand(snapshotExport(), snapshotImport())
	return c
}

func snapshotExport() *cobra.Command {
	var out string
	var blocks bool
	c := &cobra.Command{
		Use: "export --home DIR --out PATH [--blocks]", Short: "Write the state, or all blocks, of a stopped node", Args: cobra.NoArgs,
		Long: `Writes the state of a stopped node as one file that proves itself, with the headers
and certificates that sign it. With --blocks it writes every block into a folder,
for "ipledger audit --archive"; an export that is interrupted goes on, and one into
a folder that is there adds what is new. A running node gives both over HTTP:
"ipledger audit --node URL".`,
		Example: "  ipledgerd snapshot export --home /var/lib/ipledger --out state.snapshot\n" +
			"  ipledgerd snapshot export --home /var/lib/ipledger --blocks --out /srv/archive",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usage("--out is needed: a file, or with --blocks a folder")
			}
			l, err := load(cmd)
			if err != nil {
				return err
			}
			n, err := node.New(l.Node, newLogger(l.settings, cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			if blocks {
				err = exportBlocks(cmd.Context(), n, out, cmd.OutOrStdout(), cmd.ErrOrStderr())
			} else {
				err = exportState(cmd.Context(), n, out, cmd.OutOrStdout())
			}
			return errors.Join(err, n.Close())
		},
	}
	settingFlags(c.Flags())
	c.Flags().StringVar(&out, "out", "", "file, or with --blocks the folder, to write")
	c.Flags().BoolVar(&blocks, "blocks", false, "write all blocks instead of the state")
	return c
}

func snapshotImport() *cobra.Command {
	var trust string
	c := &cobra.Command{
		Use: "import FILE --home DIR [--trust FILE]", Short: "Begin a new home with the state of a snapshot", Args: cobra.ExactArgs(1),
		Long: `Begins a home that "ipledgerd init" made, and that has no ledger yet, with a snapshot
instead of genesis. It is checked first, and nothing of it written before: its genesis
hash is that of the home's genesis file, its two headers are final by their
certificates, its state has the root that they name, and the set that signed is the
trust file's or, without one, that of the genesis file's own members. "ipledger light
--out" keeps such a trust file.

The node goes on from there. It has nothing of what came before: to that it answers
410, and it publishes no log of blocks.`,
		Example: "  ipledgerd init --genesis genesis.json --home /var/lib/ipledger\n" +
			"  ipledgerd snapshot import state.snapshot --home /var/lib/ipledger --trust trust.json",
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := load(cmd)
			if err != nil {
				return err
			}
			var t *light.Trust
			if trust != "" {
				raw, err := readUpTo(trust, light.TrustBytesMax)
				if err != nil {
					return err
				}
				if t, err = light.TrustFromBytes(raw); err != nil {
					return err
				}
			}
			head, err := node.Import(cmd.Context(), l.Node, args[0], t, newLogger(l.settings, cmd.ErrOrStderr()))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "state after      block %d, root %v\nsigned by        header %d, %v\n\nnext:\n  ipledgerd run --home %s\n",
				head.Block.Header.Height, head.StateRoot, head.After.Header.Height, head.After.Header.Hash(), l.Node.Home)
			return nil
		},
	}
	settingFlags(c.Flags())
	c.Flags().StringVar(&trust, "trust", "", "trust file that names the set which signed; without it the genesis file's members must have")
	return c
}

// readUpTo reads a file of at most so many bytes, and one byte more where it is longer.
func readUpTo(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

func exportBlocks(ctx context.Context, n *node.Node, dir string, out, errs io.Writer) error {
	told := time.Now()
	about, err := n.Export(ctx, dir, func(height, last uint64) {
		if now := time.Now(); now.Sub(told) > 2*time.Second {
			fmt.Fprintf(errs, "block %d of %d\n", height, last)
			told = now
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "blocks           %d to %d\nchain            %s, genesis %v\nfolder           %s\n\nnext:\n  ipledger audit --archive %s --genesis-hash %v\n",
		about.First, about.Last, about.ChainID, about.Genesis, dir, dir, about.Genesis)
	return nil
}

func exportState(ctx context.Context, n *node.Node, file string, out io.Writer) error {
	head, err := n.ExportSnapshot(ctx, file)
	if err != nil {
		return err
	}
	after := &head.After.Header
	fmt.Fprintf(out, "state after      block %d, root %v\nsigned by        header %d, %v\nfile             %s\n", head.Block.Header.Height, head.StateRoot, after.Height, after.Hash(), file)
	return nil
}
