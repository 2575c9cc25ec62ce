package irr

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/node/serve/servetest"
)

func payload(prefix string, most, as uint64) vrp.Payload {
	return vrp.Payload{Prefix: inr.FromPrefix(netip.MustParsePrefix(prefix)), MaxLength: most, AS: as, Grade: record.GradeA}
}

// world is what most tests serve: AS 2121 with the customers 3333 and 9, of which 9 is
// 3333's customer alone; 70 and 71 are each other's.
var world = Set{
	Payloads: []vrp.Payload{
		payload("5.44.0.0/22", 22, 2121), payload("5.44.0.0/22", 24, 2121), payload("5.44.0.0/22", 24, 4242), payload("5.44.0.0/24", 24, 3333),
		payload("5.44.8.0/21", 21, 0), payload("5.44.128.0/17", 17, 9), payload("5.0.0.0/8", 8, 2121), payload("2001:67c::/32", 48, 2121),
	},
	Providers: []vrp.Providers{
		{Customer: 9, List: []uint64{3333}, Grade: record.GradeA}, {Customer: 70, List: []uint64{71}}, {Customer: 71, List: []uint64{70}},
		{Customer: 80, List: []uint64{0}}, {Customer: 3333, List: []uint64{2121}},
	},
}

// started is a server on loopback.
func started(t testing.TB, c Config) (*Server, string) {
	t.Helper()
	s := New(c)
	return s, servetest.Listen(t, s.Serve)
}

// serving is a server of the world at height 41.
func serving(t testing.TB, c Config) string {
	s, addr := started(t, c)
	s.Update(world, 41)
	return addr
}

// asked is all that the server says to lines.
func asked(t testing.TB, addr string, lines ...string) string {
	t.Helper()
	return servetest.Said(t, addr, strings.Join(lines, "\n")+"\n")
}

// data is an answer with data.
func data(text string) string { return fmt.Sprintf("A%d\n%s\nC\n", len(text)+1, text) }

