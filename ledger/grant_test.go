package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func grantOf(w *world, text, to string) *tx.GrantOffer {
	return &tx.GrantOffer{Resource: resource(text), To: who(to), Notice: 100, Value: w.value(text), Until: w.last.Time + 86400}
}

func TestApply_EST1(t *testing.T) {
	w := newWorld(t, []string{"a", "b", "c", "d", "e", "f"}, map[string][]string{"a": {"60.0.0.0/12"}})
	w.grant("a", "b", "60.0.0.0/16", true)
	w.grant("b", "c", "60.0.0.0/16", true)
	w.grant("c", "d", "60.0.0.0/20", true)
	w.grant("d", "e", "60.0.0.0/24", true)
	w.refused("EST-1", "e", grantOf(w, "60.0.0.0/25", "f"))
}

// TestApply_EST1_inside fills one grant with 256 sub-grants.
func TestApply_EST1_inside(t *testing.T) {
	w := newWorld(t, []string{"a", "b", "c"}, map[string][]string{"a": {"60.0.0.0/12"}})
	w.grant("a", "b", "60.0.0.0/15", true)
	w.filling(func() {
		for i := range 256 {
			w.grant("b", "c", fmt.Sprintf("60.0.%d.0/24", i), false)
		}
	})
	w.refused("EST-1", "b", grantOf(w, "60.1.0.0/24", "c"))
	if got := w.estates("60.0.0.0/15")[0].Inside; got != 256 {
		t.Fatalf("%d inside, want 256", got)
	}
}

func TestApply_EST2(t *testing.T) {
	w := two(t)
	w.refused("EST-2", "ben", grantOf(w, "60.0.0.0/24", "cat"))
	w.grant("ana", "ben", "60.0.0.0/24", false)
	w.refused("EST-2", "ana", grantOf(w, "60.0.0.0/24", "cat"))
	w.refused("EST-2", "ana", grantOf(w, "60.0.0.0/20", "cat"))
	w.grant("ana", "cat", "60.0.1.0/24", false)
}

func TestApply_EST3(t *testing.T) {
	w := two(t)
	w.grant("ana", "ben", "60.0.0.0/20", false)
	w.refused("EST-3", "ben", grantOf(w, "60.0.0.0/24", "cat"))
	w.grant("ana", "ben", "60.0.16.0/20", true)
	w.grant("ben", "cat", "60.0.16.0/24", false)
}

func TestApply_EST5_EST4(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", true)
	notice := &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: id}
	w.refused("EST-5", "ben", notice)
	w.refused("EST-5", "cat", notice)
	w.transfer("ana", "dan", "60.0.0.0/16", false) // the lessor changes, the grant stays
	w.refused("EST-5", "ana", notice)
	w.do("dan", notice)
	ends := w.last.Time + 3600
	w.refused("EST-5", "dan", notice)
	if e := w.estates("60.0.0.0/20")[0]; e.Ends != ends || e.Live(ends) || !e.Live(ends-1) {
		t.Fatalf("got %+v, want an end at %d", e, ends)
	}
	for w.last.Time < ends-1 {
		w.block(min(500, ends-1-w.last.Time))
	}
	if len(w.estates("60.0.0.0/20")) != 1 {
		t.Fatal("the grant ended a second early")
	}
	w.block(1)
	if len(w.estates("60.0.0.0/20")) != 0 {
		t.Fatal("the grant is there at its end")
	}
}

func TestApply_EST6(t *testing.T) {
	w := two(t)
	p := parameters(t, w.state)
	p.NoticeMin = 1000
	e := w.state.Edit()
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	w.state = e.Freeze()
	w.refused("EST-6", "ana", grantOf(w, "60.0.0.0/20", "ben"))
}

func TestApply_EST7(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", false)
	e := w.state.Edit()
	k := tree.DueKey(w.last.Time+1+3600, record.RankCount, wire.Hash{})
	e.Put(record.Leaf(k, wire.Encode(&record.Ends{Rules: 1, Count: record.TermsMax})))
	w.state = e.Freeze()
	w.do("ana", &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: id})
	if ends := w.estates("60.0.0.0/20")[0].Ends; ends != w.last.Time+3600+1 {
		t.Fatalf("it ends at %d, not in the second after the full one", ends)
	}
}

func TestApply_EST8(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", false)
	give := &tx.GrantGiveUp{Resource: resource("60.0.0.0/20"), Grant: id}
	w.refused("EST-8", "ana", give)
	w.do("ben", give)
	w.refused("EST-9", "ben", give)
}

func TestApply_EST9(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", false)
	w.refused("EST-9", "ben", &tx.GrantGiveUp{Resource: resource("60.0.0.0/21"), Grant: id})
	w.refused("EST-9", "ana", &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: wire.Hash{1}})
}

// TestApply_EST10_ROUTE4 ends a grant with sub-grants and authorisations inside.
func TestApply_EST10_ROUTE4_R7(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/20", true)
	w.grant("ben", "cat", "60.0.0.0/22", true)
	w.grant("cat", "dan", "60.0.0.0/24", false)
	w.originate("ben", "60.0.8.0/21", 24, 2001)
	w.originate("cat", "60.0.0.0/22", 22, 2002)
	w.originate("dan", "60.0.0.0/24", 24, 2003)
	w.do("ben", &tx.GrantGiveUp{Resource: resource("60.0.0.0/20"), Grant: id})
	for _, name := range []string{"ben", "cat", "dan"} {
		if left := w.origins(name); len(left) != 0 {
			t.Fatalf("%s still authorises %v", name, left)
		}
	}
	if n := len(w.estates("60.0.0.0/22")) + len(w.estates("60.0.0.0/24")); n != 0 {
		t.Fatalf("%d sub-grants outlive their grant", n)
	}
}

// TestApply_TITLE8_R5 sells the middle of a block under a grant with notice:
// selling must not evict.
func TestApply_TITLE8_R5_R6(t *testing.T) {
	w := two(t)
	id := w.grant("ana", "ben", "60.0.0.0/17", true)
	w.grant("ben", "cat", "60.0.64.0/24", false)
	w.originate("ben", "60.0.0.0/17", 17, 2001)
	w.do("ana", &tx.GrantNotice{Resource: resource("60.0.0.0/17"), Grant: id})
	ends := w.estates("60.0.0.0/17")[0].Ends
	w.transfer("ana", "dan", "60.0.64.0/18", false)
	for text, inside := range map[string]uint64{"60.0.0.0/18": 0, "60.0.64.0/18": 1} {
		list := w.estates(text)
		if len(list) != 1 || list[0].ID != id || list[0].Holder != who("ben") || list[0].Ends != ends || list[0].Inside != inside {
			t.Fatalf("%s: got %+v", text, list)
		}
	}
	if got := w.origins("ben"); !slices.Equal(got, []string{"60.0.0.0/17-17 AS2001"}) {
		t.Fatalf("ben's authorisation changed: %v", got)
	}
	w.last.Time = ends - 1
	w.block(1)
	if n := len(w.estates("60.0.0.0/18")) + len(w.estates("60.0.64.0/18")) + len(w.estates("60.0.64.0/24")); n != 0 {
		t.Fatalf("%d estates outlive the notice", n)
	}
	if left := w.origins("ben"); len(left) != 0 {
		t.Fatalf("ben still authorises %v", left)
	}
}
