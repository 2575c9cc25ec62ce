package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Sort says what waits. The numbers are on the wire.
type Sort uint64

const (
	SortPolicy    Sort = 1
	SortDelay     Sort = 2
	SortGuardians Sort = 3
)

// Waiting is a change of an account that takes effect when its due item does;
// of each sort an account has at most one.
type Waiting struct {
	Rules       uint64
	Act         wire.Hash // the act that set it
	TitleKeys   []WaitingKey
	TitleK      uint64
	RoutingKeys []WaitingKey
	RoutingK    uint64
	Delay       uint64
	Guardians   []wire.Address
	GuardianK   uint64
	At          uint64 // header time at which it takes effect
	Stalled     uint64 // the chain's stalled seconds when At was set (specs/07 DUE-6)
}

// WaitingKey is a key of a policy that waits.
type WaitingKey struct {
	Alg  uint8
	Addr wire.Address
}

// WaitingFromBytes reads a canonical change that waits.
func WaitingFromBytes(raw []byte) (*Waiting, error) {
	w := new(Waiting)
	if err := wire.Decode(raw, 4096, w); err != nil {
		return nil, fmt.Errorf("waiting: %w", err)
	}
	return w, nil
}

// Recovery is what guardians propose for an account (specs/17).
type Recovery struct {
	Rules     uint64
	Proposals []Proposal // by act; exactly one once it runs
	Began     uint64     // header time at which it ran; 0 while none does
	Vetoed    bool
	Ripe      bool      // vetoed, its window is over, and it can be finished
	At        uint64    // header time of its due item
	Stalled   uint64    // the chain's stalled seconds when At was set
	Proved    wire.Hash // the act of the evidence against a veto; zero while there is none
}

// Proposal is one set of keys and the guardians that support it, ascending.
type Proposal struct {
	Act         wire.Hash // the first guardian's
	TitleKeys   []WaitingKey
	TitleK      uint64
	RoutingKeys []WaitingKey
	RoutingK    uint64
	By          []wire.Address
}

// RecoveryFromBytes reads a canonical recovery.
func RecoveryFromBytes(raw []byte) (*Recovery, error) {
	x := new(Recovery)
	if err := wire.Decode(raw, 16<<10, x); err != nil {
		return nil, fmt.Errorf("recovery: %w", err)
	}
	return x, nil
}

// Revoked is that a key was revoked in an account. It stays for good, so that the
// key does not come back and its revocation applies once (specs/17 REV-3).
type Revoked struct {
	Rules uint64
	Act   wire.Hash // the revocation
}

// RevokedFromBytes reads a canonical mark of a revocation.
func RevokedFromBytes(raw []byte) (*Revoked, error) {
	x := new(Revoked)
	if err := wire.Decode(raw, 64, x); err != nil {
		return nil, fmt.Errorf("revoked: %w", err)
	}
	return x, nil
}

// Keys of subtree 6, dealings: a hash of what kind of dealing and which.
const (
	dealOffer    = 1
	dealOffers   = 2
	dealResting  = 3
	dealWaiting  = 4
	dealRecovery = 5
	dealListings = 6
	dealRevoked  = 7
	dealSource   = 12
	dealBalance  = 13
	dealMotion   = 16
	dealBallots  = 17
	dealDay      = 18
	dealBacking  = 19
	dealHandle   = 20
	dealEvidence = 8
	dealShown    = 28
	dealClaim    = 9
	dealClaims   = 10
	dealUse      = 11
	dealCase     = 14
	dealOrder    = 15
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

// WaitingKeyOf is where an account's change of one sort that waits is kept.
func WaitingKeyOf(account wire.Address, sort Sort) tree.Key {
	return dealKey(dealWaiting, append(account[:], byte(sort)))
}

// RecoveryKey is where an account's recovery is kept.
func RecoveryKey(account wire.Address) tree.Key { return dealKey(dealRecovery, account[:]) }

// ListingsKey is where the index of an account's listings on a title is kept.
func ListingsKey(maker wire.Address, title wire.Resource) tree.Key {
	return dealKey(dealListings, append(maker[:], title.Key()...))
}

// RevokedKey is where it is kept that a key was revoked in an account.
func RevokedKey(account wire.Address, key WaitingKey) tree.Key {
	return dealKey(dealRevoked, append(append(account[:], key.Alg), key.Addr[:]...))
}

func dealKey(kind byte, what []byte) tree.Key {
	return tree.HashKey(tree.Dealings, wire.Sum(wire.TagDealing, []byte{kind}, what))
}
