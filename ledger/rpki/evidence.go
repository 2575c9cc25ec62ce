package rpki

import (
	"errors"

	"ipledger/ledger/wire"
)

// Bounds on evidence. At the default credit an act of this size is dear, and a
// node checks at most 18 signatures for it.
const (
	EvidenceBytesMax = 64 << 10
	PathMax          = 8 // CAs from the trust anchor down; the deepest paths in use have 5
)

// Evidence is what travels: a signed checklist and, of each CA from the trust
// anchor down to the one that certified its signer, the certificate and the CRL.
type Evidence struct {
	Checklist    []byte
	Certificates [][]byte // the trust anchor's own first
	CRLs         [][]byte // of the CA whose certificate has the same place
}

// Bytes is the one encoding of e.
func (e *Evidence) Bytes() []byte { return wire.Encode(e) }

// Decode reads what Bytes writes, within the bounds, and nothing else. It does
// not look into the objects.
//
// specs/19 RPKI-1: Evidence MUST have at most 65,536 bytes, which is compared
// before anything else.
//
// specs/19 RPKI-2: Evidence MUST be the canonical encoding (WIRE-1) of the
// checklist, 1 to 8 certificates and as many CRLs, in the order of the path.
func Decode(raw []byte) (*Evidence, error) {
	e, refusal := decode(raw)
	if refusal != nil {
		return nil, refusal
	}
	return e, nil
}

func decode(raw []byte) (*Evidence, *Refusal) {
	e := new(Evidence)
	err := wire.Decode(raw, EvidenceBytesMax, e)
	switch {
	case errors.Is(err, wire.ErrSize):
		return nil, refuse("RPKI-1", "it has %d bytes, more than %d", len(raw), EvidenceBytesMax)
	case err != nil:
		return nil, refuse("RPKI-2", "it is not in canonical encoding: %v", err)
	case len(e.Certificates) < 1 || len(e.Certificates) > PathMax || len(e.CRLs) != len(e.Certificates):
		return nil, refuse("RPKI-2", "it has %d certificates and %d CRLs, not 1 to %d of each", len(e.Certificates), len(e.CRLs), PathMax)
	}
	return e, nil
}
