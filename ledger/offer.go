package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// OfferSecondsMax is how long an offer may stand: a year.
const OfferSecondsMax = 366 * 24 * 3600

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
	return b.bearable(id, o, t)
}

// describe notes on an offer what it says and on which title.
func (b *block) describe(o *record.Offer, t titled, body tx.Body) {
	o.Rules, o.Title, o.Kind, o.Body = record.Rules, t.at, uint64(body.Kind()), tx.EncodeBody(body)
	o.Renewed = b.accountAt(o.Maker).Renewed
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
		return tx.Refuse("DEAL-3", "earliest", "the author's delay ends at %s", tx.UTC(soonest))
	}
	if o.Until <= o.Earliest || o.Until-b.now.Time > OfferSecondsMax {
		return tx.Refuse("DEAL-3", "until", "%s is not after %s and within a year", tx.UTC(o.Until), tx.UTC(o.Earliest))
	}
	return nil
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
