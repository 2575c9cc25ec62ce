package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of leases (specs/15).
const (
	leaseAheadMax   = 366 * 86400 // LEASE-1: from header's time to start
	leaseShortMost  = 30 * 86400  // LEASE-5: possession that needs no delay
	leaseSuspendMax = 14 * 86400  // LEASE-18: ahead, and in all
)

// offerLease offers possession of a block for a term.
func (b *block) offerLease(id wire.Hash, author wire.Address, body *tx.LeaseOffer) error {
	if err := b.clause(body); err != nil {
		return err
	}
	if err := b.addressee(body.To, author); err != nil {
		return err
	}
	if err := firstInside(body.Resource, body.Origins); err != nil {
		return err
	}
	t, err := b.dealable(body.Resource)
	if err != nil {
		return err
	}
	o := &record.Offer{
		Maker: author, To: body.To, Resource: body.Resource,
		Value: body.Value, Earliest: body.Earliest, Until: body.Until,
	}
	c, err := b.leasing(o, body)
	if err != nil {
		return err
	}
	right, _, err := b.carve(c)
	if err != nil {
		return err
	}
	if err := b.bounded("end", right, c.term.end); err != nil {
		return err
	}
	return b.makeOfferAfter(b.delayOf(author, c.term.end), id, t, body, o)
}

// clause keeps the shortest notice of a lessor's clause.
//
// specs/15 LEASE-6: notice by the lessor, at least the parameter's seconds.
func (b *block) clause(body *tx.LeaseOffer) error {
	if body.Clause == tx.ClauseNotice && body.ClauseNotice < b.params.ClauseMin {
		return tx.Refuse("LEASE-6", "clauseNotice", "%d seconds, at least %d", body.ClauseNotice, b.params.ClauseMin)
	}
	return nil
}

// leasing is what a lease carves, were it accepted now.
//
// specs/15 LEASE-1: a start MUST NOT be before the header's time and at most
// 366 days after it, or is 0 for the acceptance.
func (b *block) leasing(o *record.Offer, body *tx.LeaseOffer) (carving, error) {
	c := carving{maker: o.Maker, at: o.Resource, kind: record.Lease, term: term{body.Start, body.End}}
	if body.Start == 0 {
		c.term.start = b.now.Time
	}
	if body.Evergreen() {
		c.term.end = never
	}
	if c.term.start < b.now.Time || c.term.start-b.now.Time > leaseAheadMax {
		return c, tx.Refuse("LEASE-1", "start", "%s is not from %s to 366 days later", tx.UTC(c.term.start), tx.UTC(b.now.Time))
	}
	if c.term.end <= c.term.start {
		return c, tx.Refuse("LEASE-1", "end", "it would end at %s, and start at %s", tx.UTC(c.term.end), tx.UTC(c.term.start))
	}
	return c, nil
}

// delayOf is how long an offer waits by which a lessee comes to possess until a
// moment.
//
// specs/15 LEASE-5: an offer by which the lessee comes to possess for more than
// 30 days ahead MUST wait for its maker's delay.
func (b *block) delayOf(maker wire.Address, end uint64) uint64 {
	if end <= b.now.Time+leaseShortMost {
		return 0
	}
	return b.accountAt(maker).Delay
}

// acceptLease carries out an offer of the lease family.
//
// specs/15 LEASE-13: a renewal, an end by consent and an assignment are offers
// under DEAL-1 to DEAL-7.
func (b *block) acceptLease(id wire.Hash, author wire.Address, body *tx.LeaseAccept) error {
	kind := tx.KindLeaseOffer
	if o, ok := b.offer(body.Offer); ok && acceptedAsLease(tx.Kind(o.Kind)) {
		kind = tx.Kind(o.Kind)
	}
	o, t, err := b.takeOffer(body.Offer, kind, author, body.Resource, body.Value)
	if err != nil {
		return err
	}
	switch offered := must(tx.DecodeBody(kind, o.Body)).(type) {
	case *tx.LeaseRenew:
		return b.prolong(o, t, offered)
	case *tx.LeaseEnd:
		return b.endByConsent(id, offered)
	case *tx.LeaseAssign:
		return b.assign(o, offered)
	case *tx.LeaseOffer:
		return b.makeLease(id, o, t, offered)
	}
	return tx.Refuse("DEAL-5", "offer", "no such offer is open: %v", body.Offer)
}

func acceptedAsLease(k tx.Kind) bool {
	return k == tx.KindLeaseOffer || k == tx.KindLeaseRenew || k == tx.KindLeaseEnd || k == tx.KindLeaseAssign
}

