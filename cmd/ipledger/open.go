package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// opening is the flags of an account that is to be opened.
type opening struct {
	policyFlags
	name, jurisdiction string
	delay              span
	sponsor            string
	work               bool
}

func accountOpen(s *session) *cobra.Command {
	var f acting
	var o opening
	c := &cobra.Command{
		Use: "open NAME", Short: "Open an account, by work or with a sponsor",
		Long: `Open an account whose key is NAME in the keystore, unless --key names others.
Nobody needs to know you: --work pays with some seconds of computing. With
--sponsor another account pays and signs, and the new one begins with 10 of
credit, enough for a few acts. NAME is remembered here for the
account's id; what the ledger shows is --name, which nobody checks.`,
		Example: "  ipledger account open carol --work\n  ipledger account open carol --sponsor alice --name \"Exempel AB\" --jurisdiction SE",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := o.read(cmd, s, args[0])
			if err != nil {
				return err
			}
			after := func(a *actAnswer) []string { return s.opened(args[0], body, a) }
			if o.work {
				return s.openByWork(cmd.Context(), &f, body, after)
			}
			sponsor, err := s.book.id(o.sponsor)
			if err != nil {
				return err
			}
			return s.perform(cmd.Context(), &f, plan{author: sponsor, body: body, after: after})
		},
	}
	c.Flags().StringVar(&o.name, "name", "", "name that the ledger shows (default: none)")
	c.Flags().StringVar(&o.jurisdiction, "jurisdiction", "", "two letters of ISO 3166-1 (default: ZZ, unknown)")
	c.Flags().Var(&o.delay, "delay", "time between an offer and the first moment it can be accepted (default: the network's)")
	c.Flags().StringVar(&o.sponsor, "sponsor", "", "account that pays and signs")
	c.Flags().BoolVar(&o.work, "work", false, "pay with computing")
	o.bind(c)
	return f.bind(c)
}

// read makes the act's body of what was typed.
func (o *opening) read(cmd *cobra.Command, s *session, name string) (*tx.OpenAccount, error) {
	if o.work == (o.sponsor != "") {
		return nil, usage("an account is opened with either --work or --sponsor ACCOUNT")
	}
	if len(o.keys) == 0 {
		o.keys = []string{name}
	}
	p, err := o.policyFlags.read(s)
	if err != nil {
		return nil, err
	}
	if o.jurisdiction == "" {
		o.jurisdiction = "ZZ"
	}
	if !cmd.Flags().Changed("delay") {
		usual, err := s.parameter(cmd.Context(), "delay_seconds")
		if err != nil {
			return nil, err
		}
		o.delay = span(usual.Value)
	}
	if o.delay > account.DelaySecondsMax {
		return nil, usage("--delay %v: at most %dd", &o.delay, account.DelaySecondsMax/86400)
	}
	return &tx.OpenAccount{
		Name: o.name, Jurisdiction: o.jurisdiction, Delay: uint64(o.delay),
		TitleKeys: p.TitleKeys, TitleK: p.TitleK, RoutingKeys: p.RoutingKeys, RoutingK: p.RoutingK,
	}, nil
}

// opened remembers the new account's name.
func (s *session) opened(name string, body *tx.OpenAccount, a *actAnswer) []string {
	id := ledger.AccountID(a.ID)
	if !s.json {
		s.out.field("account", "%v", id)
	}
	if err := s.book.add(bookItem{Name: name, ID: id, Key: body.TitleKeys[0].String()}); err != nil {
		s.err.linef("the name could not be remembered: %v", said(err.Error()))
		name = id.String()
	}
	return []string{fmt.Sprintf("ipledger account show %s", name)}
}

// openByWork is perform for an act without author: the work takes the place of
// the account's credit, and it is tried with its signatures.
func (s *session) openByWork(ctx context.Context, f *acting, body *tx.OpenAccount, after func(*actAnswer) []string) error {
	chain, err := s.status(ctx)
	if err != nil {
		return err
	}
	if err := chain.known(); err != nil {
		return err
	}
	act, err := s.work(ctx, chain, body)
	if err != nil {
		return err
	}
	return s.performAlone(ctx, f, alone{act, func() ([]string, error) { return s.openers(body, f.signers) }, after})
}

// openers is the keys that sign for an account that is not there yet: as many
// of its title keys as must sign.
func (s *session) openers(body *tx.OpenAccount, asked []string) ([]string, error) {
	list, err := s.list()
	if err != nil {
		return nil, err
	}
	r := role{K: body.TitleK}
	for _, k := range body.TitleKeys {
		r.Keys = append(r.Keys, k.String())
	}
	t, err := newTeam(0, r, list, asked)
	if err == nil && len(t.sign) == 0 {
		err = fail(exitFailed, "%d title keys must sign and the keystore %s has not as many of them", t.want, s.keystore).
			hint("--out FILE writes an act file for keys that are elsewhere")
	}
	if err != nil {
		return nil, err
	}
	return t.sign, nil
}

// accountless is the header of an opening by work.
func accountless(expires, rules uint64) tx.Header {
	return tx.Header{Author: wire.Address{}, Expires: expires, Rules: rules}
}
