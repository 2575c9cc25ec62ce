package p2p

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"ipledger/testnet/ports"
)

// A configured peer that restarts is found again, though dials failed meanwhile.
func TestRedial_P2P18(t *testing.T) {
	t.Parallel()
	first := testConfig(1)
	addr, err := ports.Free() // nobody takes it while a is down
	if err != nil {
		t.Fatal(err)
	}
	first.Listen = []string{"/ip4/127.0.0.1/tcp/" + strings.TrimPrefix(addr, "127.0.0.1:")}
	a, err := New(first, newShelf(), newShelf(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := testConfig(2)
	c.Peers = a.Addrs()
	h := start(t, c, newShelf())
	eventually(t, "first contact", func() bool { return len(h.Peers()) == 1 })
	for _, down := range []time.Duration{0, 4 * time.Second} {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the loss is seen", func() bool { return len(h.Peers()) == 0 })
		time.Sleep(down)
		if a, err = New(first, newShelf(), newShelf(), nil); err != nil {
			t.Fatal(err)
		}
		eventually(t, "contact again", func() bool { return len(h.Peers()) == 1 })
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRedial_pausesStayBelow15Seconds(t *testing.T) {
	if longest := redialMax + redialMax/10 + dialPeriod + redialFirst; longest > 15*time.Second {
		t.Errorf("a pause of %v", longest)
	}
}

// Peers that come and go leave nothing behind: no entry, no ghost in the topic,
// no goroutine.
func TestClose_leavesNothing(t *testing.T) {
	h := start(t, testConfig(1), newShelf())
	visit := func() {
		v, err := New(testConfig(2), newShelf(), newShelf(), nil)
		if err != nil {
			t.Fatal(err)
		}
		link(t, v, h)
		if err := v.Close(); err != nil {
			t.Fatal(err)
		}
	}
	gone := func() bool { return h.book.count() == 0 && len(h.topic.ListPeers()) == 0 }
	visit() // what libp2p starts once a process
	eventually(t, "the first visitor is gone", gone)
	before := runtime.NumGoroutine()
	for range 50 {
		visit()
	}
	eventually(t, "all visitors are gone", gone)
	eventually(t, "goroutines are back", func() bool { return runtime.NumGoroutine() <= before+before/10 })
	if n := len(h.host.Network().Conns()); n != 0 {
		t.Errorf("%d connections to peers that are gone", n)
	}
}
