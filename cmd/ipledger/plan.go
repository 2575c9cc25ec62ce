package main

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/keystore"
)

// plan is an act that a verb wants done.
type plan struct {
	author wire.Address
	body   tx.Body
	// after gives the commands that come next, once the act is done.
	after func(a *actAnswer) []string
	// finish does what is left to do off the ledger, once the act is done; nil for
	// nothing.
	finish func(ctx context.Context) error
}

// acting is the flags that every verb that acts has.
type acting struct {
	out     string
	signers []string
}

func (f *acting) bind(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&f.out, "out", "", "write an unsigned act file and stop")
	c.Flags().StringSliceVar(&f.signers, "signer", nil, "key that signs, by name; several for k of n (default: the account's keys that are in the keystore)")
	return c
}

// perform is the life of an act on the user's side: made, tried, told, asked
// about, signed, submitted and waited for.
func (s *session) perform(ctx context.Context, f *acting, p plan) error {
	chain, err := s.status(ctx)
	if err != nil {
		return err
	}
	who, err := s.accountOf(ctx, p.author)
	if err != nil {
		return err
	}
	team, err := s.team(who, p.body, f)
	if err != nil {
		return err
	}
	act, err := s.draft(chain, who, team, p.body)
	if err != nil {
		return err
	}
	file := &tx.File{Salt: chain.GenesisHash, Act: act}
	s.err.linef("acting as %s", s.book.tell(p.author))
	if err := s.tellPreview(ctx, file); err != nil {
		return err
	}
	if f.out != "" {
		return s.writeAct(f.out, file)
	}
	if err := s.agree(); err != nil {
		return err
	}
	if err := s.signWith(team.sign, file); err != nil {
		return err
	}
	if err := s.carry(ctx, file, p.after); err != nil || p.finish == nil {
		return err
	}
	return p.finish(ctx)
}

// draft writes the header: what the ledger wants next of this account.
func (s *session) draft(chain *status, who *accountAnswer, t *team, body tx.Body) (*tx.Act, error) {
	if err := chain.known(); err != nil {
		return nil, err
	}
	next, err := parseCount(who.Account.Lanes[t.lane])
	if err != nil {
		return nil, err
	}
	act := tx.New(tx.Header{
		Author: who.ID, Policy: who.Account.Policy, Lane: t.lane, Number: next, Expires: s.expiry(chain), Rules: chain.Rules,
	}, body)
	return act, act.Check()
}

// expiry counts from the header's time, or from this machine's where an idle
// chain's header is older.
func (s *session) expiry(chain *status) uint64 {
	from := max(uint64(chain.Time), uint64(max(time.Now().Unix(), 0)))
	if from > uint64(chain.Time)+tx.LifeSecondsUsual {
		from = uint64(chain.Time) // this machine's clock is wrong, or the chain stands still
	}
	return min(from+uint64(s.expires), uint64(chain.Time)+tx.LifeSecondsMax)
}

// team is who signs an act, in which lane.
type team struct {
	lane uint64
	sign []string // names of keys; none if the keystore has not enough
	want int      // signatures that the lane needs
}

// team chooses the role that signs: the one whose lane is asked for, else the
// first whose keys are here. Routing keys come first where they may sign.
func (s *session) team(who *accountAnswer, body tx.Body, f *acting) (*team, error) {
	list, err := s.list()
	if err != nil {
		return nil, err
	}
	title, err := newTeam(0, roleFor(body, who.Account.Title), list, f.signers)
	if err != nil {
		return nil, err
	}
	routing, err := newTeam(account.RoutingLane, who.Account.Routing, list, f.signers)
	if err != nil {
		return nil, err
	}
	chosen := title
	switch {
	case s.lane >= account.RoutingLane:
		chosen = routing
	case s.lane < 0 && mayRoute(body) && routing.want > 0 && (len(routing.sign) > 0 || len(title.sign) == 0):
		chosen = routing
	}
	if s.lane >= 0 {
		chosen.lane = uint64(s.lane)
	}
	if len(chosen.sign) == 0 && f.out == "" {
		return nil, fail(exitFailed, "%d of the keys of account %s must sign and the keystore %s has not as many of them", chosen.want, s.book.tell(who.ID), s.keystore).
			hint("--keystore DIR names another; --signer NAME chooses keys").
			hint("--out FILE writes an act file for keys that are elsewhere: ipledger sign FILE, or attach-signature FILE 0x…")
	}
	return chosen, nil
}

// newTeam finds the keys of a role in a list, or among those asked for.
func newTeam(lane uint64, r role, list []keystore.Entry, asked []string) (*team, error) {
	keys, k, err := r.parse()
	t := &team{lane: lane, want: k}
	for _, e := range list {
		wanted := len(asked) == 0 || slices.ContainsFunc(asked, func(text string) bool { return meant(text, e) })
		if wanted && slices.Contains(keys, keyOf(e)) && len(t.sign) < k {
			t.sign = append(t.sign, e.Name)
		}
	}
	if len(t.sign) < k {
		t.sign = nil
	}
	return t, err
}

// roleFor is the title role with as many signers as the act needs: a veto takes
// so many that the others are too few to act (RCV-4).
func roleFor(body tx.Body, r role) role {
	if n := uint64(len(r.Keys)); body.Kind() == tx.KindRecoveryVeto && n >= r.K {
		r.K = n - r.K + 1
	}
	if body.Kind() == tx.KindSuccessionVeto { // one is enough (CLAIM-23)
		r.K = min(1, uint64(len(r.Keys)))
	}
	return r
}

// mayRoute reports whether routing keys may sign such acts: those of the routing
// family (ACT-6).
func mayRoute(body tx.Body) bool {
	k := body.Kind()
	return k >= tx.KindOriginAuthorise && k <= tx.KindContactsErase
}

// signWith adds the signatures of keys of the store to acts.
func (s *session) signWith(names []string, files ...*tx.File) error {
	var digests []wire.Hash
	for _, file := range files {
		digests = append(digests, file.Act.ID(file.Salt))
	}
	all, err := s.consent(digests, names)
	if err != nil {
		return err
	}
	for i, sigs := range all {
		slices.SortFunc(sigs, func(a, b account.Signature) int { return bytes.Compare(a.Signer[:], b.Signer[:]) })
		for _, sig := range sigs {
			if err := files[i].Act.Attach(sig, files[i].Salt); err != nil {
				return err
			}
		}
	}
	return nil
}
