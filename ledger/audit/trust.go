package audit

import (
	"ipledger/ledger/archive"
	"ipledger/ledger/light"
)

// What a report says of a trust file's header.
const (
	Met        = "met"
	NotReached = "not reached"
	Before     = "before what was audited"
)

// Against makes the audit hold the chain to a trust file's header, nil for none. Call it
// before the first block; it looks at the block that the audit begins after.
func (r *Replay) Against(t *light.Trust) error {
	r.trust = t
	if r.Height() == 0 {
		return nil
	}
	if f := r.trusted(&archive.Block{Header: r.last.header}); f != nil {
		return f
	}
	return nil
}

// trusted compares a header with the trust file's of its height. A chain that its own
// members signed from genesis on need not be the one whose header the auditor trusts.
//
// specs/24 AUD-13: Where the auditor has a trust file, the header of its height MUST have
// its hash.
func (r *Replay) trusted(b *archive.Block) *Finding {
	h := &b.Header
	if r.trust == nil || h.Height != r.trust.Height {
		return nil
	}
	if got := h.Hash(); got != r.trust.HeaderHash {
		return found(h.Height, "AUD-13", "", "the header is %v, the trust file's is %v: there are two chains of these members, or the trust file is false", got, r.trust.HeaderHash)
	}
	r.met = true
	return nil
}

// meeting is what became of the trust file's header.
func (r *Replay) meeting() string {
	switch {
	case r.met:
		return Met
	case r.Height() < r.trust.Height:
		return NotReached
	}
	return Before
}
