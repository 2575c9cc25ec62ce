package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Waiting is a policy that takes effect when its due item does.
type Waiting struct {
	Rules       uint64
	Account     wire.Address
	TitleKeys   []WaitingKey
	TitleK      uint64
	RoutingKeys []WaitingKey
	RoutingK    uint64
	At          uint64 // header time at which it takes effect
	Stalled     uint64 // the chain's stalled seconds when At was set (specs/07 DUE-6)
}

// WaitingKey is a key of a policy that waits.
type WaitingKey struct {
	Alg  uint8
	Addr wire.Address
}

// WaitingFromBytes reads a canonical waiting policy.
func WaitingFromBytes(raw []byte) (*Waiting, error) {
	w := new(Waiting)
	if err := wire.Decode(raw, 4096, w); err != nil {
		return nil, fmt.Errorf("waiting policy: %w", err)
	}
	return w, nil
}

// Keys of subtree 6, dealings: a hash of what kind of dealing and which.
const (
	dealOffer   = 1
	dealOffers  = 2
	dealResting = 3
	dealWaiting = 4
)

// OfferKey is where an offer is kept.
func OfferKey(id wire.Hash) tree.Key { return dealKey(dealOffer, id[:]) }

// OffersKey is where the index of an account's offers on a title is kept. Each
// maker has its own, so that nobody fills another's.
func OffersKey(maker wire.Address, title wire.Resource) tree.Key {
	var room [20 + 18]byte
	return dealKey(dealOffers, title.AppendKey(append(room[:0], maker[:]...)))
}

// RestingKey is where the index of the authorisations resting on a possession
// is kept: a title's if estate is zero, else that estate's at that block.
func RestingKey(block wire.Resource, estate wire.Hash) tree.Key {
	var room [32 + 18]byte
	return dealKey(dealResting, block.AppendKey(append(room[:0], estate[:]...)))
}

// WaitingKeyOf is where a waiting policy is kept, under the id of its act.
func WaitingKeyOf(id wire.Hash) tree.Key { return dealKey(dealWaiting, id[:]) }

func dealKey(kind byte, what []byte) tree.Key {
	return tree.HashKey(tree.Dealings, wire.Sum(wire.TagDealing, []byte{kind}, what))
}
