package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// OfferSecondsMax is how long an offer may stand: a year.
const OfferSecondsMax = 366 * 24 * 3600

// dealable finds the title that covers r and checks that it may be dealt in:
// that it stands well, and is not on hold (specs/04 TITLE-9).
func (b *block) dealable(r wire.Resource) (titled, error) {
	t, err := b.standing(r)
	if err != nil {
		return t, err
	}
	return t, unheld(t)
}

// standing finds the title that covers r and checks that it stands well. Routing
// and services ask no more.
//
// specs/04 TITLE-1: one title MUST cover the block. specs/04 TITLE-3: it MUST
// be held, at grade A or B, or T on a test network.
func (b *block) standing(r wire.Resource) (titled, error) {
	t, ok := b.titleOf(r)
	if !ok {
		return t, tx.Refuse("TITLE-1", "resource", "no title covers %v", r)
	}
	if t.State != record.Held || !t.Grade.Settled() {
		return t, tx.Refuse("TITLE-3", "resource", "the title %v is %v, grade %v", t.at, t.State, t.Grade)
	}
	return t, nil
}

// owned is dealable, and the author holds the title.
//
// specs/04 TITLE-2: the author MUST hold the title.
func (b *block) owned(r wire.Resource, author wire.Address) (titled, error) {
	t, ok := b.titleOf(r)
	if ok && t.Holder != author && t.State == record.Held {
		return t, tx.Refuse("TITLE-2", "resource", "the title %v is held by %v", t.at, t.Holder)
	}
	return b.dealable(r)
}

// cuttable checks that a part may become a title of its own.
//
// specs/04 TITLE-4: no title is longer than its family's floor.
func (b *block) cuttable(r wire.Resource) error {
	floor := uint64(r.Family.Bits())
	switch r.Family {
	case wire.IPv4:
		floor = b.params.TransferFloor4
	case wire.IPv6:
		floor = b.params.TransferFloor6
	}
	if uint64(r.Len) > floor {
		return tx.Refuse("TITLE-4", "resource", "%v is smaller than a /%d", r, floor)
	}
	return nil
}

// settledBefore keeps specs/04 TITLE-5: a folio opened in a ledger block is not
// closed in the same one, so that every predecessor's value is in the history.
func (b *block) settledBefore(r wire.Resource) error {
	if leaf, ok := b.base.Get(tree.ResourceKey(r)); ok && len(wire.Own[record.Folio](leaf.Data).Title) > 0 {
		return nil
	}
	return tx.Refuse("TITLE-5", "resource", "the title %v was opened in this ledger block", r)
}

// addressee checks that the other party is there and is another.
//
// specs/04 TITLE-6: the other party MUST be an account, and not the author.
func (b *block) addressee(to, author wire.Address) error {
	if to == author {
		return tx.Refuse("TITLE-6", "to", "%v is the author", to)
	}
	if b.accountAt(to) == nil {
		return tx.Refuse("TITLE-6", "to", "no account %v", to)
	}
	return nil
}

// makeOffer writes an offer whose meaning was checked, with its terms; it waits
// for its maker's delay.
func (b *block) makeOffer(id wire.Hash, t titled, body tx.Body, o *record.Offer) error {
	return b.makeOfferAfter(b.accountAt(o.Maker).Delay, id, t, body, o)
}

// makeOfferAfter is makeOffer for an offer that waits for the delay given.
func (b *block) makeOfferAfter(delay uint64, id wire.Hash, t titled, body tx.Body, o *record.Offer) error {
	if o.Value != t.folio.Dealing() {
		return tx.Refuse("DEAL-1", "value", "the title %v stands at %v", t.at, t.folio.Dealing())
	}
	if err := b.window(o, delay); err != nil {
		return err
	}
	b.describe(o, t, body)
	if err := b.countOffers(o, t); err != nil {
		return err
	}
	b.putOffer(id, o)
	return nil
}

