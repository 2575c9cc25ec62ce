package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ipledger/cmd/statsfile"
	"ipledger/node"
)

func runCommand() *cobra.Command {
	var untilEOF bool
	c := &cobra.Command{
		Use: "run --home DIR", Short: "Run the node", Args: cobra.NoArgs,
		Long: `Runs the node of a home until it is interrupted, and then ends it in good order
within ten seconds; one whose disk does not answer is ended as it is after thirty. Every setting can be given by flag, environment or file.`,
		Example: "  ipledgerd run --home /var/lib/ipledger\n  IPLEDGERD_LOG_LEVEL=debug ipledgerd run --home DIR --http-listen 127.0.0.1:0",
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := load(cmd)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if untilEOF {
				ctx = untilClosed(ctx, cmd.InOrStdin())
			}
			return runNode(ctx, l.settings, newLogger(l.settings, cmd.ErrOrStderr()))
		},
	}
	settingFlags(c.Flags())
	c.Flags().BoolVar(&untilEOF, "until-stdin-closes", false, "end when standard input is closed, as when the program that started this one dies")
	return c
}

// untilClosed is a context that ends when a reader does.
func untilClosed(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in) // the end is what is waited for, however it comes
		cancel()
	}()
	return ctx
}

func newLogger(s settings, out io.Writer) *slog.Logger {
	level, err := s.Node.Level()
	if err != nil {
		panic(err) // validated
	}
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			a.Value = slog.TimeValue(a.Value.Time().UTC())
		}
		return a
	}}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, o))
	}
	return slog.New(slog.NewTextHandler(out, o))
}

// runNode runs a node until ctx ends.
func runNode(ctx context.Context, s settings, log *slog.Logger) error {
	if _, err := os.Stat(s.Node.Home); err != nil {
		return fail(exitConfig, err, "make the home with `ipledgerd init`, or name another with --home")
	}
	n, err := node.New(s.Node, log)
	if err != nil {
		return err
	}
	n.OpenWith(statsfile.Open)
	if _, err := n.Serve(s.Serve, version().String()); err != nil {
		return errors.Join(err, n.Close())
	}
	err = n.Run(ctx)
	return errors.Join(err, closed(n.Close, closeMax))
}

// closeMax is how long a node may take to close: a database that cannot write any
// more tries again for ever, and what it holds is in its journals already.
const closeMax = 30 * time.Second

// closed closes, or says that it takes too long; the process then ends without it.
func closed(closing func() error, most time.Duration) error {
	done := make(chan error, 1)
	go func() { done <- closing() }()
	select {
	case err := <-done:
		return err
	case <-time.After(most):
		return fmt.Errorf("the node did not close within %v and was ended as it was; what it had acknowledged is kept: look at its log for the disk that does not answer", most)
	}
}
