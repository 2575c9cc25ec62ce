package drift_test

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

func at(prefix string) wire.Resource { return inr.FromPrefix(netip.MustParsePrefix(prefix)) }

func payload(prefix string, length, as uint64, g record.Grade) vrp.Payload {
	return vrp.Payload{Prefix: at(prefix), MaxLength: length, AS: as, Grade: g}
}

func table(t testing.TB, lines ...string) []rib.Route {
	t.Helper()
	read, err := rib.Read(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil || read.Unreadable > 0 {
		t.Fatalf("a table: %v %+v", err, read)
	}
	return read.Routes
}

// all is every finding, and the counts, which add up.
func all(t testing.TB, in drift.Input) (list []drift.Finding, c *drift.Counts) {
	t.Helper()
	c, err := drift.Compare(in, func(f *drift.Finding) error { list = append(list, *f); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return list, c
}

// names is what each category was found of.
func names(list []drift.Finding, c drift.Category) (out []string) {
	for _, f := range list {
		if f.Category == c {
			out = append(out, f.Prefix.String())
		}
	}
	return out
}

// TestCompare_DRIFT3_DRIFT6 has the cases of RFC 6811, and on which title each rests.
func TestCompare_DRIFT3_DRIFT6(t *testing.T) {
	ledger := []vrp.Payload{
		payload("193.0.0.0/16", 16, 3333, record.GradeA),
		payload("193.0.4.0/22", 24, 64500, record.GradeB),
		payload("193.0.4.0/22", 23, 64501, record.GradeB),
		payload("198.51.100.0/24", 24, 0, record.GradeA),
		payload("2001:67c::/32", 48, 3333, record.GradeT),
	}
	for _, c := range []struct {
		line  string
		state drift.State
		grade record.Grade
		by    string
	}{
		{"193.0.0.0/16 3333", drift.Valid, record.GradeA, "193.0.0.0/16"},
		{"193.0.0.0/17 3333", drift.InvalidLength, record.GradeA, "193.0.0.0/16"},
		{"193.0.0.0/15 3333", drift.Unknown, record.GradeNone, ""},
		{"194.0.0.0/16 3333", drift.Unknown, record.GradeNone, ""},
		{"193.0.4.0/22 64500", drift.Valid, record.GradeB, "193.0.4.0/22"},
		{"193.0.5.0/24 64500", drift.Valid, record.GradeB, "193.0.4.0/22"},
		{"193.0.5.0/24 64501", drift.InvalidLength, record.GradeB, "193.0.4.0/22"},
		{"193.0.5.0/25 64500", drift.InvalidLength, record.GradeB, "193.0.4.0/22"},
		{"193.0.5.0/24 3333", drift.InvalidLength, record.GradeA, "193.0.0.0/16"},
		{"193.0.5.0/24 64502", drift.InvalidOrigin, record.GradeB, "193.0.4.0/22"},
		{"193.0.5.0/24 {64500}", drift.InvalidOrigin, record.GradeB, "193.0.4.0/22"},
		{"198.51.100.0/24 64500", drift.InvalidOrigin, record.GradeA, "198.51.100.0/24"},
		{"2001:67c:1::/48 3333", drift.Valid, record.GradeT, "2001:67c::/32"},
		{"2001:67c:1::/49 3333", drift.InvalidLength, record.GradeT, "2001:67c::/32"},
		{"0.0.0.0/0 1", drift.Unknown, record.GradeNone, ""},
	} {
		list, _ := all(t, drift.Input{Routes: table(t, c.line), Ledger: ledger})
		f, by := list[0], ""
		if f.By != (vrp.Payload{}) {
			by = f.By.Prefix.String()
		}
		if f.Category != drift.Category(c.state) || f.Grade != c.grade || by != c.by {
			t.Errorf("%s: got %v, grade %v, by %s; want %v, %v, %s", c.line, f.Category, f.Grade, by, c.state, c.grade, c.by)
		}
	}
}

// TestCompare_DRIFT4_DRIFT5 has one payload of each kind, and what the worked
// example of the law says.
func TestCompare_DRIFT4_DRIFT5(t *testing.T) {
	list, c := all(t, drift.Input{
		Routes: table(t, "193.0.4.0/22 64500", "193.0.5.0/24 64501", "193.0.6.0/25 64500", "193.1.0.0/16 1", "193.3.0.0/16 3", "193.4.0.0/23 4", "193.4.0.0/24 4", "193.4.1.0/24 4"),
		Ledger: []vrp.Payload{
			payload("193.0.4.0/22", 24, 64500, record.GradeA), payload("193.1.0.0/16", 16, 1, record.GradeA), payload("193.2.0.0/16", 16, 2, record.GradeB),
			payload("193.4.0.0/23", 24, 4, record.GradeA), payload("193.5.0.0/16", 16, 5, record.GradeB), payload("193.6.0.0/16", 32, 0, record.GradeA),
		},
		RPKI: []vrp.Payload{
			payload("193.0.4.0/22", 24, 64500, 0), payload("193.0.4.0/22", 22, 64501, 0), payload("193.2.0.0/16", 16, 2, 0), payload("193.1.0.0/16", 16, 99, 0), payload("193.3.0.0/16", 16, 3, 0),
		},
	})
	for category, want := range map[drift.Category]string{
		drift.RouteValid:         "193.0.4.0/22 193.1.0.0/16 193.4.0.0/23 193.4.0.0/24 193.4.1.0/24",
		drift.RouteInvalidOrigin: "193.0.5.0/24",
		drift.RouteInvalidLength: "193.0.6.0/25",
		drift.RouteUnknown:       "193.3.0.0/16",
		drift.Contradicted:       "193.1.0.0/16",
		drift.Agreed:             "193.0.4.0/22",
		drift.Idle:               "193.2.0.0/16",
		drift.NotInRPKI:          "193.1.0.0/16 193.4.0.0/23 193.6.0.0/16",
		drift.Missing:            "193.5.0.0/16",
		drift.Permissive:         "193.0.4.0/22",
		drift.NotOnLedger:        "193.0.4.0/22 193.1.0.0/16 193.3.0.0/16",
	} {
		if got := strings.Join(names(list, category), " "); got != want {
			t.Errorf("%v: got %s, want %s", category, got, want)
		}
	}
	if c.ByRPKI(drift.Valid) != 2 || c.ByRPKI(drift.Unknown) != 3 {
		t.Errorf("by the RPKI: %v", c.States)
	}
	for _, f := range list {
		if f.Category == drift.Permissive && (f.Announced != 1 || f.Longest != 22 || f.Grade != record.GradeA) {
			t.Errorf("permissive: %+v", f)
		}
	}
}

// TestCounts_DRIFT7 changes each number of counts that add up.
func TestCounts_DRIFT7(t *testing.T) {
	_, c := all(t, drawn(rand.New(rand.NewPCG(7, 7)), 200))
	for name, spoil := range map[string]func(*drift.Counts){
		"routes": func(c *drift.Counts) { c.Routes++ }, "ledger": func(c *drift.Counts) { c.Ledger-- }, "rpki": func(c *drift.Counts) { c.RPKI++ },
		"contradicted": func(c *drift.Counts) { c.Found[drift.Contradicted]++ },
		"agreed":       func(c *drift.Counts) { c.Found[drift.Agreed]++ },
		"not on it":    func(c *drift.Counts) { c.Found[drift.NotOnLedger]-- },
		"two states":   func(c *drift.Counts) { c.Found[drift.RouteValid]++; c.Found[drift.RouteUnknown]-- },
		"a cell":       func(c *drift.Counts) { c.States[drift.Valid][drift.Valid]++ },
		"all rows":     func(c *drift.Counts) { c.States[drift.Unknown][drift.Unknown]++; c.Found[drift.RouteUnknown]++ },
	} {
		other := *c
		spoil(&other)
		if err := other.Check(); !errors.Is(err, drift.ErrSums) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestCompare_DRIFT8 gives the same lists in other orders, with things twice.
func TestCompare_DRIFT8(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	in := drawn(r, 400)
	want, counts := all(t, in)
	if !slices.IsSortedFunc(want, drift.CompareFindings) {
		t.Error("findings are not in the order of CompareFindings")
	}
	for range 20 {
		in.Routes, in.Ledger, in.RPKI = shuffled(r, in.Routes), shuffled(r, in.Ledger), shuffled(r, in.RPKI)
		routes := slices.Clone(in.Routes)
		got, again := all(t, in)
		if !slices.Equal(got, want) || *again != *counts {
			t.Fatal("another order of the lists gives other findings")
		}
		if !slices.Equal(routes, in.Routes) {
			t.Fatal("the caller's list was changed")
		}
	}
}

func shuffled[T any](r *rand.Rand, list []T) []T {
	out := append(slices.Clone(list), list[:len(list)/3]...)
	r.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
	return out
}

// TestCompare_DRIFT9 judges a part by the whole lists.
func TestCompare_DRIFT9(t *testing.T) {
	in := drawn(rand.New(rand.NewPCG(9, 9)), 400)
	whole, _ := all(t, in)
	keep := func(r wire.Resource, as uint32) bool { return inr.Covers(at("193.0.0.0/27"), r) && as%2 == 1 }
	in.Keep = keep
	part, c := all(t, in)
	want := slices.DeleteFunc(slices.Clone(whole), func(f drift.Finding) bool { return !keep(f.Prefix, f.AS) })
	if !slices.Equal(part, want) || len(part) == 0 || c.Routes == 0 {
		t.Errorf("got %d findings of %d routes, want %d", len(part), c.Routes, len(want))
	}
}

// TestChoice_DRIFT9 chooses by block, AS and what somebody holds.
func TestChoice_DRIFT9(t *testing.T) {
	as := func(list ...uint32) (out []wire.Resource) {
		for _, n := range list {
			out = append(out, inr.AS(n))
		}
		return out
	}
	if new(drift.Choice).Keep() != nil {
		t.Error("no choice is no filter")
	}
	some := []wire.Resource{at("193.0.0.0/16"), at("2001:67c::/32"), at("193.0.4.0/24")}
	for _, c := range []struct {
		why    string
		choice drift.Choice
		at     string
		as     uint32
		want   bool
	}{
		{"inside", drift.Choice{Blocks: some}, "193.0.4.128/25", 1, true},
		{"the block itself", drift.Choice{Blocks: some}, "2001:67c::/32", 1, true},
		{"around it", drift.Choice{Blocks: some}, "193.0.0.0/15", 1, false},
		{"another family", drift.Choice{Blocks: some}, "c100::/16", 1, false},
		{"an AS", drift.Choice{AS: as(3, 1)}, "10.0.0.0/8", 1, true},
		{"another AS", drift.Choice{AS: as(3)}, "10.0.0.0/8", 1, false},
		{"AS 0 if asked for", drift.Choice{AS: as(0)}, "10.0.0.0/8", 0, true},
		{"both", drift.Choice{Blocks: some, AS: as(1)}, "193.0.0.0/24", 1, true},
		{"one of both", drift.Choice{Blocks: some, AS: as(2)}, "193.0.0.0/24", 1, false},
		{"held", drift.Choice{Holder: some}, "193.0.0.0/24", 1, true},
		{"of a block of AS numbers held", drift.Choice{Holder: []wire.Resource{inr.ASBlock(64496, 28)}}, "10.0.0.0/8", 64511, true},
		{"NONE is held by nobody", drift.Choice{Holder: []wire.Resource{inr.ASBlock(0, 28)}}, "10.0.0.0/8", 0, false},
		{"held, but not the AS asked for", drift.Choice{Holder: some, AS: as(2)}, "193.0.0.0/24", 1, false},
		{"nothing is held", drift.Choice{Holder: []wire.Resource{}}, "193.0.0.0/24", 1, false},
	} {
		if got := c.choice.Keep()(at(c.at), c.as); got != c.want {
			t.Errorf("%s: got %v", c.why, got)
		}
	}
}

// TestCompare_ends passes on what a visitor says.
func TestCompare_ends(t *testing.T) {
	stop, seen := errors.New("enough"), 0
	_, err := drift.Compare(drawn(rand.New(rand.NewPCG(1, 1)), 50), func(*drift.Finding) error {
		if seen++; seen == 30 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 30 {
		t.Errorf("got %v after %d", err, seen)
	}
}
