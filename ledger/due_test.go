package ledger_test

import (
	"fmt"
	"runtime"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// manyOffers makes n offers that lapse at the same second: more than one ledger
// block may settle.
func manyOffers(t *testing.T, n int) (*world, uint64) {
	held := map[string][]string{"ana": nil}
	for i := range n/record.OffersMax + 1 {
		held["ana"] = append(held["ana"], fmt.Sprintf("60.%d.%d.0/24", i/256, i%256))
	}
	w := newWorld(t, []string{"ana", "ben"}, held)
	until := w.last.Time + 1000
	var acts []tx.Verified
	for i := range n {
		text := held["ana"][i/record.OffersMax]
		acts = append(acts, w.sign("ana", &tx.TransferOffer{Resource: resource(text), To: who("ben"), Value: w.value(text), Until: until}))
	}
	w.block(1, acts...)
	w.last.Time = until - 1
	return w, until
}

func TestApply_DUE3_DUE4_ADM8(t *testing.T) {
	w, _ := manyOffers(t, ledger.BlockDueMax+10)
	v := w.sign("ben", &tx.OfferCancel{Offer: wire.Hash{1}})
	_, err := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{v}, nil)
	if err == nil {
		t.Fatal("an act was applied before the backlog was settled")
	}
	r := w.block(1)
	if !r.Backlog || !r.Bearing {
		t.Fatalf("backlog %v, bearing %v after the first of two sweeps", r.Backlog, r.Bearing)
	}
	chosen, err := ledger.Propose(w.state, w.last, w.header(1), []tx.Verified{v})
	if err != nil || len(chosen) != 1 {
		t.Fatalf("the second sweep leaves no room for an act: %v %v", chosen, err)
	}
	if r = w.block(1, v); r.Backlog {
		t.Fatal("a backlog after the second sweep")
	}
}

// TestApply_DUE2 settles an offer's end before the end of a grant at the same
// second, and items of one rank by id.
func TestApply_DUE2(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", false)
	w.do("ana", &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: id})
	ends := w.estates("60.0.0.0/20")[0].Ends
	o := offerOf(w, "60.0.0.0/16", "cat")
	o.Until = ends
	w.do("ana", o)
	var ranks []uint8
	w.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
		if rank := l.Key.Addr[8]; rank != record.RankCount {
			ranks = append(ranks, rank)
		}
		return true
	})
	if len(ranks) < 2 || ranks[len(ranks)-2] != record.RankOffer || ranks[len(ranks)-1] != record.RankEstate {
		t.Fatalf("queued ranks %v", ranks)
	}
	w.last.Time = ends - 1
	w.block(1)
	if w.folio("60.0.0.0/20").Estates != nil {
		t.Fatal("the grant did not end")
	}
}

func TestApply_DUE5(t *testing.T) {
	w := two(t)
	before := w.state.Root()
	for range 5 {
		if r := w.block(15); r.Bearing || len(r.Changes) != 0 || w.state.Root() != before {
			t.Fatalf("an idle ledger block changed %v", r.Changes)
		}
	}
	if r := w.block(700); !r.Bearing {
		t.Fatal("a halt is due work")
	}
}

// TestApply_ORIGIN7 asks about a block with more grants inside than are looked at.
func TestApply_ORIGIN7(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben"}, map[string][]string{"ana": {"60.0.0.0/14"}})
	e := w.state.Edit()
	r := inr.Truncate(resource("60.0.0.0/32"), 32)
	for i := range 1<<16 + 10 {
		r.Addr[1], r.Addr[2], r.Addr[3] = byte(i>>16), byte(i>>8), byte(i)
		e.Put(record.FolioLeaf(r, &record.Folio{Estates: record.EstatesBytes([]record.Estate{{
			Rules: 1, ID: wire.Hash{byte(i), byte(i >> 8), byte(i >> 16), 1}, Kind: record.Grant, Holder: who("ben"), Start: start, Started: true,
		}})}))
	}
	w.state = e.Freeze()
	v := w.sign("ana", &tx.OriginAuthorise{Resource: resource("60.0.0.0/14"), MaxLength: 14, AS: 1})
	got, err := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{v}, nil)
	if err != nil || got.Receipts[0].Rule != "ORIGIN-7" {
		t.Fatalf("got %+v, %v", got.Receipts, err)
	}
}

// TestApply_R11_R16 applies the same ledger blocks with different numbers of
// processors: same roots, same receipts.
func TestApply_R11_R16(t *testing.T) {
	run := func(procs int) (roots []wire.Hash) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		w := two(t)
		w.grant("ana", "ben", "60.0.0.0/20", true)
		w.originate("ana", "60.0.0.0/16", 19, 1)
		w.transfer("ana", "dan", "60.0.64.0/18", true)
		return append(roots, w.state.Root(), wire.Hash(wire.Sum(0, w.result.Receipts[0].Bytes())))
	}
	one, two := run(1), run(2)
	if one[0] != two[0] || one[1] != two[1] {
		t.Fatalf("roots differ: %v, %v", one, two)
	}
}

// TestCheck_R13 admits in a pool's overlay what Apply then takes, and refuses
// what would not be next.
func TestCheck_R13(t *testing.T) {
	w := two(t)
	c, err := ledger.NewCheck(w.state, w.last)
	if err != nil {
		t.Fatal(err)
	}
	first, second := w.sign("ana", someAct()), w.sign("ana", someAct())
	if err := c.Admit(second); err == nil {
		t.Fatal("a gap in the lane was admitted")
	}
	if err := c.Admit(first); err != nil {
		t.Fatal(err)
	}
	if err := c.Admit(first); err == nil {
		t.Fatal("the same act was admitted twice")
	}
	if next, ok := c.Next(who("ana"), 0); !ok || next != 1 {
		t.Fatalf("next is %d %v, want 1", next, ok)
	}
	if err := c.Admit(second); err != nil {
		t.Fatal(err)
	}
}
