package p2p

import (
	"math"
	"net/netip"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/libp2p/go-libp2p/x/rate"
)

// Bounds of the whole host, in libp2p's terms.
const (
	hostMemoryMax      = 512 << 20 // all buffers of all peers
	peerMemoryMax      = 32 << 20  // all buffers of one peer
	protocolMemoryMax  = 128 << 20 // one of our protocols, all peers
	protocolStreamsMax = 512
	protocolPeerMax    = 16 // twice RequestsConcurrentMax, so that ours is the bound that answers
	peerStreamsMax     = 64
	connsPerPeerMax    = 8 // TCP and QUIC, crossing dials, and one not yet known dead
)

// resources is the libp2p resource manager with every limit that matters here
// stated; what is not stated is libp2p's default at 1 GiB and 4,096 files.
func resources(c Config, n names) (network.ResourceManager, error) {
	conns := rcmgr.LimitVal(4 * c.PeersMax)
	streams := rcmgr.LimitVal(peerStreamsMax * c.PeersMax)
	partial := rcmgr.PartialLimitConfig{
		System: rcmgr.ResourceLimits{
			Memory: hostMemoryMax, FD: conns,
			Conns: conns, ConnsInbound: conns, ConnsOutbound: conns,
			Streams: streams, StreamsInbound: streams, StreamsOutbound: streams,
		},
		PeerDefault: rcmgr.ResourceLimits{
			Memory: peerMemoryMax,
			Conns:  connsPerPeerMax, ConnsInbound: connsPerPeerMax, ConnsOutbound: connsPerPeerMax,
			Streams: 2 * peerStreamsMax, StreamsInbound: peerStreamsMax, StreamsOutbound: peerStreamsMax,
		},
		Protocol:     map[protocol.ID]rcmgr.ResourceLimits{},
		ProtocolPeer: map[protocol.ID]rcmgr.ResourceLimits{},
	}
	for _, name := range []string{n.status, n.held, n.acts, n.peers, n.header} {
		partial.Protocol[protocol.ID(name)] = rcmgr.ResourceLimits{
			Memory: protocolMemoryMax, Streams: 2 * protocolStreamsMax,
			StreamsInbound: protocolStreamsMax, StreamsOutbound: protocolStreamsMax,
		}
		partial.ProtocolPeer[protocol.ID(name)] = rcmgr.ResourceLimits{
			Memory: peerMemoryMax, Streams: 2 * protocolPeerMax,
			StreamsInbound: protocolPeerMax, StreamsOutbound: protocolPeerMax,
		}
	}
	limits := partial.Build(rcmgr.DefaultLimits.Scale(1<<30, 4096))
	v4, v6 := unlimited(c.Trusted)
	return rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(limits),
		rcmgr.WithNetworkPrefixLimit(v4, v6),
		// The gater bounds connections an address; a second, hidden bound would
		// only make its figures untrue.
		rcmgr.WithConnRateLimiters(&rate.Limiter{}))
}

// unlimited frees the trusted ranges from libp2p's own count of connections.
func unlimited(trusted []netip.Prefix) (v4, v6 []rcmgr.NetworkPrefixLimit) {
	for _, p := range trusted {
		limit := rcmgr.NetworkPrefixLimit{Network: p.Masked(), ConnCount: math.MaxInt}
		if p.Addr().Is4() {
			v4 = append(v4, limit)
		} else {
			v6 = append(v6, limit)
		}
	}
	return v4, v6
}
