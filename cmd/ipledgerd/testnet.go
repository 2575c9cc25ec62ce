package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ipledger/testnet/local"
)

func testnetCommand() *cobra.Command {
	var o local.Options
	c := &cobra.Command{
		Use: "testnet", Short: "Run a test network of real processes on this machine", Args: cobra.NoArgs,
		Long: `Starts validators and full nodes as processes of their own on loopback, waits
until each has a final block, prints where they answer, writes testnet.json into
its home, and prints the line "ready". It stays in the foreground: Ctrl-C ends all
of it, and the next start goes on from there. --fresh begins anew; it empties
only a folder that a test network made.

Without --genesis the network has an embedded world of fictional holders. A
genesis file must be built with the members of testnet/world/members.toml. All
keys of a test network are public: use it for tests alone.`,
		Example: "  ipledgerd testnet\n  ipledgerd testnet --validators 7 --full-nodes 2 --home ./net --fresh",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runTestnet(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.IntVar(&o.Validators, "validators", 0, "how many nodes vote (default 4, or as many as the genesis has)")
	f.IntVar(&o.FullNodes, "full-nodes", 1, "how many nodes follow without a vote")
	f.StringVar(&o.Home, "home", usualTestnet(), "folder of the network (IPLEDGERD_TESTNET_HOME)")
	f.StringVar(&o.Genesis, "genesis", "", "genesis file; without it, that of the embedded world")
	f.BoolVar(&o.Fresh, "fresh", false, "begin anew: remove what an earlier test network left in the folder")
	return c
}

// usualTestnet is where programs keep what can be made again.
func usualTestnet() string {
	if home := os.Getenv("IPLEDGERD_TESTNET_HOME"); home != "" {
		return home
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "ipledger-testnet"
	}
	return filepath.Join(base, "ipledger", "testnet")
}

func runTestnet(ctx context.Context, o local.Options, out, errs io.Writer) error {
	o.Tell = func(line string) { fmt.Fprintln(errs, line) }
	o.Tell("home " + o.Home)
	n, err := local.Start(ctx, o)
	if ctx.Err() != nil {
		return nil // it was interrupted
	}
	if err != nil {
		return testnetFailure(err)
	}
	printTestnet(out, n)
	<-ctx.Done()
	o.Tell("ending all nodes")
	return n.Stop()
}

func testnetFailure(err error) error {
	switch {
	case errors.Is(err, local.ErrOptions), errors.Is(err, local.ErrHome):
		return fail(exitUsage, err, "")
	case errors.Is(err, context.DeadlineExceeded):
		return fail(exitTimeout, err, "")
	}
	return err
}

// printTestnet prints where the nodes answer and what to type next.
func printTestnet(out io.Writer, n *local.Network) {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NODE\tROLE\tHTTP\tPEERS THAT CARRY ACTS\tPID")
	for _, p := range n.File.Nodes {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", p.Name, p.Role, p.HTTP, p.P2P, p.PID)
	}
	_ = w.Flush() // to standard output: there is nowhere to tell
	fmt.Fprintf(out, "\nchain %s, genesis %s\n%d accounts in %s\n\nnext, in another terminal:\n", n.File.ChainID, n.File.GenesisHash, len(n.File.Accounts), n.FileName())
	for _, line := range nextCommands(n) {
		fmt.Fprintln(out, "  "+line)
	}
	fmt.Fprintln(out, "ready")
}

// nextCommands is what a newcomer types first.
func nextCommands(n *local.Network) []string {
	out := []string{fmt.Sprintf("export IPLEDGER_TESTNET=%q", n.FileName())}
	a := n.File.Accounts
	if len(a) < 2 || len(a[0].Holdings) == 0 {
		return append(out, "ipledger lookup 193.0.8.1", "ipledger key new carol", "ipledger key list")
	}
	return append(out,
		fmt.Sprintf("ipledger lookup %s", a[0].Holdings[0]),
		fmt.Sprintf("ipledger account show %s", a[0].Name),
		fmt.Sprintf("ipledger transfer offer %s %s --account %s", a[0].Holdings[0], a[1].Name, a[0].Name))
}
