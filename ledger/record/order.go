package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Order is a court's, under the id of the act that recorded it.
type Order struct {
	Rules        uint64
	Author       wire.Address
	Resource     wire.Resource
	Court        string
	Jurisdiction string
	Reference    string
	Digest       wire.Hash // of its text, or of the newest that confirmed it
	Final        bool
	To           wire.Address // to whom a final one gives the title
	Entered      uint64       // header time
	Stalled      uint64       // the chain's stalled seconds when Until was set
	Status       uint64       // tx.OrderState
	Findings     uint64       // tx.FoundAll where it is in effect
	Reasons      wire.Hash    // of a refusal or a lifting
	Until        uint64       // header time of its due item: when it lapses, or is forgotten
	Votes        []Vote
}

const orderBytesMax = 1024 + votesBytesMax

// OrderFromBytes reads a canonical order.
func OrderFromBytes(raw []byte) (*Order, error) {
	o := new(Order)
	if err := wire.Decode(raw, orderBytesMax, o); err != nil {
		return nil, fmt.Errorf("order: %w", err)
	}
	if len(o.Votes) > VotesMax {
		return nil, fmt.Errorf("order: %w: %d votes", wire.ErrCanonical, len(o.Votes))
	}
	return o, nil
}

// OrderKey is where an order is kept.
func OrderKey(id wire.Hash) tree.Key { return dealKey(dealOrder, id[:]) }
