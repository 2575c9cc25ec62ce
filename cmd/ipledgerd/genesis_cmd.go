package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipledger/cmd/statsfile"
	"ipledger/ledger/genesis"
)

func genesisCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "genesis", Short: "Make the first state of a network", Args: cobra.NoArgs, RunE: group,
		Example: "  ipledgerd genesis build --help",
	}
	c.AddCommand(genesisBuild())
	return c
}

// buildOptions is what is asked of `genesis build`.
type buildOptions struct {
	chainID, members, holdings, out, report string
	stats                                   []string
	test                                    bool
}

func genesisBuild() *cobra.Command {
	var o buildOptions
	c := &cobra.Command{
		Use:   "build --chain-id ID --members FILE --stats FILE... --out FILE",
		Short: "Make a genesis out of registry statistics and members",
		Long: `Reads the registries' statistics (basic and extended, plain, .gz, .bz2 or .xz) and the
members file, and writes the genesis file, with the state file that it names
beside it. Every record line is accounted for in the report. The same input gives
the same bytes, whatever the order of its files. The genesis hash is printed.`,
		Example: `  ipledgerd genesis build --chain-id example-1 --members members.toml \
    --stats delegated-ripencc-extended-latest --stats delegated-arin-extended-latest \
    --out genesis.json --report report.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout(), cmd.ErrOrStderr()) },
	}
	f := c.Flags()
	f.StringVar(&o.chainID, "chain-id", "", "name of the network: 1 to 50 of a-z, 0-9, point and hyphen")
	f.StringVar(&o.members, "members", "", "members file (TOML)")
	f.StringArrayVar(&o.stats, "stats", nil, "statistics file; may be given many times")
	f.StringVar(&o.out, "out", "", "genesis file to write; the state file goes beside it")
	f.StringVar(&o.report, "report", "", "report file to write (JSON)")
	f.BoolVar(&o.test, "test", false, "mark the network as a test")
	f.StringVar(&o.holdings, "holdings", "", "holdings file (TOML), for test networks")
	return c
}

func (o *buildOptions) run(out, progress io.Writer) error {
	in, err := o.input(progress)
	if err != nil {
		return err
	}
	built, err := genesis.Build(in)
	if err != nil {
		return err
	}
	if err := o.write(built); err != nil {
		return err
	}
	fmt.Fprintln(out, built.Hash)
	return nil
}

// input reads all files.
func (o *buildOptions) input(progress io.Writer) (in genesis.Input, err error) {
	in = genesis.Input{ChainID: o.chainID, Test: o.test}
	in.Progress = func(stage string, done, total int) {
		if done == 0 || total <= genesis.StatsFilesMax {
			fmt.Fprintln(progress, stage)
		}
	}
	if o.chainID == "" || o.members == "" || len(o.stats) == 0 || o.out == "" {
		return in, usage("--chain-id, --members, --stats and --out are all needed")
	}
	if o.holdings != "" && !o.test {
		return in, usage("--holdings is for test networks: add --test, or leave it out (GEN-15)")
	}
	if in.Members, err = readWith(o.members, readMembers); err != nil {
		return in, err
	}
	if o.holdings != "" {
		if in.Holdings, err = readWith(o.holdings, readHoldings); err != nil {
			return in, err
		}
	}
	for _, name := range o.stats {
		s, err := statsfile.Read(name)
		if err != nil {
			return in, wrongFile(err)
		}
		in.Stats = append(in.Stats, s)
	}
	return in, nil
}

// readWith reads a file by its reader; errors name the file.
func readWith[T any](name string, read func([]byte) (T, error)) (out T, err error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return out, wrongFile(err)
	}
	if out, err = read(raw); err != nil {
		return out, fail(exitUnverified, fmt.Errorf("%s: %w", name, err), "specs/08 gives the format with an example")
	}
	return out, nil
}

func wrongFile(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fail(exitNotFound, err, "")
	}
	return fail(exitUnverified, err, "")
}

// write puts the state file in place before the genesis file that names it.
func (o *buildOptions) write(built *genesis.Output) error {
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(filepath.Dir(o.out), built.StateName), built.StateFile); err != nil {
		return err
	}
	if err := writeWhole(o.out, built.File); err != nil || o.report == "" {
		return err
	}
	return writeWhole(o.report, built.Report.JSON())
}

// writeWhole replaces a file in one step, so that a reader sees the old or the new.
func writeWhole(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
