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

// five is two with more parties.
func five(t testing.TB) *world {
	return newWorld(t, []string{"ana", "ben", "cat", "dan", "eve"}, map[string][]string{"ana": {"60.0.0.0/16"}})
}

func at(start, end uint64) func(*tx.LeaseOffer) {
	return func(b *tx.LeaseOffer) { b.Start, b.End = start, end }
}

func evergreen(renew, notice uint64) func(*tx.LeaseOffer) {
	return func(b *tx.LeaseOffer) { b.End, b.Renew, b.Notice = 0, renew, notice }
}

func with(b *tx.LeaseOffer, changes ...func(*tx.LeaseOffer)) *tx.LeaseOffer {
	for _, c := range changes {
		c(b)
	}
	return b
}

func TestApply_LEASE1(t *testing.T) {
	w := five(t)
	now := w.last.Time
	w.refused("LEASE-1", "ana", with(leaseOf(w, "60.0.0.0/24", "ben", 1), at(now, now+day)))
	w.refused("LEASE-1", "ana", with(leaseOf(w, "60.0.0.0/24", "ben", 1), at(w.last.Time+367*day, w.last.Time+400*day)))
	w.refused("LEASE-1", "ana", with(leaseOf(w, "60.0.0.0/24", "ben", 0)))
	late := w.do("ana", with(leaseOf(w, "60.0.0.0/24", "ben", 1), at(w.last.Time+100, w.last.Time+day)))
	w.until(w.last.Time + 100)
	w.refused("LEASE-1", "ben", acceptance(w, "60.0.0.0/24", late))
	w.lease("ana", "ben", "60.0.1.0/24", 1, at(w.last.Time+366*day, w.last.Time+400*day))
	over := w.do("ana", with(leaseOf(w, "60.0.2.0/24", "ben", 0), func(b *tx.LeaseOffer) { b.End = w.last.Time + 10 }))
	w.until(w.last.Time + 20)
	w.refused("LEASE-1", "ben", acceptance(w, "60.0.2.0/24", over))
}

// TestApply_LEASE2_EST2_R1 takes lessees one after another: nobody possesses what
// another possesses at the same time, over, at or inside the block.
func TestApply_LEASE2_EST2_R1(t *testing.T) {
	w := five(t)
	w.lease("ana", "ben", "60.0.4.0/22", 30)
	ends := w.estates("60.0.4.0/22")[0].Ends
	for _, text := range []string{"60.0.4.0/22", "60.0.4.0/24", "60.0.0.0/16"} {
		w.refused("LEASE-2", "ana", leaseOf(w, text, "cat", 10))
		w.refused("LEASE-2", "ana", with(leaseOf(w, text, "cat", 10), at(ends-1, ends+day)))
		w.refused("EST-2", "ana", grantOf(w, text, "cat"))
	}
	w.refused("LEASE-2", "dan", leaseOf(w, "60.0.4.0/24", "cat", 10))
	next := w.lease("ana", "cat", "60.0.4.0/22", 0, at(ends, ends+30*day))
	w.lease("ana", "dan", "60.0.0.0/16", 0, at(ends+30*day, ends+60*day))
	w.refused("LEASE-2", "ana", with(leaseOf(w, "60.0.4.0/23", "eve", 0), at(ends+day, ends+2*day)))
	w.refused("EST-2", "ana", grantOf(w, "60.0.200.0/24", "cat")) // it might stand when dan comes
	grant := w.do("ben", grantOf(w, "60.0.5.0/24", "eve"))        // it ends with ben's lease
	w.do("eve", &tx.GrantAccept{Offer: grant, Resource: resource("60.0.5.0/24"), Value: w.value("60.0.5.0/24")})
	w.until(ends)
	if list := w.estates("60.0.4.0/22"); len(list) != 1 || list[0].ID != next || !list[0].Started || len(w.estates("60.0.5.0/24")) != 0 {
		t.Fatalf("at the second lease's start: %+v", list)
	}
	w.until(ends + 30*day)
	if len(w.estates("60.0.4.0/22")) != 0 || len(w.live("60.0.0.0/16")) != 1 {
		t.Fatal("the third lease did not start where the second ended")
	}
}

