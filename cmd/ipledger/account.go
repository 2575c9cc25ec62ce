package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func accountCommand(s *session) *cobra.Command {
	return family("account", "Open, show and change accounts", "  ipledger account open carol --work\n  ipledger account show carol",
		accountOpen(s), accountShow(s), accountHoldings(s), accountOffers(s), accountPolicy(s), accountDelay(s), accountGuardians(s),
		accountRename(s), accountProvider(s), recoverCommand(s))
}

func accountShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show [ACCOUNT]", Short: "Show an account: keys, lanes, credit and holdings",
		Example: "  ipledger account show alice --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			return s.showAccount(cmd.Context(), id)
		},
	}
}

// showAccount prints an account, proven where a trust file is set.
func (s *session) showAccount(ctx context.Context, id wire.Address) error {
	trust, err := s.trustFile()
	if err != nil {
		return err
	}
	path := "/v1/accounts/" + id.String()
	if trust != nil {
		path += "?proof=1"
	}
	raw, err := s.client().raw(ctx, path)
	if err == nil && trust != nil {
		raw, err = s.provenAccount(ctx, raw, id, trust)
	}
	if err != nil {
		return err
	}
	if s.json {
		return s.out.json(spliced{map[string]any{"verified": trust != nil}, raw})
	}
	a := new(accountAnswer)
	if err := readAnswer(raw, a); err != nil {
		return err
	}
	if err := a.check(id); err != nil {
		return err
	}
	s.tellAccount(a)
	s.out.field("verified", "%s", yesNo(trust != nil))
	s.tellAge(uint64(a.Time))
	return nil
}

// provenAccount is the answer that a proof file of a node proves.
func (s *session) provenAccount(ctx context.Context, file []byte, id wire.Address, trust *light.Trust) ([]byte, error) {
	file, trust, err := s.lead(ctx, file, trust)
	if err != nil {
		return nil, err
	}
	v, err := light.Verify(file, trust)
	if err != nil {
		return nil, err
	}
	if v.Account == nil || v.Account.ID != id {
		return nil, fail(exitUnverified, "the node proved something else than account %v; ask another", id)
	}
	if v.Account.Account == nil {
		return nil, fail(exitNotFound, "%s", v.Statement)
	}
	return json.Marshal(v.Account)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func (s *session) tellAccount(a *accountAnswer) {
	p, x := s.out, a.Account
	p.field("account", "%s", s.book.tell(a.ID))
	p.field("as of", "block %d, %s", a.Height, a.Time)
	said := "self-declared"
	if !x.AttestedBy.IsZero() {
		said = "attested by " + s.book.tell(x.AttestedBy.Address)
	}
	p.field("name", "%q, %s", x.Name.String(), said)
	p.field("country", "%s", x.Jurisdiction)
	p.field("opened", "%s", since(x.Opened))
	p.field("policy", "version %d", x.Policy)
	tellRole(p, "title", x.Title)
	tellRole(p, "routing", x.Routing)
	for _, change := range x.Waiting {
		p.field("waiting", "a change of its %s; ipledger account recover show %s tells when", change, s.book.short(a.ID))
	}
	p.field("delay", "%v", (*span)(&x.Delay))
	for _, g := range x.Guardians {
		p.field("guardian", "%s, %d of %d can recover it", s.book.tell(g.Address), x.GuardianK, len(x.Guardians))
	}
	if x.Recovery != "none" {
		p.field("recovery", "%s", x.Recovery)
		p.field("next", "ipledger account recover show %s", s.book.short(a.ID))
	}
	if !x.Provider.IsZero() {
		p.field("provider", "%s", s.book.tell(x.Provider.Address))
	}
	p.field("holds", "%d /24s of IPv4, %d /48s of IPv6, %d AS numbers", x.V4, x.V6, x.AS)
	p.field("credit", "%d at %s", x.Credit, x.CreditAt)
}

func tellRole(p *printer, name string, r role) {
	if len(r.Keys) == 0 {
		p.field(name, "no keys of its own")
		return
	}
	p.field(name, "%d of %d keys sign: %s", r.K, len(r.Keys), said(strings.Join(r.Keys, " ")))
}

// policyFlags is the keys of an account as they are typed.
type policyFlags struct {
	keys, routing    []string
	titleK, routingK uint64
}

func (f *policyFlags) bind(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.keys, "key", nil, "title key, by name in the keystore or by address; several are possible")
	c.Flags().Uint64Var(&f.titleK, "threshold", 1, "how many title keys sign")
	c.Flags().StringSliceVar(&f.routing, "routing-key", nil, "key that may only authorise and withdraw origins")
	c.Flags().Uint64Var(&f.routingK, "routing-threshold", 1, "how many routing keys sign")
}

// read makes a policy of the flags and checks it.
func (f *policyFlags) read(s *session) (p account.Policy, err error) {
	if p.TitleKeys, err = s.keysMeant(f.keys); err != nil {
		return p, err
	}
	if p.RoutingKeys, err = s.keysMeant(f.routing); err != nil {
		return p, err
	}
	p.TitleK = f.titleK
	if len(p.RoutingKeys) > 0 {
		p.RoutingK = f.routingK
	}
	return p, nil
}

// keysMeant reads keys in any order and gives them in the ledger's.
func (s *session) keysMeant(texts []string) ([]account.Key, error) {
	var out []account.Key
	for _, text := range texts {
		k, err := s.keyMeant(text)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b account.Key) int { return bytes.Compare(a.Addr[:], b.Addr[:]) })
	return out, nil
}

func accountPolicy(s *session) *cobra.Command {
	var keys policyFlags
	return s.act(verb{
		use: "policy [ACCOUNT]", short: "Replace the keys of an account",
		long: `Replace all keys of an account by those named. It takes effect after the
account's delay; acts signed under the old keys and not yet applied are void
from then on.`,
		example: "  ipledger account policy alice --key alice --key alice2 --threshold 2",
		bind:    keys.bind,
		plan: func(_ context.Context, args []string) (plan, error) {
			if len(keys.keys) == 0 {
				return plan{}, usage("an account needs title keys").hint("--key NAME, once for each")
			}
			who, err := s.accountArg(args)
			if err != nil {
				return plan{}, err
			}
			p, err := keys.read(s)
			return s.planned(who, &tx.SetPolicy{TitleKeys: p.TitleKeys, TitleK: p.TitleK, RoutingKeys: p.RoutingKeys, RoutingK: p.RoutingK}, err)
		},
	})
}

// accountArg is the account that the first argument names, or else --account.
func (s *session) accountArg(args []string) (wire.Address, error) {
	if len(args) > 0 {
		s.account = args[0]
	}
	return s.author(wire.Address{})
}
