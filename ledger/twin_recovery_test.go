package ledger_test

import (
	"bytes"
	"slices"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinRecovery is what guardians propose; once it runs there is one proposal.
type twinRecovery struct {
	proposals    []twinProposal
	runs         bool
	began        uint64
	vetoed, ripe bool
	proved       wire.Hash // the evidence by which it prevails over the veto
	at           uint64
	stalled      uint64
}

type twinProposal struct {
	act    wire.Hash
	policy twinPolicy
	by     []wire.Address
}

func (a *twinAccount) running() bool { return a != nil && a.recovery != nil && a.recovery.runs }

func (a *twinAccount) vetoed() bool { return a.running() && a.recovery.vetoed }

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
	case r.vetoed && !r.ripe && (len(r.proposals[0].by) == len(a.guardians) || r.proved != wire.Hash{}):
		r.ripe, r.at, r.stalled = true, at+twinMonth, w.stalled
	default:
		a.recovery = nil
	}
}

// brokenProving is of a proof of a vetoed recovery (RCV-9).
func (w *twin) brokenProving(add breaks, author wire.Address, b *tx.RecoveryProve) {
	s := w.accounts[b.Subject]
	if s == nil || !slices.Contains(s.guardians, author) {
		add("RCV-1", true)
		return
	}
	if !s.vetoed() || s.recovery.ripe || s.recovery.proposals[0].act != b.Recovery || s.recovery.proved != (wire.Hash{}) {
		add("RCV-9", true)
		return
	}
	t := w.titleOf(b.Resource)
	add("RCV-9", t == nil || t.at != b.Resource || t.holder != b.Subject || t.grade != record.GradeA || t.proved == 0 || t.since > s.recovery.began)
	if p := w.brokenProof(add, ledger.RecoveryName(b.Recovery), b.Resource, b.Evidence, b.Expiry); p != nil {
		add("RCV-9", !p.title)
	}
}