func TestApply_LEASE3_EST3(t *testing.T) {
	w := five(t)
	w.lease("ana", "ben", "60.0.0.0/22", 30, func(b *tx.LeaseOffer) { b.SubLet = false })
	w.refused("LEASE-3", "ben", leaseOf(w, "60.0.0.0/24", "cat", 10))
	w.refused("LEASE-3", "ben", grantOf(w, "60.0.0.0/24", "cat"))
	w.grant("ana", "ben", "60.0.8.0/22", false)
	w.refused("LEASE-3", "ben", leaseOf(w, "60.0.8.0/24", "cat", 1))
	w.lease("ana", "ben", "60.0.16.0/22", 30)
	w.lease("ben", "cat", "60.0.16.0/24", 10)
}

func TestApply_LEASE4_LEASE16(t *testing.T) {
	w := five(t)
	w.lease("ana", "ben", "60.0.0.0/22", 30)
	ends := w.estates("60.0.0.0/22")[0].Ends
	w.refused("LEASE-4", "ben", with(leaseOf(w, "60.0.0.0/24", "cat", 0), at(0, ends+1)))
	w.refused("LEASE-4", "ben", with(leaseOf(w, "60.0.0.0/24", "cat", 0), evergreen(day, day)))
	w.lease("ben", "cat", "60.0.0.0/24", 0, at(0, ends))

	w.grant("ana", "ben", "60.0.8.0/22", true) // an hour's notice
	w.lease("ben", "cat", "60.0.8.0/24", 0, func(b *tx.LeaseOffer) { b.End = w.last.Time + 3000 })
	long := w.do("ben", leaseOf(w, "60.0.9.0/24", "cat", 20))
	w.refused("LEASE-4", "cat", acceptance(w, "60.0.9.0/24", long))
	consent := &tx.LeaseConsent{Offer: long, Resource: resource("60.0.9.0/24"), Value: w.value("60.0.9.0/24")}
	w.refused("LEASE-16", "dan", consent)
	w.refused("LEASE-16", "ana", &tx.LeaseConsent{Offer: wire.Hash{1}, Resource: consent.Resource, Value: consent.Value})
	w.do("ana", consent)
	w.refused("LEASE-16", "ana", consent)
	w.accept("cat", "60.0.9.0/24", long)
	w.refused("LEASE-16", "ana", consent)
	open := w.do("ben", with(leaseOf(w, "60.0.10.0/24", "cat", 0), evergreen(day, day)))
	w.refused("LEASE-4", "cat", acceptance(w, "60.0.10.0/24", open))
	w.do("ana", &tx.LeaseConsent{Offer: open, Resource: resource("60.0.10.0/24"), Value: w.value("60.0.10.0/24")})
	w.accept("cat", "60.0.10.0/24", open)
	w.accept("ana", "60.0.11.0/24", w.do("ben", leaseOf(w, "60.0.11.0/24", "ana", 20))) // its holder is a party
}

func TestApply_LEASE5(t *testing.T) {
	w := five(t)
	w.change("ana", func(a *account.Account) { a.Delay = 3600 })
	w.lease("ana", "ben", "60.0.0.0/24", 29)
	id := w.lease("ana", "cat", "60.0.1.0/24", 0, at(w.last.Time+29*day, w.last.Time+30*day))
	soon := w.do("ana", leaseOf(w, "60.0.2.0/24", "ben", 31))
	w.refused("DEAL-6", "ben", acceptance(w, "60.0.2.0/24", soon))
	w.refused("DEAL-3", "ana", with(leaseOf(w, "60.0.3.0/24", "ben", 31), func(b *tx.LeaseOffer) { b.Earliest = w.last.Time + 100 }))
	renewal := w.do("ana", &tx.LeaseRenew{Resource: resource("60.0.1.0/24"), Lease: id, End: w.last.Time + 40*day, Value: w.value("60.0.1.0/24"), Until: w.last.Time + day})
	w.refused("DEAL-6", "cat", acceptance(w, "60.0.1.0/24", renewal))
	w.until(w.last.Time + 3600)
	w.accept("cat", "60.0.1.0/24", renewal)
}

