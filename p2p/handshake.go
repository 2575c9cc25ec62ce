package p2p

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

// partingPeriod is how long a peer of another ledger has to read why.
const partingPeriod = time.Second

// ourGreeting is what this node says of itself now.
func (h *Host) ourGreeting() greeting {
	s := h.ledger.Status()
	return greeting{Version: Version, ChainID: h.cfg.ChainID, Genesis: h.cfg.Genesis, Base: s.Base, Height: s.Height, Head: s.Head}
}

// notifiee keeps the book in step with the connections there are.
func (h *Host) notifiee() *network.NotifyBundle {
	return &network.NotifyBundle{
		ConnectedF: func(_ network.Network, c network.Conn) {
			h.book.connected(c)
			h.spawn(func() { h.welcome(c) })
		},
		DisconnectedF: func(_ network.Network, c network.Conn) {
			if h.book.disconnected(c.RemotePeer()) {
				h.wakeRedialler(c.RemotePeer())
			}
		},
	}
}

// welcome sees that a new connection's peer is greeted, or parts from it.
func (h *Host) welcome(c network.Conn) {
	p := c.RemotePeer()
	ctx, cancel := context.WithTimeout(h.ctx, h.cfg.GreetingTimeout)
	defer cancel()
	// The side that dialled speaks first.
	if c.Stat().Direction == network.DirOutbound {
		if err := h.greet(ctx, p); err != nil {
			h.cfg.Logger.Debug("handshake failed", "peer", p, "err", err)
		}
	} else if err := h.book.outcome(ctx, p); err != nil {
		h.cfg.Logger.Debug("no greeting", "peer", p, "err", err)
	}
	// specs/10 P2P-22: A node MUST disconnect a peer whose handshake has not
	// succeeded within 10 seconds.
	if !h.book.greeted(p) {
		h.metrics.greetings.WithLabelValues("failed").Inc()
		_ = c.Close() // the connection is of no more use either way
	}
}

// greet tells a peer which ledger this node serves and hears the same of it.
func (h *Host) greet(ctx context.Context, p peer.ID) error {
	ctx, cancel := context.WithTimeout(ctx, h.cfg.GreetingTimeout)
	defer cancel()
	raw, err := h.ask(ctx, p, h.names.status, encode(h.ourGreeting()), GreetingBytesMax)
	if err != nil {
		return fmt.Errorf("greet %s: %w", p, err)
	}
	return h.greetedBy(p, raw)
}

// greetedBy judges a peer's greeting.
func (h *Host) greetedBy(p peer.ID, raw []byte) error {
	g, err := decodeGreeting(raw)
	if err == nil {
		err = sameLedger(h.ourGreeting(), g)
	}
	if err != nil {
		h.metrics.greetings.WithLabelValues("refused").Inc()
		h.refuse(p, err)
		return fmt.Errorf("peer %s: %w", p, err)
	}
	if h.book.greet(p, g.status()) {
		h.metrics.greetings.WithLabelValues("done").Inc()
		h.cfg.Logger.Debug("peer greeted", "peer", p, "height", g.Height)
		// What gossip brought before the handshake was not used: ask for it.
		h.spawn(func() { h.reconcileWith(p) })
		h.spawn(func() { h.seekFrom(p) })
	}
	return nil
}

// serveGreeting answers a peer's greeting with ours, then judges it, so that a
// peer of another ledger learns that too.
func (h *Host) serveGreeting(s network.Stream) {
	p := s.Conn().RemotePeer()
	_ = s.SetDeadline(time.Now().Add(h.cfg.GreetingTimeout)) // a stream that cannot keep it fails below
	raw, done, err := readFrame(s, GreetingBytesMax)
	if err != nil {
		_ = s.Reset()
		if isForm(err) {
			h.refuse(p, err)
		}
		return
	}
	defer done()
	// A peer of another ledger may hang up before it has all of the answer: what
	// it said of itself is judged all the same.
	if err := errors.Join(writeFrame(s, encode(h.ourGreeting())), s.CloseWrite()); err != nil {
		_ = s.Reset()
	} else if g, err := decodeGreeting(raw); err != nil || sameLedger(h.ourGreeting(), g) != nil {
		h.sleep(partingPeriod)
	}
	_ = s.Close()           // nothing is left to send
	_ = h.greetedBy(p, raw) // says itself what follows from an error
}

// isForm reports an error in the bytes themselves, which no honest peer sends.
func isForm(err error) bool { return errors.Is(err, ErrSize) || errors.Is(err, ErrCanonical) }

func (h *Host) serveStreams() {
	// Streams are handled in goroutines of libp2p's; tracked makes Close wait for them.
	h.host.SetStreamHandler(protocol.ID(h.names.status), h.tracked(h.serveGreeting))
	h.host.SetStreamHandler(protocol.ID(h.names.held), h.tracked(h.serve(HeldRequestBytesMax, h.answerHeld)))
	h.host.SetStreamHandler(protocol.ID(h.names.acts), h.tracked(h.serve(PullRequestBytesMax, h.answerActs)))
	h.host.SetStreamHandler(protocol.ID(h.names.peers), h.tracked(h.serve(seekRequestMax, h.answerPeers)))
	h.host.SetStreamHandler(protocol.ID(h.names.header), h.tracked(h.serve(headerRequestMax, h.answerHeader)))
}
