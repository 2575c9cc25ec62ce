package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func bundleCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "bundle FILE FILE...", Short: "Tie unsigned act files together: all of them apply, or none",
		Long: `Write the same bundle into unsigned act files, in the order given; acts of one
account in one lane get numbers that follow each other. Each file is then signed
by its author's keys, and all are submitted together.`,
		Example: "  ipledger bundle sale.act.json payment.act.json\n  ipledger submit sale.act.json payment.act.json",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := readActs(args)
			if err != nil {
				return err
			}
			if err := tie(files); err != nil {
				return err
			}
			for i, file := range files {
				if err := updateAct(args[i], file); err != nil {
					return err
				}
			}
			return s.tellBundle(args, files)
		},
	}
}

// readActs reads several act files of one chain, each once.
func readActs(paths []string) (files []*tx.File, err error) {
	for i, path := range paths {
		if slices.Contains(paths[:i], path) {
			return nil, usage("%s is named twice", path)
		}
		file, err := readAct(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		if file.Salt != files[0].Salt {
			return nil, usage("%s is for another chain than %s", path, paths[0])
		}
	}
	return files, nil
}

// tie numbers the acts and writes the bundle's fields.
func tie(files []*tx.File) error {
	type lane struct {
		author wire.Address
		lane   uint64
	}
	next := map[lane]uint64{}
	acts := make([]*tx.Act, len(files))
	for i, f := range files {
		acts[i] = f.Act
		at := lane{f.Act.Author, f.Act.Lane}
		if n, ok := next[at]; ok {
			f.Act.Number = n
		}
		next[at] = f.Act.Number + 1
	}
	return tx.Bundle(acts, files[0].Salt)
}

func (s *session) tellBundle(paths []string, files []*tx.File) error {
	if s.json {
		return s.out.json(map[string]any{"bundle": files[0].Act.Bundle, "files": paths})
	}
	s.out.field("bundle", "%v", files[0].Act.Bundle)
	for i, f := range files {
		s.out.field("act", "%d of %d: %v, %v by %s", i+1, len(files), f.Act.ID(f.Salt), f.Act.Body.Kind(), s.book.tell(f.Act.Author))
	}
	s.out.field("next", "ipledger preflight %s", said(strings.Join(paths, " ")))
	for i := range paths {
		s.out.field("next", "ipledger sign %s --signer NAME", said(paths[i]))
	}
	s.out.field("next", "ipledger submit %s", said(strings.Join(paths, " ")))
	return nil
}
