package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// list announces that a block is for sale or for lease.
//
// specs/16 LIST-2: An account has at most 16 listings on one title, offers not
// counted; a listing lapses at its time, at most 366 days ahead.
func (b *block) list(id wire.Hash, author wire.Address, body *tx.List) error {
	t, err := b.listable(author, body)
	if err != nil {
		return err
	}
	if body.Until <= b.now.Time || body.Until-b.now.Time > OfferSecondsMax {
		return tx.Refuse("LIST-2", "until", "%s is not after %s and within a year", tx.UTC(body.Until), tx.UTC(b.now.Time))
	}
	o := &record.Offer{Maker: author, Resource: body.Resource, Until: body.Until}
	b.describe(o, t, body)
	if n := len(b.tabled(tableOf(o)).IDs); n >= record.OffersMax {
		return tx.Refuse("LIST-2", "resource", "%v has %d listings on the title %v", author, n, t.at)
	}
	b.putOffer(id, o)
	return nil
}

// listable finds the title of what is listed.
//
// specs/16 LIST-1: A listing for sale is made by the title's holder, a listing
// for lease by the possessor of the block.
func (b *block) listable(author wire.Address, body *tx.List) (titled, error) {
	t, err := b.dealable(body.Resource)
	if err != nil {
		return t, err
	}
	if body.Purpose == tx.ForLease {
		if !b.possesses(author, body.Resource) {
			return t, tx.Refuse("LIST-1", "resource", "the author does not possess the whole of %v", body.Resource)
		}
		return t, nil
	}
	if t.Holder != author {
		return t, tx.Refuse("LIST-1", "resource", "the title %v is held by %v", t.at, t.Holder)
	}
	if body.Resource != t.at {
		return t, b.cuttable(body.Resource)
	}
	return t, nil
}
