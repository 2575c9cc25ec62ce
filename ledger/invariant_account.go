package ledger

import (
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// keys compares what an account says of its changes and its recovery with what
// is kept of them (WAIT-3, RCV-2).
func (c *checker) keys(id wire.Address, a *account.Account) {
	for sort := record.SortPolicy; sort <= record.SortGuardians; sort++ {
		leaf, ok := c.b.e.Get(record.WaitingKeyOf(id, sort))
		if ok != (a.Waiting&bitOf(sort) != 0) {
			c.fail("WAIT-3", "account %v says that %03b wait; sort %d is kept: %v", id, a.Waiting, sort, ok)
		}
		if ok {
			w := must(record.WaitingFromBytes(leaf.Data))
			c.queued(id, tree.DueKey(w.At, record.RankWait, w.Act))
		}
	}
	leaf, ok := c.b.e.Get(record.RecoveryKey(id))
	if !ok {
		if a.Recovery != account.NoRecovery {
			c.fail("RCV-2", "account %v says that its recovery is at %d, there is none", id, a.Recovery)
		}
		return
	}
	c.recovery(id, a, must(record.RecoveryFromBytes(leaf.Data)))
}

func (c *checker) recovery(id wire.Address, a *account.Account, x *record.Recovery) {
	state := account.Proposed
	switch {
	case x.Vetoed:
		state = account.Vetoed
	case x.Began != 0:
		state = account.Running
	}
	if a.Recovery != state {
		c.fail("RCV-2", "account %v says that its recovery is at %d, it is at %d", id, a.Recovery, state)
	}
	if len(x.Proposals) == 0 || state != account.Proposed && len(x.Proposals) > 1 {
		c.fail("RCV-2", "account %v has %d proposals at %d", id, len(x.Proposals), state)
		return
	}
	var by []wire.Address
	for _, p := range x.Proposals {
		if state == account.Proposed && uint64(len(p.By)) >= a.GuardianK {
			c.fail("RCV-2", "the proposal %v for %v has enough support and does not run", p.Act, id)
		}
		for _, g := range p.By {
			if !slices.Contains(a.Guardians, g) || slices.Contains(by, g) {
				c.fail("RCV-1", "%v supports recoveries of %v twice, or is no guardian", g, id)
			}
			by = append(by, g)
		}
	}
	c.queued(id, recoveryDue(x))
}

// queued checks that what waits in an account has its due item.
func (c *checker) queued(id wire.Address, k tree.Key) {
	c.waits++
	if leaf, ok := c.b.e.Get(k); !ok || must(record.DueFromBytes(leaf.Data)).Account != id {
		c.fail("DUE-1", "what waits in account %v has no due item", id)
	}
}
