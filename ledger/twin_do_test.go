package ledger_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// do carries out an act that breaks no rule.
func (w *twin) do(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.TransferOffer, *tx.GrantOffer, *tx.NoticeWithdraw, *tx.LeaseOffer, *tx.LeaseRenew, *tx.LeaseEnd, *tx.LeaseAssign,
		*tx.ChargePropose, *tx.ChargeRedeem:
		w.put(w.offerOf(id, author, body))
	case *tx.TransferAccept:
		if w.offer(b.Offer).body.(*tx.TransferOffer).Conditional() {
			w.hold(b.Offer)
			return
		}
		w.transfer(w.take(b.Offer))
	case *tx.GrantAccept:
		o := w.take(b.Offer)
		if n, ok := o.body.(*tx.NoticeWithdraw); ok {
			e := w.estate(o.at, n.Grant, false)
			e.ends, e.warning = 0, wire.Hash{}
			w.touch(o.at)
			return
		}
		w.grant(o, id)
	case *tx.OfferCancel:
		w.take(b.Offer)
	case *tx.Split:
		w.cut(b.Resource, b.Part)
	case *tx.GrantNotice:
		e := w.estate(b.Resource, b.Grant, false)
		e.ends, e.warning = w.now+e.notice, id
		w.touch(b.Resource)
	case *tx.GrantGiveUp:
		w.end(b.Resource, b.Grant, w.now)
	case *tx.OriginAuthorise:
		w.origins = append(w.origins, twinOrigin{b.Resource, b.MaxLength, b.AS, author})
	case *tx.OriginWithdraw:
		gone := twinOrigin{b.Resource, b.MaxLength, b.AS, author}
		w.origins = slices.DeleteFunc(w.origins, func(o twinOrigin) bool { return o == gone })
	default:
		w.doLease(author, body, id)
		w.doAccount(author, body, id)
		w.doCharge(author, body, id)
		w.doSettle(author, body, id)
		w.doService(author, body)
		w.doEvidence(body, id)
		w.doClaim(author, body, id)
		w.doDispute(author, body, id)
		w.doGovern(author, body, id)
		w.doSource(author, body, id)
	}
}

// twinDue is something that time does.
type twinDue struct {
	at   uint64
	rank int
	id   wire.Hash
	do   func()
}

// pass lets time pass: what is due at or before now is settled, one by one, in
// order of time, rank and id; each may change what is due next.
func (w *twin) pass(now uint64) {
	if now-w.now > twinStall {
		w.stalled += now - w.now - twinStall
	}
	w.now, w.fell = now, nil
	w.block++
	w.seat()
	for {
		next := slices.MinFunc(append(w.due(), twinDue{at: now + 1}), func(a, b twinDue) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank), bytes.Compare(a.id[:], b.id[:]))
		})
		if next.at > now {
			return
		}
		w.fell = append(w.fell, fmt.Sprintf("rank %d at %d, %v", next.rank, next.at, next.id))
		next.do()
	}
}

// due lists all that waits for its time.
func (w *twin) due() (out []twinDue) {
	for _, o := range w.offers {
		out = append(out, w.dueOffer(o))
	}
	out = append(out, w.dueAccounts()...)
	out = append(out, w.dueCharges()...)
	out = append(out, w.dueEvidence()...)
	out = slices.Concat(out, w.dueClaims(), w.dueSources(), w.dueAgainst(), w.dueRemovals(), w.dueCases(), w.dueOrders(), w.dueMotions())
	return append(out, w.dueEstates()...)
}

func (w *twin) put(o twinOffer) {
	t := w.titleOf(o.at)
	w.tidy(&o, t)
	o.title, o.stamp = t.at, t.stamp
	w.offers = append(w.offers, o)
}

// tidy takes lapsed offers off the table that are in an offer's way.
func (w *twin) tidy(o *twinOffer, t *twinTitle) {
	if _, all := w.made(o.maker, t.at); all >= record.OffersMax {
		w.offers = slices.DeleteFunc(w.offers, func(x twinOffer) bool {
			return x.title == t.at && x.maker == o.maker && x.kind() != tx.KindList && w.lapsed(&x)
		})
	}
}

func (w *twin) take(id wire.Hash) twinOffer {
	o := *w.offer(id)
	w.offers = slices.DeleteFunc(w.offers, func(x twinOffer) bool { return x.id == id })
	return o
}

func (w *twin) touch(r wire.Resource) {
	w.stamp++
	w.titleOf(r).stamp = w.stamp
}

