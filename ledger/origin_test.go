package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
)

func originOf(text string, most, as uint64) *tx.OriginAuthorise {
	return &tx.OriginAuthorise{Resource: resource(text), MaxLength: most, AS: as}
}

func wantOrigins(t *testing.T, w *world, name string, want ...string) {
	t.Helper()
	got := w.origins(name)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s authorises %q, want %q", name, got, want)
	}
}

func TestApply_ORIGIN1(t *testing.T) {
	two(t).refused("ORIGIN-1", "ana", originOf("AS2000-AS2015", 32, 1))
}

func TestApply_ORIGIN2(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben"}, map[string][]string{"ana": {"60.0.0.0/16", "60.1.0.0/17"}, "ben": {"60.1.128.0/17"}})
	w.refused("ORIGIN-2", "ana", originOf("60.0.0.0/15", 15, 2000))
	w.refused("ORIGIN-2", "ben", originOf("60.0.0.0/16", 16, 2000))
	w.transfer("ben", "ana", "60.1.128.0/17", false)
	w.originate("ana", "60.0.0.0/15", 15, 2000) // three titles together
	w.transfer("ana", "ben", "60.1.0.0/17", false)
	wantOrigins(t, w, "ana") // it needed both ends
}

func TestApply_ORIGIN2_many(t *testing.T) {
	held := map[string][]string{"ana": nil}
	for i := range 32 {
		held["ana"] = append(held["ana"], fmt.Sprintf("60.%d.0.0/16", i))
	}
	w := newWorld(t, []string{"ana"}, held)
	w.originate("ana", "60.0.0.0/12", 12, 1)
	w.refused("ORIGIN-2", "ana", originOf("60.0.0.0/11", 11, 1)) // more than 16 titles
}

func TestApply_ORIGIN3_R7(t *testing.T) {
	w := two(t)
	w.grant("ana", "ben", "60.0.0.0/24", false)
	w.refused("ORIGIN-3", "ana", originOf("60.0.0.0/24", 24, 1))
	w.refused("ORIGIN-3", "ana", originOf("60.0.0.0/16", 24, 1))
	w.originate("ana", "60.0.0.0/16", 23, 1)
	w.grant("ana", "cat", "60.0.1.0/24", false) // the two grants together fill a /23
	wantOrigins(t, w, "ana", "60.0.0.0/16-22 AS1", "60.0.2.0/23-23 AS1", "60.0.4.0/22-23 AS1", "60.0.8.0/21-23 AS1",
		"60.0.16.0/20-23 AS1", "60.0.32.0/19-23 AS1", "60.0.64.0/18-23 AS1", "60.0.128.0/17-23 AS1")
	w.refused("ORIGIN-3", "ana", originOf("60.0.0.0/23", 23, 1))
	w.originate("ben", "60.0.0.0/24", 32, 2)
}

func TestApply_ORIGIN4(t *testing.T) {
	w := two(t)
	for i := range uint64(64) {
		w.originate("ana", "60.0.0.0/16", 16, 3000+i)
	}
	w.refused("ORIGIN-4", "ana", originOf("60.0.0.0/17", 17, 1))
	w.originate("ana", "2400:1000::/32", 48, 1) // another possession
}

// TestApply_ORIGIN8: an offer whose acceptance would pass 64 is refused, each of eight
// being replaced by nine or more; one that was made before there were so many is
// looked at again.
func TestApply_ORIGIN8_ORIGIN4(t *testing.T) {
	const text = "60.0.0.0/24"
	w := two(t)
	authorise := func(from, to uint64) {
		for i := from; i < to; i++ {
			w.originate("ana", "60.0.0.0/16", 24, 3000+i)
		}
	}
	authorise(0, 3)
	id := w.grantOffer("ana", "ben", text, false)
	authorise(3, 8)
	w.refused("ORIGIN-4", "ben", &tx.GrantAccept{Offer: id, Resource: resource(text), Value: w.value(text)})
	w.refused("ORIGIN-8", "ana", grantOf(w, text, "ben"))
	w.refused("ORIGIN-8", "ana", leaseOf(w, text, "ben", 20))
	later := leaseOf(w, text, "ben", 20)
	later.Start = w.last.Time + day
	w.do("ana", later)                   // what a start to come displaces beyond the bound ends
	w.do("ana", offerOf(w, text, "ben")) // the seller's part is divided among the pieces of its title
	first := grantOf(w, "60.0.0.0/16", "ben")
	first.Origins = "60.0.0.0/16-16=1"
	w.do("ana", first)
}

