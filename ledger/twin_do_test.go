package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// do carries out an act that breaks no rule.
func (w *twin) do(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		w.put(twinOffer{id: id, kind: tx.KindTransferOffer, maker: author, to: b.To, at: b.Resource, keep: b.Keep, until: b.Until})
	case *tx.GrantOffer:
		w.put(twinOffer{id: id, kind: tx.KindGrantOffer, maker: author, to: b.To, at: b.Resource, sub: b.SubGrants, notice: b.Notice, until: b.Until})
	case *tx.TransferAccept:
		w.transfer(w.take(b.Offer))
	case *tx.GrantAccept:
		w.grant(w.take(b.Offer), id)
	case *tx.OfferCancel:
		w.take(b.Offer)
	case *tx.Split:
		w.cut(b.Resource, b.Part)
	case *tx.Merge:
		w.merge(b.Resource)
	case *tx.GrantNotice:
		e := w.estate(b.Resource, b.Grant)
		for i := range w.estates { // every piece that notice was given on ends apart
			if w.estates[i].at == b.Resource && w.estates[i].id == b.Grant {
				w.estates[i].ends = w.now + e.notice
			}
		}
		w.touch(b.Resource)
	case *tx.GrantGiveUp:
		w.end(b.Resource, b.Grant)
	case *tx.OriginAuthorise:
		w.origins = append(w.origins, twinOrigin{b.Resource, b.MaxLength, b.AS, author})
	case *tx.OriginWithdraw:
		gone := twinOrigin{b.Resource, b.MaxLength, b.AS, author}
		w.origins = slices.DeleteFunc(w.origins, func(o twinOrigin) bool { return o == gone })
	}
}

// pass lets time pass: what is due at or before now is settled.
func (w *twin) pass(now uint64) {
	w.now = now
	w.block++
	w.offers = slices.DeleteFunc(w.offers, func(o twinOffer) bool { return o.until <= now })
	for {
		var due *twinEstate
		for i := range w.estates {
			if e := &w.estates[i]; e.ends != 0 && e.ends <= now && (due == nil || e.ends < due.ends) {
				due = e
			}
		}
		if due == nil {
			return
		}
		w.end(due.at, due.id)
	}
}

func (w *twin) put(o twinOffer) {
	t := w.titleOf(o.at)
	if _, all := w.made(o.maker, o.at); all >= record.OffersMax {
		w.offers = slices.DeleteFunc(w.offers, func(x twinOffer) bool {
			return x.title == t.at && x.maker == o.maker && x.stamp != t.stamp
		})
	}
	o.title, o.stamp = t.at, t.stamp
	w.offers = append(w.offers, o)
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
	if old != o.at {
		w.cut(old, o.at)
	}
	w.titleOf(o.at).holder = o.to
	w.touch(o.at)
	for _, x := range moving {
		w.replace(x, x.holder, func(r wire.Resource) bool { return !inr.Overlaps(r, o.at) })
		if o.keep {
			w.replace(x, o.to, func(r wire.Resource) bool { return inr.Covers(o.at, r) })
		}
	}
}

// cut closes a title and opens its pieces; estates that span the cut divide.
func (w *twin) cut(whole, part wire.Resource) {
	t := *w.titleOf(whole)
	parts := append(inr.Cut(whole, part), part)
	w.titles = slices.DeleteFunc(w.titles, func(x twinTitle) bool { return x.at == whole })
	for _, p := range parts {
		w.stamp++
		n := t
		n.at, n.stamp, n.opened = p, w.stamp, w.block
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
	t := *w.titleOf(low)
	w.titles = slices.DeleteFunc(w.titles, func(x twinTitle) bool { return x.at == low || x.at == high })
	w.stamp++
	t.at, t.stamp, t.opened = whole, w.stamp, w.block
	w.titles = append(w.titles, t)
}

func (w *twin) grant(o twinOffer, id wire.Hash) {
	w.estates = append(w.estates, twinEstate{at: o.at, id: id, holder: o.to, notice: o.notice, sub: o.sub})
	w.touch(o.at)
	w.narrow(o.maker, o.at)
}

// end ends an estate and all that is carved out of it.
func (w *twin) end(at wire.Resource, id wire.Hash) {
	var gone []twinEstate
	outer := true
	for _, e := range w.estates {
		if e.at == at && outer {
			outer = e.id != id
		}
		if e.at == at && !outer || inr.Covers(at, e.at) && e.at != at {
			gone = append(gone, e)
		}
	}
	w.origins = slices.DeleteFunc(w.origins, func(o twinOrigin) bool {
		return slices.ContainsFunc(w.rests(o), func(r twinRight) bool {
			return slices.ContainsFunc(gone, func(e twinEstate) bool { return r == twinRight{e.at, e.id} })
		})
	})
	w.estates = slices.DeleteFunc(w.estates, func(e twinEstate) bool { return slices.Contains(gone, e) })
	w.touch(at)
	for _, e := range gone {
		w.narrow(e.holder, e.at)
	}
}

// narrow takes from an account's authorisations what lies inside what others
// now possess.
func (w *twin) narrow(who wire.Address, r wire.Resource) {
	for _, o := range slices.Clone(w.origins) {
		if o.holder != who || !inr.Overlaps(o.at, r) {
			continue
		}
		allowed := func(x wire.Resource) bool { return !w.othersHold(x, who) }
		if slices.ContainsFunc(announcements(o.at, o.most), func(x wire.Resource) bool { return !allowed(x) }) {
			w.origins = slices.DeleteFunc(w.origins, func(x twinOrigin) bool { return x == o })
			w.replace(o, who, allowed)
		}
	}
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

// twinRight names a possession: a title has no id.
type twinRight struct {
	at wire.Resource
	id wire.Hash
}

// rests lists the rights an authorisation rests on; nil where they do not
// cover it.
func (w *twin) rests(o twinOrigin) []twinRight {
	list := w.rights(o.at)
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].holder == o.holder {
			return []twinRight{{list[i].at, list[i].id}}
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
