package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/genesis"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func sourceCommand(s *session) *cobra.Command {
	return family("source", "Bring registries' new files into the register: compare, attest, enter; tell what waits",
		"  ipledger source diff delegated-ripencc-extended-latest\n  ipledger source state",
		sourceDiff(s), sourceShow(s), sourceAttest(s), sourceSubmit(s), sourceState(s), sourceList(s))
}

// readStated reads a statement file, which is taken whole or not at all.
func readStated(path string) (*genesis.StatementFile, error) {
	raw, err := readSmall(path, genesis.StatementBytesMax)
	if err != nil {
		return nil, err
	}
	f, err := genesis.DecodeStatements(raw)
	if err != nil {
		return nil, fail(exitUnverified, "%s: %w", path, err).hint("make it anew: ipledger source diff FILE")
	}
	if len(f.Lines) == 0 {
		return nil, usage("%s says nothing: the registry's file changes nothing", path)
	}
	return f, nil
}

func sourceShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show STATEMENTS", Short: "Tell what a statement file says, without any network",
		Example: "  ipledger source show ripencc-20261201.source",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := readStated(args[0])
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(shapeStated(f, args[0]))
			}
			for i := range f.Lines {
				s.tellStatement(f.Lines[i].String())
			}
			shape := shapeStated(f, args[0])
			s.tellStated(&shape)
			return nil
		},
	}
}

// tellStatement tells one statement: what is listed with which row, or no more.
func (s *session) tellStatement(line string) {
	var x tx.Statement
	if err := x.Parse("ripencc", line); err != nil { // the form is one for all registries
		s.out.field("states", "%s", said(line))
		return
	}
	if x.Source == nil {
		s.out.field("gone", "%v is listed no more", x.Block)
		return
	}
	words := append([]string{x.Source.Status}, strings.Fields(dayText(x.Source.Date)+" "+x.Source.Country)...)
	s.out.field("lists", "%v: handle %s, %s", x.Block, orUnknown(said(x.Source.Handle)), strings.Join(words, " "))
}

// dayText is a day of a row, empty where it is unknown.
func dayText(n uint64) string {
	if n == 0 {
		return ""
	}
	return string(isoDay(decimal(n)))
}

func sourceAttest(s *session) *cobra.Command {
	return s.act(verb{
		use: "attest STATEMENTS", short: "As a registrar, attest a statement file by the registry's digest and the file's root",
		long: `Attest that a statement file is what a registry's file of a day changes. Once as many
registrars of different organisations as the law asks have said the same to the
byte, anyone may enter its pages. Attest only what you have made yourself, with
"ipledger source diff", of files that you fetched yourself.`,
		example: "  ipledger source attest ripencc-20261201.source --account notary-polder",
		plan: func(_ context.Context, args []string) (plan, error) {
			f, err := readStated(args[0])
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return plan{author: who, body: f.Attestation(), after: func(*actAnswer) []string {
				return []string{"ipledger source state " + f.Registry, fmt.Sprintf("ipledger source submit %s   # by anyone, once enough registrars attested it", args[0])}
			}}, err
		},
	})
}
