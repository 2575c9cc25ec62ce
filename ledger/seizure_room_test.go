package ledger

import (
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// TestDue_CHARGE18_room lets an enforcement fall due when the ledger block may
// look at nothing more: after others it is left for the next; where none would do
// it waits an hour.
func TestDue_CHARGE18_room(t *testing.T) {
	r, err := inr.Parse("60.0.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	c := record.Charge{Rules: 1, ID: wire.Hash{1}, Lender: wire.Address{3}, Mode: 1, Enforced: 1000, Notice: wire.Hash{2}, Buyer: wire.Address{4}}
	due := &record.Due{Rules: 1, Kind: record.DueEnforce, Act: c.Notice, Resource: r, Estate: c.ID}
	e := tree.State{}.Edit()
	put := func(k tree.Key, x any) { e.Put(record.Leaf(k, wire.Encode(x))) }
	put(record.ParametersKey, &record.Parameters{Rules: 1, Test: true, StallSeconds: 600})
	put(record.ChainKey, &record.Chain{Rules: 1})
	put(enforceDue(r, &c), due)
	for _, id := range []wire.Address{{3}, {4}, {5}} {
		e.Put(record.Leaf(tree.AccountKey(id), (&account.Account{Rules: 1, Holdings: account.Holdings{V4: 256}}).Bytes()))
	}
	title := record.Title{Rules: 1, State: record.Held, Holder: wire.Address{5}, Grade: record.GradeT}
	e.Put(record.FolioLeaf(r, &record.Folio{Title: title.Bytes(), Charges: record.ChargesBytes([]record.Charge{c})}))
	state := e.Freeze()
	for _, after := range []int{0, 1} {
		b, err := open(state, Header{Height: 2, Time: 1000}, 0)
		if err != nil {
			t.Fatal(err)
		}
		b.looked, b.dues = blockLooksMax, after
		done := b.dueEnforce(due)
		got, _ := b.titleOf(r)
		if done != (after == 0) || got.Holder != title.Holder {
			t.Fatalf("after %d items: done %v, held by %v", after, done, got.Holder)
		}
		want := uint64(1000)
		if after == 0 {
			want += RetrySeconds
		}
		if at := chargesOver(got)[0].Enforced; at != want {
			t.Fatalf("after %d items: it is to take effect at %d, want %d", after, at, want)
		}
	}
	b, err := open(state, Header{Height: 2, Time: 1000}, 0)
	if err != nil {
		t.Fatal(err)
	}
	done := b.dueEnforce(due)
	if got, _ := b.titleOf(r); !done || got.Holder != c.Buyer {
		t.Fatalf("with room: done %v, held by %v", done, got.Holder)
	}
}