func TestApply_ORIGIN5(t *testing.T) {
	w := two(t)
	w.originate("ana", "60.0.0.0/16", 16, 2000)
	w.refused("ORIGIN-5", "ana", originOf("60.0.0.0/16", 16, 2000))
	w.originate("ana", "60.0.0.0/16", 17, 2000)
	w.originate("ana", "60.0.0.0/16", 16, 0) // AS0 likewise
}

func TestApply_ORIGIN6(t *testing.T) {
	w := two(t)
	w.originate("ana", "60.0.0.0/16", 16, 2000)
	w.refused("ORIGIN-6", "ben", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2000})
	w.refused("ORIGIN-6", "ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 17, AS: 2000})
	w.do("ana", &tx.OriginWithdraw{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2000})
	wantOrigins(t, w, "ana")
}

// TestApply_ROUTE1 compares the smallest replacing set with the law's own words
// carried out announcement by announcement.
func TestApply_ROUTE1_ROUTE2(t *testing.T) {
	for _, c := range []struct {
		most   uint64
		hole   string
		expect []string
	}{
		{16, "60.0.0.0/20", []string{"60.0.0.0/16-16 AS1"}},
		{20, "60.0.0.0/20", []string{"60.0.0.0/16-19 AS1", "60.0.16.0/20-20 AS1", "60.0.32.0/19-20 AS1", "60.0.64.0/18-20 AS1", "60.0.128.0/17-20 AS1"}},
		{24, "60.0.128.0/17", []string{"60.0.0.0/16-16 AS1", "60.0.0.0/17-24 AS1"}},
		{24, "60.0.0.0/16", nil},
	} {
		t.Run(fmt.Sprintf("down to %d, hole %s", c.most, c.hole), func(t *testing.T) {
			w := two(t)
			w.originate("ana", "60.0.0.0/16", c.most, 1)
			w.grant("ana", "ben", c.hole, false)
			wantOrigins(t, w, "ana", c.expect...)
			wantOrigins(t, w, "ana", replacing("60.0.0.0/16", c.most, c.hole)...)
		})
	}
}

// TestApply_ROUTE3 sells the middle of a block.
func TestApply_ROUTE3(t *testing.T) {
	for _, keep := range []bool{true, false} {
		t.Run(fmt.Sprintf("keep %v", keep), func(t *testing.T) {
			w := two(t)
			w.originate("ana", "60.0.0.0/16", 18, 1)
			w.originate("ana", "60.0.0.0/24", 24, 2)
			w.originate("ana", "60.0.64.0/20", 24, 3)
			w.transfer("ana", "ben", "60.0.64.0/18", keep)
			wantOrigins(t, w, "ana", "60.0.0.0/18-18 AS1", "60.0.128.0/17-18 AS1", "60.0.0.0/24-24 AS2")
			if keep {
				wantOrigins(t, w, "ben", "60.0.64.0/18-18 AS1", "60.0.64.0/20-24 AS3")
			} else {
				wantOrigins(t, w, "ben")
			}
		})
	}
}

// TestApply_since_SVC14: what is left of an authorisation, and what a buyer keeps of
// it, stands since it was entered, not since it was handed on.
func TestApply_since_SVC14(t *testing.T) {
	w := two(t)
	w.originate("ana", "60.0.0.0/16", 18, 1)
	entered := w.last.Time
	w.block(600)
	w.transfer("ana", "ben", "60.0.64.0/18", true)
	w.grant("ana", "ben", "60.0.128.0/18", false)
	w.originate("ana", "60.0.0.0/24", 24, 2)
	for _, x := range []struct {
		at    string
		since uint64
	}{{"60.0.64.0/18", entered}, {"60.0.0.0/18", entered}, {"60.0.192.0/18", entered}, {"60.0.0.0/24", w.last.Time}} {
		list, err := record.OriginsFromBytes(w.folio(x.at).Authorisations)
		if err != nil || len(list) != 1 || list[0].Since != x.since {
			t.Errorf("%s: got %+v, %v, want one since %d", x.at, list, err, x.since)
		}
	}
}
