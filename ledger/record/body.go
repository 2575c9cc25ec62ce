package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Member is an operator that validates: one operator, one vote.
type Member struct {
	Rules        uint64
	Operator     string // at most 128 bytes
	Organisation string // at most 128 bytes; caps count by it
	Jurisdiction string // ISO 3166-1 alpha-2
	Hosting      string // cloud or AS that hosts it; caps count by it
	Alg          uint8  // 1: ed25519, checked under ZIP-215
	PubKey       [32]byte
	Power        uint64       // 1
	Account      wire.Address // that votes for it; zero on a test network where it has none
}

// MemberFromBytes reads a canonical member.
func MemberFromBytes(raw []byte) (*Member, error) {
	m := new(Member)
	if err := wire.Decode(raw, 1024, m); err != nil {
		return nil, fmt.Errorf("member: %w", err)
	}
	return m, nil
}

// MemberKey is where a member is kept: under the hash of its key.
func MemberKey(pub [32]byte) tree.Key {
	return bodyKey("member", pub[:])
}

// Registrar attests claims and source statements; adjudicators decide cases. Each
// is an account that a vote admitted, or genesis.
type Registrar struct {
	Rules        uint64
	Account      wire.Address
	Organisation string // at most 128 bytes; attestations count by it
	Jurisdiction string // ISO 3166-1 alpha-2
	Since        uint64 // header time of its admission; 0 from genesis
	Removed      uint64 // header time at which it was removed for cause; 0 while it serves
}

// Adjudicator sits on panels.
type Adjudicator struct {
	Rules        uint64
	Account      wire.Address
	Organisation string
	Jurisdiction string
	Since        uint64
}

// AnchorKind says what a key of the RPKI is to the rules. The numbers are on the
// wire.
type AnchorKind uint64

// The kinds of anchor.
const (
	TrustAnchor AnchorKind = 1 // a path of certificates may begin at it
	RegistryCA  AnchorKind = 2 // what it certifies directly issues grade A evidence
)

// AnchorBytesMax bounds a SubjectPublicKeyInfo of RSA with 2,048 bits, 294 bytes.
const AnchorBytesMax = 512

// Anchor is a key of the RPKI that a vote, or genesis, made known.
type Anchor struct {
	Rules    uint64
	Kind     AnchorKind
	Registry string // arin, ripencc, …; at most 16 bytes
	Key      []byte // its SubjectPublicKeyInfo in DER (RFC 5280, Section 4.1.2.7)
}

// Bounds of the roll.
const (
	MembersMax      = 200 // as the engine's validators (specs/08 GEN-12)
	RegistrarsMax   = 128
	AdjudicatorsMax = 128
	AnchorsMax      = 64
)

// Roll is who belongs to the bodies, so that they can be counted. Each list is
// ascending.
type Roll struct {
	Rules        uint64
	Members      [][32]byte // by key
	Registrars   []wire.Address
	Adjudicators []wire.Address
	Anchors      []wire.Hash // SHA-256 of 0x71, the kind and the key
	Ceased       []string    // registries recorded to have ceased to allocate
}

// rollBytesMax bounds a full roll.
const rollBytesMax = 33*(MembersMax+AnchorsMax) + 21*(RegistrarsMax+AdjudicatorsMax) + (RegistryBytesMax+1)*AnchorsMax + 64

// RegistrarFromBytes reads a canonical registrar.
func RegistrarFromBytes(raw []byte) (*Registrar, error) { return bodyFromBytes[Registrar](raw, 1024) }

// AdjudicatorFromBytes reads a canonical adjudicator.
func AdjudicatorFromBytes(raw []byte) (*Adjudicator, error) {
	return bodyFromBytes[Adjudicator](raw, 1024)
}

// AnchorFromBytes reads a canonical anchor.
func AnchorFromBytes(raw []byte) (*Anchor, error) { return bodyFromBytes[Anchor](raw, 1024) }

// RollFromBytes reads a canonical roll.
func RollFromBytes(raw []byte) (*Roll, error) { return bodyFromBytes[Roll](raw, rollBytesMax) }

func bodyFromBytes[T any](raw []byte, most int) (*T, error) {
	x := new(T)
	if err := wire.Decode(raw, most, x); err != nil {
		return nil, fmt.Errorf("%T: %w", x, err)
	}
	return x, nil
}

// RollKey is where the roll is kept.
var RollKey = bodyKey("roll", nil)

// RegistrarKey is where a registrar is kept.
func RegistrarKey(account wire.Address) tree.Key { return bodyKey("registrar", account[:]) }

// AdjudicatorKey is where an adjudicator is kept.
func AdjudicatorKey(account wire.Address) tree.Key { return bodyKey("adjudicator", account[:]) }

// Hash names an anchor in the roll.
func (a *Anchor) Hash() wire.Hash {
	return wire.Sum(wire.TagRecord, []byte{byte(a.Kind)}, a.Key)
}

// AnchorKey is where an anchor is kept, by its hash.
func AnchorKey(h wire.Hash) tree.Key { return bodyKey("anchor", h[:]) }

func bodyKey(sort string, id []byte) tree.Key {
	return tree.HashKey(tree.Bodies, wire.Sum(wire.TagRecord, []byte(sort), id))
}

// RingSize is how many of the last act-bearing headers proof of work may name.
const RingSize = 256

// Chain is what the chain remembers of itself, for rules that need it.
type Chain struct {
	Rules   uint64
	Stalled uint64 // seconds that the chain has stood still beyond StallSeconds, in all
	Bearing uint64 // act-bearing blocks so far: the ring's next place
	Origins uint64 // authorisations that stand, in all
	Holders uint64 // distinct handles of the sources with a settled title (specs/23 GOV-13)
}

// Append writes the chain record's canonical bytes.
func (c *Chain) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(c.Rules)
	w.Uint(c.Stalled)
	w.Uint(c.Bearing)
	w.Uint(c.Origins)
	w.Uint(c.Holders)
	w.End(all)
}

// ChainFromBytes reads a canonical Chain.
func ChainFromBytes(raw []byte) (*Chain, error) {
	c := new(Chain)
	if err := wire.Decode(raw, 256, c); err != nil {
		return nil, fmt.Errorf("chain: %w", err)
	}
	return c, nil
}

// Keys of subtree 5, parameters.
var (
	ParametersKey = paramKey("parameters")
	ChainKey      = paramKey("chain")
)

// RingKey is where place n of the ring of act-bearing headers is kept.
func RingKey(n uint64) tree.Key { return paramKey(fmt.Sprintf("ring %d", n%RingSize)) }

func paramKey(name string) tree.Key {
	return tree.HashKey(tree.Parameters, wire.Sum(wire.TagRecord, []byte("parameter"), []byte(name)))
}
