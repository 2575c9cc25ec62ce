package p2p

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"golang.org/x/time/rate"
)

// Bounds on what one peer may ask of this node.
const (
	RequestsPerSecond     = 20 // requests a peer; an honest one makes about one
	RequestsBurst         = 40 // a pool of 10,000 acts pulled at once
	RequestsConcurrentMax = 8  // requests of a peer in work at one time
	InvalidMax            = 5  // provably bad messages of a peer before it is refused
)

// errParted reports a peer that hung up before the handshake ended.
var errParted = errors.New("p2p: the peer hung up before it said which ledger it serves")

// Peer is what this node knows of a connected, greeted peer.
type Peer struct {
	ID         peer.ID
	Addr       string // where it is connected from or to, as a multiaddress
	Inbound    bool
	Configured bool
	Since      time.Time
	Status     Status  // as of the handshake
	Score      float64 // as GossipSub last counted it
}

// book keeps one entry for each connected peer, and none for others: an entry
// lives from a peer's first connection to the end of its last.
type book struct {
	mu      sync.RWMutex
	entries map[peer.ID]*entry // guarded by mu, the entries' fields too

	configured map[peer.ID]peer.AddrInfo // read only
	strangers  budget                    // acts checked for a peer that is not configured
	chosen     budget                    // and for one that is
}

// budget is acts a second, and at once.
type budget struct {
	rate  rate.Limit
	burst int
}

func (b budget) limiter() *rate.Limiter { return rate.NewLimiter(b.rate, b.burst) }

type entry struct {
	settled  chan struct{} // closed when the peer is greeted, or gone
	conns    int
	greeted  bool
	addr     string
	inbound  bool
	since    time.Time
	status   Status
	score    float64
	invalid  int
	silent   time.Time // until when the peer's acts are ignored
	serving  int
	record   []byte        // the peer's signed record, nil until it is identified
	acts     *rate.Limiter // acts this node checks for the peer
	requests *rate.Limiter // streams this node answers for the peer
}

func newBook(c Config, configured map[peer.ID]peer.AddrInfo) *book {
	return &book{
		entries:    map[peer.ID]*entry{},
		configured: configured,
		strangers:  budget{rate.Limit(c.ActsPerSecond), c.ActsBurst},
		chosen:     budget{rate.Limit(max(c.ActsPerSecond, c.ConfiguredActsPerSecond)), max(c.ActsBurst, c.ConfiguredActsBurst)},
	}
}

// connected counts a new connection in.
func (b *book) connected(c network.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[c.RemotePeer()]
	if e == nil {
		e = &entry{
			settled:  make(chan struct{}),
			addr:     c.RemoteMultiaddr().String(),
			inbound:  c.Stat().Direction == network.DirInbound,
			since:    time.Now(),
			acts:     b.budgetOf(c.RemotePeer()).limiter(),
			requests: rate.NewLimiter(RequestsPerSecond, RequestsBurst),
		}
		b.entries[c.RemotePeer()] = e
	}
	e.conns++
}

// disconnected counts a connection out, and reports whether it was the last.
func (b *book) disconnected(p peer.ID) (gone bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[p]
	if e == nil {
		return true
	}
	e.conns--
	if e.conns > 0 {
		return false
	}
	delete(b.entries, p)
	if !e.greeted {
		close(e.settled)
	}
	return true
}

// greet records a handshake that succeeded, and reports whether it was the
// first on this connection.
func (b *book) greet(p peer.ID, s Status) (first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[p]
	if e == nil {
		return false
	}
	first = !e.greeted
	e.greeted, e.status = true, s
	if first {
		close(e.settled)
	}
	return first
}

// outcome waits until the handshake with a connected peer has come to an end.
func (b *book) outcome(ctx context.Context, p peer.ID) error {
	b.mu.RLock()
	e := b.entries[p]
	b.mu.RUnlock()
	if e == nil {
		return errParted
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-e.settled:
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	if e.greeted {
		return nil
	}
	return errParted
}

func (b *book) greeted(p peer.ID) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	e := b.entries[p]
	return e != nil && e.greeted
}

func (b *book) isConfigured(p peer.ID) bool {
	_, ok := b.configured[p]
	return ok
}

// budgetOf is what a peer's acts may cost this node.
func (b *book) budgetOf(p peer.ID) budget {
	if b.isConfigured(p) {
		return b.chosen
	}
	return b.strangers
}

// allowActs spends n of the acts a peer may have checked, if it has so many left.
func (b *book) allowActs(p peer.ID, n int) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	e := b.entries[p]
	return e != nil && e.acts.AllowN(time.Now(), n)
}

// allowRequest admits one request of a greeted peer; its end is announced by endRequest.
func (b *book) allowRequest(p peer.ID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[p]
	if e == nil || !e.greeted || e.serving >= RequestsConcurrentMax || !e.requests.Allow() {
		return false
	}
	e.serving++
	return true
}

func (b *book) endRequest(p peer.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[p]; e != nil && e.serving > 0 {
		e.serving--
	}
}

// silenced reports whether a peer's acts are ignored for what it has sent.
func (b *book) silenced(p peer.ID) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	e := b.entries[p]
	return e == nil || time.Now().Before(e.silent)
}

// offend counts a provably bad message, and reports whether the peer is to be refused.
func (b *book) offend(p peer.ID) (refuse bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.entries[p]
	if e == nil {
		return false
	}
	e.invalid++
	if e.invalid < InvalidMax {
		return false
	}
	e.silent = time.Now().Add(BanPeriod)
	// Configured peers are silenced like others but stay connected: the operator
	// chose them, and their answers and heights are still of use.
	_, configured := b.configured[p]
	return !configured
}

func (b *book) setRecord(p peer.ID, raw []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[p]; e != nil {
		e.record = raw
	}
}

// records is the signed records of greeted peers but one.
func (b *book) records(but peer.ID) (out [][]byte) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for p, e := range b.entries {
		if p != but && e.greeted && e.record != nil {
			out = append(out, e.record)
		}
	}
	return out
}

func (b *book) setScores(scores map[peer.ID]float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for p, e := range b.entries {
		e.score = scores[p]
	}
}

func (b *book) count() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.entries)
}

// list is the greeted peers, by id.
func (b *book) list() []Peer {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []Peer
	for p, e := range b.entries {
		if !e.greeted {
			continue
		}
		_, configured := b.configured[p]
		out = append(out, Peer{ID: p, Addr: e.addr, Inbound: e.inbound, Configured: configured,
			Since: e.since, Status: e.status, Score: e.score})
	}
	slices.SortFunc(out, func(a, b Peer) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// random is one greeted peer, or "".
func (b *book) random() peer.ID {
	peers := b.list()
	if len(peers) == 0 {
		return ""
	}
	return peers[rand.IntN(len(peers))].ID
}
