package ledger_test

import (
	"crypto/sha256"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// openSecret opens the locks of the random world.
var openSecret = wire.Hash{1, 2, 3}

// chargeAct makes some act on charges, conditional transfers, surrenders and
// listings.
func (p *pair) chargeAct() (string, tx.Body) {
	now := p.last.Time
	until := now + uint64(20+p.pick(2000))
	switch p.pick(20) {
	case 0, 1, 2:
		return p.chargePropose(until)
	case 3, 4:
		return p.conditional(until)
	case 5, 6:
		return p.release()
	case 7:
		r := p.inside(p.block4())
		b := &tx.List{Resource: r, Purpose: tx.Purpose(1 + p.pick(2)), Price: "2", Until: until - 30 + uint64(p.pick(40)/39*400*24*3600)}
		if b.Purpose == tx.ForLease {
			b.MinTerm = 60
		}
		if t := p.twin.titleOf(r); t != nil && p.pick(2) == 0 {
			return p.likely(t.holder), b
		}
		return p.likely(p.twin.possessor(cells(r)[0])), b
	case 8:
		t := p.someTitle(func(t twinTitle) bool { return p.pick(3) == 0 })
		return p.likely(t.holder), &tx.Surrender{Resource: t.at, Value: p.seen(t.at)}
	case 9, 10, 11, 12:
		return p.chargeConsent()
	}
	return p.onCharge(until)
}

// someTitle is any title, sooner one that is liked.
func (p *pair) someTitle(like func(twinTitle) bool) twinTitle {
	t := p.twin.titles[p.pick(len(p.twin.titles))]
	for range 10 {
		if like(t) {
			break
		}
		t = p.twin.titles[p.pick(len(p.twin.titles))]
	}
	return t
}

func (p *pair) chargePropose(until uint64) (string, tx.Body) {
	t := p.someTitle(func(t twinTitle) bool { return t.dealable })
	r := t.at
	if p.pick(4) == 0 {
		r = p.inside(r)
	}
	b := &tx.ChargePropose{
		Resource: r, To: who(p.someone()), Mode: tx.ChargeMode(min(2, p.pick(4))), Law: "Dutch law", Deed: wire.Hash{7},
		Longest: uint64(p.pick(400)), Value: p.seen(r), Until: until,
	}
	if p.pick(3) == 0 {
		b.ByLender, b.To = true, t.holder
		if p.pick(8) == 0 || t.holder.IsZero() {
			b.To = who(p.someone())
		}
		return p.someone(), b
	}
	return p.likely(t.holder), b
}

// conditional is an offer that settles when its conditions are met.
func (p *pair) conditional(until uint64) (string, tx.Body) {
	t := p.someTitle(func(t twinTitle) bool { return t.dealable })
	r := t.at
	if p.pick(4) == 0 {
		r = p.inside(r)
	}
	b := &tx.TransferOffer{Resource: r, To: who(p.someone()), Keep: p.pick(2) == 0, Value: p.seen(r), Until: until}
	what := p.pick(3)
	if what != 0 {
		b.Agent = who(p.someone())
		if p.pick(12) == 0 {
			b.Agent = wire.Address{9}
		}
	}
	if what != 1 {
		b.Lock = sha256.Sum256(openSecret[:])
	}
	b.Settle = until + uint64(p.pick(60))
	if p.pick(20) == 0 {
		b.Settle = until + 367*24*3600
	}
	return p.likely(t.holder), b
}

func (p *pair) release() (string, tx.Body) {
	o := p.someOffer(func(o twinOffer) bool { return o.accepted != 0 && p.pick(3) != 0 })
	if o.accepted == 0 && p.pick(8) != 0 {
		return p.conditional(p.last.Time + 2000)
	}
	b := &tx.TransferRelease{Offer: o.id, Resource: o.at}
	if p.pick(20) == 0 {
		b.Resource = p.block4()
	}
	body, _ := o.body.(*tx.TransferOffer)
	if body == nil || body.Agent.IsZero() || p.pick(3) == 0 {
		b.Secret = openSecret
		if p.pick(10) == 0 {
			b.Secret = wire.Hash{4}
		}
		return p.someone(), b
	}
	return p.likely(body.Agent), b
}

// someOffer is any offer, the first that is liked if there is one.
func (p *pair) someOffer(like func(twinOffer) bool) twinOffer {
	o := twinOffer{body: &tx.TransferOffer{}, at: resource("60.0.0.0/24")}
	for _, x := range p.twin.offers {
		if like(x) {
			return x
		}
	}
	if len(p.twin.offers) > 0 {
		o = p.twin.offers[p.pick(len(p.twin.offers))]
	}
	return o
}

// chargeConsent is a lender's word for an offer over a title under its charge,
// or, where there is none, such an offer.
func (p *pair) chargeConsent() (string, tx.Body) {
	fits := func(o twinOffer) bool {
		t := p.twin.titleOf(o.title)
		return t != nil && len(t.charges) > 0 && o.accepted == 0 && !p.twin.lapsed(&o) &&
			(o.kind() == tx.KindTransferOffer || o.kind() == tx.KindLeaseOffer || o.kind() == tx.KindLeaseRenew || o.intent())
	}
	o := p.someOffer(func(o twinOffer) bool { return fits(o) && p.pick(3) != 0 })
	if t := p.someTitle(func(t twinTitle) bool { return len(t.charges) > 0 }); !fits(o) && p.pick(10) != 0 {
		r := p.inside(t.at)
		if p.pick(2) == 0 {
			r = t.at
		}
		return p.likely(t.holder), &tx.TransferOffer{Resource: r, To: who(p.someone()), Keep: true, Value: p.seen(r), Until: p.last.Time + 2000}
	}
	b := &tx.ChargeConsent{Offer: o.id, Resource: o.at, Charge: wire.Hash{2}, Release: p.pick(3) == 0, Value: p.seen(o.at)}
	if o.intent() {
		b.Value, b.Release = p.seen(o.title), o.kind() == tx.KindSurrender == (p.pick(8) != 0)
	}
	if t := p.twin.titleOf(o.title); t != nil && len(t.charges) > 0 {
		c := t.charges[p.pick(len(t.charges))]
		b.Charge = c.id
		return p.likely(c.lender), b
	}
	return p.someone(), b
}

// onCharge makes an act on a charge that stands.
func (p *pair) onCharge(until uint64) (string, tx.Body) {
	t := p.someTitle(func(t twinTitle) bool { return len(t.charges) > 0 })
	c := twinCharge{id: wire.Hash{3}}
	if len(t.charges) > 0 {
		c = t.charges[p.pick(len(t.charges))]
	}
	r := t.at
	if p.pick(30) == 0 {
		r = p.inside(r)
	}
	if len(t.charges) == 0 && p.pick(6) != 0 {
		return p.chargePropose(until)
	}
	for _, x := range p.twin.titles { // most sooner than not one that is enforced
		for _, y := range x.charges {
			if y.enforced != 0 && !y.contested && p.pick(3) != 0 {
				t, c, r = x, y, x.at
			}
		}
	}
	switch p.pick(9) {
	case 0:
		return p.likely(c.lender), &tx.ChargeRelease{Resource: r, Charge: c.id}
	case 1, 2, 3, 4:
		b := &tx.ChargeEnforce{Resource: r, Charge: c.id, To: who(p.someone())}
		if c.mode == tx.ModeAdjudication && p.pick(3) != 0 {
			return p.likely(c.lender), &tx.ChargeRelease{Resource: r, Charge: c.id}
		}
		if c.mode == tx.ModeTitle && p.pick(4) != 0 {
			b.To = c.lender
		}
		return p.likely(c.lender), b
	case 5, 6:
		return p.likely(t.holder), &tx.ChargeContest{Resource: r, Charge: c.id}
	}
	by := t.holder
	if p.pick(2) == 0 && len(t.charges) > 0 {
		by = t.charges[len(t.charges)-1].lender
	}
	return p.likely(by), &tx.ChargeRedeem{Resource: r, Charge: c.id, Value: p.seen(r), Until: until}
}
