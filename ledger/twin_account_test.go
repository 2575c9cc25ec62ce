package ledger_test

import (
	"bytes"
	"slices"

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

// twinRecovery is what guardians propose; once it runs there is one proposal.
type twinRecovery struct {
	proposals    []twinProposal
	runs         bool
	began        uint64
	vetoed, ripe bool
	at           uint64
	stalled      uint64
}

type twinProposal struct {
	act    wire.Hash
	policy twinPolicy
	by     []wire.Address
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

func (a *twinAccount) running() bool { return a != nil && a.recovery != nil && a.recovery.runs }
func (a *twinAccount) vetoed() bool  { return a.running() && a.recovery.vetoed }

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
	case *tx.RecoveryVeto:
		add("RCV-4", !a.running() || a.vetoed() || a.recovery.proposals[0].act != b.Recovery)
	case *tx.RecoveryFinish:
		s := w.accounts[b.Subject]
		guardian := s != nil && slices.Contains(s.guardians, author)
		add("RCV-1", !guardian)
		add("RCV-6", !guardian || !s.running() || !s.recovery.ripe || s.recovery.proposals[0].act != b.Recovery)
	}
}

func (w *twin) brokenRecovery(add breaks, author wire.Address, b *tx.RecoveryStart) {
	s := w.accounts[b.Subject]
	if s == nil || !slices.Contains(s.guardians, author) {
		add("RCV-1", true)
		return
	}
	p := policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK)
	add("REV-3", s.namesRevoked(p))
	add("RCV-2", s.running() && !s.recovery.proposals[0].policy.equal(p))
}

// doAccount carries out an act on an account.
func (w *twin) doAccount(author wire.Address, body tx.Body, id wire.Hash) {
	a := w.accounts[author]
	switch b := body.(type) {
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
		a.name, a.jurisdiction = b.Name, b.Jurisdiction
	case *tx.SetProvider:
		a.provider = b.Provider
	case *tx.RecoveryStart:
		w.accounts[b.Subject].support(w, author, policyOf(b.TitleKeys, b.TitleK, b.RoutingKeys, b.RoutingK), id)
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

// support is a guardian's word for a set of keys.
func (a *twinAccount) support(w *twin, by wire.Address, p twinPolicy, id wire.Hash) {
	if a.recovery == nil {
		a.recovery = &twinRecovery{}
	}
	r := a.recovery
	found := false
	for i := range r.proposals {
		x := &r.proposals[i]
		x.by = slices.DeleteFunc(x.by, func(g wire.Address) bool { return g == by })
		if x.policy.equal(p) {
			x.by, found = append(x.by, by), true
			slices.SortFunc(x.by, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
		}
	}
	if !found {
		r.proposals = append(r.proposals, twinProposal{id, p, []wire.Address{by}})
	}
	r.proposals = slices.DeleteFunc(r.proposals, func(x twinProposal) bool { return len(x.by) == 0 })
	slices.SortFunc(r.proposals, func(a, b twinProposal) int { return bytes.Compare(a.act[:], b.act[:]) })
	if r.runs {
		return
	}
	r.at, r.stalled = w.now+twinMonth, w.stalled
	for _, x := range r.proposals {
		if uint64(len(x.by)) >= a.threshold {
			*r = twinRecovery{proposals: []twinProposal{x}, runs: true, began: w.now, at: w.now + twinWindow, stalled: w.stalled}
			return
		}
	}
}

// renew puts a recovery's keys in force.
func (a *twinAccount) renew() {
	a.policy = a.recovery.proposals[0].policy
	for _, k := range a.revoked {
		a.policy = a.policy.without(k)
	}
	a.version++
	a.renewed++
	a.recovery, a.waiting = nil, [3]*twinWait{}
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

// dueAccounts lists the changes that wait and the recoveries.
func (w *twin) dueAccounts() (out []twinDue) {
	for _, a := range w.accounts {
		for sort, x := range a.waiting {
			if x != nil && !(sort == 2 && a.running()) {
				out = append(out, twinDue{x.at + w.stalled - x.stalled, 2, x.act, func() { a.enact(sort) }})
			}
		}
		if r := a.recovery; r != nil {
			out = append(out, twinDue{r.at + w.stalled - r.stalled, 2, r.proposals[0].act, func() { a.windowOver(w) }})
		}
	}
	return out
}

// windowOver ends a recovery's window, or the month after it.
func (a *twinAccount) windowOver(w *twin) {
	r := a.recovery
	at := r.at + w.stalled - r.stalled
	switch {
	case r.runs && !r.vetoed:
		a.renew()
	case r.vetoed && !r.ripe && len(r.proposals[0].by) == len(a.guardians):
		r.ripe, r.at, r.stalled = true, at+twinMonth, w.stalled
	default:
		a.recovery = nil
	}
}
