package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// leaseAt finds a lease, live or to come. It does not ask whether the title is on
// hold: what offers and acceptances of the lease family do ask (dealable).
//
// specs/15 LEASE-20: a lease is named by its block and the id of the act that
// accepted it.
func (b *block) leaseAt(r wire.Resource, id wire.Hash) (*ended, error) {
	e, _, ok := b.findEstate(r, id)
	if !ok || e.Kind != record.Lease {
		return nil, tx.Refuse("LEASE-20", "lease", "no lease %v at %v", id, r)
	}
	return &ended{r, *e}, nil
}

// lessor is the possessor next outside a lease.
func (b *block) lessor(l *ended) wire.Address {
	outer := b.outside(l)
	return outer[len(outer)-1].holder
}

// giveLeaseNotice sets the end of a lease.
//
// specs/15 LEASE-17: a notice that does not end it earlier than it ends anyway
// is refused.
func (b *block) giveLeaseNotice(id wire.Hash, author wire.Address, body *tx.LeaseNotice) error {
	l, err := b.leaseAt(body.Resource, body.Lease)
	if err != nil {
		return err
	}
	// specs/04 EST-7: A notice ends in the first second from then on that is not full.
	ends := b.noticeBy(author, l)
	if ends > b.now.Time && ends < never {
		ends = b.roomFrom(ends)
	}
	if ends >= endsAt(&l.Estate) {
		return tx.Refuse("LEASE-17", "account", "no notice of %v ends the lease %v earlier than at %s", author, l.ID, tx.UTC(endsAt(&l.Estate)))
	}
	if ends <= b.now.Time {
		return b.endEstate(l.at, l.ID, id)
	}
	if err := b.moveEnd(l, ends, id); err != nil {
		return err
	}
	// What was answered was another notice.
	b.editTerms(l.at, l.ID, func(t *record.Terms) { t.Answer = wire.Hash{} })
	return nil
}

// noticeBy is where an account's notice ends a lease, never if it may give none.
//
// specs/15 LEASE-17: once on an evergreen lease by either party, and by whom the
// clause names. specs/15 LEASE-6: none; notice by the lessor; or notice by the
// agent that it names.
func (b *block) noticeBy(author wire.Address, l *ended) uint64 {
	t, lessor, ends := &l.Lease[0], b.lessor(l), uint64(never)
	if t.Renew > 0 && l.Ends == 0 && (author == lessor || author == l.Holder) {
		ends = periodEnd(l.Start, t.Renew, b.now.Time+l.Notice)
	}
	clause := tx.Clause(t.Clause)
	if clause == tx.ClauseNotice && author == lessor || clause == tx.ClauseAgent && author == t.Agent {
		ends = min(ends, b.now.Time+t.ClauseNotice)
	}
	return ends
}

// moveEnd queues another end of a lease.
func (b *block) moveEnd(l *ended, ends uint64, warning wire.Hash) error {
	b.dropTimes(l.at, &l.Estate)
	l.Ends, l.Warning = ends, warning
	if err := b.addTimes(l.at, &l.Estate); err != nil {
		return err
	}
	b.editEstate(l.at, l.ID, func(e *record.Estate) { e.Ends, e.Warning = ends, warning })
	b.raise(l.at)
	return nil
}
