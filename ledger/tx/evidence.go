package tx

import (
	"crypto/sha256"
	"fmt"
)

// Evidence shows every node a signed checklist of the RPKI with the certificates
// and CRLs above it (specs/19). What it shows is written down under the act's id,
// for claims to name; whoever acts gains nothing by it.
type Evidence struct {
	Evidence []byte // as rpki.Evidence.Bytes writes it, at most EvidenceBytesMax
}

// Kind is KindEvidence.
func (*Evidence) Kind() Kind { return KindEvidence }

func (b *Evidence) walk(w walker) { w.bytes("evidence", &b.Evidence, EvidenceBytesMax) }

// check keeps specs/20 EVID-1: Evidence MUST NOT stand in a bundle: it is larger
// than other acts, and nothing can name it that stands or falls with it.
func (b *Evidence) check(h *Header) error {
	if h.Count > 0 {
		return Refuse("EVID-1", "bundle", "evidence stands in no bundle; enter it first, and name its id then")
	}
	return nil
}

func (b *Evidence) text() []string {
	return []string{
		fmt.Sprintf("Show RPKI evidence of %d bytes, whose SHA-256 is %x.", len(b.Evidence), sha256.Sum256(b.Evidence)),
		"Every node verifies it, and what it shows is written down under this act's id for claims to name.",
	}
}
