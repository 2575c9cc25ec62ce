package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// suspend leaves the lessee's authorisations out of every export for a time, or
// lifts that early. They stay on record: what is left out is the exports' to see.
//
// specs/15 LEASE-18: a lease with an abuse clause MAY be suspended by its
// lessor, until the time stated, at most 14 days ahead and at most 14 days in all
// of the lease's life.
func (b *block) suspend(author wire.Address, body *tx.LeaseSuspend) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	t := l.Lease[0]
	switch {
	case !t.Suspend:
		return tx.Refuse("LEASE-18", "lease", "the lease %v has no abuse clause", l.ID)
	case b.lessor(l) != author:
		return tx.Refuse("LEASE-18", "account", "its lessor is %v", b.lessor(l))
	}
	return b.suspendUntil(l, body.Until)
}

// suspendUntil counts a suspension to its end, and takes back what is left of the
// one that runs.
func (b *block) suspendUntil(l *ended, until uint64) error {
	t := l.Lease[0]
	running, asked := term{b.now.Time, t.Suspended}.seconds(), term{b.now.Time, until}.seconds()
	spent := t.Spent - running + min(asked, never-t.Spent)
	switch {
	case asked == 0 && running == 0:
		return tx.Refuse("LEASE-18", "until", "no suspension runs that could be lifted")
	case asked > leaseSuspendMax || spent > leaseSuspendMax:
		return tx.Refuse("LEASE-18", "until", "%d seconds, %d in all: at most %d", asked, spent, uint64(leaseSuspendMax))
	}
	b.editTerms(l.at, l.ID, func(t *record.Terms) {
		t.Suspended, t.Spent = b.now.Time+asked, spent
		if asked > running {
			t.Answer = wire.Hash{} // it was another suspension that was answered
		}
	})
	b.raise(l.at)
	return nil
}

// answer keeps the lessee's answer with the lease.
//
// specs/15 LEASE-19: the lessee MAY answer a notice or suspension, each once.
func (b *block) answer(id wire.Hash, author wire.Address, body *tx.LeaseAnswer) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	t := &l.Lease[0]
	switch {
	case l.Holder != author:
		return tx.Refuse("LEASE-19", "account", "the lessee is %v", l.Holder)
	case !noticed(l) && t.Spent == 0:
		return tx.Refuse("LEASE-19", "lease", "there is neither notice nor suspension of the lease %v", l.ID)
	case !t.Answer.IsZero():
		return tx.Refuse("LEASE-19", "lease", "it was answered by %v", t.Answer)
	}
	b.editTerms(l.at, l.ID, func(t *record.Terms) { t.Answer = id })
	b.raise(l.at)
	return nil
}

// noticed reports whether a notice has set a lease's end: the end of a fixed
// term stands under the lease's own id.
func noticed(l *ended) bool { return l.Ends != 0 && l.Warning != l.ID }
