package record

import (
	"bytes"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Bounds of what one evidence act shows. A checklist may hold more; the act that
// carries such a one is refused.
const (
	EvidenceResourcesMax = 256 // aligned blocks: a holder's numbers, a claim names one block
	EvidenceDigestsMax   = 64  // statements signed at once
	RegistryBytesMax     = 16  // as an anchor's
)

// Evidence is what a signed checklist of the RPKI showed when every node verified
// it. It outlives its act's bytes, so that nobody verifies it again, until it
// serves no more.
type Evidence struct {
	Rules     uint64
	Act       wire.Hash
	Entered   uint64          // header time at which it was verified
	Signed    uint64          // signing time that its signer states
	Title     bool            // a registry CA certified the issuer directly: it may prove a title, else only a grant
	Registry  string          // of that registry CA, or of the one nearest above on the path; empty without any
	Issuer    wire.Hash       // SHA-256 of the SubjectPublicKeyInfo of the CA that certified the signer
	Resources []wire.Resource // aligned blocks, by family and address, at most EvidenceResourcesMax
	Digests   []wire.Hash     // of the files signed, ascending, at most EvidenceDigestsMax
}

// evidenceBytesMax bounds the fullest: blocks of at most 20 bytes, digests of 33.
const evidenceBytesMax = 20*EvidenceResourcesMax + 33*EvidenceDigestsMax + 256

// EvidenceFromBytes reads canonical evidence.
func EvidenceFromBytes(raw []byte) (*Evidence, error) {
	e := new(Evidence)
	if err := wire.Decode(raw, evidenceBytesMax, e); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if len(e.Resources) > EvidenceResourcesMax || len(e.Digests) > EvidenceDigestsMax || len(e.Registry) > RegistryBytesMax {
		return nil, fmt.Errorf("evidence: %w: %d blocks, %d digests, %d bytes of registry", wire.ErrCanonical, len(e.Resources), len(e.Digests), len(e.Registry))
	}
	if !slices.IsSortedFunc(e.Digests, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) }) {
		return nil, fmt.Errorf("evidence: %w: digests out of order", wire.ErrCanonical)
	}
	return e, nil
}

// Until is the header time from which the evidence serves no more, with the
// parameter's seconds for which a signing time is fresh.
func (e *Evidence) Until(signingSeconds uint64) uint64 {
	return min(e.Signed, e.Entered) + signingSeconds
}

// Covers reports whether the checklist speaks for every number of a block. The
// blocks are the fewest, so that no two of them together hold one.
func (e *Evidence) Covers(block wire.Resource) bool {
	return slices.ContainsFunc(e.Resources, func(r wire.Resource) bool { return inr.Covers(r, block) })
}

// Signs reports whether a file with that digest was signed.
func (e *Evidence) Signs(digest wire.Hash) bool {
	_, ok := slices.BinarySearchFunc(e.Digests, digest, func(a, b wire.Hash) int { return bytes.Compare(a[:], b[:]) })
	return ok
}

// Shown is that what a signer signed is on record, as one act showed it.
type Shown struct {
	Rules uint64
	Act   wire.Hash
}

// ShownFromBytes reads a canonical mark of what was shown.
func ShownFromBytes(raw []byte) (*Shown, error) { return bodyFromBytes[Shown](raw, 64) }

// ShownKey is where the mark of a checklist is kept: of its signer's key, of its
// content, and of the keys of the CAs from the trust anchor down.
func ShownKey(signer, content wire.Hash, path []wire.Hash) tree.Key {
	what := append(append([]byte{}, signer[:]...), content[:]...)
	for i := range path {
		what = append(what, path[i][:]...)
	}
	return dealKey(dealShown, what)
}

// EvidenceKey is where the evidence that an act showed is kept.
func EvidenceKey(act wire.Hash) tree.Key { return dealKey(dealEvidence, act[:]) }
