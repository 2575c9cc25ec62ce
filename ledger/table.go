package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// putOffer puts an offer on the table, in its index, and queues its end.
func (b *block) putOffer(id wire.Hash, o *record.Offer) {
	index := b.tabled(tableOf(o))
	index.IDs = append(index.IDs, id)
	slices.SortFunc(index.IDs, func(x, y wire.Hash) int { return bytes.Compare(x[:], y[:]) })
	b.write(tableOf(o), index)
	b.write(record.OfferKey(id), o)
	due := &record.Due{Rules: record.Rules, Kind: record.DueOffer, Act: id}
	if intent(o) {
		due.Kind = record.DueSurrender
	}
	b.write(offerDue(id, o), due)
}

// countOffers keeps specs/04 DEAL-4: An account has at most 16 offers open on
// one title; lapsed ones are taken off the table before one is refused for their
// number.
func (b *block) countOffers(o *record.Offer, t titled) error {
	n := len(b.tabled(tableOf(o)).IDs)
	if n >= record.OffersMax {
		n = len(b.dropLapsed(o.Maker, t).IDs)
	}
	if n >= record.OffersMax {
		return tx.Refuse("DEAL-4", "resource", "%v has %d open offers on the title %v", o.Maker, n, t.at)
	}
	return nil
}

// dropLapsed takes an account's lapsed offers on a title off the table, and
// gives the index of those that are left.
//
// specs/04 DEAL-4: lapsed offers are taken off the table before one is refused
// for their number.
func (b *block) dropLapsed(maker wire.Address, t titled) *record.Offers {
	for _, id := range b.offers(maker, t.at).IDs {
		if o, ok := b.offer(id); ok && (o.Value != t.folio.Dealing() || b.outlived(o)) {
			b.dropOffer(id)
		}
	}
	return b.offers(maker, t.at)
}

// dropOffer takes an offer, its due item and its place in the index away.
func (b *block) dropOffer(id wire.Hash) {
	o, ok := b.offer(id)
	if !ok {
		return
	}
	b.remove(record.OfferKey(id))
	b.remove(offerDue(id, o))
	index := b.tabled(tableOf(o))
	index.IDs = slices.DeleteFunc(index.IDs, func(x wire.Hash) bool { return x == id })
	if len(index.IDs) == 0 {
		b.remove(tableOf(o))
		return
	}
	b.write(tableOf(o), index)
}

func (b *block) offer(id wire.Hash) (*record.Offer, bool) {
	leaf, ok := b.e.Get(record.OfferKey(id))
	if !ok {
		return nil, false
	}
	return wire.Own[record.Offer](leaf.Data), true
}

func (b *block) offers(maker wire.Address, title wire.Resource) *record.Offers {
	return b.tabled(record.OffersKey(maker, title))
}

// tabled reads an account's offers or listings on one title.
func (b *block) tabled(k tree.Key) *record.Offers {
	if leaf, ok := b.e.Get(k); ok {
		return wire.Own[record.Offers](leaf.Data)
	}
	return &record.Offers{Rules: record.Rules}
}

// tableOf is where the index that an offer or a listing stands in is kept.
func tableOf(o *record.Offer) tree.Key {
	if tx.Kind(o.Kind) == tx.KindList {
		return record.ListingsKey(o.Maker, o.Title)
	}
	return record.OffersKey(o.Maker, o.Title)
}

// intent reports whether what waits is no offer: it takes effect by itself.
func intent(o *record.Offer) bool {
	k := tx.Kind(o.Kind)
	return k == tx.KindSurrender || k == tx.KindMerge || k == tx.KindForumSet
}

// offerDue is where the end of an offer or a listing waits, or the effect of a
// surrender, a merge or a forum.
func offerDue(id wire.Hash, o *record.Offer) tree.Key {
	if intent(o) {
		return tree.DueKey(o.Until, record.RankIntent, id)
	}
	return tree.DueKey(o.Until, record.RankOffer, id)
}