func (w *twin) transfer(o twinOffer) {
	old := w.titleOf(o.at).at
	var moving []twinOrigin
	for _, x := range w.origins {
		if x.holder == o.maker && inr.Overlaps(x.at, o.at) && w.restsOnTitle(x, old) {
			moving = append(moving, x)
		}
	}
	w.origins = slices.DeleteFunc(w.origins, func(x twinOrigin) bool { return slices.Contains(moving, x) })
	w.passOn(twinRight{at: old}, o.at, o.to, o.body.(*tx.TransferOffer).Keep)
	if old != o.at {
		w.cut(old, o.at)
	}
	t := w.titleOf(o.at)
	t.holder, t.since = o.to, w.now
	var follow []twinCharge
	for _, c := range t.charges {
		if !slices.Contains(o.consents, twinConsent{c.lender, c.id, true}) {
			follow = append(follow, c.unenforced())
		}
	}
	t.charges = follow
	w.touch(o.at)
	for _, x := range moving {
		w.replace(x, x.holder, func(r wire.Resource) bool { return !inr.Overlaps(r, o.at) })
		taken := func(r wire.Resource) bool { return inr.Covers(o.at, r) && w.othersHold(r, o.to) }
		if o.body.(*tx.TransferOffer).Keep && !slices.ContainsFunc(announcements(x.at, x.most), taken) {
			w.replace(x, o.to, func(r wire.Resource) bool { return inr.Covers(o.at, r) })
		}
	}
}

// cut closes a title and opens its pieces; estates that span the cut divide.
func (w *twin) cut(whole, part wire.Resource) {
	t := *w.titleOf(whole)
	parts := append(inr.Cut(whole, part), part)
	w.services = slices.DeleteFunc(w.services, func(s twinService) bool {
		return slices.ContainsFunc(parts, func(p wire.Resource) bool { return s.at != p && inr.Covers(s.at, p) })
	})
	w.titles = slices.DeleteFunc(w.titles, func(x twinTitle) bool { return x.at == whole })
	for _, p := range parts {
		w.stamp++
		n := t
		n.at, n.stamp, n.opened, n.charges, n.against = p, w.stamp, w.block, slices.Clone(t.charges), w.carriedTo(&t, p)
		w.titles = append(w.titles, n)
	}
	var estates []twinEstate
	for _, e := range w.estates {
		divided := false
		for _, p := range parts {
			if inr.Covers(e.at, p) && e.at != p {
				piece := e
				piece.at, divided = p, true
				estates = append(estates, piece)
			}
		}
		if !divided {
			estates = append(estates, e)
		}
	}
	w.estates = estates
}

func (w *twin) merge(whole wire.Resource) {
	low, high, _ := inr.Halves(whole)
	t, other := *w.titleOf(low), *w.titleOf(high)
	t.since = max(t.since, other.since)
	t.against = w.standing(&t)
	for i := range t.against {
		t.against[i].at = whole
	}
	w.titles = slices.DeleteFunc(w.titles, func(x twinTitle) bool { return x.at == low || x.at == high })
	w.stamp++
	t.at, t.stamp, t.opened = whole, w.stamp, w.block
	w.titles = append(w.titles, t)
}

// replace gives who the smallest set for the announcements of old that are
// allowed, by the words of ROUTE-1.
func (w *twin) replace(old twinOrigin, who wire.Address, allowed func(wire.Resource) bool) {
	for _, p := range smallest(old.at, old.most, allowed) {
		n := twinOrigin{p.at, p.most, old.as, who}
		if !slices.Contains(w.origins, n) {
			w.origins = append(w.origins, n)
		}
	}
}

// brokenOrigin lists what a new authorisation breaks.
func (w *twin) brokenOrigin(add func(string, bool), o twinOrigin) {
	add("ORIGIN-1", o.at.Family == wire.ASN)
	add("ORIGIN-5", slices.Contains(w.origins, o))
	rests := w.rests(o)
	add("ORIGIN-2", rests == nil)
	if t := w.titleOf(o.at); t != nil && rests != nil {
		add("TITLE-3", !t.dealable)
	}
	if o.at.Family == wire.IPv4 && rests != nil {
		add("ORIGIN-3", slices.ContainsFunc(announcements(o.at, min(o.most, 26)), func(x wire.Resource) bool { return w.othersHold(x, o.holder) }))
	}
}

// rests lists the rights an authorisation rests on; nil where they do not
// cover it.
func (w *twin) rests(o twinOrigin) []twinRight {
	list := w.rights(o.at)
	for _, e := range slices.Backward(list) {
		if e.holder == o.holder {
			return []twinRight{e.right()}
		}
	}
	if t := w.titleOf(o.at); t != nil && t.holder == o.holder {
		return []twinRight{{t.at, wire.Hash{}}}
	}
	low, high, ok := inr.Halves(o.at)
	if !ok || o.at.Len >= 26 {
		return nil
	}
	l := w.rests(twinOrigin{low, o.most, o.as, o.holder})
	h := w.rests(twinOrigin{high, o.most, o.as, o.holder})
	if l == nil || h == nil {
		return nil
	}
	return append(l, h...)
}

func (w *twin) restsOnTitle(o twinOrigin, title wire.Resource) bool {
	return slices.Contains(w.rests(o), twinRight{title, wire.Hash{}})
}
