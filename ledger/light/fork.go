package light

import (
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// ForkFormat names this version of the file.
const ForkFormat = "ipledger-fork/1"

// ForkBytesMax bounds the file: two certificates and sets of 200 validators in
// hexadecimal digits take 104 kB.
const ForkBytesMax = 128 << 10

// Fork is evidence that verifies alone: two headers of one height, each final.
// It needs no trust file: who signed both has signed both for everybody.
type Fork struct {
	Format  string `json:"format"`
	ChainID string `json:"chain_id"`
	Height  uint64 `json:"height,string"`
	First   Step   `json:"first"`  // of the lower header hash
	Second  Step   `json:"second"` // of the higher
}

// Forked is what a fork shows: the two headers, and who voted for both.
type Forked struct {
	Height        uint64
	First, Second wire.Hash
	Both          []chain.Validator // of the first set, in its order
	Power, Total  uint64            // of those, and of the whole first set
}

// NewFork puts two headers of one height beside each other.
func NewFork(a, b Head) *Fork {
	if x, y := a.Hash(), b.Hash(); y.String() < x.String() {
		a, b = b, a
	}
	return &Fork{Format: ForkFormat, ChainID: a.header.ChainID, Height: a.Height(), First: a.step, Second: b.step}
}

// Bytes is the one form of the file.
func (f *Fork) Bytes() []byte { return encode(f) }

// VerifyFork checks the bytes of a fork. An error is *Malformed or *Unproven.
//
// specs/26 LIGHT-7: Evidence of a fork MUST be two headers of one chain and
// height with different hashes, the lower first, each final by its own set
// (CHAIN-8 to CHAIN-11), in the one canonical form, at most 131,072 bytes.
func VerifyFork(raw []byte) (*Forked, error) {
	f := new(Fork)
	if err := decode(raw, ForkBytesMax, f); err != nil {
		return nil, err
	}
	if f.Format != ForkFormat {
		return nil, malformed("LIGHT-7", "format %q, want %q", f.Format, ForkFormat)
	}
	a, err := f.final(f.First)
	if err != nil {
		return nil, err
	}
	b, err := f.final(f.Second)
	if err != nil {
		return nil, err
	}
	out := &Forked{Height: f.Height, First: a.header.Hash(), Second: b.header.Hash(), Total: a.set.Power()}
	if out.First.String() >= out.Second.String() {
		return nil, unproven("LIGHT-7", nil, "headers %v and %v are one, or the higher comes first", out.First, out.Second)
	}
	out.both(a, b)
	return out, nil
}

func (f *Fork) final(s Step) (hop, error) {
	h, err := s.open()
	if err != nil {
		return h, unproven("LIGHT-7", err, "a header of height %d", f.Height)
	}
	if h.header.Height != f.Height {
		return h, unproven("LIGHT-7", nil, "a header is of height %d, the file of %d", h.header.Height, f.Height)
	}
	if err := chain.Verify(f.ChainID, h.set, h.header, h.cert); err != nil {
		return h, unproven("LIGHT-7", err, "header %d is not final", f.Height)
	}
	return h, nil
}

// both finds the validators that voted for both headers.
func (f *Forked) both(a, b hop) {
	second := map[[32]byte]bool{}
	for i, s := range b.cert.Slots {
		second[b.set[i].PubKey] = s.Flag == chain.Committed
	}
	for i, s := range a.cert.Slots {
		if s.Flag == chain.Committed && second[a.set[i].PubKey] {
			f.Both = append(f.Both, a.set[i])
			f.Power += a.set[i].Power
		}
	}
}
