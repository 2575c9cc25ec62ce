package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
)

func origins(text string) func(*tx.LeaseOffer) {
	return func(b *tx.LeaseOffer) { b.Origins = text }
}

// TestApply_LEASE9: first authorisations enter at the start; what a rule refuses
// refuses an acceptance, and is left out at a later start.
func TestApply_LEASE9(t *testing.T) {
	w := five(t)
	w.originate("ana", "60.0.0.0/16", 24, 1001)
	w.refused("EST-11", "ana", with(leaseOf(w, "60.0.0.0/24", "ben", 10), origins("60.0.0.0/24-24=2001 60.0.1.0/24-24=2001")))
	w.lease("ana", "ben", "60.0.0.0/24", 10, origins("60.0.0.0/24-24=2001"))
	w.lease("ana", "cat", "60.0.1.0/24", 0, at(w.last.Time+day, w.last.Time+2*day), origins("60.0.1.0/24-24=2002 60.0.1.0/25-25=2002"))
	if len(w.origins("cat")) != 0 || len(w.live("60.0.1.0/24")) != 0 || !slices.Contains(w.origins("ana"), "60.0.1.0/24-24 AS1001") {
		t.Fatal("the lease to come works already")
	}
	w.until(w.estates("60.0.1.0/24")[0].Start)
	if got := w.origins("cat"); !slices.Equal(got, []string{"60.0.1.0/24-24 AS2002", "60.0.1.0/25-25 AS2002"}) || slices.Contains(w.origins("ana"), "60.0.1.0/24-24 AS1001") {
		t.Fatalf("cat authorises %v, ana %v", got, w.origins("ana"))
	}
	if e := w.estates("60.0.1.0/24")[0]; e.Lease[0].Origins != "" {
		t.Fatalf("they would enter again: %+v", e)
	}
}

// TestApply_EST11 carries first authorisations with a grant.
func TestApply_EST11(t *testing.T) {
	w := five(t)
	body := grantOf(w, "60.0.0.0/24", "ben")
	body.Origins = "60.0.0.0/24-24=2001 60.0.1.0/24-24=2001"
	w.refused("EST-11", "ana", body)
	body.Origins = "60.0.0.0/24-24=2001 60.0.0.128/25-25=2001"
	id := w.do("ana", body)
	w.do("ben", &tx.GrantAccept{Offer: id, Resource: resource("60.0.0.0/24"), Value: w.value("60.0.0.0/24")})
	if got := w.origins("ben"); !slices.Equal(got, []string{"60.0.0.0/24-24 AS2001", "60.0.0.128/25-25 AS2001"}) {
		t.Fatalf("ben authorises %v", got)
	}
}

func TestApply_LEASE12(t *testing.T) {
	w := five(t)
	reversion := func(b *tx.LeaseOffer) { b.Reversion = true }
	w.originate("ana", "60.0.0.0/20", 24, 1001)
	w.originate("ana", "60.0.0.0/24", 24, 1002)
	w.lease("ana", "ben", "60.0.0.0/24", 1, reversion)
	w.until(w.last.Time + 2*day)
	got := w.origins("ana")
	if !slices.Contains(got, "60.0.0.0/20-24 AS1001") || !slices.Contains(got, "60.0.0.0/24-24 AS1002") {
		t.Fatalf("ana authorises %v", got)
	}
	// Who sold the title meanwhile gets nothing back.
	w.originate("ana", "60.0.2.0/24", 24, 1003)
	w.lease("ana", "ben", "60.0.2.0/24", 1, reversion)
	w.transfer("ana", "dan", "60.0.2.0/24", false)
	w.until(w.last.Time + 2*day)
	if got := w.origins("ana"); slices.Contains(got, "60.0.2.0/24-24 AS1003") || len(w.origins("dan")) != 0 {
		t.Fatalf("ana authorises %v", got)
	}
	for i := range uint64(17) {
		w.originate("ana", "60.0.100.0/24", 24, 3000+i)
	}
	many := w.do("ana", with(leaseOf(w, "60.0.100.0/24", "ben", 1), reversion))
	w.refused("LEASE-12", "ben", acceptance(w, "60.0.100.0/24", many))
	w.lease("ana", "ben", "60.0.100.0/24", 0, at(w.last.Time+100, w.last.Time+200), reversion)
	w.until(w.last.Time + 300)
	back := 0
	for i := range 17 {
		if slices.Contains(w.origins("ana"), fmt.Sprintf("60.0.100.0/24-24 AS%d", 3000+i)) {
			back++
		}
	}
	if back != 16 {
		t.Fatalf("%d came back", back)
	}
}

