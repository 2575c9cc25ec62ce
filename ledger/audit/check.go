package audit

import (
	"errors"

	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Checked is a block on its way through an audit: what needs no state is checked
// in any order and noted here, Step takes it from there.
type Checked struct {
	Block *archive.Block
	// Final, Body and acts are what the checks found, nil for nothing.
	Final, Body *Finding
	acts        []tx.Verified
	wrong       []*Finding // by place, made with the first
}

// NewChecked is a block of which nothing is checked yet.
func NewChecked(b *archive.Block) *Checked {
	return &Checked{Block: b, acts: make([]tx.Verified, len(b.Acts)), wrong: make([]*Finding, len(b.Acts))}
}

// Checker checks what a block shows without any state. Each goroutine has its own.
type Checker struct {
	chainID string
	acts    *tx.Chain
}

// NewChecker is for blocks of a chain id and genesis hash.
func NewChecker(chainID string, genesis wire.Hash) *Checker {
	return &Checker{chainID, tx.On(genesis)}
}

// Whole checks certificate and body: that the block is final by its own set, and
// that its header commits to what it carries.
func (c *Checker) Whole(b *Checked) {
	h := &b.Block.Header
	// specs/24 AUD-4: The certificate MUST make the header final (CHAIN-8 to CHAIN-11).
	if err := chain.Verify(c.chainID, b.Block.Set, *h, b.Block.Certificate); err != nil {
		b.Final = found(h.Height, "AUD-4", certificateRule(err), "%v", err)
	}
	// specs/24 AUD-6: The header MUST have the data hash of the entry's acts
	// (CHAIN-14) and the evidence hash of its evidence (CHAIN-23).
	if got := chain.DataHash(b.Block.Acts); got != h.DataHash {
		b.Body = found(h.Height, "AUD-6", "CHAIN-14", "its acts have data hash %v, its header says %v", got, h.DataHash)
	} else if got := chain.EvidenceHash(b.Block.Evidence); got != h.EvidenceHash {
		b.Body = found(h.Height, "AUD-6", "CHAIN-23", "its evidence has hash %v, its header says %v", got, h.EvidenceHash)
	}
}

// Acts verifies the acts of a block at the places from from, below to. Several
// goroutines may each verify other places of one block.
//
// specs/24 AUD-7: Each act MUST verify on the chain of the genesis hash (ACT-16).
func (c *Checker) Acts(b *Checked, from, to int) {
	for place := from; place < to; place++ {
		v, err := c.acts.Verify(b.Block.Acts[place])
		if err != nil {
			b.wrong[place] = found(b.Block.Header.Height, "AUD-7", ruleOf(err), "%v", err).about(place, wire.Hash{})
			return
		}
		b.acts[place] = v
	}
}

// firstWrong is the first act that does not verify, nil for none.
func (b *Checked) firstWrong() *Finding {
	for _, f := range b.wrong {
		if f != nil {
			return f
		}
	}
	return nil
}

// certificateRule is the rule by which a certificate was refused.
func certificateRule(err error) string {
	var power *chain.PowerError
	switch {
	case errors.Is(err, chain.ErrMismatch):
		return "CHAIN-8"
	case errors.Is(err, chain.ErrSignature):
		return "CHAIN-10"
	case errors.As(err, &power):
		return power.Rule
	}
	return ""
}

// ruleOf is the rule that refused something, or empty.
func ruleOf(err error) string {
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		return rule.Rule
	}
	return ""
}
