package light

import (
	"fmt"

	"ipledger/ledger/chain"
)

// Bounds of the way from the trusted set (specs/12 PRF-7).
const (
	StepsMax = 8 // changes of two thirds of the set since the trust file; then fetch a newer one
	// StepSecondsMax is how far apart two steps may be, 14 days: as long as
	// evidence against double-signers counts.
	StepSecondsMax = 14 * 24 * 3600
)

// Certified is a block that is final, with what shows it: the header of the
// next block, which has the application hash and the results of this one, the
// certificate of that header, and the set that signed it.
type Certified struct {
	Block       chain.Header
	Next        chain.Header
	Certificate chain.Certificate
	Validators  chain.ValidatorSet
}

// Moment is the height and time of the block.
func (c Certified) Moment() Moment {
	return Moment{Height: c.Block.Height, Time: c.Block.Time.Seconds}
}

// check reports whether the validators that c names made Block and Next final, by a
// judge of their signatures.
//
// specs/12 PRF-4: The header MUST be final by the certificate and the set in
// the file (CHAIN-8 to CHAIN-11). specs/12 PRF-5: The block MUST be of the
// height before the header's, and its hash what the header says of its last block.
func (c Certified) check(by chain.Judge) error {
	id := c.Next.ChainID
	if err := by.Verify(id, c.Validators, c.Next, c.Certificate); err != nil {
		return unproven("PRF-4", err, "block %d is not final", c.Next.Height)
	}
	if err := c.Block.Check(); err != nil {
		return unproven("PRF-5", err, "the block")
	}
	if c.Block.ChainID != id || c.Block.Height+1 != c.Next.Height || c.Block.Hash() != c.Next.LastBlock.Hash {
		return unproven("PRF-5", nil, "block %d is not the one before header %d", c.Block.Height, c.Next.Height)
	}
	return nil
}

// signed says in words who stands behind the header.
func (c Certified) signed() string {
	n := 0
	for _, s := range c.Certificate.Slots {
		if s.Flag == chain.Committed {
			n++
		}
	}
	return fmt.Sprintf("%d of %d validators signed header %d", n, len(c.Validators), c.Next.Height)
}

// Step is a header on the way from the trusted set to the file's.
type Step struct {
	Header      Hex `json:"header"`
	Certificate Hex `json:"certificate"`
	Validators  Hex `json:"validators"`
}

// Height is the height that a step is of, whatever else is true of it.
func (s Step) Height() (uint64, error) {
	h, err := chain.DecodeHeader(s.Header)
	return h.Height, err
}

// hop is a step decoded, or the file's own header.
type hop struct {
	header chain.Header
	cert   chain.Certificate
	set    chain.ValidatorSet
}

func (s Step) open() (h hop, err error) {
	if h.header, err = chain.DecodeHeader(s.Header); err != nil {
		return h, err
	}
	if h.cert, err = chain.DecodeCertificate(s.Certificate); err != nil {
		return h, err
	}
	h.set, err = chain.DecodeValidatorSet(s.Validators)
	return h, err
}

// NewStep is a step for a file: a header, its certificate and its set.
func NewStep(h chain.Header, c chain.Certificate, set chain.ValidatorSet) Step {
	return Step{Header: h.Bytes(), Certificate: c.Bytes(), Validators: set.Bytes()}
}

// reach walks from the trusted set over hops, the last of which is the file's
// own header, and checks every step.
//
// specs/12 PRF-6: The set of the first header MUST be the trust file's.
// specs/12 PRF-7: There MUST be at most 8 steps, of rising height, each at most
// 14 days after the one before, and each either signed by the set that the
// header before it names as next, or passing CHAIN-12 from the set before it.
func reach(by chain.Judge, t *Trust, hops []hop) error {
	first := hops[0]
	if got := first.set.Hash(); got != t.ValidatorsHash {
		return unproven("PRF-6", nil, "the set at height %d is %v, the trust file's is %v", first.header.Height, got, t.ValidatorsHash)
	}
	for i, h := range hops {
		if err := t.pins(h.header); err != nil {
			return err
		}
		if i+1 == len(hops) {
			return nil // check has verified the file's own header
		}
		if err := by.Verify(t.ChainID, h.set, h.header, h.cert); err != nil {
			return unproven("PRF-7", err, "the step at height %d", h.header.Height)
		}
		if err := h.leads(by, t.ChainID, hops[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// pins keeps a header at the trust file's own height to that file's hash.
//
// specs/12 PRF-8: A header in the file at the trust file's height MUST have the
// trust file's hash.
func (t *Trust) pins(h chain.Header) error {
	if h.Height == t.Height && h.Hash() != t.HeaderHash {
		return unproven("PRF-8", nil, "header %d is %v, the trust file's is %v", h.Height, h.Hash(), t.HeaderHash)
	}
	return nil
}

// leads reports whether trust in h gives trust in next.
func (h hop) leads(by chain.Judge, chainID string, next hop) error {
	from, to := h.header, next.header
	if to.Height <= from.Height || to.Time.Seconds < from.Time.Seconds || to.Time.Seconds-from.Time.Seconds > StepSecondsMax {
		return unproven("PRF-7", nil, "from height %d to %d is no step of at most 14 days ahead", from.Height, to.Height)
	}
	if to.Height == from.Height+1 {
		if to.ValidatorsHash != from.NextValidatorsHash {
			return unproven("PRF-7", nil, "header %d names another set for header %d", from.Height, to.Height)
		}
		return nil
	}
	if err := by.VerifyTrusting(chainID, h.set, next.set, to, next.cert); err != nil {
		return unproven("PRF-7", err, "the step to height %d", to.Height)
	}
	return nil
}
