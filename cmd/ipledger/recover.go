package main

import (
	"context"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func recoverCommand(s *session) *cobra.Command {
	return family("recover", "Replace the keys of an account whose own are lost or stolen", "  ipledger account recover start alice --key alice-new --account bob\n  ipledger account recover veto --account alice",
		recoverStart(s), recoverShow(s), recoverVeto(s), recoverProve(s), recoverFinish(s), recoverRevoke(s))
}

// recoveryAnswer is what waits for an account, as a node tells it.
type recoveryAnswer struct {
	Waiting []struct {
		Sort said    `json:"sort"`
		At   instant `json:"at"`
	} `json:"waiting"`
	Recovery *struct {
		Stage     said       `json:"stage"`
		At        instant    `json:"at"`
		Ripe      bool       `json:"ripe"`
		Name      party      `json:"name"`
		Proved    *wire.Hash `json:"proved"`
		Proposals []struct {
			Act   wire.Hash `json:"act"`
			Title role      `json:"title_role"`
			By    []party   `json:"by"`
		} `json:"proposals"`
	} `json:"recovery"`
}

func (s *session) recoveryOf(ctx context.Context, id wire.Address) (*recoveryAnswer, error) {
	out := new(recoveryAnswer)
	return out, s.client().get(ctx, "/v1/accounts/"+id.String()+"/recovery", out)
}

// running is the act that started the recovery that runs.
func (s *session) running(ctx context.Context, id wire.Address) (wire.Hash, error) {
	a, err := s.recoveryOf(ctx, id)
	if err != nil {
		return wire.Hash{}, err
	}
	if a.Recovery == nil || a.Recovery.Stage == "proposed" || len(a.Recovery.Proposals) != 1 {
		return wire.Hash{}, fail(exitRefused, "%w", tx.Refuse("RCV-2", "recovery", "no recovery of account %v runs", id)).hint("ipledger account recover show %s", s.book.short(id))
	}
	return a.Recovery.Proposals[0].Act, nil
}

func recoverShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "show [ACCOUNT]", Short: "Tell what waits for an account: changes of its own, and its recovery",
		Example: "  ipledger account recover show alice",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := s.accountArg(args)
			if err != nil {
				return err
			}
			if s.json {
				raw, err := s.client().raw(cmd.Context(), "/v1/accounts/"+id.String()+"/recovery")
				if err != nil {
					return err
				}
				return s.out.json(spliced{map[string]any{}, raw})
			}
			a, err := s.recoveryOf(cmd.Context(), id)
			if err != nil {
				return err
			}
			s.tellRecovery(id, a)
			return nil
		},
	}
}

func (s *session) tellRecovery(id wire.Address, a *recoveryAnswer) {
	p := s.out
	p.field("account", "%s", s.book.tell(id))
	for _, w := range a.Waiting {
		p.field("waiting", "a change of its %s takes effect at %s", w.Sort, w.At)
	}
	if a.Recovery == nil {
		p.field("recovery", "none")
		return
	}
	p.field("recovery", "%s, until %s", a.Recovery.Stage, a.Recovery.At)
	if !a.Recovery.Name.Address.IsZero() {
		p.field("name", "%v", a.Recovery.Name.Address)
	}
	for _, x := range a.Recovery.Proposals {
		p.field("proposal", "%v", x.Act)
		tellRole(p, "keys", x.Title)
		for _, g := range x.By {
			p.field("by", "%s", s.book.tell(g.Address))
		}
	}
	if a.Recovery.Stage == "running" {
		p.field("next", "ipledger account recover veto --account %s   # against it, with the account's own keys", s.book.short(id))
	}
	if a.Recovery.Proved != nil {
		p.field("proved", "by evidence %v", *a.Recovery.Proved)
	}
	switch {
	case a.Recovery.Ripe:
		p.field("next", "ipledger account recover finish %s   # by a guardian", s.book.short(id))
	case a.Recovery.Stage == "vetoed" && a.Recovery.Proved == nil:
		p.field("next", "ipledger claim statement RESOURCE %v   # for a checklist by which guardians prove it", a.Recovery.Name.Address)
	}
}

