package interop_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
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

// kept wants the session to be the one that began.
func (b bird) kept() {
	b.t.Helper()
	if text := b.says("show", "protocols", "all", "x"); !strings.Contains(text, "Established") {
		b.t.Errorf("the session was not kept:\n%s", text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestBIRD_leaseEnds: while nobody does anything, a lease's end takes the lessee's
// authorisation out of BIRD: 5 s after a quiet minute, 65 s at the latest, from the
// block after the end on.
func TestBIRD_leaseEnds(t *testing.T) {
	t.Parallel()
	b := startBIRD(t)
	const prefix, as = "5.44.64.0/24", 219912
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	at := blockOf(t, prefix)
	value, err := network.Dealing(ctx, full, at)
	must(t, err)
	lessee, err := network.Account("tulpe")
	must(t, err)
	end := time.Now().Add(130 * time.Second) // the start is told within a minute, and then a minute is quiet
	offer, _, err := network.Do(ctx, full, "nordlicht", 3, &tx.LeaseOffer{
		Resource: at, To: lessee.ID, End: uint64(end.Unix()), Operator: "Tulpe", Abuse: "abuse@tulpe.example",
		Origins: fmt.Sprintf("%s-24=%d", prefix, as), Value: value, Until: uint64(end.Unix()),
	})
	must(t, err)
	_, _, err = network.Do(ctx, full, "tulpe", 3, &tx.LeaseAccept{Offer: offer, Resource: at, Value: value})
	must(t, err)
	eventually(t, "BIRD to have the lessee's", patience, func() bool { return b.check(prefix, as) == "1" })
	eventually(t, "BIRD to lose it", 3*patience, func() bool { return b.check(prefix, as) != "1" })
	if now := time.Now(); now.Before(end.Truncate(time.Second)) {
		t.Errorf("gone %v before the end", end.Sub(now))
	} else {
		t.Logf("gone from BIRD %v after the lease's end: a heartbeat of 2 s, its header's time of one more, and a notice", now.Sub(end).Round(time.Millisecond))
	}
	b.kept()
}

// TestRouters_serialWraps: the serial after 2^32-1 is 0, and each router gets there by
// the difference that a notice tells it of (RFC 1982).
func TestRouters_serialWraps(t *testing.T) {
	with := maps.Clone(showing)
	with["OpenBGPD"] = reader{start: func(t *testing.T, host, port string) func(string) bool {
		o := openBGPDAt(t, openBGPD7, host, port, "")
		serials := map[string]string{"2121": "4294967295", "3333": " 0"} // it shows serials, and no rows
		return func(as string) bool {
			for line := range strings.Lines(o.says("rtr")) {
				if strings.Contains(line, "erial") {
					return strings.HasSuffix(strings.TrimRight(line, "\n "), serials[as])
				}
			}
			return false
		}
	}}
	for name, r := range with {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wraps(t, r)
		})
	}
}

// wraps shows a router one set, and another under the serial that follows the last.
func wraps(t *testing.T, r reader) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := &tap{Listener: plain}
	server := rtr.New(rtr.Config{First: math.MaxUint32})
	one := vrp.Payload{Prefix: inr.FromPrefix(netip.MustParsePrefix("5.44.0.0/22")), MaxLength: 24, AS: 2121, Grade: record.GradeA}
	two := one
	two.AS = 3333
	server.Update(rtr.Set{Payloads: []vrp.Payload{one}})
	go func() { _ = server.Serve(t.Context(), l) }()
	t.Cleanup(func() { _ = l.Close() })
	host, port, _ := net.SplitHostPort(l.Addr().String())
	has := r.start(t, host, port)
	eventually(t, "the first set", patience, func() bool { return has("2121") })
	resets := l.count(resetQuery)
	server.Update(rtr.Set{Payloads: []vrp.Payload{two}})
	took := eventually(t, "the second set alone", patience, func() bool { return has("3333") && !has("2121") })
	if again := l.count(resetQuery) - resets; again != 0 || l.count(serialQuery) == 0 {
		t.Errorf("it asked for the whole set %d times more, and for differences %d times", again, l.count(serialQuery))
	}
	t.Logf("by a difference after %v", took.Round(time.Millisecond))
}

// TestFRR_restart: the node is killed and starts anew with another session; FRR comes
// back by itself, within the retry of End of Data and five seconds of its first answer.
func TestFRR_restart(t *testing.T) {
	dir := startFRR(t)
	connected := func() bool {
		return strings.Contains(run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki cache-connection"), "(connected)") &&
			strings.Contains(run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki prefix-table"), "5.44.8.0")
	}
	eventually(t, "FRR to connect", patience, connected)
	must(t, network.Kill(full))
	must(t, network.Restart(t.Context(), full))
	must(t, authorise(network, authorisation{"nordlicht", "5.44.24.0/24", 24, 2121}))
	took := eventually(t, "FRR to be connected again, with what is new", 2*patience, func() bool {
		return connected() && strings.Contains(run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki prefix-table"), "5.44.24.0")
	})
	t.Logf("connected again %v after what was new was final", took.Round(time.Millisecond))
}

// TestSlowReader: a router that reads nothing is dropped, and holds up nobody.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	tool(t, "rtrclient")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	const n = 300_000 // far more than the kernel takes for a connection
	list := make([]vrp.Payload, n)
	for i := range list {
		at := netip.PrefixFrom(netip.AddrFrom4([4]byte{5, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
		list[i] = vrp.Payload{Prefix: inr.FromPrefix(at), MaxLength: 32, AS: 2121, Grade: record.GradeA}
	}
	server := rtr.New(rtr.Config{})
	server.Update(rtr.Set{Payloads: list})
	go func() { _ = server.Serve(t.Context(), l) }()
	t.Cleanup(func() { _ = l.Close() })
	stuck, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	defer stuck.Close()
	must(t, stuck.(*net.TCPConn).SetReadBuffer(1<<16))
	_, err = stuck.Write([]byte{1, 2, 0, 0, 0, 0, 0, 8}) // a reset query of version 1
	must(t, err)
	begun := time.Now()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	for i := range 3 {
		if got, err := triedRows(t, host, port, patience); err != nil || len(got) != n {
			t.Errorf("reader %d has %d rows of %d, %v", i, len(got), n, err)
		}
	}
	t.Logf("three readers had all beside it after %v", time.Since(begun).Round(time.Millisecond))
	time.Sleep(time.Until(begun.Add(50 * time.Second))) // it may take 20 s for each mebibyte
	must(t, stuck.SetReadDeadline(time.Now().Add(patience)))
	read, err := io.Copy(io.Discard, stuck)
	if err == nil && read >= 20*n {
		t.Errorf("the router that did not read has all %d bytes", read)
	}
	t.Logf("the router that did not read had %d bytes of %d, and then %v", read, 20*n, err)
}