// TestApply_TITLE8_LEASE9_DUE6 moves titles under a lease to come: a split, a
// transfer and a merge leave its start, and a halted chain starts it late.
func TestApply_TITLE8_LEASE9_DUE6(t *testing.T) {
	w := five(t)
	starts := w.last.Time + 10*day
	w.lease("ana", "ben", "60.0.0.0/22", 0, at(starts, starts+10*day), origins("60.0.0.0/24-24=2001"))
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/23")})
	w.transfer("ana", "dan", "60.0.2.0/23", false)
	for _, text := range []string{"60.0.0.0/23", "60.0.2.0/23"} {
		if list := w.estates(text); len(list) != 1 || list[0].Started || list[0].Start != starts {
			t.Fatalf("%s: %+v", text, list)
		}
	}
	w.refused("LEASE-2", "dan", with(leaseOf(w, "60.0.2.0/24", "cat", 0), at(starts, starts+1)))
	w.transfer("dan", "ana", "60.0.2.0/23", false)
	w.do("ana", &tx.Merge{Resource: resource("60.0.0.0/22")})
	w.block(12 * day) // a halt: terms do not extend
	for _, text := range []string{"60.0.0.0/23", "60.0.2.0/23"} {
		if list := w.estates(text); len(list) != 1 || !list[0].Started || list[0].Ends != starts+10*day {
			t.Fatalf("%s: %+v", text, list)
		}
	}
	if got := w.origins("ben"); !slices.Equal(got, []string{"60.0.0.0/24-24 AS2001"}) {
		t.Fatalf("ben authorises %v", got)
	}
}

// TestRead_PRF10_PRF14_LEASE10 asks for the possessor at moments of a sequence of
// leases, of the state as it was and of the one swept at that moment.
func TestRead_PRF10_PRF14_LEASE10(t *testing.T) {
	w := five(t)
	t0 := w.last.Time
	w.lease("ana", "ben", "60.0.0.0/22", 0, at(0, t0+20*day))
	w.lease("ben", "cat", "60.0.0.0/23", 0, at(0, t0+10*day))
	w.grant("cat", "eve", "60.0.0.0/24", false)
	w.lease("ben", "dan", "60.0.0.0/23", 0, at(t0+10*day, t0+20*day))
	w.lease("ana", "cat", "60.0.0.0/22", 0, at(t0+20*day, t0+30*day))
	before := w.state
	for _, days := range []uint64{5, 10, 15, 20, 25, 30} {
		w.until(t0 + days*day)
		for _, text := range []string{"60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24", "60.0.0.0/22"} {
			m := light.Moment{Height: w.last.Height, Time: w.last.Time}
			early, err := light.Read(before, resource(text), m)
			if err != nil {
				t.Fatal(err)
			}
			swept, err := light.Read(w.state, resource(text), m)
			if err != nil {
				t.Fatal(err)
			}
			if early.Possessor != swept.Possessor || len(early.Estates) != len(swept.Estates) || len(early.ToCome) != len(swept.ToCome) {
				t.Errorf("day %d, %s: %s and %d estates as it was, %s and %d swept", days, text,
					w.name(early.Possessor), len(early.Estates), w.name(swept.Possessor), len(swept.Estates))
			}
		}
	}
}
