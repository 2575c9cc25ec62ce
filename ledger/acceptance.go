package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

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
	}
	if marked := t.folio.Marked(); marked != value {
		return nil, t, tx.Refuse("DEAL-1", "value", "the title %v stands at %v, marks included: look at it and sign again", t.at, marked)
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
		return titled{}, tx.Refuse("DEAL-6", "offer", "it can be accepted from %s to %s, it is %s", tx.UTC(o.Earliest), tx.UTC(o.Until), tx.UTC(b.now.Time))
	}
	if t, ok := b.titleOf(r); !ok || t.at != o.Title {
		return t, tx.Refuse("DEAL-2", "offer", "it has lapsed: the title %v it was made on is closed", o.Title)
	}
	if k := tx.Kind(o.Kind); k == tx.KindLeaseEnd || k == tx.KindLeaseAssign {
		return b.endable(r)
	}
	return b.dealable(r)
}