// TestApply_LEASE8 nests four live estates, writes two to come for each right over an
// address and 256 live ones inside one.
func TestApply_LEASE8(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben", "cat", "dan", "eve", "fay"}, map[string][]string{"ana": {"60.0.0.0/12"}})
	rights := []string{"ana", "ben", "cat", "dan", "eve"}
	ends := []uint64{0, w.last.Time + 320*day, w.last.Time + 240*day, w.last.Time + 160*day, w.last.Time + 80*day}
	for i, text := range []string{"60.0.0.0/20", "60.0.0.0/20", "60.0.0.0/22", "60.0.0.0/24"} {
		w.lease(rights[i], rights[i+1], text, 0, at(0, ends[i+1]))
	}
	w.refused("LEASE-8", "eve", leaseOf(w, "60.0.0.0/25", "fay", 1))
	for i, maker := range rights[:4] { // eve's would be a fifth at one time
		from := ends[i+1]
		for n := range uint64(2) {
			w.lease(maker, "fay", "60.0.0.0/24", 0, at(from+n*day, from+(n+1)*day))
		}
		w.refused("LEASE-8", maker, with(leaseOf(w, "60.0.0.0/28", "fay", 0), at(from+5*day, from+6*day)))
	}
	w.refused("LEASE-8", "ana", with(leaseOf(w, "60.0.0.0/16", "fay", 0), at(w.last.Time+350*day, w.last.Time+351*day)))
	w.lease("ana", "ben", "60.2.0.0/15", 30)
	w.filling(func() {
		for i := range 256 {
			w.lease("ben", "cat", fmt.Sprintf("60.2.%d.0/24", i), 1)
		}
	})
	w.refused("LEASE-8", "ben", leaseOf(w, "60.3.0.0/24", "cat", 1))
	w.refused("LEASE-8", "ana", with(leaseOf(w, "60.0.0.0/12", "cat", 0), at(w.last.Time+350*day, w.last.Time+351*day)))
}

// TestAttack_LEASE8_lessee has lessors fill all the places for leases to come that they
// can get over their lessees' addresses and inside their blocks: each lessee still lets
// at once, and twice to come.
func TestAttack_LEASE8_lessee(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben", "cat", "dan", "eve"}, map[string][]string{"ana": {"60.0.0.0/12"}})
	w.lease("ana", "ben", "60.0.0.0/16", 200)
	w.lease("ben", "cat", "60.0.0.0/16", 100)
	fill := func(maker string, after uint64) {
		for n := uint64(0); ; n++ {
			from := w.last.Time + (after+n)*day
			o := with(leaseOf(w, "60.0.0.0/16", "eve", 0), at(from, from+day))
			if n == 2 {
				w.refused("LEASE-8", maker, o)
				return
			}
			w.accept("eve", "60.0.0.0/16", w.do(maker, o))
		}
	}
	fill("ana", 210)
	fill("ben", 110)
	fill("cat", 50)
	w.lease("cat", "dan", "60.0.1.0/24", 10)

	w.lease("ana", "ben", "60.4.0.0/16", 10)
	w.filling(func() {
		for i := range 128 {
			w.lease("ana", "eve", fmt.Sprintf("60.4.%d.0/24", i), 0, at(w.last.Time+300*day, w.last.Time+301*day))
		}
	})
	w.refused("LEASE-8", "ana", with(leaseOf(w, "60.4.200.0/24", "eve", 0), at(w.last.Time+300*day, w.last.Time+301*day)))
	w.filling(func() {
		for i := range 128 {
			w.lease("ben", "eve", fmt.Sprintf("60.4.%d.0/24", i), 1)
			w.lease("ben", "eve", fmt.Sprintf("60.4.%d.0/24", i), 0, at(w.last.Time+5*day, w.last.Time+6*day))
		}
	})
	w.lease("ben", "eve", "60.4.200.0/24", 1)
}

// TestApply_EST7_starts counts starts among the terms of a second.
func TestApply_EST7_starts(t *testing.T) {
	w := five(t)
	from := w.last.Time + day
	e := w.state.Edit()
	k := tree.DueKey(from, record.RankCount, wire.Hash{})
	e.Put(record.Leaf(k, wire.Encode(&record.Ends{Rules: 1, Count: record.TermsMax})))
	w.state = e.Freeze()
	full := w.do("ana", with(leaseOf(w, "60.0.0.0/24", "ben", 0), at(from, from+day)))
	w.refused("EST-7", "ben", acceptance(w, "60.0.0.0/24", full))
	end := w.do("ana", with(leaseOf(w, "60.0.1.0/24", "ben", 0), at(0, from)))
	w.refused("EST-7", "ben", acceptance(w, "60.0.1.0/24", end))
	w.lease("ana", "ben", "60.0.0.0/24", 0, at(from+1, from+day))
}
