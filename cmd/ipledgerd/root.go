package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// execute is the program: it gives the exit code.
func execute(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	begun := false
	root := newRoot(&begun)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var told *failure
	if !begun && !errors.As(err, &told) {
		// cobra found the mistake before any command ran.
		err = fail(exitUsage, err, "ipledgerd --help shows what there is")
	}
	report(errs, err)
	return codeOf(err)
}

func newRoot(begun *bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "ipledgerd",
		Short: "Run a node of the ledger of Internet number resources, or a whole test network",
		Long: `ipledgerd makes the genesis of a network, runs a node of it, and starts a test
network of real processes on this machine.

Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 failed, 2 usage, 3 does not verify, 4 not found,
6 node unreachable, 8 timed out waiting, 78 configuration.`,
		Example:           "  ipledgerd testnet\n  ipledgerd init --home /var/lib/ipledger --genesis genesis.json",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.NoArgs,
		RunE:              group,
		PersistentPreRunE: func(*cobra.Command, []string) error { *begun = true; return nil },
	}
	root.AddCommand(testnetCommand(), genesisCommand(), keysCommand(), initCommand(), runCommand(), rollbackCommand(), snapshotCommand(), statusCommand(), waitCommand(),
		configCommand(), versionCommand())
	return root
}

// group is what a command does that only has others below it.
func group(cmd *cobra.Command, _ []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return fail(exitUsage, errors.New(cmd.CommandPath()+" is followed by one of: "+strings.Join(names, ", ")),
		cmd.CommandPath()+" --help shows them")
}
