package ledger

import (
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// worstWait is the most records that a due change that waits changes: itself,
// its item, the account, the recovery with its item that new guardians drop; and
// before that the recovery that they waited for.
const worstWait = 5 + worstRecovery

// setPolicy lets a new policy wait for the author's delay, or take effect at
// once where there is none.
//
// specs/04 POL-1: a new policy takes effect after its author's delay; one that
// waits is replaced by the next.
func (b *block) setPolicy(id wire.Hash, author wire.Address, body *tx.SetPolicy) error {
	if err := b.unrevoked(author, "titleKeys", body.TitleKeys); err != nil {
		return err
	}
	if err := b.unrevoked(author, "routingKeys", body.RoutingKeys); err != nil {
		return err
	}
	b.wait(id, author, record.SortPolicy, &record.Waiting{
		TitleKeys: waiting(body.TitleKeys), TitleK: body.TitleK,
		RoutingKeys: waiting(body.RoutingKeys), RoutingK: body.RoutingK,
	})
	return nil
}

// wait lets a change of an account wait for its delay, in the place of the one
// of its sort that waits already.
//
// specs/17 WAIT-3: of each sort one change waits at most; the next replaces it.
func (b *block) wait(act wire.Hash, who wire.Address, sort record.Sort, w *record.Waiting) {
	b.dropWaiting(who, sort)
	at := max(b.now.Time+b.accountAt(who).Delay, b.heldUp(who, sort))
	w.Rules, w.Act, w.At, w.Stalled = record.Rules, act, at, b.chain.Stalled
	if at == b.now.Time {
		b.enact(who, sort, w)
		return
	}
	b.keepWaiting(who, sort, w)
	b.editAccount(who, func(a *account.Account) { a.Waiting |= bitOf(sort) })
}

// heldUp is the first moment at which a change of guardians may take effect
// under a recovery that runs, which is settled first; 0 for everything else.
//
// specs/17 WAIT-2: while a recovery runs, new guardians wait until it is over.
func (b *block) heldUp(who wire.Address, sort record.Sort) uint64 {
	if sort != record.SortGuardians || b.accountAt(who).Recovery < account.Running {
		return 0
	}
	return b.recovery(who).At
}

// settleAwaited settles the recovery that new guardians wait for where both are due.
//
// specs/17 WAIT-2: they take effect in the second in which a vetoed one is
// dropped: what they wait for is settled first.
func (b *block) settleAwaited(d *record.Due) {
	at := b.heldUp(d.Account, record.Sort(d.Sort))
	if at == 0 || at > b.now.Time {
		return
	}
	x := b.recovery(d.Account)
	b.unqueueRecovery(x)
	b.dueRecovery(&record.Due{Account: d.Account})
}

// bitOf is a sort's place in an account's Waiting.
func bitOf(sort record.Sort) uint64 { return 1 << (sort - 1) }

// enact puts a change in force; acts signed under an old policy are void, and
// what old guardians proposed is dropped with them.
func (b *block) enact(who wire.Address, sort record.Sort, w *record.Waiting) {
	if sort == record.SortGuardians {
		b.dropRecovery(who)
	}
	b.editAccount(who, func(a *account.Account) {
		switch sort {
		case record.SortDelay:
			a.Delay = w.Delay
		case record.SortGuardians:
			a.Guardians, a.GuardianK = w.Guardians, w.GuardianK
		default:
			a.Policy = b.policyOf(who, a.Policy.Version+1, w.TitleKeys, w.TitleK, w.RoutingKeys, w.RoutingK)
		}
		a.Waiting &^= bitOf(sort)
	})
}

// policyOf makes a policy of keys that waited, but for those revoked since.
//
// specs/17 REV-2: a revocation takes its key out of a policy that waits, too.
func (b *block) policyOf(who wire.Address, version uint64, title []record.WaitingKey, titleK uint64, routing []record.WaitingKey, routingK uint64) account.Policy {
	return account.Policy{
		Version: version, TitleKeys: b.inForce(who, title), TitleK: titleK,
		RoutingKeys: b.inForce(who, routing), RoutingK: routingK,
	}
}

func (b *block) keepWaiting(who wire.Address, sort record.Sort, w *record.Waiting) {
	b.put(record.WaitingKeyOf(who, sort), wire.Encode(w))
	b.write(tree.DueKey(w.At, record.RankWait, w.Act), &record.Due{
		Rules: record.Rules, Kind: record.DueWait, Act: w.Act, Account: who, Sort: uint64(sort),
	})
}

// dropWaiting takes a change that waits away, if there is one.
func (b *block) dropWaiting(who wire.Address, sort record.Sort) {
	if b.accountAt(who).Waiting&bitOf(sort) == 0 {
		return
	}
	leaf, _ := b.e.Get(record.WaitingKeyOf(who, sort))
	w := wire.Own[record.Waiting](leaf.Data)
	b.remove(tree.DueKey(w.At, record.RankWait, w.Act))
	b.remove(record.WaitingKeyOf(who, sort))
	b.editAccount(who, func(a *account.Account) { a.Waiting &^= bitOf(sort) })
}

// dueWait puts a change that waits in force, or lets it wait on by as much as
// the chain stood still, or until a recovery is over.
//
// specs/07 DUE-6: a waiting policy's window extends by the growth of stalled.
func (b *block) dueWait(d *record.Due) {
	sort := record.Sort(d.Sort)
	b.settleAwaited(d)
	leaf, ok := b.e.Get(record.WaitingKeyOf(d.Account, sort))
	if !ok {
		return
	}
	w := wire.Own[record.Waiting](leaf.Data)
	b.remove(record.WaitingKeyOf(d.Account, sort))
	later := max(w.At+b.chain.Stalled-w.Stalled, b.heldUp(d.Account, sort))
	if later > w.At {
		w.At, w.Stalled = later, b.chain.Stalled
		b.keepWaiting(d.Account, sort, w)
		return
	}
	b.enact(d.Account, sort, w)
}

func waiting(keys []account.Key) []record.WaitingKey {
	var out []record.WaitingKey
	for _, k := range keys {
		out = append(out, record.WaitingKey(k))
	}
	return out
}

// inForce is the keys of a list that were not revoked in an account.
func (b *block) inForce(who wire.Address, keys []record.WaitingKey) []account.Key {
	var out []account.Key
	for _, k := range keys {
		if !b.revoked(who, k) {
			out = append(out, account.Key(k))
		}
	}
	return slices.Clip(out)
}