// makeLease writes an accepted lease, and starts it if it starts now.
//
// specs/15 LEASE-1: at acceptance a start that has passed refuses it.
func (b *block) makeLease(id wire.Hash, o *record.Offer, t titled, body *tx.LeaseOffer) error {
	c, err := b.leasing(o, body)
	if err != nil {
		return tx.Refuse("LEASE-1", "offer", "it is too late: it would start at %s and end at %s", tx.UTC(c.term.start), tx.UTC(c.term.end))
	}
	right, n, err := b.carve(c)
	if err != nil {
		return err
	}
	if err := b.agreed(o, t, right, c.term.end, tenure(c.term, b.now.Time, body)); err != nil {
		return err
	}
	e := leaseOf(id, o.To, c.term, body)
	e.Inside, e.Coming = n.inside, n.coming
	if c.term.start == b.now.Time {
		return b.startLease(o.Resource, e, body.Origins)
	}
	e.Lease[0].Origins = body.Origins
	if err := b.addTimes(o.Resource, &e); err != nil {
		return err
	}
	b.addEstate(o.Resource, e)
	b.raise(o.Resource)
	return nil
}

// startLease writes a lease that starts at its acceptance.
func (b *block) startLease(r wire.Resource, e record.Estate, origins string) error {
	b.addEstate(r, e)
	if err := b.start(r, e.ID, origins); err != nil {
		return err
	}
	e.Started = true
	return b.addTimes(r, &e)
}

// leaseOf is the estate of an accepted offer. The end of a fixed term is queued
// under the lease's own id, as if it were its own notice.
func leaseOf(id wire.Hash, lessee wire.Address, t term, body *tx.LeaseOffer) record.Estate {
	e := record.Estate{
		Rules: record.Rules, ID: id, Kind: record.Lease, Holder: lessee,
		Start: t.start, Notice: body.Notice, SubGrants: body.SubLet,
		Lease: []record.Terms{{
			Renew: body.Renew, Clause: uint64(body.Clause), ClauseNotice: body.ClauseNotice, Agent: body.Agent,
			Suspend: body.Suspend, Reversion: body.Reversion,
			Operator: body.Operator, Abuse: body.Abuse, Price: body.Price,
		}},
	}
	if !body.Evergreen() {
		e.Ends, e.Warning = t.end, id
	}
	return e
}

// tenure is for how many seconds from now a lease binds at least: to its end, or
// by an evergreen one's notice, or what is left until its start, and one period.
func tenure(t term, now uint64, body *tx.LeaseOffer) uint64 {
	if body.Evergreen() {
		return max(body.Notice, t.start-now) + body.Renew
	}
	return term{now, t.end}.seconds()
}

// agreed keeps what others than the parties have a say in, once the end of a
// lease or of a renewal is known: tenure is how many seconds it binds from now.
func (b *block) agreed(o *record.Offer, t titled, right []layer, end, tenure uint64) error {
	if err := b.bounded("offer", right, end); err != nil {
		return err
	}
	if by, needed := b.beyond(o, right, end); needed && !agreedTo(o, by) {
		return needs(by, wire.Hash{}, "LEASE-4", "offer", "it would end at %s, the maker's right may end at %s, and %v has not consented", tx.UTC(end), tx.UTC(b.committed(right)), by)
	}
	return b.lendersAllow(o, t, tenure)
}

// firm is the next lease or the title that a right was carved from, with what is
// outside it; the right itself unless it is a grant.
func firm(right []layer) []layer {
	for i := len(right) - 1; i > 0; i-- {
		if right[i].estate == nil || right[i].estate.Kind == record.Lease {
			return right[:i+1]
		}
	}
	return right[:1]
}

// bounded keeps the end of the maker's right where no consent can help.
//
// specs/15 LEASE-4: the term MUST end by the committed end of the maker's right,
// or, if that is a grant, of the next lease or the title outside it.
func (b *block) bounded(field string, right []layer, end uint64) error {
	most := b.committed(firm(right))
	if end <= most {
		return nil
	}
	return tx.Refuse("LEASE-4", field, "it would end at %s, the lease that it would be carved from may end at %s", tx.UTC(end), tx.UTC(most))
}

// beyond is whose consent a term needs that may outlast the maker's grant.
//
// specs/15 LEASE-4: the holder of that lease or title consents; a party that
// holds it consents by its own act.
func (b *block) beyond(o *record.Offer, right []layer, end uint64) (by wire.Address, needed bool) {
	if len(right) == 0 || end <= b.committed(right) {
		return by, false
	}
	outer := firm(right)
	by = outer[len(outer)-1].holder
	return by, len(outer) < len(right) && by != o.Maker && by != o.To
}

// agreedTo reports whether a lessor or title holder has consented to an offer of
// others.
func agreedTo(o *record.Offer, who wire.Address) bool {
	for _, c := range o.Consents {
		if c.By == who && c.Charge.IsZero() {
			return true
		}
	}
	return false
}