// TestQueries_IRR1_IRR3_IRR5_IRR6 asks each query there is.
func TestQueries_IRR1_IRR3_IRR5_IRR6(t *testing.T) {
	addr := serving(t, Config{Version: "ipledgerd 9.9"})
	for query, want := range map[string]string{
		"!gAS2121": data("5.0.0.0/8 5.44.0.0/22"), "!gas2121": data("5.0.0.0/8 5.44.0.0/22"), "!GAS2121\r": data("5.0.0.0/8 5.44.0.0/22"),
		"!6as2121": data("2001:67c::/32"), "!gas3333": data("5.44.0.0/24"), "!6as3333": "D\n", "!gas1": "D\n", "!gas0": "D\n", "!gas4294967295": "D\n",
		"!gas4294967296": "F want AS and a number\n", "!g": "F want AS and a number\n", "!g2121": "F want AS and a number\n", "!gas+1": "F want AS and a number\n",
		"!nbgpq4 1.9": "C\n", "!v": data("ipledgerd 9.9"), "!t30": "C\n", "!t0": "F a time is 1 to 1000 seconds\n", "!t1001": "F a time is 1 to 1000 seconds\n", "!tx": "F a time is 1 to 1000 seconds\n",
		"!s-lc": data("LEDGER"), "!sLEDGER": "C\n", "!sledger,LEDGER": "C\n", "!sRADB": "F a source asked for is not here; LEDGER is\n", "!sLEDGER,RADB": "F a source asked for is not here; LEDGER is\n", "!s": "F a source asked for is not here; LEDGER is\n",
		"!j-*": data("LEDGER:N:0-41"), "!jLEDGER": data("LEDGER:N:0-41"), "!jRADB": "F a source asked for is not here; LEDGER is\n",
		"!oLEDGER-MNT": "D\n", "!q": "", "!!": "",
		"!iAS2121:AS-CUSTOMERS": data("AS3333 AS3333:AS-CUSTOMERS"), "!ias2121:as-customers,1": data("AS9 AS3333"),
		"!iAS2121:AS-CONE": data("AS2121 AS3333:AS-CONE"), "!iAS2121:AS-CONE,1": data("AS9 AS2121 AS3333"), "!iAS9:AS-CUSTOMERS": "D\n", "!iAS9:AS-CONE": data("AS9"),
		"!iAS70:AS-CUSTOMERS,1": data("AS70 AS71"), "!iAS70:AS-CONE,1": data("AS70 AS71"), "!iAS80:AS-CONE": data("AS80"), "!iAS0:AS-CUSTOMERS": "D\n",
		"!iAS-FOO": "D\n", "!iAS2121": "D\n", "!i": "D\n", "!iAS7:AS-CONE,1": "D\n", "!iRS-X,1": "D\n",
		"!a": "F Missing required set name for A query\n", "!a4": "F Missing required set name for A query\n", "!aAS-FOO": "D\n", "!a4AS9:AS-CUSTOMERS": "D\n",
		"!a4AS2121:AS-CONE": data("5.44.128.0/17 5.0.0.0/8 5.44.0.0/22 5.44.0.0/24"), "!a6AS2121:AS-CONE": data("2001:67c::/32"), "!aas2121": data("5.0.0.0/8 5.44.0.0/22 2001:67c::/32"),
		"!aAS3333:AS-CUSTOMERS": data("5.44.128.0/17"), "!a6AS3333:AS-CUSTOMERS": "D\n",
		"!x": "F unrecognised query; see chapter 29 for those there are\n", "!": "F unrecognised query; see chapter 29 for those there are\n", "": "F unrecognised query; see chapter 29 for those there are\n", "AS2121": "F unrecognised query; see chapter 29 for those there are\n",
	} {
		if got := asked(t, addr, query); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

// TestSearch_IRR3 looks for routes at, over and inside prefixes.
func TestSearch_IRR3(t *testing.T) {
	addr := serving(t, Config{})
	for query, want := range map[string]string{
		"5.44.0.0/22": "5.44.0.0/22AS2121-22 5.44.0.0/22AS2121-24 5.44.0.0/22AS4242-24", "5.44.0.0/23": "", "5.44.8.0/21": "",
		"5.44.0.0/24,l": "5.44.0.0/22AS2121-22 5.44.0.0/22AS2121-24 5.44.0.0/22AS4242-24", "5.44.0.0/22,l": "5.0.0.0/8AS2121-8", "5.0.0.0/8,l": "",
		"5.44.0.1,L":    "5.0.0.0/8AS2121-8 5.44.0.0/22AS2121-22 5.44.0.0/22AS2121-24 5.44.0.0/22AS4242-24 5.44.0.0/24AS3333-24",
		"5.44.0.0/16,M": "5.44.0.0/22AS2121-22 5.44.0.0/22AS2121-24 5.44.0.0/22AS4242-24 5.44.0.0/24AS3333-24 5.44.128.0/17AS9-17",
		"5.44.0.0/22,M": "5.44.0.0/24AS3333-24", "2001:67c::1,L": "2001:67c::/32AS2121-48", "::/0,M": "2001:67c::/32AS2121-48", "2001:67C::/32": "2001:67c::/32AS2121-48",
	} {
		got := asked(t, addr, "!r"+query)
		if said := summary(got); said != want {
			t.Errorf("%s: got %q, want %q", query, said, want)
		}
		if want == "" && got != "D\n" {
			t.Errorf("%s: got %q", query, got)
		}
	}
	for query, want := range map[string]string{
		"!r5.44.0.0/22,o": data("AS2121 AS4242"), "!r9.0.0.0/8,o": "D\n",
		"!r5.44.0.1/22": "F want a prefix without host bits, or an address\n", "!r::ffff:5.44.0.0/120": "F want a prefix without host bits, or an address\n", "!r": "F want a prefix without host bits, or an address\n",
		"!r5.0.0.0/8,x": "F want one of the options o, l, L and M\n",
	} {
		if got := asked(t, addr, query); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

// summary is the keys and lengths of the route objects in an answer.
func summary(answer string) string {
	var out []string
	prefix := ""
	for line := range strings.SplitSeq(answer, "\n") {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); name {
		case "route", "route6":
			prefix = value
		case "origin":
			prefix += value
		case "max-length":
			out = append(out, prefix+"-"+value)
		}
	}
	return strings.Join(out, " ")
}

// TestObjects_IRR1 reads objects whole.
func TestObjects_IRR1(t *testing.T) {
	addr := serving(t, Config{})
	six := data(`route6:         2001:67c::/32
descr:          authorised on the ledger
origin:         AS2121
max-length:     48
remarks:        title of grade A, block 41
source:         LEDGER`)
	for query, want := range map[string]string{
		"!mroute6,2001:67c::/32AS2121": six, "!r2001:67c::/32": six, "!mRoute6,2001:67C::/32as2121": six,
		"!mroute,2001:67c::/32AS2121": "F want a prefix of the class's family and AS with a number after it\n",
		"!mroute,5.44.0.0/22AS1":      "D\n", "!mroute,5.44.0.0/22": "F want a prefix and AS with a number after it\n", "!mperson,X": "D\n", "!maut-num,AS2121": "D\n", "!mroute": "F want a class, a comma and a key\n",
		"!mas-set,AS2121:AS-CUSTOMERS": data(`as-set:         AS2121:AS-CUSTOMERS
descr:          networks that name AS2121 as a provider, and theirs
members:        AS3333
members:        AS3333:AS-CUSTOMERS
remarks:        block 41
source:         LEDGER`),
		"!mas-set,AS2121:AS-CONE": data(`as-set:         AS2121:AS-CONE
descr:          AS2121 and the networks that name it as a provider, and theirs
members:        AS2121
members:        AS3333:AS-CONE
remarks:        block 41
source:         LEDGER`),
		"!mas-set,AS9:AS-CUSTOMERS": "D\n", "!mas-set,AS-X": "D\n",
	} {
		if got := asked(t, addr, query); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

// TestMany_IRR2 answers one query, or all that come after !!.
func TestMany_IRR2(t *testing.T) {
	addr := serving(t, Config{})
	if got := asked(t, addr, "!gas3333", "!gas3333"); got != data("5.44.0.0/24") {
		t.Errorf("without !!: got %q", got)
	}
	got := asked(t, addr, "!!", "!ntest", "!gas3333", "!gas1", "!x", "!gas3333", "!q", "!gas3333")
	want := "C\n" + data("5.44.0.0/24") + "D\nF unrecognised query; see chapter 29 for those there are\n" + data("5.44.0.0/24")
	if got != want {
		t.Errorf("after !!: got %q, want %q", got, want)
	}
}

// TestNoState_IRR4: no data is not an empty set.
func TestNoState_IRR4(t *testing.T) {
	s, addr := started(t, Config{})
	for _, query := range []string{"!gas2121", "!6as2121", "!aAS1:AS-CONE", "!iAS1:AS-CONE,1", "!r5.0.0.0/8", "!mroute,5.0.0.0/8AS1", "!oX", "!j-*"} {
		if got := asked(t, addr, query); !strings.HasPrefix(got, "F no verified state yet") {
			t.Errorf("%q: got %q", query, got)
		}
	}
	if got := asked(t, addr, "!!", "!nx", "!s-lc", "!sLEDGER"); got != "C\n"+data("LEDGER")+"C\n" {
		t.Errorf("got %q", got)
	}
	s.Update(Set{}, 1)
	if got := asked(t, addr, "!gas2121"); got != "D\n" {
		t.Errorf("of an empty set: got %q", got)
	}
}

// TestSets_IRR6 compares members with what possessors name, in both directions.
func TestSets_IRR6(t *testing.T) {
	x := newIndex(world)
	names := map[[2]uint32]bool{} // customer, provider
	for _, p := range world.Providers {
		for _, as := range p.List {
			names[[2]uint32{uint32(p.Customer), uint32(as)}] = true
		}
	}
	for customer := range x.networks {
		for provider := range x.networks {
			in := strings.Contains(" "+strings.Join(x.members(setName{as: provider}), " ")+" ", " "+asText(customer)+" ")
			if in != names[[2]uint32{customer, provider}] {
				t.Errorf("AS%d in the customers of AS%d: %v", customer, provider, in)
			}
		}
	}
}

// TestWait_IRR7: who asks too much waits, and gets all answers.
func TestWait_IRR7(t *testing.T) {
	asks := 0
	addr := serving(t, Config{Wait: func(context.Context, net.Addr) error {
		time.Sleep(50 * time.Millisecond)
		if asks++; asks > 5 {
			return errors.New("over")
		}
		return nil
	}})
	begun := time.Now()
	if got, want := asked(t, addr, "!!", "!nx", "!nx", "!nx", "!nx", "!nx"), "C\nC\nC\nC\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if took := time.Since(begun); took < 300*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}

// TestUpdate_IRR8 makes no second index of the same set.
func TestUpdate_IRR8(t *testing.T) {
	s := New(Config{})
	s.Update(world, 1)
	first := s.newest.Load().index
	s.Update(Set{append([]vrp.Payload(nil), world.Payloads...), world.Providers}, 2)
	if now := s.newest.Load(); now.index != first || now.height != 2 {
		t.Errorf("another index, height %d", now.height)
	}
	s.Update(Set{world.Payloads[1:], world.Providers}, 3)
	if now := s.newest.Load(); now.index == first || len(now.routes) != len(first.routes)-1 {
		t.Errorf("the same index of %d routes", len(now.routes))
	}
}

// TestSearch_IRR9 refuses a search for too much.
func TestSearch_IRR9(t *testing.T) {
	s, addr := started(t, Config{})
	var set Set
	for i := range routesMax + 1 {
		set.Payloads = append(set.Payloads, payload(fmt.Sprintf("9.%d.%d.0/24", i>>8, i&255), 24, 1))
	}
	s.Update(set, 1)
	if got, want := asked(t, addr, "!r9.0.0.0/8,M"), "F more than 10000 routes; ask for a longer prefix\n"; got != want {
		t.Errorf("got %.80q", got)
	}
	s.Update(Set{Payloads: set.Payloads[1:]}, 2)
	if got := asked(t, addr, "!r9.0.0.0/8,M"); strings.Count(got, "route:") != routesMax {
		t.Errorf("%d routes", strings.Count(got, "route:"))
	}
}
