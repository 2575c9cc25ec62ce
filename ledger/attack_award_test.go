package ledger_test

import (
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// finalOrder is an order that gives cat a block, decided for good, in a world of
// claims.
func finalOrder(t *testing.T, text string) (*world, wire.Hash) {
	w := claims(t)
	w.seat(bench, []string{"NL", "DE", "JP", "ZA"})
	o := orderOf(text)
	o.Final, o.To = true, who("cat")
	id := w.ordered("cat", o)
	w.block(1)
	w.vote(w.panel(id)[:5], verdictOf(id, tx.VerdictClaimant))
	w.until(w.dispute(id).Next)
	w.wantCase(id, record.CaseFinal)
	return w, id
}

// An award of a part cuts a title for whose holder a successor waits: what the cut
// divides lapses, and leaves nothing on the pieces that would bind them for good.
func TestAttack_DISP18_CLAIM29_awardUnderWindow(t *testing.T) {
	w, id := finalOrder(t, "61.0.0.0/18")
	s := w.succession("ana", "61.0.0.0/16", "dan", "reg1", "reg2")
	w.do("ben", &tx.Lift{Matter: id, Resource: resource("61.0.0.0/16")})
	w.wantHolder("61.0.0.0/18", "cat")
	if w.claimOf(s) != nil {
		t.Error("a succession to a title that is closed is open")
	}
	w.later(succeeds)
	for _, piece := range []string{"61.0.0.0/18", "61.0.64.0/18", "61.0.128.0/17"} {
		w.wantAgainst(piece)
	}
	w.do("cat", &tx.Split{Resource: resource("61.0.0.0/18"), Part: resource("61.0.0.0/24")})
	if n := len(w.title("61.0.64.0/18").Predecessors); n != 1 || slices.Contains(w.panel(id), "cat") {
		t.Errorf("%d predecessors", n)
	}
}

// Awards of one part after the other leave the former holder as many authorisations as
// it had, each for less: what they take counts all the same.
func TestAttack_GOV30_narrowed(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/17", func(w *world) {
		for i := range uint64(6) {
			w.originate("ana", "60.0.0.0/16", 24, 2000+i)
		}
		p := parameters(t, w.state)
		p.BreakerLeast, p.BreakerShare, p.RestrictSeconds = 5, 1, 10*day
		w.set(record.ParametersKey, wire.Encode(p))
	})
	w.do("cat", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	w.wantHolder("60.0.0.0/16", "ana")
	if x := w.breaker(); x.Day*day <= w.last.Time || x.Used != 1 {
		t.Fatalf("six authorisations that lose half take the room %+v", x)
	}
	w.until(w.breaker().Day * day)
	w.wantHolder("60.0.0.0/17", "cat")
	if got := w.origins("ana"); len(got) != 6 || got[0] != "60.0.128.0/17-24 AS2000" {
		t.Fatalf("the former holder routes %v", got)
	}
}

// Who holds a title cannot keep an award from being cut out of it by filling the second
// in which a lease over all of it ends.
func TestAttack_EST7_DISP18_fullSecond(t *testing.T) {
	var ends uint64
	w, id := awarding(t, "60.0.0.0/18", func(w *world) {
		w.lease("ana", "ben", "60.0.0.0/16", 9)
		ends = w.estates("60.0.0.0/16")[0].Ends
	})
	w.fill(ends)
	lift := w.sign("fund", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	r, err := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{lift}, nil)
	if err != nil || r.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("the award is refused: %+v, %v", r.Receipts, err)
	}
	w.state = r.State
	w.wantHolder("60.0.0.0/18", "cat")
	for _, piece := range []string{"60.0.0.0/18", "60.0.64.0/18", "60.0.128.0/17"} {
		if e := w.estates(piece); len(e) != 1 || e[0].Ends != ends {
			t.Fatalf("on %s lies %v", piece, e)
		}
	}
	leaf, _ := w.state.Get(tree.DueKey(ends, record.RankCount, wire.Hash{}))
	if n := wire.Own[record.Ends](leaf.Data).Count; n != record.TermsMax+2 {
		t.Fatalf("%d terms are counted", n)
	}
}

// A lessee cannot keep its evergreen lease for ever by filling the second in which each
// period ends: notice ends it a second later.
func TestAttack_EST7_LEASE17_fullPeriods(t *testing.T) {
	w := five(t)
	l := w.lease("ana", "ben", "60.0.4.0/22", 0, evergreen(day, 3600))
	w.fill(w.last.Time + day)
	w.do("ana", &tx.LeaseNotice{Resource: resource("60.0.4.0/22"), Lease: l})
	if e := w.estates("60.0.4.0/22")[0]; e.Ends != e.Start+day+1 {
		t.Fatalf("the lease ends at %d, its period at %d", e.Ends, e.Start+day)
	}
}

// Nor by having more written inside than one act looks at.
func TestAttack_ORIGIN7_DISP18_crowded(t *testing.T) {
	w, id := awarding(t, "60.0.0.0/16", func(*world) {})
	e := w.state.Edit()
	folio := &record.Folio{Authorisations: record.OriginsBytes([]record.Origin{{Rules: 1, Holder: who("ben"), MaxLength: 32, AS: 1}})}
	for n := range uint32(1<<16 + 1<<10) {
		at := wire.Resource{Family: wire.IPv4, Len: 32, Addr: [16]byte{60, 0, byte(n >> 8), byte(n)}}
		if n >= 1<<16 {
			at = wire.Resource{Family: wire.IPv4, Len: 31, Addr: [16]byte{60, 0, byte(n >> 7), byte(n << 1)}}
		}
		e.Put(record.FolioLeaf(at, folio))
	}
	lift := w.sign("fund", &tx.Lift{Matter: id, Resource: resource("60.0.0.0/16")})
	r, err := ledger.Apply(e.Freeze(), w.last, w.header(1), []tx.Verified{lift}, nil)
	if err != nil || r.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("the award is refused: %+v, %v", r.Receipts, err)
	}
}
