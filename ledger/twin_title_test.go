package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (w *twin) titleOf(r wire.Resource) *twinTitle {
	for i := range w.titles {
		if inr.Covers(w.titles[i].at, r) {
			return &w.titles[i]
		}
	}
	return nil
}

func (w *twin) brokenTitleAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.TransferOffer:
		w.brokenTitle(add, b.Resource, author)
		w.brokenHold(add, b.Resource)
		add("TITLE-4", tooSmall(b.Resource) && w.notWhole(b.Resource))
		w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
	case *tx.TransferAccept:
		o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindTransferOffer)
		if o != nil {
			w.brokenLenders(add, "CHARGE-4", o, func(twinCharge) bool { return true })
			add("TITLE-5", !o.body.(*tx.TransferOffer).Conditional() && w.notWhole(o.at) && w.fresh(o.at))
			add("CHARGE-19", w.notWhole(o.at) && w.enforcedOver(o.at))
		}
	case *tx.OfferCancel:
		o := w.offer(b.Offer)
		add("DEAL-5", o == nil || o.accepted != 0)
		add("DEAL-7", o != nil && o.maker != author)
	case *tx.Split:
		w.brokenTitle(add, b.Resource, author)
		w.brokenHold(add, b.Resource)
		t := w.titleOf(b.Resource)
		add("SPLIT-1", t != nil && (t.at != b.Resource || !inr.Covers(t.at, b.Part) || t.at == b.Part))
		add("TITLE-4", tooSmall(b.Part))
		add("TITLE-5", w.fresh(b.Resource))
		add("CHARGE-19", w.enforcedOver(b.Resource))
	case *tx.Merge:
		w.brokenMerge(add, b.Resource, author)
		if low, _, ok := inr.Halves(b.Resource); ok {
			w.brokenIntent(add, author, low)
		}
	}
}

func tooSmall(r wire.Resource) bool { return r.Family == wire.IPv4 && r.Len > 24 }

func (w *twin) notWhole(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && t.at != r
}

// enforcedOver reports whether a charge over the title of a block is enforced.
func (w *twin) enforcedOver(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && slices.ContainsFunc(t.charges, func(c twinCharge) bool { return c.enforced != 0 })
}

func (w *twin) fresh(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && t.opened == w.block
}

func (w *twin) brokenDealable(add breaks, r wire.Resource) {
	t := w.titleOf(r)
	add("TITLE-1", t == nil)
	add("TITLE-3", t != nil && !t.dealable)
}

func (w *twin) brokenTitle(add breaks, r wire.Resource, author wire.Address) {
	w.brokenDealable(add, r)
	t := w.titleOf(r)
	add("TITLE-2", t != nil && t.state == record.Held && t.holder != author)
}

func (w *twin) brokenMerge(add breaks, r wire.Resource, author wire.Address) {
	low, high, ok := inr.Halves(r)
	add("MERGE-1", !ok)
	if !ok {
		return
	}
	var titles []*twinTitle
	for _, half := range []wire.Resource{low, high} {
		w.brokenTitle(add, half, author)
		w.brokenHold(add, half)
		t := w.titleOf(half)
		add("MERGE-1", t != nil && t.at != half)
		add("TITLE-5", w.fresh(half))
		if t != nil && t.at == half {
			titles = append(titles, t)
		}
	}
	if len(titles) == 2 {
		x, y := titles[0], titles[1]
		add("MERGE-2", x.row != y.row || x.grade != y.grade || x.proved != y.proved || x.qualified != y.qualified || !slices.Equal(x.basis, y.basis) || x.forum != y.forum)
		same := slices.EqualFunc(titles[0].charges, titles[1].charges, func(a, b twinCharge) bool {
			return a.id == b.id && a.enforced == 0 && b.enforced == 0
		})
		add("CHARGE-7", !same)
	}
}
