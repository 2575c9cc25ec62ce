package ledger_test

import (
	"fmt"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// remove plants what a decision to remove a registrar for cause writes.
func (w *world) remove(registrar string, act wire.Hash) {
	w.dismiss(registrar)
	e := w.state.Edit()
	d := &record.Due{Rules: 1, Kind: record.DueRemoval, Act: act, Account: who(registrar), Resource: wire.Resource{Family: wire.IPv4}}
	id := who(registrar)
	e.Put(record.Leaf(tree.DueKey(w.last.Time+1, record.RankGovern, wire.Sum(wire.TagDealing, act[:], id[:])), wire.Encode(d)))
	w.state = e.Freeze()
}

// A rogue registrar's titles are qualified and frozen in any hands, its word counts
// no more, and routing goes on.
func TestRemoval_CLAIM26_R8(t *testing.T) {
	w := claims(t)
	w.claimB("ana", "60.0.0.0/17", "reg1", "reg2")
	w.claimB("ben", "60.0.128.0/17", "reg3", "reg2")
	w.later(windowB)
	w.block(1)
	w.transfer("ana", "cat", "60.0.0.0/18", true)
	w.originate("cat", "60.0.0.0/18", 24, 2001)
	open := w.claimB("ana", "2a00::/32", "reg1", "reg2")
	waits := w.claimB("ben", "AS3000-AS3007", "reg1")
	w.remove("reg1", wire.Hash{5})
	w.block(1)
	w.block(1)
	for _, block := range []string{"60.0.0.0/18", "60.0.64.0/18"} {
		w.wantAgainst(block, "2 at "+block)
		if q := w.title(block).Qualified; q < w.last.Time+qualified-2 {
			t.Errorf("%s is qualified until %d", block, q)
		}
	}
	w.wantAgainst("60.0.128.0/17")
	w.refused("DISP-1", "cat", &tx.TransferOffer{Resource: resource("60.0.0.0/18"), To: who("ben"), Value: w.value("60.0.0.0/18"), Until: w.last.Time + 900})
	w.originate("cat", "60.0.0.0/20", 24, 2002)
	w.refused("CLAIM-9", "reg1", w.attestation(waits))
	w.attest("reg2", waits)
	if c := w.claimOf(waits); c.Stage != record.Attesting {
		t.Errorf("a removed registrar's word counts: %v", c.Stage)
	}
	w.later(windowB)
	w.wantTitle("2a00::/32", "", record.GradeNone)
	if w.claimOf(open) != nil {
		t.Error("a claim on a removed registrar's word goes on")
	}
	// New registrars, or proof, make it whole; the freeze ends by itself.
	w.later(restricted)
	w.wantAgainst("60.0.0.0/18")
	w.claimB("cat", "60.0.0.0/18", "reg2", "reg3")
	w.later(windowB)
	if title := w.wantTitle("60.0.0.0/18", "cat", record.GradeB); title.Basis[0] == who("reg1") || title.Basis[1] == who("reg1") {
		t.Errorf("it rests on %v", title.Basis)
	}
}

// However many titles rest on a registrar, one ledger block freezes a bounded number,
// and all are frozen in the end.
func TestRemovalInSteps_CLAIM26_DUE3(t *testing.T) {
	w := claims(t)
	e := w.state.Edit()
	const n = 700
	for i := range n {
		e.Put(record.FolioLeaf(resource(fmt.Sprintf("62.%d.%d.0/24", i/256, i%256)), &record.Folio{Title: (&record.Title{
			Rules: 1, State: record.Held, Holder: who("dan"), Grade: record.GradeB, Basis: []wire.Address{who("reg1")}, Qualified: 1,
			Source: record.Source{Registry: "ripencc"},
		}).Bytes()}))
	}
	w.recount(e.Freeze())
	w.change("dan", func(a *account.Account) { a.Holdings.V4 += n })
	w.remove("reg1", wire.Hash{5})
	blocks := 0
	for ; len(w.against("62.2.187.0/24")) == 0 && blocks < 9; blocks++ {
		w.block(1)
		if len(w.result.Changes) > 2*256+8 {
			t.Fatalf("a ledger block changed %d records", len(w.result.Changes))
		}
	}
	if blocks != 3 {
		t.Errorf("it took %d ledger blocks", blocks)
	}
	for i := range n {
		if len(w.against(fmt.Sprintf("62.%d.%d.0/24", i/256, i%256))) != 1 {
			t.Fatalf("title %d is not frozen once", i)
		}
	}
}