// describe notes on an offer what it says and on which title.
func (b *block) describe(o *record.Offer, t titled, body tx.Body) {
	o.Rules, o.Title, o.Kind, o.Body = record.Rules, t.at, uint64(body.Kind()), tx.EncodeBody(body)
	o.Renewed = b.accountAt(o.Maker).Renewed
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

// putOffer puts an offer on the table, in its index, and queues its end.
func (b *block) putOffer(id wire.Hash, o *record.Offer) {
	index := b.tabled(tableOf(o))
	index.IDs = append(index.IDs, id)
	slices.SortFunc(index.IDs, func(x, y wire.Hash) int { return bytes.Compare(x[:], y[:]) })
	b.write(tableOf(o), index)
	b.write(record.OfferKey(id), o)
	due := &record.Due{Rules: record.Rules, Kind: record.DueOffer, Act: id}
	if tx.Kind(o.Kind) == tx.KindSurrender {
		due.Kind = record.DueSurrender
	}
	b.write(offerDue(id, o), due)
}

// tableOf is where the index that an offer or a listing stands in is kept.
func tableOf(o *record.Offer) tree.Key {
	if tx.Kind(o.Kind) == tx.KindList {
		return record.ListingsKey(o.Maker, o.Title)
	}
	return record.OffersKey(o.Maker, o.Title)
}

// offerDue is where the end of an offer or a listing waits, or the effect of a
// surrender.
func offerDue(id wire.Hash, o *record.Offer) tree.Key {
	if tx.Kind(o.Kind) == tx.KindSurrender {
		return tree.DueKey(o.Until, record.RankIntent, id)
	}
	return tree.DueKey(o.Until, record.RankOffer, id)
}

// terms are what the act said that made an offer.
func terms[T tx.Body](o *record.Offer) T {
	body := must(tx.DecodeBody(tx.Kind(o.Kind), o.Body))
	return body.(T)
}

// window fixes an offer's earliest acceptance and checks its end.
//
// specs/04 DEAL-3: earliest MUST be at least the delay after the header's time
// (zero asks for just that), and until MUST come after earliest and within a
// year.
func (b *block) window(o *record.Offer, delay uint64) error {
	soonest := b.now.Time + delay
	if o.Earliest == 0 {
		o.Earliest = soonest
	}
	if o.Earliest < soonest {
		return tx.Refuse("DEAL-3", "earliest", "the author's delay ends at %d", soonest)
	}
	if o.Until <= o.Earliest || o.Until-b.now.Time > OfferSecondsMax {
		return tx.Refuse("DEAL-3", "until", "%d is not after %d and within a year", o.Until, o.Earliest)
	}
	return nil
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

func (b *block) offer(id wire.Hash) (*record.Offer, bool) {
	leaf, ok := b.e.Get(record.OfferKey(id))
	if !ok {
		return nil, false
	}
	return wire.Own[record.Offer](leaf.Data), true
}

// takeOffer checks an acceptance and takes the offer off the table.
func (b *block) takeOffer(id wire.Hash, kind tx.Kind, author wire.Address, r wire.Resource, value wire.Hash) (*record.Offer, titled, error) {
	o, ok := b.offer(id)
	if !ok || o.Kind != uint64(kind) || o.Accepted != 0 {
		return nil, titled{}, tx.Refuse("DEAL-5", "offer", "no such offer is open: %v", id)
	}
	t, err := b.answerable(o, author, r)
	if err != nil {
		return nil, t, err
	}
	if now := t.folio.Dealing(); now != o.Value {
		return nil, t, tx.Refuse("DEAL-2", "offer", "it has lapsed: the title %v changed since it was made", t.at)
	} else if now != value {
		return nil, t, tx.Refuse("DEAL-1", "value", "the title %v stands at %v", t.at, now)
	}
	b.dropOffer(id)
	return o, t, nil
}

// answerable checks who accepts, what and when.
//
// specs/04 DEAL-6: only the addressee accepts, naming what was offered, from
// earliest on and before until.
func (b *block) answerable(o *record.Offer, author wire.Address, r wire.Resource) (titled, error) {
	if o.To != author {
		return titled{}, tx.Refuse("DEAL-6", "account", "it was offered to %v", o.To)
	}
	if o.Resource != r {
		return titled{}, tx.Refuse("DEAL-6", "resource", "%v was offered", o.Resource)
	}
	if err := b.standsBehind(o); err != nil {
		return titled{}, err
	}
	if b.now.Time < o.Earliest || b.now.Time >= o.Until {
		return titled{}, tx.Refuse("DEAL-6", "offer", "it can be accepted from %d to %d, it is %d", o.Earliest, o.Until, b.now.Time)
	}
	if t, ok := b.titleOf(r); !ok || t.at != o.Title {
		return t, tx.Refuse("DEAL-2", "offer", "it has lapsed: the title %v it was made on is closed", o.Title)
	}
	return b.dealable(r)
}

// cancelOffer keeps specs/04 DEAL-7: only its maker cancels an offer.
func (b *block) cancelOffer(author wire.Address, body *tx.OfferCancel) error {
	o, ok := b.offer(body.Offer)
	if !ok || o.Accepted != 0 {
		return tx.Refuse("DEAL-5", "offer", "no such offer is open: %v", body.Offer)
	}
	if o.Maker != author {
		return tx.Refuse("DEAL-7", "account", "it was made by %v", o.Maker)
	}
	b.dropOffer(body.Offer)
	return nil
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

// pieces is a whole as the titles it is cut into: the part and the rest.
func pieces(whole, part wire.Resource) []wire.Resource {
	out := append(inr.Cut(whole, part), part)
	slices.SortFunc(out, inr.Compare)
	return out
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
