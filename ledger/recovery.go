package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// specs/17 RCV-2, RCV-6: proposals that do not run are dropped, and a ripe
// recovery can be finished, for 30 days.
const recoveryRestSeconds = 30 * 24 * 3600

// worstRecovery is the most records that a due recovery changes: itself, its
// item before and after, the account, and three changes that wait with theirs.
const worstRecovery = 10

// startRecovery is a guardian's word for new keys of an account.
func (b *block) startRecovery(id wire.Hash, author wire.Address, body *tx.RecoveryStart) error {
	a, err := b.guarded(body.Subject, author)
	if err != nil {
		return err
	}
	p := record.Proposal{
		Act: id, TitleKeys: waiting(body.TitleKeys), TitleK: body.TitleK,
		RoutingKeys: waiting(body.RoutingKeys), RoutingK: body.RoutingK, By: []wire.Address{author},
	}
	if err := b.unrevoked(body.Subject, "titleKeys", body.TitleKeys); err != nil {
		return err
	}
	if err := b.unrevoked(body.Subject, "routingKeys", body.RoutingKeys); err != nil {
		return err
	}
	if a.Recovery >= account.Running {
		return b.support(body.Subject, &p)
	}
	b.propose(body.Subject, a, p)
	return nil
}

// support adds a guardian to the recovery that runs.
//
// specs/17 RCV-2: while a proposal runs no other is made. specs/17 RCV-6: while
// it runs, guardians MAY still support it.
func (b *block) support(who wire.Address, p *record.Proposal) error {
	x := b.recovery(who)
	if !sameKeys(&x.Proposals[0], p) {
		return tx.Refuse("RCV-2", "subject", "the recovery %v runs, with other keys", x.Proposals[0].Act)
	}
	x.Proposals[0].By = sided(x.Proposals[0].By, p.By[0])
	b.put(record.RecoveryKey(who), wire.Encode(x))
	return nil
}

// propose enters a guardian's word, and lets the proposal run that has enough.
//
// specs/17 RCV-1: each guardian supports one proposal, and a new word of its
// replaces the old while none runs.
func (b *block) propose(who wire.Address, a *account.Account, p record.Proposal) {
	x := b.recovery(who)
	b.unqueueRecovery(x)
	for i := range x.Proposals {
		old := &x.Proposals[i]
		old.By = slices.DeleteFunc(old.By, func(g wire.Address) bool { return g == p.By[0] })
		if sameKeys(old, &p) {
			p.Act, p.By = old.Act, sided(old.By, p.By[0])
			old.By = nil
		}
	}
	x.Proposals = append(slices.DeleteFunc(x.Proposals, func(p record.Proposal) bool { return len(p.By) == 0 }), p)
	slices.SortFunc(x.Proposals, func(p, q record.Proposal) int { return bytes.Compare(p.Act[:], q.Act[:]) })
	x.At, x.Stalled = b.now.Time+recoveryRestSeconds, b.chain.Stalled
	if uint64(len(p.By)) >= a.GuardianK {
		b.run(who, x, p)
		return
	}
	b.keepRecovery(who, x, account.Proposed)
}

// run starts the window of a proposal; where there is none it ends at once.
//
// specs/17 RCV-2: a proposal runs from the moment at which as many guardians
// support it as the threshold says; the others are dropped.
func (b *block) run(who wire.Address, x *record.Recovery, p record.Proposal) {
	x.Proposals, x.Began, x.At = []record.Proposal{p}, b.now.Time, b.now.Time+b.params.RecoverySeconds
	if x.At == b.now.Time {
		b.renew(who, &p)
		return
	}
	b.keepRecovery(who, x, account.Running)
}

// finishRecovery puts in force what all guardians support against a veto, or what was
// proved.
//
// specs/17 RCV-6: when the window of a vetoed recovery has run, any guardian MAY
// finish it if all guardians support it, or if it was proved.
func (b *block) finishRecovery(author wire.Address, body *tx.RecoveryFinish) error {
	if _, err := b.guarded(body.Subject, author); err != nil {
		return err
	}
	x := b.recovery(body.Subject)
	if !x.Ripe || x.Proposals[0].Act != body.Recovery {
		return tx.Refuse("RCV-6", "recovery", "no vetoed recovery %v of account %v has run its window", body.Recovery, body.Subject)
	}
	b.unqueueRecovery(x)
	b.renew(body.Subject, &x.Proposals[0])
	return nil
}

