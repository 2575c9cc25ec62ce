package p2p

import (
	"errors"
	"fmt"
	"regexp"
)

// Version is the version of this protocol that greetings carry.
const Version = 1

// GreetingBytesMax bounds a greeting: its fields take at most 165 bytes.
const GreetingBytesMax = 1 << 10

// ErrOtherLedger reports a peer that serves another chain, another genesis or
// another version of the protocol (P2P-6).
var ErrOtherLedger = errors.New("p2p: the peer serves another ledger")

// chainIDForm is also what may stand in a topic's or a protocol's name.
var chainIDForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// greeting is what two peers tell each other before anything else counts.
type greeting struct {
	Version uint64
	ChainID string
	Genesis [32]byte
	Base    uint64
	Height  uint64
	Head    [32]byte
}

// decodeGreeting reads one greeting.
func decodeGreeting(raw []byte) (greeting, error) {
	var g greeting
	if err := decode(raw, GreetingBytesMax, &g); err != nil {
		return greeting{}, fmt.Errorf("greeting: %w", err)
	}
	// specs/10 P2P-5: A greeting's chain id MUST be 1 to 64 characters of a-z, 0-9,
	// point and hyphen, the first a letter or digit; its base MUST NOT exceed its height.
	if !chainIDForm.MatchString(g.ChainID) {
		return greeting{}, fmt.Errorf("greeting: %w: chain id of %d bytes (P2P-5)", ErrCanonical, len(g.ChainID))
	}
	if g.Base > g.Height {
		return greeting{}, fmt.Errorf("greeting: %w: base %d above height %d (P2P-5)", ErrCanonical, g.Base, g.Height)
	}
	return g, nil
}

// status is the part of a greeting that changes.
func (g greeting) status() Status { return Status{Base: g.Base, Height: g.Height, Head: g.Head} }

// sameLedger says whether two greetings may go on talking.
func sameLedger(ours, theirs greeting) error {
	// specs/10 P2P-6: Peers whose protocol version, chain id or genesis hash
	// differ MUST part, and each MUST refuse the other for one hour.
	switch {
	case ours.Version != theirs.Version:
		return fmt.Errorf("%w: protocol version %d, ours is %d (P2P-6)", ErrOtherLedger, theirs.Version, ours.Version)
	case ours.ChainID != theirs.ChainID:
		return fmt.Errorf("%w: chain id %q, ours is %q (P2P-6)", ErrOtherLedger, theirs.ChainID, ours.ChainID)
	case ours.Genesis != theirs.Genesis:
		return fmt.Errorf("%w: genesis %x, ours is %x (P2P-6)", ErrOtherLedger, theirs.Genesis[:8], ours.Genesis[:8])
	}
	return nil
}
