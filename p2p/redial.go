package p2p

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
)

// Pauses between attempts to reach a configured peer. The longest, with its
// tenth of jitter and a dial that meets silence, stays below 15 s.
const (
	redialFirst = 500 * time.Millisecond
	redialMax   = 8 * time.Second
	dialPeriod  = 5 * time.Second
)

// prepareRedialling makes what the notifiee reads, before the notifiee stands.
func (h *Host) prepareRedialling() {
	for p, info := range h.book.configured {
		if p == h.ID() {
			continue // one list of peers may serve all of them
		}
		h.host.Peerstore().AddAddrs(p, info.Addrs, peerstore.PermanentAddrTTL)
		h.redialNow[p] = make(chan struct{}, 1)
	}
}

// startRedialling keeps a connection to each configured peer.
func (h *Host) startRedialling() {
	for p, wake := range h.redialNow {
		h.spawn(func() { h.redial(p, wake) })
	}
}

// wakeRedialler tells that a peer's last connection has ended.
func (h *Host) wakeRedialler(p peer.ID) {
	select {
	case h.redialNow[p] <- struct{}{}: // never ready for a peer that is not configured
	default:
	}
}

// redial dials p whenever it is not connected, for ever.
func (h *Host) redial(p peer.ID, wake <-chan struct{}) {
	pause := redialFirst
	for h.ctx.Err() == nil {
		// specs/10 P2P-18: A node MUST dial a configured peer that is not connected again
		// and again, and pause no longer than 15 seconds between two attempts.
		if h.host.Network().Connectedness(p) == network.Connected {
			pause = redialFirst
		} else if err := h.dial(p); err != nil {
			h.cfg.Logger.Debug("configured peer not reached", "peer", p, "again_in", pause, "err", err)
			pause = min(2*pause, redialMax)
		}
		select {
		case <-h.ctx.Done():
		case <-wake:
			// A peer that hangs up at once must not be dialled at once.
			h.sleep(redialFirst)
		case <-time.After(pause + rand.N(pause/10)):
		}
	}
}

func (h *Host) dial(p peer.ID) error {
	ctx, cancel := context.WithTimeout(h.ctx, dialPeriod)
	defer cancel()
	return h.reach(ctx, peer.AddrInfo{ID: p})
}

// reach connects past libp2p's own back-off, which grows to minutes and would
// hide a peer that has returned. It does not force a direct dial, which would pass
// over the back-off too: no address here leads over a relay, and libp2p breaks
// where its host closes at the beginning of a forced dial.
func (h *Host) reach(ctx context.Context, info peer.AddrInfo) error {
	if s, ok := h.host.Network().(*swarm.Swarm); ok {
		s.Backoff().Clear(info.ID)
	}
	return h.host.Connect(ctx, info)
}

func (h *Host) sleep(d time.Duration) {
	select {
	case <-h.ctx.Done():
	case <-time.After(d):
	}
}