// dueRecovery is the end of a recovery's window, or of its rest.
//
// specs/17 RCV-8: it extends by the growth of the seconds that the chain stood still.
func (b *block) dueRecovery(d *record.Due) {
	x, a := b.recovery(d.Account), b.accountAt(d.Account)
	switch grown := b.chain.Stalled - x.Stalled; {
	case len(x.Proposals) == 0:
	case grown > 0:
		x.At, x.Stalled = x.At+grown, b.chain.Stalled
		b.keepRecovery(d.Account, x, a.Recovery)
	case a.Recovery == account.Running:
		b.renew(d.Account, &x.Proposals[0])
	case a.Recovery == account.Vetoed && !x.Ripe && (!x.Proved.IsZero() || supportedByAll(x, a)):
		x.Ripe, x.At = true, b.now.Time+recoveryRestSeconds
		b.keepRecovery(d.Account, x, account.Vetoed)
	default:
		b.dropRecovery(d.Account)
	}
}

// supportedByAll reports whether every guardian supports what runs.
func supportedByAll(x *record.Recovery, a *account.Account) bool {
	return !slices.ContainsFunc(a.Guardians, func(g wire.Address) bool { return !slices.Contains(x.Proposals[0].By, g) })
}

// renew replaces an account's keys.
//
// specs/17 RCV-3: a recovery replaces title and routing keys, as a new version
// of the policy; changes of policy, delay and guardians that wait are dropped.
func (b *block) renew(who wire.Address, p *record.Proposal) {
	for sort := record.SortPolicy; sort <= record.SortGuardians; sort++ {
		b.dropWaiting(who, sort)
	}
	b.remove(record.RecoveryKey(who))
	b.editAccount(who, func(a *account.Account) {
		a.Policy = b.policyOf(who, a.Policy.Version+1, p.TitleKeys, p.TitleK, p.RoutingKeys, p.RoutingK)
		a.Recovery = account.NoRecovery
		a.Renewed++
	})
}

// recovery is a copy of what guardians propose for an account; empty if nothing.
func (b *block) recovery(who wire.Address) *record.Recovery {
	if leaf, ok := b.e.Get(record.RecoveryKey(who)); ok {
		return wire.Own[record.Recovery](leaf.Data)
	}
	return &record.Recovery{Rules: record.Rules}
}

// keepRecovery writes a recovery, its due item and how far it has come.
func (b *block) keepRecovery(who wire.Address, x *record.Recovery, state account.Recovery) {
	b.put(record.RecoveryKey(who), wire.Encode(x))
	b.write(recoveryDue(x), &record.Due{Rules: record.Rules, Kind: record.DueRecovery, Act: x.Proposals[0].Act, Account: who})
	if b.accountAt(who).Recovery != state {
		b.editAccount(who, func(a *account.Account) { a.Recovery = state })
	}
}

// dropRecovery takes a recovery away, if there is one.
func (b *block) dropRecovery(who wire.Address) {
	if b.accountAt(who).Recovery == account.NoRecovery {
		return
	}
	b.unqueueRecovery(b.recovery(who))
	b.remove(record.RecoveryKey(who))
	b.editAccount(who, func(a *account.Account) { a.Recovery = account.NoRecovery })
}

func (b *block) unqueueRecovery(x *record.Recovery) {
	if len(x.Proposals) > 0 {
		b.remove(recoveryDue(x))
	}
}

// recoveryDue is where the end of a recovery's window waits.
//
// specs/07 DUE-2: the id of a recovery's item is that of its first proposal's act.
func recoveryDue(x *record.Recovery) tree.Key {
	return tree.DueKey(x.At, record.RankWait, x.Proposals[0].Act)
}

func sameKeys(p, q *record.Proposal) bool {
	return p.TitleK == q.TitleK && p.RoutingK == q.RoutingK &&
		slices.Equal(p.TitleKeys, q.TitleKeys) && slices.Equal(p.RoutingKeys, q.RoutingKeys)
}

// sided is a list of guardians with one more, ascending.
func sided(list []wire.Address, g wire.Address) []wire.Address {
	at, found := slices.BinarySearchFunc(list, g, func(x, y wire.Address) int { return bytes.Compare(x[:], y[:]) })
	if found {
		return list
	}
	return slices.Insert(list, at, g)
}
