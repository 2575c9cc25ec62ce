package ledger_test

import (
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinAccount is who may act, and what waits to change that.
type twinAccount struct {
	name, jurisdiction string
	policy             twinPolicy
	version            uint64
	delay              uint64
	guardians          []wire.Address
	threshold          uint64
	provider           wire.Address
	renewed            uint64 // how often a recovery replaced the keys
	waiting            [3]*twinWait
	recovery           *twinRecovery
	revoked            []account.Key
	attested           twinAttested
}

type twinPolicy struct {
	title    []account.Key
	titleK   uint64
	routing  []account.Key
	routingK uint64
}

// twinWait is a change that waits; its act says what it is.
type twinWait struct {
	act     wire.Hash
	body    tx.Body
	policy  twinPolicy // of a policy, less the keys revoked meanwhile
	at      uint64
	stalled uint64
}

const (
	twinWindow = 60
	twinMonth  = 30 * 24 * 3600
)

func (p twinPolicy) equal(q twinPolicy) bool {
	return slices.Equal(p.title, q.title) && p.titleK == q.titleK && slices.Equal(p.routing, q.routing) && p.routingK == q.routingK
}

func (p twinPolicy) names(k account.Key) bool {
	return slices.Contains(p.title, k) || slices.Contains(p.routing, k)
}

func (a *twinAccount) clone() *twinAccount {
	c := *a
	if a.recovery != nil {
		r := *a.recovery
		r.proposals = slices.Clone(r.proposals)
		for i := range r.proposals {
			r.proposals[i].by = slices.Clone(r.proposals[i].by)
		}
		c.recovery = &r
	}
	for i, x := range a.waiting {
		if x != nil {
			one := *x
			c.waiting[i] = &one
		}
	}
	return &c
}

// namesRevoked reports whether a policy names a key that was revoked.
func (a *twinAccount) namesRevoked(p twinPolicy) bool {
	return slices.ContainsFunc(a.revoked, p.names)
}

func policyOf(title []account.Key, titleK uint64, routing []account.Key, routingK uint64) twinPolicy {
	return twinPolicy{title, titleK, routing, routingK}
}

func (w *twin) brokenAccountAct(add breaks, author wire.Address, body tx.Body) {
	a := w.accounts[author]
	switch b := body.(type) {
	case *tx.SetPolicy:
		add("REV-3", a.namesRevoked(policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)))
	case *tx.SetGuardians:
		list, _ := tx.ParseAccounts(b.Guardians)
		add("WAIT-5", slices.ContainsFunc(list, func(g wire.Address) bool { return g == author || w.accounts[g] == nil }))
	case *tx.SetProvider:
		add("WAIT-4", !b.Provider.IsZero() && w.accounts[b.Provider] == nil)
	case *tx.RecoveryStart:
		w.brokenRecovery(add, author, b)
	case *tx.RecoveryProve:
		w.brokenProving(add, author, b)
	case *tx.RecoveryVeto:
		add("RCV-4", !a.running() || a.vetoed() || a.recovery.proposals[0].act != b.Recovery)
	case *tx.RecoveryFinish:
		s := w.accounts[b.Subject]
		guardian := s != nil && slices.Contains(s.guardians, author)
		add("RCV-1", !guardian)
		add("RCV-6", !guardian || !s.running() || !s.recovery.ripe || s.recovery.proposals[0].act != b.Recovery)
	}
}

// doAccount carries out an act on an account.
func (w *twin) doAccount(author wire.Address, body tx.Body, id wire.Hash) {
	a := w.accounts[author]
	switch b := body.(type) {
	case *tx.OpenAccount:
		w.accounts[ledger.AccountID(id)] = &twinAccount{
			name: b.Name, jurisdiction: b.Jurisdiction, version: 1, delay: b.Delay,
			policy: policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK),
		}
	case *tx.SetPolicy:
		a.wait(w, 0, &twinWait{act: id, body: b, policy: policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)}, a.delay)
	case *tx.SetDelay:
		seconds := a.delay
		if b.Delay >= a.delay {
			seconds = 0
		}
		a.wait(w, 1, &twinWait{act: id, body: b}, seconds)
	case *tx.SetGuardians:
		a.wait(w, 2, &twinWait{act: id, body: b}, a.delay)
	case *tx.Rename:
		a.name, a.jurisdiction, a.attested = b.Name, b.Jurisdiction, twinAttested{}
	case *tx.SetProvider:
		a.provider = b.Provider
	case *tx.RecoveryStart:
		w.accounts[b.Subject].support(w, author, policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK), id)
	case *tx.RecoveryProve:
		w.accounts[b.Subject].recovery.proved = b.Evidence
	case *tx.RecoveryVeto:
		a.recovery.vetoed = true
		a.recovery.at += twinWindow
	case *tx.RecoveryFinish:
		w.accounts[b.Subject].renew()
	case *tx.KeyRevoke:
		a.revoke(b.Key[0])
	}
}

// wait lets a change wait; one that waits no second is in force at once, but
// for guardians while a recovery runs.
func (a *twinAccount) wait(w *twin, sort int, x *twinWait, seconds uint64) {
	x.at, x.stalled = w.now+seconds, w.stalled
	a.waiting[sort] = x
	if seconds == 0 && !(sort == 2 && a.running()) {
		a.enact(sort)
	}
}

// enact puts a change that waits in force.
func (a *twinAccount) enact(sort int) {
	x := a.waiting[sort]
	a.waiting[sort] = nil
	switch b := x.body.(type) {
	case *tx.SetPolicy:
		a.policy = x.policy
		a.version++
	case *tx.SetDelay:
		a.delay = b.Delay
	case *tx.SetGuardians:
		a.guardians, _ = tx.ParseAccounts(b.Guardians)
		a.threshold, a.recovery = b.Threshold, nil
	}
}

func (a *twinAccount) revoke(k account.Key) {
	a.revoked = append(slices.Clone(a.revoked), k)
	a.policy = a.policy.without(k)
	a.version++
	if x := a.waiting[0]; x != nil {
		x.policy = x.policy.without(k)
	}
}

// without is a policy less a key; its thresholds stay.
func (p twinPolicy) without(k account.Key) twinPolicy {
	less := func(list []account.Key) []account.Key {
		return slices.DeleteFunc(slices.Clone(list), func(x account.Key) bool { return x == k })
	}
	p.title, p.routing = less(p.title), less(p.routing)
	return p
}
