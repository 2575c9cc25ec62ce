package p2p

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

func TestAdmit_P2P9(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGater(Default(), newBook(Default(), nil))
		count := func(addr string, tries int) (admitted int) {
			for range tries {
				if g.admit(netip.MustParseAddr(addr)) {
					admitted++
				}
			}
			return admitted
		}
		if got := count("192.0.2.1", 100); got != AcceptsBurst {
			t.Errorf("%d connections at once, want %d", got, AcceptsBurst)
		}
		time.Sleep(time.Second)
		if got := count("192.0.2.1", 100); got != AcceptsPerSecond {
			t.Errorf("%d connections in the next second, want %d", got, AcceptsPerSecond)
		}
		if got := count("192.0.2.2", 1); got != 1 {
			t.Error("one address's connections were counted against another")
		}
		if got := count("2001:db8::1", 100) + count("2001:db8:0:ff::1", 100); got != AcceptsBurst {
			t.Errorf("%d connections of one IPv6 customer, want %d", got, AcceptsBurst)
		}
		if got := count("127.0.0.1", 1000) + count("::1", 1000); got != 2000 {
			t.Errorf("%d of 2000 trusted connections admitted", got)
		}
	})
}

func TestAdmit_remembersABoundedNumberOfAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGater(Default(), newBook(Default(), nil))
		addr := netip.MustParseAddr("10.0.0.0")
		for range 2 * addressesMax {
			addr = addr.Next()
			g.admit(addr)
		}
		if len(g.buckets) > addressesMax {
			t.Errorf("%d buckets, at most %d", len(g.buckets), addressesMax)
		}
		time.Sleep(time.Minute)
		if !g.admit(addr.Next()) {
			t.Error("full buckets were not forgotten")
		}
	})
}

func TestBan_endsAndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGater(Default(), newBook(Default(), nil))
		g.ban("first", ErrOtherLedger)
		if g.InterceptPeerDial("first") || g.InterceptSecured(network.DirInbound, "first", nil) {
			t.Error("a banned peer may connect")
		}
		time.Sleep(time.Second)
		for i := range 2 * bansMax {
			g.ban(peer.ID(fmt.Sprint(i)), ErrOtherLedger)
		}
		if len(g.bans) > bansMax {
			t.Errorf("%d bans remembered, at most %d", len(g.bans), bansMax)
		}
		if g.banned("first") {
			t.Error("the ban nearest its end was not the one dropped")
		}
		last := peer.ID(fmt.Sprint(2*bansMax - 1))
		if !g.banned(last) {
			t.Error("a fresh ban was dropped")
		}
		time.Sleep(BanPeriod)
		if g.banned(last) {
			t.Error("a ban does not end")
		}
	})
}

func TestInterceptSecured_keepsRoomForConfiguredPeers(t *testing.T) {
	c := Default()
	c.PeersMax = 1
	b := newBook(c, map[peer.ID]peer.AddrInfo{"configured": {}})
	g := newGater(c, b)
	b.entries["somebody"] = &entry{}
	if g.InterceptSecured(network.DirInbound, "stranger", nil) {
		t.Error("a stranger was let into a full house")
	}
	if !g.InterceptSecured(network.DirInbound, "configured", nil) || !g.InterceptSecured(network.DirOutbound, "stranger", nil) {
		t.Error("a configured peer, or one we dialled, was refused")
	}
}

// A refusal without a reason refuses all the same.
func TestBan_withoutReason_P2P6(t *testing.T) {
	g := newGater(testConfig(1), newBook(testConfig(1), nil))
	if g.ban("a peer", nil); !g.banned("a peer") || g.banned("another") {
		t.Error("a ban without a reason does not hold, or holds for another")
	}
}
