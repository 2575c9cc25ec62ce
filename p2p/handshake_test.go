package p2p

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

func TestGreet_P2P6(t *testing.T) {
	a := start(t, testConfig(1), newShelf())
	other := testConfig(2)
	other.Genesis = [32]byte{6, 6, 6}
	b := start(t, other, newShelf())
	err := a.Connect(t.Context(), b.Addrs()[0])
	if !errors.Is(err, ErrOtherLedger) {
		t.Errorf("got %v, want %v", err, ErrOtherLedger)
	}
	eventually(t, "each refuses the other", func() bool { return a.gater.banned(b.ID()) && b.gater.banned(a.ID()) })
	eventually(t, "they have parted", func() bool { return a.book.count() == 0 && b.book.count() == 0 })
	if err := b.Connect(t.Context(), a.Addrs()[0]); !errors.Is(err, ErrOtherLedger) {
		t.Errorf("connected again: got %v, want %v", err, ErrOtherLedger)
	}
}

// A peer of another ledger that hangs up before it is answered is refused all the same.
func TestGreet_P2P6_hangsUp(t *testing.T) {
	shelf := newShelf()
	asked, gone := make(chan struct{}, 1), make(chan struct{})
	tell := sync.OnceFunc(func() { close(gone) })
	defer tell()
	slow := slowLedger{shelf, asked, gone}
	h, err := newHost(testConfig(1), slow, shelf, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	other := stranger(t)
	s := openStream(t, other, h, h.names.status)
	if err := writeFrame(s, encode(greeting{Version: Version, ChainID: "test-1", Genesis: [32]byte{6}, Base: 1, Height: 7})); err != nil {
		t.Fatal(err)
	}
	<-asked // h has read the greeting, and answers once the peer is gone
	_ = other.Close()
	eventually(t, "the peer is gone", func() bool { return h.book.count() == 0 })
	tell()
	eventually(t, "refused", func() bool { return h.gater.banned(other.ID()) })
}

// slowLedger says that it was asked for its status, and answers when it is told to.
type slowLedger struct {
	*shelf
	asked, told chan struct{}
}

func (s slowLedger) Status() Status {
	select {
	case s.asked <- struct{}{}:
		<-s.told
	default:
	}
	return s.shelf.Status()
}

// A node of another chain shares no protocol with this one.
func TestGreet_P2P4(t *testing.T) {
	a := start(t, testConfig(1), newShelf())
	other := testConfig(2)
	other.ChainID = "test-2"
	b := start(t, other, newShelf())
	if err := a.Connect(t.Context(), b.Addrs()[0]); err == nil {
		t.Error("nodes of two chains greeted each other")
	}
	eventually(t, "they have parted", func() bool { return a.book.count() == 0 })
	for _, name := range []string{a.names.topic, a.names.status, a.names.held, a.names.acts, a.names.peers} {
		if want := "/ipledger/test-1/"; len(name) < len(want) || name[:len(want)] != want {
			t.Errorf("%q does not begin with %q", name, want)
		}
	}
}

// A peer that connects and says nothing is not kept, and its acts are not used.
func TestWelcome_P2P22(t *testing.T) {
	c := testConfig(1)
	c.GreetingTimeout = 300 * time.Millisecond
	h := start(t, c, newShelf())
	silent := stranger(t)
	addr, err := peer.AddrInfoFromString(h.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := silent.Connect(t.Context(), *addr); err != nil {
		t.Fatal(err)
	}
	eventually(t, "connected", func() bool { return h.book.count() == 1 })
	if len(h.Peers()) != 0 {
		t.Error("a peer not greeted counts as a peer")
	}
	eventually(t, "parted", func() bool {
		return h.book.count() == 0 && silent.Network().Connectedness(h.ID()) != network.Connected
	})
}

// A greeting that is no greeting is an offence, not an accident.
func TestServeGreeting_refusesWhatIsNotOne(t *testing.T) {
	h := start(t, testConfig(1), newShelf())
	silent := stranger(t)
	s := openStream(t, silent, h, h.names.status)
	if err := writeFrame(s, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "refused", func() bool { return h.gater.banned(silent.ID()) && h.book.count() == 0 })
}

// acquaint greets h from a stranger's host, as an honest peer would.
func acquaint(t *testing.T, from libp2pHost, h *Host) {
	t.Helper()
	s := openStream(t, from, h, h.names.status)
	if err := writeFrame(s, encode(h.ourGreeting())); err != nil {
		t.Fatal(err)
	}
	raw, done, err := readFrame(s, GreetingBytesMax)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if _, err := decodeGreeting(raw); err != nil {
		t.Fatal(err)
	}
	eventually(t, "greeted", func() bool { return h.book.greeted(from.ID()) })
}

// stranger is a libp2p host that follows none of our rules.
func stranger(t *testing.T) libp2pHost {
	t.Helper()
	s, err := libp2p.New(libp2p.NoListenAddrs, libp2p.DisableMetrics(), libp2p.DisableRelay())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
