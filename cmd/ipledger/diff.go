package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipledger/cmd/statsfile"
	"ipledger/ledger/genesis"
	"ipledger/ledger/wire"
)

// differing is the flags of a comparison.
type differing struct{ out, report string }

func sourceDiff(s *session) *cobra.Command {
	var d differing
	c := &cobra.Command{
		Use: "diff FILE...", Short: "Compare registries' new files with the register, and write what they change as statements",
		Long: `Compare registries' statistics files of a day (basic or extended, plain, .gz, .bz2 or .xz)
with the register of a node, what waits there counted as settled, and write for
each registry a statement file of what its file changes. Conflicts between the
registries' rows are settled as in genesis, so compare all files of the day at once.

Registrars who compare the same files make the same bytes: attest only what you
have made yourself.`,
		Example: "  ipledger source diff delegated-ripencc-extended-latest delegated-arin-extended-latest --out ./",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return s.diff(cmd.Context(), args, &d) },
	}
	c.Flags().StringVar(&d.out, "out", ".", "directory to write statement files to, as REGISTRY-DATE.source")
	c.Flags().StringVar(&d.report, "report", "", "file to write to what became of every line that was not taken whole (JSON)")
	return c
}

// diff compares files with the register and writes statement files.
func (s *session) diff(ctx context.Context, names []string, d *differing) error {
	stats, err := readStats(names)
	if err != nil {
		return err
	}
	s.err.linef("reading the register of %s", said(s.node))
	r, err := s.register(ctx)
	if err != nil {
		return err
	}
	s.err.linef("comparing %d titles as of block %d, and %d pages that wait, with %d files", len(r.Titles), r.Height, len(r.Waiting), len(stats))
	titles, err := r.Settled()
	if err != nil {
		return fail(exitUnverified, "the node's answer: %w", err)
	}
	files, report, err := genesis.Diff(titles, stats)
	if err != nil {
		return fail(exitUnverified, "%w", err)
	}
	if d.report != "" {
		if err := writeFresh(d.report, report.JSON(), 0o644); err != nil {
			return err
		}
	}
	list, err := d.write(files)
	if err != nil {
		return err
	}
	return s.tellDiff(&diffShape{decimal(r.Height), report.Files, list})
}

func readStats(names []string) (stats []genesis.Stats, err error) {
	if len(names) > genesis.StatsFilesMax {
		return nil, usage("%d files, at most %d are compared at once", len(names), genesis.StatsFilesMax)
	}
	for _, name := range names {
		one, err := statsfile.Read(name)
		if err != nil {
			return nil, usage("%w", err)
		}
		one.Name = filepath.Base(name)
		stats = append(stats, one)
	}
	return stats, nil
}

// diffShape is a comparison as --json prints it.
type diffShape struct {
	Height string               `json:"register_height"`
	Files  []genesis.FileReport `json:"files"`
	Stated []statedShape        `json:"statement_files"`
}

// statedShape is a statement file; its Path is empty where the registry's file
// changes nothing.
type statedShape struct {
	Registry   string    `json:"registry"`
	Date       string    `json:"date"`
	Digest     wire.Hash `json:"digest"`
	Statements int       `json:"statements"`
	Pages      string    `json:"pages"`
	Root       wire.Hash `json:"root"`
	Path       string    `json:"path"`
}

func shapeStated(f *genesis.StatementFile, path string) statedShape {
	a := f.Attestation()
	return statedShape{f.Registry, decimal(f.Date), f.File, len(f.Lines), decimal(a.Pages), a.Root, path}
}

// write writes the statement files that say something.
func (d *differing) write(files []genesis.StatementFile) (list []statedShape, err error) {
	for i := range files {
		f, path := &files[i], ""
		if len(f.Lines) > 0 {
			path = filepath.Join(d.out, fmt.Sprintf("%s-%d.source", f.Registry, f.Date))
			if err := writeFresh(path, f.Encode(), 0o644); err != nil {
				return nil, err
			}
		}
		list = append(list, shapeStated(f, path))
	}
	return list, nil
}

func (s *session) tellDiff(d *diffShape) error {
	if s.json {
		return s.out.json(d)
	}
	s.out.field("register", "block %s", d.Height)
	for _, f := range d.Files {
		s.out.field("file", "%s: %d rows, %d taken, %d not as a whole", said(f.Name), f.Rows, f.Taken, f.Rows-f.Taken)
		for _, w := range f.Warnings {
			s.out.field("", "%s", said(w))
		}
	}
	for i := range d.Stated {
		s.tellStated(&d.Stated[i])
	}
	return nil
}

func (s *session) tellStated(f *statedShape) {
	s.out.field("registry", "%s, file of %s", f.Registry, isoDay(f.Date))
	s.out.field("digest", "%v", f.Digest)
	if f.Statements == 0 {
		s.out.field("statements", "none: the register says what the file says")
		return
	}
	s.out.field("statements", "%d, pages %s, root %v", f.Statements, f.Pages, f.Root)
	s.out.field("file", "%s", said(f.Path))
	s.out.field("next", "ipledger source attest %s   # as a registrar", said(f.Path))
}

// isoDay writes YYYYMMDD with hyphens; what is no date it leaves as it is.
func isoDay(text string) said {
	if len(text) != 8 {
		return said(text)
	}
	return said(text[:4] + "-" + text[4:6] + "-" + text[6:])
}
