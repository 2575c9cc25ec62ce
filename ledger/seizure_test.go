package ledger_test

import (
	"fmt"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// seizureTitles are sixteen titles that make up 60.0.0.0/16.
func seizureTitles() (held []string) {
	for i := range 16 {
		held = append(held, fmt.Sprintf("60.0.%d.0/20", 16*i))
	}
	return held
}

// TestApply_DUE3_CHARGE14_worst lets an enforcement fall due that changes as many
// records as one can: the holder has 64 authorisations over 16 titles and 64
// blocks with services, the buyer 64 over 16 grants each inside the title.
func TestApply_DUE3_CHARGE14_worst(t *testing.T) {
	held := seizureTitles()
	w := newWorld(t, []string{"ana", "ben", "bank"}, map[string][]string{"ana": held})
	p := parameters(t, w.state)
	p.EnforceSeconds = enforceSeconds
	w.set(record.ParametersKey, wire.Encode(p))
	id := w.pledge("ana", "bank", held[0])
	for range record.ChargesMax - 1 {
		w.pledge("ana", "bank", held[0])
	}
	var acts []tx.Verified
	for as := range uint64(record.OriginsMax) {
		acts = append(acts, w.sign("ana", originOf("60.0.0.0/16", 20, as)))
	}
	w.block(1, acts...)
	// A thousand grants to ben, written past the rules: 16 in each of 64 /27s.
	e := w.state.Edit()
	for i := range 1024 {
		e.Put(record.FolioLeaf(resource(fmt.Sprintf("60.0.%d.%d/31", i/128, i%128*2)), &record.Folio{
			Estates: record.EstatesBytes([]record.Estate{{
				Rules: 1, ID: wire.Hash{1, byte(i), byte(i >> 8)}, Kind: record.Grant, Holder: who("ben"), Start: start, Notice: 1, Started: true,
			}}),
		}))
	}
	w.state = e.Freeze()
	acts = nil
	for i := range record.OriginsMax {
		acts = append(acts, w.sign("ben", originOf(fmt.Sprintf("60.0.%d.%d/27", i/8, i%8*32), 27, 1)))
	}
	for i := range record.PlacesMax {
		acts = append(acts, w.sign("ana", &tx.ContactsSet{Resource: resource(fmt.Sprintf("60.0.8.%d/32", i)), Abuse: "abuse@ana.example"}))
	}
	w.block(1, acts...)
	w.do("bank", enforceOf(held[0], id, "ben"))
	w.last.Time += enforceSeconds - 1
	r := w.block(1)
	w.wantHolder(held[0], "ben")
	if got := len(w.origins("ben")); got != record.OriginsMax {
		t.Fatalf("ben has %d authorisations", got)
	}
	if got := len(w.origins("ana")); got != 4*record.OriginsMax {
		t.Fatalf("ana has %d authorisations beside what she lost", got)
	}
	bytes := 0
	for _, c := range r.Changes {
		if c.Old != nil {
			bytes += len(c.Old.Data)
		}
		if c.New != nil {
			bytes += len(c.New.Data)
		}
	}
	t.Logf("%d records, %d bytes changed", len(r.Changes), bytes)
	if len(r.Changes) < 1100 || len(r.Changes) > 1408 || bytes > 6<<20 {
		t.Fatalf("%d records, %d bytes changed", len(r.Changes), bytes)
	}
}
