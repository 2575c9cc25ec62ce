package engine

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
	"ipledger/testnet/ca"
)

// TestLinks_EVID3 answers as rpki.Link does, and verifies once: the second answer
// is the same object. Other anchors are another question.
func TestLinks_EVID3(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	term := ca.Term{From: now.Add(-time.Hour), Until: now.Add(time.Hour)}
	anchor, err := ca.Anchor("anchor", term)
	if err != nil {
		t.Fatal(err)
	}
	e, err := anchor.Evidence([]rpki.Statement{{Chain: wire.Hash{1}}}, []wire.Resource{{Family: wire.IPv4, Len: 8, Addr: [16]byte{60}}}, now, term)
	if err != nil {
		t.Fatal(err)
	}
	key, err := anchor.Key()
	if err != nil {
		t.Fatal(err)
	}
	l := &links{known: map[wire.Hash]link{}}
	first, err1 := l.link(e.Bytes(), [][]byte{key})
	again, err2 := l.link(e.Bytes(), [][]byte{key})
	if err1 != nil || err2 != nil || first != again || len(l.known) != 1 {
		t.Errorf("%v, %v, the same %v, %d known", err1, err2, first == again, len(l.known))
	}
	for range 2 {
		if _, err := l.link(e.Bytes(), nil); !errors.Is(err, rpki.ErrEvidence) || len(l.known) != 2 {
			t.Errorf("under no anchor: %v, %d known", err, len(l.known))
		}
	}
	for i := range 2 * linksMax {
		if _, err := l.link(fmt.Appendf(nil, "evidence %d", i), nil); err == nil || len(l.known) > linksMax {
			t.Fatalf("%v, %d known", err, len(l.known))
		}
	}
}
