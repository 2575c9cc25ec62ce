package drift_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// drawn is lists over few addresses and ASes, so that they meet.
func drawn(r *rand.Rand, n int) (in drift.Input) {
	block := func() wire.Resource {
		top, bottom := at("193.0.0.0/24"), 32
		if r.IntN(3) == 0 {
			top, bottom = at("2001:db8::/120"), 128
		}
		size := int(top.Len) + r.IntN(bottom-int(top.Len)+1)
		addr := top
		addr.Addr[map[wire.Family]int{wire.IPv4: 3, wire.IPv6: 15}[top.Family]] = byte(r.IntN(256))
		return inr.Truncate(addr, uint8(size))
	}
	permit := func(grade record.Grade) vrp.Payload {
		b := block()
		return vrp.Payload{Prefix: b, MaxLength: uint64(b.Len) + uint64(r.IntN(b.Family.Bits()-int(b.Len)+1)), AS: uint64(r.IntN(5)), Grade: grade}
	}
	for range n {
		in.Routes = append(in.Routes, rib.Route{Prefix: block(), Origin: uint32(r.IntN(5))})
	}
	grades := map[wire.Resource]record.Grade{}
	for range n / 8 {
		p := permit(record.GradeA)
		if grades[p.Prefix] == 0 {
			grades[p.Prefix] = []record.Grade{record.GradeA, record.GradeB, record.GradeT}[r.IntN(3)]
		}
		p.Grade = grades[p.Prefix]
		in.Ledger = append(in.Ledger, p)
		if q := permit(record.GradeNone); r.IntN(2) == 0 {
			in.RPKI = append(in.RPKI, q)
		} else {
			p.Grade = record.GradeNone
			in.RPKI = append(in.RPKI, p)
		}
	}
	return in
}

// slowState is RFC 6811, Section 2, word for word.
func slowState(r rib.Route, list []vrp.Payload) drift.State {
	covered, matched, named := false, false, false
	for _, p := range list {
		if !inr.Covers(p.Prefix, r.Prefix) {
			continue
		}
		covered = true
		if p.AS == uint64(r.Origin) && r.Origin != rib.NONE {
			named = true
			matched = matched || uint64(r.Prefix.Len) <= p.MaxLength
		}
	}
	switch {
	case !covered:
		return drift.Unknown
	case matched:
		return drift.Valid
	case named:
		return drift.InvalidLength
	}
	return drift.InvalidOrigin
}

// slowly counts as the law says, one by one.
func slowly(in drift.Input) (c drift.Counts) {
	routes := map[rib.Route]bool{}
	for _, r := range in.Routes {
		routes[r] = true
	}
	for r := range routes {
		here, there := slowState(r, in.Ledger), slowState(r, in.RPKI)
		c.Routes++
		c.States[here][there]++
		c.Found[here]++
		if here == drift.Valid && there.Invalid() || there == drift.Valid && here.Invalid() {
			c.Found[drift.Contradicted]++
		}
	}
	ledger, rpki := keys(in.Ledger), keys(in.RPKI)
	c.Ledger, c.RPKI = len(ledger), len(rpki)
	for p := range ledger {
		c.Found[slowCategory(p, routes, rpki[p])]++
		if slowPermissive(p, routes) {
			c.Found[drift.Permissive]++
		}
	}
	for p := range rpki {
		if !ledger[p] {
			c.Found[drift.NotOnLedger]++
		}
	}
	return c
}

func keys(list []vrp.Payload) map[vrp.Payload]bool {
	out := map[vrp.Payload]bool{}
	for _, p := range list {
		p.Grade = record.GradeNone
		out[p] = true
	}
	return out
}

func slowCategory(p vrp.Payload, routes map[rib.Route]bool, shared bool) drift.Category {
	used := p.AS == 0
	for r := range routes {
		used = used || slowState(r, []vrp.Payload{p}) == drift.Valid
	}
	switch {
	case shared && used:
		return drift.Agreed
	case shared:
		return drift.Idle
	case used:
		return drift.NotInRPKI
	}
	return drift.Missing
}

// slowPermissive asks of each prefix that a payload allows whether it is announced.
func slowPermissive(p vrp.Payload, routes map[rib.Route]bool) bool {
	if p.AS == 0 || p.MaxLength == uint64(p.Prefix.Len) {
		return false
	}
	var within func(wire.Resource) bool
	within = func(b wire.Resource) bool {
		if uint64(b.Len) > p.MaxLength {
			return true
		}
		if !routes[rib.Route{Prefix: b, Origin: uint32(p.AS)}] {
			return false
		}
		low, high, ok := inr.Halves(b)
		return !ok || within(low) && within(high)
	}
	return !within(p.Prefix)
}

// TestCompare_asTheSlowTwin_DRIFT3_DRIFT4_DRIFT5 draws lists and counts them twice.
func TestCompare_asTheSlowTwin_DRIFT3_DRIFT4_DRIFT5(t *testing.T) {
	seen := [drift.Categories]int{}
	for seed := range uint64(300) {
		in := drawn(rand.New(rand.NewPCG(seed, 31)), 60)
		list, got := all(t, in)
		if want := slowly(in); *got != want {
			t.Fatalf("seed %d: got %+v, want %+v", seed, *got, want)
		}
		for _, f := range list {
			seen[f.Category]++
			decided(t, in, f)
		}
	}
	if slices.Contains(seen[:], 0) {
		t.Errorf("a category was never met: %v", seen)
	}
}

// decided checks the payload that a finding rests on.
func decided(t *testing.T, in drift.Input, f drift.Finding) {
	t.Helper()
	if !f.Category.OfRoute() || f.Category == drift.RouteUnknown {
		return
	}
	r := rib.Route{Prefix: f.Prefix, Origin: f.AS}
	if f.Grade != f.By.Grade || !slices.Contains(in.Ledger, f.By) || !inr.Covers(f.By.Prefix, r.Prefix) {
		t.Fatalf("%+v rests on nothing of the ledger", f)
	}
	state := slowState(r, in.Ledger)
	if state != drift.InvalidOrigin && slowState(r, []vrp.Payload{f.By}) != state {
		t.Fatalf("%+v does not rest on what decides it", f)
	}
}

// FuzzCompare_DRIFT7 draws lists of any seed and size.
func FuzzCompare_DRIFT7(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint16(40))
	f.Fuzz(func(t *testing.T, a, b uint64, n uint16) {
		in := drawn(rand.New(rand.NewPCG(a, b)), int(n%200))
		if _, got := all(t, in); *got != slowly(in) {
			t.Errorf("got %+v, want %+v", *got, slowly(in))
		}
	})
}
