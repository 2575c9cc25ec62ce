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

// run is the program: it gives the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s := &session{in: in, out: &printer{out}, err: &printer{errs}, done: ctx.Done()}
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var told *failure
	if !s.begun && !errors.As(err, &told) {
		// cobra found the mistake before any verb ran.
		err = usage("%w", err).hint("ipledger --help shows what there is")
	}
	report(s.err, err)
	return codeOf(err)
}

func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:   "ipledger",
		Short: "Hold, transfer, grant and look up Internet numbers",
		Long: `ipledger is the holders' and auditors' tool of the ledger of Internet number resources.

Every act is told in words and asked about before it is signed; --yes answers
for a script. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 failed, 2 usage, 3 does not verify, 4 not found,
5 refused by a rule, 6 node unreachable, 7 submitted with unknown outcome,
8 timed out waiting.`,
		Example:       "  ipledger lookup 193.0.8.1\n  ipledger transfer offer 193.0.8.0/24 bob",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          group,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			s.begun = true
			return s.settle(cmd)
		},
	}
	s.globals(root.PersistentFlags())
	root.AddCommand(
		keyCommand(s), accountCommand(s), transferCommand(s), grantCommand(s), splitCommand(s), mergeCommand(s), surrenderCommand(s), listCommand(s),
		claimCommand(s), evidenceCommand(s), attestCommand(s), objectCommand(s), successionCommand(s), disputeCommand(s), sourceCommand(s), govCommand(s),
		leaseCommand(s), chargeCommand(s), originCommand(s), providersCommand(s), contactsCommand(s), reverseCommand(s), geofeedCommand(s), letterCommand(s), bundleCommand(s),
		inspectCommand(s), preflightCommand(s), signCommand(s), attachCommand(s), submitCommand(s), actCommand(s),
		lookupCommand(s), beneathCommand(s), offersCommand(s), listingsCommand(s), historyCommand(s), diffCommand(s), watchCommand(s), driftCommand(s), verifyCommand(s), lightCommand(s), auditCommand(s), logCommand(s), witnessCommand(s), versionCommand(s),
	)
	s.completions(root)
	return root
}

// group is the verb of a command that only has others below it.
func group(cmd *cobra.Command, _ []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usage("%s is followed by one of: %s", cmd.CommandPath(), strings.Join(names, ", ")).
		hint("%s --help shows them", cmd.CommandPath())
}

// family makes a command that has only others below it.
func family(use, short, example string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Example: example, Args: cobra.NoArgs, RunE: group}
	c.AddCommand(verbs...)
	return c
}
