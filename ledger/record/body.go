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
	Power        uint64 // 1
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
	return tree.HashKey(tree.Bodies, wire.Sum(wire.TagRecord, []byte("member"), pub[:]))
}

// Parameters are the numbers that governance may change within bounds.
type Parameters struct {
	Rules           uint64
	Test            bool   // the network is a test network: grade T stands for A and B
	Heartbeat       uint64 // seconds between blocks of an idle chain
	StallSeconds    uint64 // a gap between headers beyond this is a halt: 600
	CreditCap       uint64 // 100
	CreditRefill    uint64 // a minute: 1
	CreditUnmetered bool   // benchmarks: acts cost nothing; test networks only
	WorkBits        uint64 // of proof of work to open an account without sponsor: 20
	WorkOpensMax    uint64 // such openings a block: 50
	DelaySeconds    uint64 // default delay between offer and acceptance: 48 h
	NoticeMin       uint64 // shortest notice of a grant: 30 days, 0 on test networks
	ClauseMin       uint64 // shortest notice of a lessor's clause: 24 h, 0 on test networks
	EnforceSeconds  uint64 // from the notice of an enforcement to its effect: 30 days
	RecoverySeconds uint64 // a recovery's window: 14 days
	TransferFloor4  uint64 // longest IPv4 prefix that may become a title: 24
	TransferFloor6  uint64 // longest IPv6 prefix that may become a title: 48
}

// ParametersFromBytes reads canonical parameters.
func ParametersFromBytes(raw []byte) (*Parameters, error) {
	p := new(Parameters)
	if err := wire.Decode(raw, 1024, p); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	return p, nil
}

// RingSize is how many of the last act-bearing headers proof of work may name.
const RingSize = 256

// Chain is what the chain remembers of itself, for rules that need it.
type Chain struct {
	Rules   uint64
	Stalled uint64 // seconds that the chain has stood still beyond StallSeconds, in all
	Bearing uint64 // act-bearing blocks so far: the ring's next place
}

// Append writes the chain record's canonical bytes.
func (c *Chain) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(c.Rules)
	w.Uint(c.Stalled)
	w.Uint(c.Bearing)
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