func recoverStart(s *session) *cobra.Command {
	var keys policyFlags
	return s.act(verb{
		use: "start ACCOUNT", short: "As a guardian, ask that an account's keys be replaced",
		long: `As one of an account's guardians (--account), ask that all its keys be replaced by
those named. When as many guardians as the account demands ask for the same keys,
the recovery runs; unless its own keys veto it, they are in force when its window
is over.`,
		example: "  ipledger account recover start alice --key alice-new --account bob",
		bind:    keys.bind,
		plan: func(_ context.Context, args []string) (plan, error) {
			b := new(tx.RecoveryStart)
			var err error
			if b.Subject, err = s.book.id(args[0]); err != nil {
				return plan{}, err
			}
			if len(keys.keys) == 0 {
				return plan{}, usage("a recovery names the new title keys").hint("--key NAME, once for each")
			}
			p, err := keys.read(s)
			if err != nil {
				return plan{}, err
			}
			b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK = p.TitleKeys, p.TitleK, p.RoutingKeys, p.RoutingK
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func recoverVeto(s *session) *cobra.Command {
	return s.act(verb{
		use: "veto [ACCOUNT]", short: "With the account's own keys, speak against its recovery",
		long: `Veto the recovery of an account that runs, with so many of its title keys that the
others are too few to act. Its window doubles, title acts are frozen, and only all
guardians together prevail then, or some with evidence from the RPKI.`,
		example: "  ipledger account recover veto alice",
		plan: func(ctx context.Context, args []string) (plan, error) {
			who, err := s.accountArg(args)
			if err != nil {
				return plan{}, err
			}
			id, err := s.running(ctx, who)
			return s.planned(who, &tx.RecoveryVeto{Recovery: id}, err)
		},
	})
}

func recoverProve(s *session) *cobra.Command {
	var f proofFlags
	return s.act(verb{
		use: "prove ACCOUNT", short: "As a guardian, prove a vetoed recovery with evidence from the RPKI",
		long: `As a guardian (--account), show that whom the registry certified for a title of grade
A of the account stands behind its vetoed recovery: it then prevails without the
guardians that are missing. The statement names, in the place of the account, the
recovery, as ipledger account recover show tells.`,
		example: "  ipledger account recover prove alice --account bob --evidence 1f0a77de… --statement ipledger-5d41402abc4b2a76.txt",
		bind:    f.bind,
		plan: func(ctx context.Context, args []string) (plan, error) {
			b := new(tx.RecoveryProve)
			var err error
			if b.Subject, err = s.book.id(args[0]); err != nil {
				return plan{}, err
			}
			st, err := f.read()
			if err != nil {
				return plan{}, err
			}
			if st == nil {
				return plan{}, usage("proof takes --evidence and --statement").hint("ipledger account recover show %s", s.book.short(b.Subject))
			}
			b.Resource, b.Expiry = st.Block, st.Expiry
			if b.Evidence, err = parseID(f.evidence); err != nil {
				return plan{}, err
			}
			if b.Recovery, err = s.running(ctx, b.Subject); err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, b, err)
		},
	})
}

func recoverFinish(s *session) *cobra.Command {
	return s.act(verb{
		use: "finish ACCOUNT", short: "As a guardian, finish a vetoed recovery that all guardians support or that was proved",
		example: "  ipledger account recover finish alice --account bob",
		plan: func(ctx context.Context, args []string) (plan, error) {
			subject, err := s.book.id(args[0])
			if err != nil {
				return plan{}, err
			}
			id, err := s.running(ctx, subject)
			if err != nil {
				return plan{}, err
			}
			who, err := s.author(wire.Address{})
			return s.planned(who, &tx.RecoveryFinish{Subject: subject, Recovery: id}, err)
		},
	})
}

func recoverRevoke(s *session) *cobra.Command {
	f := new(acting)
	c := &cobra.Command{
		Use: "revoke KEY", Short: "Take a key out of its account at once and for good",
		Long: `Revoke a key of the account, by name or address; the key itself signs. A revocation
has no number and no expiry: make it with --out when the key is made, sign the
file, keep it safe, and submit it on the day the key is lost.`,
		Example: "  ipledger account recover revoke alice --account alice --out revoke.act.json\n  ipledger sign revoke.act.json --signer alice",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := s.keyMeant(args[0])
			if err != nil {
				return err
			}
			who, err := s.author(wire.Address{})
			if err != nil {
				return err
			}
			body := &tx.KeyRevoke{Key: []account.Key{key}}
			return s.performAlone(cmd.Context(), f, alone{
				act: tx.New(tx.Header{Author: who}, body), after: s.plan(who, body).after,
				signers: func() ([]string, error) { return s.signersFor([]string{key.String()}) },
			})
		},
	}
	return f.bind(c)
}
