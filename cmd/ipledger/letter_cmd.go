package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func letterCommand(s *session) *cobra.Command {
	var r route
	var to, file string
	var signers []string
	c := &cobra.Command{
		Use: "letter PREFIX ASNUMBER", Short: "Write a letter of authorisation, with its proofs, for a network that asks for one",
		Long: `Write the letter that a cloud provider or a transit network asks for before it announces
a prefix that is not its own: who possesses the prefix, by what right and until when, and
which AS number may originate it. The words say what the ledger says and no more; the
proofs are in the same file, and the possessor signs it with as many keys as its acts need.

There is no letter for what the ledger does not say (exit 5). What was true when it was
written is what it shows: the reader asks the ledger whether it still stands.`,
		Example: "  ipledger letter 193.0.8.0/24 AS3333 --to \"Example Cloud, network operations\" --out loa.txt\n  ipledger verify letter loa.txt --trust trust.json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.read(args); err != nil {
				return err
			}
			if err := checkAddressee(to); err != nil {
				return usage("--to: %w", err)
			}
			f, l, err := s.letter(cmd.Context(), light.Route{Block: r.block, AS: r.as, MaxLength: r.length()})
			if err != nil {
				return err
			}
			l.to = to
			if err := l.check(); err != nil {
				return err
			}
			if err := s.signLetter(f, l, signers); err != nil {
				return err
			}
			return s.tellLetter(f, file)
		},
	}
	r.bind(c)
	c.Flags().StringVar(&to, "to", usualAddressee, "whom the letter is to")
	c.Flags().StringVar(&file, "out", "", "file to write; standard output if left out")
	c.Flags().StringSliceVar(&signers, "signer", nil, "key that signs, by name; several at once are possible (default: those of the possessor's keys that are here)")
	return c
}

// letter fetches the two proofs of one height that a letter stands on.
func (s *session) letter(ctx context.Context, r light.Route) (*letterFile, *letter, error) {
	trust, err := s.trustFile()
	if err != nil {
		return nil, nil, err
	}
	query := url.Values{"proof": {"1"}, "as": {strconv.FormatUint(r.AS, 10)}, "max_length": {strconv.FormatUint(r.MaxLength, 10)}}
	route, err := s.prove(ctx, "/v1/resources/"+r.Block.String()+"/authorisation?"+query.Encode(), light.KindAuthorised)
	if err != nil {
		return nil, nil, err
	}
	if route.Authorised.Route != r {
		return nil, nil, elsewhere(r.Block)
	}
	possessor := route.Authorised.Possessor
	if possessor.IsZero() {
		return nil, nil, (&letter{route: route.Authorised, who: new(light.AccountAnswer)}).check()
	}
	who, err := s.prove(ctx, fmt.Sprintf("/v1/accounts/%v?proof=1&at=%d", possessor, route.Height), light.KindAccount)
	if err != nil {
		return nil, nil, err
	}
	if who.Account.ID != possessor || who.Moment != route.Moment {
		return nil, nil, elsewhere(possessor)
	}
	f := &letterFile{route: route.file, who: who.file}
	l, err := letterOf(f.route, f.who, trust)
	return f, l, err
}

// signLetter shows the words, asks, and signs them.
func (s *session) signLetter(f *letterFile, l *letter, asked []string) error {
	names, err := s.letterKeys(l, asked)
	if err != nil {
		return err
	}
	f.words = l.text()
	s.err.linef("%s", said(f.words))
	if err := s.agree(); err != nil {
		return err
	}
	sigs, err := s.consent([]wire.Hash{l.digest()}, names)
	if err != nil {
		return err
	}
	f.sigs = sigs[0]
	slices.SortFunc(f.sigs, func(a, b account.Signature) int { return slices.Compare(a.Signer[:], b.Signer[:]) })
	return l.signed(f.sigs)
}

// letterKeys is the keys asked for, or as many of the possessor's as its routing acts
// need.
func (s *session) letterKeys(l *letter, asked []string) ([]string, error) {
	if len(asked) > 0 {
		return s.signersFor(asked)
	}
	list, err := s.list()
	if err != nil {
		return nil, err
	}
	for _, role := range []account.Role{account.Routing, account.Title} {
		keys, most := l.who.Account.Policy.Keys(role)
		var names []string
		for _, e := range list {
			if slices.Contains(keys, keyOf(e)) && uint64(len(names)) < most {
				names = append(names, e.Name)
			}
		}
		if most > 0 && uint64(len(names)) == most {
			return names, nil
		}
	}
	return nil, usage("the keystore has not the keys of %v that sign a letter", l.who.ID).hint("--signer NAME").hint("ipledger account show %v", l.who.ID)
}

func (s *session) tellLetter(f *letterFile, file string) error {
	if file == "" {
		_, err := s.out.w.Write(f.bytes())
		return err
	}
	if err := os.WriteFile(file, f.bytes(), 0o644); err != nil {
		return err
	}
	if s.json {
		return s.out.json(map[string]any{"file": file})
	}
	s.out.field("file", "%s", said(file))
	s.out.field("next", "ipledger verify letter %s", said(file))
	return nil
}

func verifyLetter(s *session) *cobra.Command {
	var untrusted bool
	c := &cobra.Command{
		Use: "letter FILE", Short: "Check a letter of authorisation, without any network",
		Long: `Check a letter that "ipledger letter" wrote: its two proofs against a trust file, that its
words are those of the proofs and nothing else, and that the possessor's keys signed it.
It shows what was true at its height; ask a node whether that still stands.`,
		Example: "  ipledger verify letter loa.txt --trust trust.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			raw, err := readSmall(args[0], letterBytesMax)
			if err != nil {
				return err
			}
			trust, err := s.trustFile()
			if err != nil {
				return err
			}
			if trust == nil && !untrusted {
				return usage("no trust file says whose signatures count").hint("ipledger verify letter %s --trust FILE", said(args[0])).hint("--no-trust leaves the question open")
			}
			if untrusted {
				trust = nil
			}
			f, err := parseLetter(raw)
			if err != nil {
				return err
			}
			l, err := f.open(trust)
			if err != nil {
				return err
			}
			return s.tellOpened(l, trust != nil)
		},
	}
	c.Flags().BoolVar(&untrusted, "no-trust", false, "only check that the letter holds together, not who signed its proofs")
	return c
}

func (s *session) tellOpened(l *letter, trusted bool) error {
	a := l.route
	if s.json {
		return s.out.json(map[string]any{
			"verified": trusted, "to": l.to, "prefix": a.Route.Block.String(), "max_length": a.Route.MaxLength, "asn": a.Route.AS,
			"possessor": l.who.ID, "name": l.who.Account.Name, "grade": a.Grade.String(), "height": light.Decimal(a.Height), "time": instant(a.Time), "ends": instant(l.ends()),
		})
	}
	if trusted {
		s.out.field("verified", "yes, with %s", said(s.trust))
	} else {
		s.out.field("verified", "no, it only holds together")
	}
	s.out.field("to", "%s", said(l.to))
	s.out.field("letter", "AS%d may originate %v down to /%d", a.Route.AS, a.Route.Block, a.Route.MaxLength)
	s.out.field("possessor", "%s, %v", said(l.name()), l.who.ID)
	s.out.field("right", "%s", said(l.right()))
	s.out.field("until", "%s", said(l.until()))
	s.out.field("as of", "block %d, %s", a.Height, instant(a.Time))
	s.out.field("next", "ipledger origin show %v AS%d --max-length %d", a.Route.Block, a.Route.AS, a.Route.MaxLength)
	return nil
}
