package p2p

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/marcopolo/simnet"
	"github.com/quic-go/quic-go"
	"go.uber.org/fx"
)

// weather decides, from a seed alone, which datagrams the simulated network loses.
type weather struct {
	seed uint64
	loss float64     // 0..1, each direction of each pair on its own
	cut  atomic.Bool // while true, the two halves of the network do not hear each other

	mu   sync.Mutex
	sent map[[2]netip.Addr]uint64 // guarded by mu
}

func (w *weather) loses(from, to netip.Addr) bool {
	if w.cut.Load() && half(from) != half(to) {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	pair := [2]netip.Addr{from, to}
	w.sent[pair]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %v %v %d", w.seed, from, to, w.sent[pair]))
	return float64(binary.BigEndian.Uint32(sum[:])) < w.loss*(1<<32)
}

// half is the side of the cut an address lies on: that of its number's parity. In
// a world every link crosses the cut, so that each host is alone.
func half(a netip.Addr) byte { b := a.As4(); return b[3] % 2 }

// port is one host's UDP port on the simulated network.
type port struct {
	*simnet.SimConn
	weather *weather
	self    netip.Addr
}

func (p *port) WriteTo(b []byte, to net.Addr) (int, error) {
	if p.weather.loses(p.self, to.(*net.UDPAddr).AddrPort().Addr().Unmap()) {
		return len(b), nil // lost on the way: the sender cannot tell
	}
	return p.SimConn.WriteTo(b, to)
}

type onlyIP net.IP

func (ip onlyIP) PreferredSourceIPForDestination(*net.UDPAddr) (net.IP, error) {
	return net.IP(ip), nil
}

// simulated makes QUIC speak over the simulated network from the address ip.
func simulated(sn *simnet.Simnet, w *weather, ip net.IP) libp2p.Option {
	self, _ := netip.AddrFromSlice(ip)
	link := simnet.NodeBiDiLinkSettings{
		Downlink: simnet.LinkSettings{BitsPerSecond: 50 * simnet.Mibps},
		Uplink:   simnet.LinkSettings{BitsPerSecond: 50 * simnet.Mibps},
	}
	build := func(life fx.Lifecycle, reset quic.StatelessResetKey, token quic.TokenGeneratorKey, opts ...quicreuse.Option) (*quicreuse.ConnManager, error) {
		cm, err := quicreuse.NewConnManager(reset, token, opts...)
		if err == nil {
			life.Append(fx.StopHook(func() error { return cm.Close() }))
		}
		return cm, err
	}
	return libp2p.QUICReuse(build,
		quicreuse.OverrideSourceIPSelector(func() (quicreuse.SourceIPSelector, error) { return onlyIP(ip), nil }),
		quicreuse.OverrideListenUDP(func(_ string, at *net.UDPAddr) (net.PacketConn, error) {
			return &port{sn.NewEndpoint(at, link), w, self.Unmap()}, nil
		}))
}

// world is a simulated network of hosts in a ring, each with its two nearest and
// its two third neighbours configured: every link crosses the cut.
type world struct {
	weather *weather
	hosts   []*Host
	shelves []*shelf
}

// simulate runs story on n hosts in virtual time and takes them down after.
func simulate(t *testing.T, n int, seed uint64, loss float64, story func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		t.Logf("seed %d", seed)
		w := &world{weather: &weather{seed: seed, loss: loss, sent: map[[2]netip.Addr]uint64{}}}
		sn := &simnet.Simnet{LatencyFunc: func(p *simnet.Packet) time.Duration {
			// Each pair has its own, to the nanosecond: equal instants wake in any order.
			sum := sha256.Sum256(fmt.Append(nil, seed, p.From, p.To))
			return 5*time.Millisecond + time.Duration(binary.BigEndian.Uint32(sum[:])%90_000_000)
		}}
		addr := func(i int) string {
			return fmt.Sprintf("/ip4/%s/udp/4001/quic-v1", simnet.IntToPublicIPv4(i))
		}
		var ids []string
		for i := range n {
			ids = append(ids, addr(i)+"/p2p/"+testID(t, i))
		}
		for i := range n {
			c := testConfig(i)
			c.Listen = []string{addr(i)}
			c.Peers = []string{ids[(i+1)%n], ids[(i+3)%n], ids[(i+n-3)%n], ids[(i+n-1)%n]}
			s := newShelf()
			h, err := newHost(c, s, s, nil, simulated(sn, w.weather, simnet.IntToPublicIPv4(i)),
				libp2p.DisableIdentifyAddressDiscovery())
			if err != nil {
				t.Fatal(err)
			}
			w.hosts, w.shelves = append(w.hosts, h), append(w.shelves, s)
		}
		sn.Start()
		story(t, w)
		for _, h := range w.hosts {
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		}
		sn.Close()
	})
}

// holders is how many hosts hold an act.
func (w *world) holders(act string) (n int) {
	for _, s := range w.shelves {
		if s.holds(act) {
			n++
		}
	}
	return n
}

func TestSim_deliversThroughLoss(t *testing.T) {
	simulate(t, 10, 1, 0.05, func(t *testing.T, w *world) {
		time.Sleep(10 * time.Second)
		for i := range 20 {
			submit(t, w, i%10, fmt.Sprint("act ", i))
			time.Sleep(53 * time.Millisecond)
		}
		time.Sleep(20 * time.Second)
		for i := range 20 {
			if got := w.holders(fmt.Sprint("act ", i)); got != 10 {
				t.Errorf("act %d reached %d of 10 hosts", i, got)
			}
		}
	})
}

// A cut of two minutes ends every connection between the halves and outlives
// gossip's memory. Within 30 s of its end everybody has everything.
func TestSim_healsAfterACut(t *testing.T) {
	simulate(t, 8, 2, 0.02, func(t *testing.T, w *world) {
		time.Sleep(10 * time.Second)
		w.weather.cut.Store(true)
		time.Sleep(time.Minute)
		submit(t, w, 0, "on one side")
		submit(t, w, 1, "on the other")
		time.Sleep(time.Minute)
		if w.holders("on one side") == 8 {
			t.Fatal("the cut did not cut")
		}
		w.weather.cut.Store(false)
		time.Sleep(30 * time.Second)
		for _, act := range []string{"on one side", "on the other"} {
			if got := w.holders(act); got != 8 {
				t.Errorf("%q reached %d of 8 hosts", act, got)
			}
		}
		for i, h := range w.hosts {
			if got := len(h.Peers()); got < 3 {
				t.Errorf("host %d has %d of its 4 configured peers", i, got)
			}
		}
	})
}

// submit is a holder's act at one node: the node holds it, whoever hears of it.
func submit(t *testing.T, w *world, i int, act string) {
	t.Helper()
	w.shelves[i].Deliver(t.Context(), "", []Act{{ID: idOf(act), Raw: []byte(act)}})
	if err := w.hosts[i].Publish(t.Context(), [][]byte{[]byte(act)}); err != nil && err != ErrNoPeers {
		t.Fatal(err)
	}
}
