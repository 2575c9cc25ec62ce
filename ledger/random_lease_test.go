package ledger_test

import (
	"fmt"
	"slices"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// leaseAct makes some act of the lease family.
func (p *pair) leaseAct() (string, tx.Body) {
	if p.pick(3) == 0 {
		return p.leaseOffer()
	}
	if p.pick(6) == 0 {
		return p.leaseConsent()
	}
	e, ok := p.someLease()
	if !ok {
		return p.leaseOffer()
	}
	id := e.id
	if p.pick(25) == 0 {
		id = wire.Hash{5}
	}
	party := p.likely([]wire.Address{e.holder, p.twin.outside(e)}[p.pick(2)])
	until := p.last.Time + uint64(20+p.pick(2000))
	switch p.pick(7) {
	case 0:
		return party, &tx.LeaseRenew{Resource: e.at, Lease: id, End: e.ends - 10 + uint64(p.pick(200)), Value: p.seen(e.at), Until: until}
	case 1:
		return party, &tx.LeaseEnd{Resource: e.at, Lease: id, Value: p.seen(e.at), Until: until}
	case 2, 3:
		return p.likely(e.holder), &tx.LeaseAssign{
			Resource: e.at, Lease: id, To: who(p.someone()), Keep: p.pick(3) != 0, Operator: "next", Abuse: "next@example.net", Value: p.seen(e.at), Until: until,
		}
	case 4:
		if e.clause == tx.ClauseAgent {
			party = p.likely(e.agent)
		}
		return party, &tx.LeaseNotice{Resource: e.at, Lease: id}
	case 5:
		return p.likely(p.twin.outside(e)), &tx.LeaseSuspend{Resource: e.at, Lease: id, Until: p.suspendUntil()}
	}
	return p.likely(e.holder), &tx.LeaseAnswer{Resource: e.at, Lease: id, Digest: wire.Hash{6}}
}

func (p *pair) someLease() (twinEstate, bool) {
	leases := slices.DeleteFunc(slices.Clone(p.twin.estates), func(e twinEstate) bool { return !e.lease })
	if len(leases) == 0 {
		return twinEstate{}, false
	}
	e := leases[p.pick(len(leases))]
	if p.pick(40) == 0 {
		e = p.twin.estates[p.pick(len(p.twin.estates))]
	}
	return e, true
}

func (p *pair) suspendUntil() uint64 {
	switch p.pick(6) {
	case 0:
		return 0
	case 1:
		return p.last.Time + twinSuspend + uint64(p.pick(40))
	case 2:
		return p.last.Time + twinSuspend - uint64(p.pick(400))
	}
	return p.last.Time + uint64(p.pick(1000))
}

// leaseOffer offers a lease: fixed or evergreen, from now or later.
func (p *pair) leaseOffer() (string, tx.Body) {
	r := p.inside(p.block4())
	now := p.last.Time
	b := &tx.LeaseOffer{
		Resource: r, To: who(p.someone()), Suspend: p.pick(3) != 0, SubLet: p.pick(4) != 0, Reversion: p.pick(2) == 0,
		Operator: "operator", Abuse: "abuse@example.net", Price: "1", Until: now + uint64(20+p.pick(2000)), Value: p.seen(r),
	}
	if p.pick(3) == 0 {
		b.Start = now - 3 + uint64(p.pick(300))
	}
	if b.Start != 0 && p.pick(30) == 0 {
		b.Start = now + 366*24*3600 + uint64(p.pick(60))
	}
	b.End = max(now, b.Start) + uint64(1+p.pick(600))
	if p.pick(4) == 0 {
		b.End, b.Renew, b.Notice = 0, uint64(20+p.pick(60)), uint64(p.pick(100))
	}
	switch b.Clause = tx.Clause(p.pick(3)); b.Clause {
	case tx.ClauseNotice:
		b.ClauseNotice = uint64(twinClause - 5 + p.pick(100))
	case tx.ClauseAgent:
		b.Agent, b.ClauseNotice = who(p.someone()), uint64(p.pick(100))
	}
	b.Origins = p.firstOrigins(r)
	maker := p.likely(p.twin.possessor(cells(r)[0]))
	if t := p.twin.titleOf(r); t != nil && p.pick(3) == 0 {
		maker = p.likely(t.holder)
	}
	return maker, b
}

// firstOrigins are none, mostly, or one in or near the block.
func (p *pair) firstOrigins(r wire.Resource) string {
	if r.Family != wire.IPv4 || p.pick(3) != 0 {
		return ""
	}
	at := p.inside(r)
	if p.pick(10) == 0 {
		at = p.inside(resource("60.0.0.0/20"))
	}
	return fmt.Sprintf("%v-%d=%d", at, int(at.Len)+p.pick(int(27-at.Len)), p.pick(3))
}

func (p *pair) leaseConsent() (string, tx.Body) {
	needs := func(o twinOffer) bool {
		return o.kind() != tx.KindList && !p.twin.lapsed(&o) && !p.twin.consenter(&o).IsZero()
	}
	if e, ok := p.someLease(); ok && !slices.ContainsFunc(p.twin.offers, needs) && p.pick(3) != 0 {
		return p.likely(e.holder), &tx.LeaseAssign{
			Resource: e.at, Lease: e.id, To: who(p.someone()), Operator: "next", Abuse: "next@example.net", Value: p.seen(e.at), Until: p.last.Time + 2000,
		}
	}
	if len(p.twin.offers) == 0 || p.pick(20) == 0 {
		return p.someone(), &tx.LeaseConsent{Offer: wire.Hash{7}, Resource: resource("60.0.0.0/24")}
	}
	o := p.twin.offers[p.pick(len(p.twin.offers))]
	if i := slices.IndexFunc(p.twin.offers, needs); i >= 0 && p.pick(6) != 0 {
		o = p.twin.offers[i]
	}
	by := p.someone()
	if !p.twin.lapsed(&o) {
		by = p.likely(p.twin.consenter(&o))
	}
	return by, &tx.LeaseConsent{Offer: o.id, Resource: o.at, Value: p.seen(o.at)}
}
