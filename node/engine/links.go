package engine

import (
	"sync"

	"ipledger/ledger"
	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
)

// linksMax is how much evidence is remembered: four blocks of it, so that what is
// proposed, judged, and proposed again after a lost round is verified once. Linked
// evidence takes some 200 KiB at most.
const linksMax = 4 * ledger.BlockEvidenceMax

// links remembers whose signatures hold, by the bytes of evidence and the trust
// anchors it was verified under. That evidence does not link is remembered too.
type links struct {
	mu    sync.Mutex
	known map[wire.Hash]link
}

type link struct {
	linked *rpki.Linked
	err    error
}

// link is rpki.Link, once for the same bytes and anchors.
func (l *links) link(raw []byte, anchors [][]byte) (*rpki.Linked, error) {
	name := wire.Encode([][][]byte{{raw}, anchors})
	key := wire.Sum(wire.TagRecord, name)
	l.mu.Lock()
	defer l.mu.Unlock()
	if had, ok := l.known[key]; ok {
		return had.linked, had.err
	}
	if len(l.known) >= linksMax {
		clear(l.known)
	}
	linked, err := rpki.Link(raw, anchors)
	l.known[key] = link{linked, err}
	return linked, err
}

// newLaw is the ledger's own rules with a memory.
func newLaw() law {
	l := &links{known: map[wire.Hash]link{}}
	return law{ledger.Memory{Link: l.link}}
}
