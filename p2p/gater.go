package p2p

import (
	"cmp"
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
	"golang.org/x/time/rate"
)

// Bounds of who may connect.
const (
	AcceptsPerSecond = 4 // connections an address
	AcceptsBurst     = 8
	BanPeriod        = time.Hour

	bansMax      = 4096 // remembered; identities cost nothing, so the list must not grow with them
	addressesMax = 4096 // with a bucket that is not full
)

// errRefused is why a peer is refused of which nothing more is known.
var errRefused = errors.New("p2p: the peer is refused for an hour")

// ban is a refusal of a peer.
type ban struct {
	until time.Time
	why   error
}

// gater decides who may connect, before a connection costs anything.
type gater struct {
	book     *book
	peersMax int
	trusted  []netip.Prefix

	mu      sync.Mutex
	bans    map[peer.ID]ban                // guarded by mu
	buckets map[netip.Prefix]*rate.Limiter // guarded by mu
}

func newGater(c Config, b *book) *gater {
	return &gater{
		book: b, peersMax: c.PeersMax, trusted: c.Trusted,
		bans: map[peer.ID]ban{}, buckets: map[netip.Prefix]*rate.Limiter{},
	}
}

// ban refuses a peer for BanPeriod, and remembers why. A caller that does not say why
// refuses it no less.
func (g *gater) ban(p peer.ID, why error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if len(g.bans) >= bansMax {
		g.forget(now)
	}
	g.bans[p] = ban{now.Add(BanPeriod), cmp.Or(why, errRefused)}
}

// forget drops the bans that have ended, or the one that ends first if none has.
func (g *gater) forget(now time.Time) {
	var first peer.ID
	for p, b := range g.bans {
		if !b.until.After(now) {
			delete(g.bans, p)
		} else if first == "" || b.until.Before(g.bans[first].until) {
			first = p
		}
	}
	if len(g.bans) >= bansMax {
		delete(g.bans, first)
	}
}

func (g *gater) banned(p peer.ID) bool { return g.why(p) != nil }

// why is what a peer is refused for, or nil if it is not.
func (g *gater) why(p peer.ID) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	b, ok := g.bans[p]
	if ok && !b.until.After(time.Now()) {
		delete(g.bans, p)
		return nil
	}
	return b.why
}

// admit spends one connection of an address's bucket.
func (g *gater) admit(addr netip.Addr) bool {
	for _, t := range g.trusted {
		if t.Contains(addr) {
			return true
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	block := blockOf(addr)
	bucket := g.buckets[block]
	if bucket == nil {
		if len(g.buckets) >= addressesMax && !g.dropFull() {
			return false
		}
		bucket = rate.NewLimiter(AcceptsPerSecond, AcceptsBurst)
		g.buckets[block] = bucket
	}
	return bucket.Allow()
}

// dropFull forgets the buckets that are full again, and reports whether any was.
func (g *gater) dropFull() bool {
	before := len(g.buckets)
	for block, bucket := range g.buckets {
		if bucket.Tokens() >= AcceptsBurst {
			delete(g.buckets, block)
		}
	}
	return len(g.buckets) < before
}

// blockOf is what counts as one address: an IPv4 address, or the IPv6 /56 that a
// provider gives one customer.
func blockOf(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr.Is6() {
		bits = 56
	}
	block, _ := addr.Prefix(bits)
	return block
}

// InterceptPeerDial refuses to dial banned peers.
func (g *gater) InterceptPeerDial(p peer.ID) bool { return !g.banned(p) }

// InterceptAddrDial has no opinion on addresses.
func (g *gater) InterceptAddrDial(peer.ID, multiaddr.Multiaddr) bool { return true }

// InterceptAccept bounds the connections an address may open.
func (g *gater) InterceptAccept(c network.ConnMultiaddrs) bool {
	// specs/10 P2P-9: A node MUST bound the connections it accepts from one
	// address, by default to 4 a second and 8 at once.
	ip, err := manet.ToIP(c.RemoteMultiaddr())
	if err != nil {
		return false
	}
	addr, ok := netip.AddrFromSlice(ip)
	return ok && g.admit(addr.Unmap())
}

// InterceptSecured refuses banned peers, and strangers when there is no room.
func (g *gater) InterceptSecured(dir network.Direction, p peer.ID, _ network.ConnMultiaddrs) bool {
	if g.banned(p) {
		return false
	}
	if dir == network.DirOutbound || g.book.isConfigured(p) {
		return true
	}
	return g.book.count() < g.peersMax
}

// InterceptUpgraded has nothing left to refuse.
func (g *gater) InterceptUpgraded(network.Conn) (bool, control.DisconnectReason) { return true, 0 }
