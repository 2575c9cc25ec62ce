package ledger_test

import (
	"fmt"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// families are the makers of random acts, each as often as its weight. A
// sequence has a favourite, so that its acts meet.
var families = []struct {
	weight int
	next   func(*pair) (string, tx.Body)
}{
	{20, (*pair).titleAct},
	{8, (*pair).leaseAct},
	{5, (*pair).accountAct},
	{7, (*pair).chargeAct},
	{4, (*pair).serviceAct},
	{2, (*pair).evidenceAct},
	{8, (*pair).claimAct},
	{8, (*pair).disputeAct},
	{6, (*pair).governAct},
	{4, (*pair).sourceAct},
}

// next makes some act, and says who signs it.
func (p *pair) next() (name string, body tx.Body) {
	all := 0
	for i := range families {
		all += p.weight(i)
	}
	n := p.pick(all)
	for i, f := range families {
		if n -= p.weight(i); n < 0 {
			return f.next(p)
		}
	}
	panic("no family")
}

func (p *pair) weight(family int) int {
	if p.seed%uint64(len(families)+1) == uint64(family) {
		return 4 * families[family].weight
	}
	return families[family].weight
}

// titleAct makes some act on titles, grants or authorisations.
func (p *pair) titleAct() (name string, body tx.Body) {
	r := p.inside(p.block4())
	holder := wire.Address{}
	if t := p.twin.titleOf(r); t != nil {
		holder = t.holder
	}
	until := p.last.Time + uint64(20+p.pick(4000))
	switch p.pick(20) {
	case 0, 1:
		return p.likely(holder), &tx.TransferOffer{Resource: r, To: who(p.someone()), Keep: p.pick(2) == 0, Value: p.seen(r), Until: until + uint64(p.pick(50)/49*400*24*3600)}
	case 2, 3, 4, 5:
		return p.likely(p.twin.possessor(r)), &tx.GrantOffer{Resource: r, To: who(p.someone()), Notice: uint64(50 + p.pick(400)), SubGrants: p.pick(4) != 0, Origins: p.firstOrigins(r), Value: p.seen(r), Until: until}
	case 6, 7, 8, 9, 10:
		return p.accept()
	case 11:
		return p.cancel()
	case 12:
		t := p.twin.titles[p.pick(len(p.twin.titles))]
		return p.likely(t.holder), &tx.Split{Resource: t.at, Part: p.inside(t.at)}
	case 13:
		t := p.someTitle(func(t twinTitle) bool {
			low, high, ok := inr.Halves(inr.Truncate(t.at, t.at.Len-1))
			a, b := p.twin.titleOf(low), p.twin.titleOf(high)
			return ok && a != nil && b != nil && a.at == low && b.at == high && a.holder == b.holder
		})
		return p.likely(t.holder), &tx.Merge{Resource: inr.Truncate(t.at, t.at.Len-uint8(min(1, p.pick(4))))}
	case 14, 15:
		return p.endGrant()
	case 16:
		if len(p.twin.origins) > 0 {
			o := p.twin.origins[p.pick(len(p.twin.origins))]
			return p.likely(o.holder), &tx.OriginWithdraw{Resource: o.at, MaxLength: o.most, AS: o.as}
		}
	}
	if n := len(p.twin.origins); n > 0 && p.pick(20) == 0 {
		o := p.twin.origins[p.pick(n)]
		return p.likely(o.holder), &tx.OriginAuthorise{Resource: o.at, MaxLength: o.most, AS: o.as}
	}
	most := uint64(r.Len)
	if r.Family == wire.IPv4 {
		most += uint64(p.pick(int(27 - r.Len)))
	}
	return p.likely(p.twin.possessor(r)), &tx.OriginAuthorise{Resource: r, MaxLength: most, AS: uint64(p.pick(3))}
}

func (p *pair) accept() (string, tx.Body) {
	o := twinOffer{body: &tx.TransferOffer{}, at: resource("60.0.0.0/24")}
	for range 4 {
		if len(p.twin.offers) > 0 {
			o = p.twin.offers[p.pick(len(p.twin.offers))]
		}
		if o.kind() != tx.KindList && !o.intent() && o.accepted == 0 && !p.twin.lapsed(&o) {
			break
		}
	}
	r, kind := o.at, o.kind()
	if p.pick(20) == 0 {
		r = p.block4()
	}
	if p.pick(20) == 0 {
		kind = []tx.Kind{tx.KindTransferOffer, tx.KindGrantOffer}[p.pick(2)]
	}
	switch kind {
	case tx.KindTransferOffer:
		return p.likely(o.to), &tx.TransferAccept{Offer: o.id, Resource: r, Value: p.agreed(o.at)}
	case tx.KindGrantOffer, tx.KindNoticeWithdraw:
		return p.likely(o.to), &tx.GrantAccept{Offer: o.id, Resource: r, Value: p.agreed(o.at)}
	case tx.KindChargePropose, tx.KindChargeRedeem:
		return p.likely(o.to), &tx.ChargeAccept{Offer: o.id, Resource: r, Value: p.agreed(o.at)}
	case tx.KindLeaseOffer, tx.KindLeaseRenew, tx.KindLeaseEnd, tx.KindLeaseAssign:
		return p.likely(o.to), &tx.LeaseAccept{Offer: o.id, Resource: r, Value: p.agreed(o.at)}
	}
	return p.cancel()
}

func (p *pair) cancel() (string, tx.Body) {
	if len(p.twin.offers) == 0 || p.pick(10) == 0 {
		return p.someone(), &tx.OfferCancel{Offer: wire.Hash{2}}
	}
	o := p.twin.offers[p.pick(len(p.twin.offers))]
	return p.likely(o.maker), &tx.OfferCancel{Offer: o.id}
}

func (p *pair) endGrant() (string, tx.Body) {
	if len(p.twin.estates) == 0 {
		return p.someone(), &tx.GrantGiveUp{Resource: resource("60.0.0.0/24"), Grant: wire.Hash{3}}
	}
	e := p.twin.estates[p.pick(len(p.twin.estates))]
	id := e.id
	if p.pick(12) == 0 {
		id = wire.Hash{4}
	}
	if p.pick(3) == 0 {
		return p.likely(e.holder), &tx.GrantGiveUp{Resource: e.at, Grant: id}
	}
	if e.ends != 0 || p.pick(8) == 0 {
		return p.likely(p.twin.outside(e)), &tx.NoticeWithdraw{Resource: e.at, Grant: id, Value: p.seen(e.at), Until: p.last.Time + uint64(20+p.pick(4000))}
	}
	return p.likely(p.twin.outside(e)), &tx.GrantNotice{Resource: e.at, Grant: id}
}

func (p *pair) block4() wire.Resource {
	switch p.pick(10) {
	case 0:
		return resource(fmt.Sprintf("AS%d", 2000+p.pick(6)))
	case 1, 2, 3:
		if len(p.twin.estates) > 0 {
			return p.twin.estates[p.pick(len(p.twin.estates))].at
		}
	case 4, 5, 6:
		return p.twin.titles[p.pick(len(p.twin.titles))].at
	}
	r := resource(fmt.Sprintf("60.0.%d.%d/32", p.pick(16), 64*p.pick(4)))
	return inr.Truncate(r, uint8(20+p.pick(7)))
}

func (p *pair) inside(r wire.Resource) wire.Resource {
	for range p.pick(4) {
		low, high, ok := inr.Halves(r)
		if !ok || r.Family == wire.IPv4 && r.Len >= 26 {
			break
		}
		if r = low; p.pick(2) == 0 {
			r = high
		}
	}
	return r
}

func (p *pair) someone() string { return p.names[p.pick(len(p.names))] }

// likely is who an act on r would come from, most of the time.
func (p *pair) likely(id wire.Address) string {
	for _, name := range p.names {
		if who(name) == id && p.pick(8) != 0 {
			return name
		}
	}
	return p.someone()
}

func (p *pair) seen(r wire.Resource) wire.Hash {
	if p.pick(20) == 0 {
		return wire.Hash{1}
	}
	return p.stands(r)
}

// stands is the dealing value of the title over r, which the twin learns to know.
func (p *pair) stands(r wire.Resource) wire.Hash {
	value := p.value(r.String())
	if t := p.twin.titleOf(r); t != nil {
		p.twin.named[twinValue{t.at, value}] = twinSeen{stamp: t.stamp}
	}
	return value
}

// marks is stands for an acceptance: the value with marks.
func (p *pair) marks(r wire.Resource) wire.Hash {
	t := p.twin.titleOf(r)
	if t == nil {
		return p.stands(r)
	}
	value := p.folio(t.at.String()).Marked()
	p.twin.named[twinValue{t.at, value}] = twinSeen{t.stamp, t.marks()}
	return value
}

// agreed is marks, most of the time.
func (p *pair) agreed(r wire.Resource) wire.Hash {
	if p.pick(12) == 0 {
		return p.seen(r)
	}
	return p.marks(r)
}
