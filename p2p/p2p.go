// Package p2p carries acts between nodes: bytes and peers, and nothing of what
// the bytes mean.
//
// It implements specs/10. Acts travel several to a message over a GossipSub
// topic named for the chain; every message is judged by a pure check of its
// bytes before it is passed on. What gossip loses, reconciliation brings: each
// node compares the acts it holds with one peer after another and pulls what it
// lacks. Peers first tell each other which ledger they serve.
//
// It does not order acts, keep them, or know an account; those belong to the
// Ledger and the Pool it is given. It remembers nothing across restarts.
package p2p

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/net/connmgr"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/prometheus/client_golang/prometheus"
)

// ErrClosed reports use of a Host after Close.
var ErrClosed = errors.New("p2p: the host is closed")

// ErrNoPeers reports a publication that nobody could hear. Publish again later.
var ErrNoPeers = errors.New("p2p: no peer to publish to")

// Host is one node on the network. All its methods are safe for concurrent use.
type Host struct {
	cfg     Config
	names   names
	ledger  Ledger
	pool    Pool
	book    *book
	gater   *gater
	metrics *metrics
	held    held

	host      host.Host
	pubsub    *pubsub.PubSub
	topic     *pubsub.Topic
	judging   chan struct{}             // one token a message being checked
	redialNow map[peer.ID]chan struct{} // wakes the redialler of a configured peer; read only

	ctx    context.Context // ends when Close begins
	cancel context.CancelFunc
	mu     sync.Mutex // guards closed, and work against Close
	closed bool
	work   sync.WaitGroup // every goroutine this package starts
}

// New starts a host: it listens, dials the configured peers for ever, and
// judges, delivers and passes on acts until Close. Collectors are registered
// with reg, which may be nil.
func New(cfg Config, ledger Ledger, pool Pool, reg prometheus.Registerer) (*Host, error) {
	return newHost(cfg, ledger, pool, reg)
}

// newHost is New with libp2p options that tests add.
func newHost(cfg Config, ledger Ledger, pool Pool, reg prometheus.Registerer, extra ...libp2p.Option) (h *Host, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	configured, err := cfg.peers()
	if err != nil {
		return nil, err
	}
	h = &Host{cfg: cfg, names: namesOf(cfg.ChainID), ledger: ledger, pool: pool, redialNow: map[peer.ID]chan struct{}{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.judging = make(chan struct{}, judgingMax())
	h.book = newBook(cfg, configured)
	h.gater = newGater(cfg, h.book)
	// A host half built is taken down by the same steps as a whole one.
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("p2p: start: %w", err), h.Close())
			h = nil
		}
	}()
	if h.metrics, err = newMetrics(reg, h.countConnected, h.countInTopic); err != nil {
		return h, err
	}
	if h.host, err = h.newLibp2p(extra); err != nil {
		return h, err
	}
	// Handlers stand before the first address is listened on: a peer that comes
	// early must not find a stranger.
	h.serveStreams()
	if err = h.joinTopic(); err != nil {
		return h, err
	}
	identified, err := h.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return h, err
	}
	h.spawn(func() { h.keepRecords(identified) })
	h.prepareRedialling()
	h.host.Network().Notify(h.notifiee())
	listen, err := cfg.listen()
	if err != nil {
		return h, err
	}
	for _, addr := range listen { // one by one: together, one that works hides one that does not
		if err = h.host.Network().Listen(addr); err != nil {
			return h, fmt.Errorf("listen on %s: %w", addr, err)
		}
	}
	h.startRedialling()
	h.spawn(h.reconcileForEver)
	h.spawn(h.seekForEver)
	return h, nil
}

func (h *Host) newLibp2p(extra []libp2p.Option) (host.Host, error) {
	key, err := crypto.UnmarshalEd25519PrivateKey(h.cfg.Identity)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	resources, err := resources(h.cfg, h.names)
	if err != nil {
		return nil, fmt.Errorf("resource limits: %w", err)
	}
	// The high mark is PeersMax itself: a lower one would trim silently what the
	// gater lets in. New peers have a minute to prove useful.
	conns, err := connmgr.NewConnManager(max(1, h.cfg.PeersMax*5/8), h.cfg.PeersMax, connmgr.WithGracePeriod(time.Minute))
	if err != nil {
		return nil, errors.Join(err, resources.Close())
	}
	for p := range h.book.configured {
		conns.Protect(p, "configured")
	}
	options := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.NoListenAddrs,
		libp2p.Transport(libp2pquic.NewTransport),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.ResourceManager(resources),
		libp2p.ConnectionManager(conns),
		libp2p.ConnectionGater(h.gater),
		libp2p.UserAgent("ipledger"),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
		libp2p.Ping(false),
	}
	made, err := libp2p.New(append(options, extra...)...)
	if err != nil {
		return nil, errors.Join(err, conns.Close(), resources.Close())
	}
	return made, nil
}

// Close leaves the network: it stops what it began, waits for it, and returns
// once nothing of it runs. A second Close does nothing.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	h.mu.Unlock()
	h.cancel()
	var err error
	if h.host != nil {
		err = h.host.Close()
	}
	h.work.Wait()
	if h.metrics != nil {
		h.metrics.unregister()
	}
	return err
}

// spawn runs f in a goroutine that Close waits for; after Close it does nothing.
func (h *Host) spawn(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.work.Add(1)
	go func() {
		defer h.work.Done()
		f()
	}()
}

// ID is this node's peer id.
func (h *Host) ID() peer.ID { return h.host.ID() }

// Addrs is this node's addresses, each with its peer id: what another node's
// Config.Peers takes.
func (h *Host) Addrs() []string {
	var out []string
	for _, a := range h.host.Addrs() {
		out = append(out, a.String()+"/p2p/"+h.ID().String())
	}
	return out
}

// Peers is the connected peers that serve this ledger, by id.
func (h *Host) Peers() []Peer { return h.book.list() }

// Connect dials a peer by its multiaddress once and waits for the handshake.
func (h *Host) Connect(ctx context.Context, addr string) error {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return fmt.Errorf("connect to %q: want, say, /ip4/192.0.2.1/tcp/4001/p2p/12D3…: %w", addr, err)
	}
	return h.connect(ctx, *info)
}

func (h *Host) connect(ctx context.Context, info peer.AddrInfo) error {
	err := h.reach(ctx, info)
	if err == nil {
		err = h.book.outcome(ctx, info.ID)
	}
	if err != nil {
		// A peer this node has refused may be gone before anyone asks how it went.
		return fmt.Errorf("connect to %s: %w", info.ID, cmp.Or(h.gater.why(info.ID), err))
	}
	return nil
}

func (h *Host) countConnected() float64 { return float64(h.book.count()) }

func (h *Host) countInTopic() float64 {
	if h.topic == nil {
		return 0
	}
	return float64(len(h.topic.ListPeers()))
}

// refuse disconnects a peer and keeps it away for BanPeriod.
func (h *Host) refuse(p peer.ID, why error) {
	h.cfg.Logger.Debug("peer refused", "peer", p, "for", BanPeriod, "err", why)
	h.metrics.bans.Inc()
	h.gater.ban(p, why)
	h.part(p)
}

// part closes all connections to a peer.
func (h *Host) part(p peer.ID) {
	if err := h.host.Network().ClosePeer(p); err != nil {
		h.cfg.Logger.Debug("peer did not close cleanly", "peer", p, "err", err)
	}
}
