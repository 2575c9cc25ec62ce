package interop_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/vrp"
	"ipledger/node/serve/rtr"
)

// bird3 speaks version 2 where the server does, and keeps who provides for whom.
var bird3 = release{"3", "aspa table customers;", "aspa { table customers; };"}

// bird3v2 speaks version 2 alone.
var bird3v2 = release{"3", bird3.tables, bird3.options + " min version 2; max version 2;"}

// speaks is the version that a BIRD and its server have come to, empty for none.
func (b bird) speaks() string {
	for line := range strings.Lines(b.says("show", "protocols", "all", "x")) {
		if _, version, ok := strings.Cut(line, "Protocol version:"); ok {
			return strings.TrimSpace(version)
		}
	}
	return ""
}

// provides are the providers of an AS as BIRD shows them, ascending.
func (b bird) provides(as string) string {
	text := b.says("show", "route", "table", "customers", "all")
	_, row, _ := strings.Cut(text, "\n"+as+" ")
	_, row, _ = strings.Cut(row, "aspa_providers:")
	list, _, _ := strings.Cut(row, "\n")
	return strings.TrimSpace(list)
}

// rows is how many payloads BIRD has.
func (b bird) rows() int {
	return strings.Count(b.says("show", "route", "table", "r4"), " AS") + strings.Count(b.says("show", "route", "table", "r6"), " AS")
}

// counts are the rows of IPv4, of IPv6 and of providers that OpenBGPD says it has.
func (o openBGPD) counts() string {
	out := [3]string{}
	for line := range strings.Lines(o.says("sets")) {
		row := strings.Fields(line)
		if len(row) == 7 && row[0] == "ROA" {
			out[0], out[1] = row[3], row[4]
		} else if len(row) == 7 && row[0] == "ASPA" {
			out[2] = row[5]
		}
	}
	return strings.Join(out[:], " ")
}

// provide names the providers of an AS of the world, and none where there are none.
func provide(t *testing.T, holder, as, list string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, _, err := network.Do(ctx, full, holder, 3, &tx.ProvidersAuthorise{Resource: blockOf(t, as), Providers: list})
	must(t, err)
}

// providing are the routers that speak version 2, asked to speak nothing else; what
// each returns tells whether it has a list as the providers of AS402912.
var providing = map[string]reader{
	"BIRD 3": {[]string{"bird3", "birdc3"}, func(t *testing.T, host, port string) func(string) bool {
		b := birdAt(t, bird3v2, host, port)
		return func(list string) bool {
			four, six := families(t)
			return b.speaks() == "2" && b.rows() == four+six && b.provides("402912") == list && b.provides("219912") == "3356 219911"
		}
	}},
	"OpenBGPD 8": {[]string{"openbgpd8", "bgpctl8"}, func(t *testing.T, host, port string) func(string) bool {
		o := openBGPDAt(t, openBGPD8, host, port, "min-version 2")
		return func(list string) bool { // it shows how many rows, and none of them
			four, six := families(t)
			n := len(customers)
			if list != "" {
				n++
			}
			return strings.Contains(o.says("rtr"), "Version: 2") && o.counts() == fmt.Sprintf("%d %d %d", four, six, n)
		}
	}},
}

// TestRouters_v2: routers that speak version 2 alone have every row and who provides
// for whom; what is named, changed and withdrawn comes by differences.
func TestRouters_v2(t *testing.T) {
	t.Parallel()
	all := followers(t, providing)
	together(all, func(f *follower) {
		f.await("has all, with no such providers", patience, func() bool { return f.has("") })
	})
	for _, step := range []struct {
		list    string
		in, out int
	}{{"64701 64702", 1, 0}, {"64702 64703 64704", 1, 0}, {"", 0, 1}} {
		for _, f := range all {
			f.mark(providers)
		}
		provide(t, "maple", "AS402912", step.list)
		together(all, func(f *follower) {
			was := f.toldSoFar
			f.await(fmt.Sprintf("has providers %q", step.list), 2*patience, func() bool {
				return f.tap.told(providers, announced)+f.tap.told(providers, withdrawn) > was[0]+was[1] && f.has(step.list)
			})
			f.differs(providers, step.out, step.in)
		})
	}
	for _, f := range all {
		if version := f.tap.spoken(); version != 2 {
			t.Errorf("%s speaks version %d", f.name, version)
		}
	}
}

// TestRouters_lowerVersion: a server that speaks no more than version 1 gets BIRD 3 and
// OpenBGPD 8 down to that and no further, with the rows and no providers.
func TestRouters_lowerVersion(t *testing.T) {
	l, server := served1(t)
	host, port, _ := net.SplitHostPort(server)
	b := birdAt(t, bird3, host, port)
	eventually(t, "the payload", patience, func() bool { return b.shows("2121") })
	if version := b.speaks(); version != "1" || l.spoken() != 1 {
		t.Errorf("it speaks version %s, its server %d", version, l.spoken())
	}
	if text := b.says("show", "route", "table", "customers"); strings.Contains(text, "3333") {
		t.Errorf("it has providers: %s", text)
	}
	t.Run("OpenBGPD 8", func(t *testing.T) {
		o := openBGPDAt(t, openBGPD8, host, port, "")
		eventually(t, "the payload", patience, func() bool { return o.counts() == "1 0 0" || o.counts() == "1 0 " })
		if text := o.says("rtr"); !strings.Contains(text, "Version: 1") {
			t.Errorf("got %s", text)
		}
	})
}

// served1 is a server of version 1 and lower, that has providers to tell of.
func served1(t *testing.T) (l *tap, addr string) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l = &tap{Listener: plain}
	server := rtr.New(rtr.Config{Most: rtr.Version1})
	server.Update(rtr.Set{
		Payloads:  []vrp.Payload{{Prefix: inr.FromPrefix(netip.MustParsePrefix("5.44.0.0/22")), MaxLength: 24, AS: 2121, Grade: record.GradeA}},
		Providers: []vrp.Providers{{Customer: 3333, List: []uint64{2121}, Grade: record.GradeA}},
	})
	go func() { _ = server.Serve(t.Context(), l) }()
	t.Cleanup(func() { _ = l.Close() })
	return l, plain.Addr().String()
}
