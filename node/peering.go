package node

import (
	"context"
	"errors"

	"github.com/libp2p/go-libp2p/core/peer"

	"ipledger/ledger/tx"
	"ipledger/p2p"
)

// What the ledger can read, the network carries.
const _ uint = p2p.ActBytesMax - tx.LargestBytesMax

// carrying is the configuration of the network that carries acts, without whom it is of.
func (c Config) carrying() p2p.Config {
	out := p2p.Default()
	out.Listen, out.Peers, out.PeersMax = c.Listen, c.Peers, c.PeersMax
	out.ActsPerSecond, out.ActsBurst = c.ActsPerSecond, c.ActsBurst
	out.PeersTarget = min(out.PeersTarget, out.PeersMax)
	return out
}

// startPeering joins the network that carries acts.
func (n *Node) startPeering() (*p2p.Host, error) {
	identity, err := n.cfg.layout().readIdentity()
	if err != nil {
		return nil, err
	}
	c := n.cfg.carrying()
	c.ChainID, c.Genesis, c.Identity, c.Logger = n.genesis.ChainID, n.hash, identity, n.log
	host, err := p2p.New(c, judge{n}, n.relay, n.metrics)
	if err != nil {
		return nil, err
	}
	n.host.Store(host)
	return host, nil
}

func (n *Node) stopPeering(host *p2p.Host) {
	n.host.Store(nil)
	if err := host.Close(); err != nil {
		n.log.Error("the network did not close cleanly", "err", err)
	}
}

// judge is the chain as peers that carry acts know it.
type judge struct{ n *Node }

func (j judge) Status() p2p.Status {
	head := j.n.engine.View().Head
	base, err := j.n.store.Base()
	if err != nil {
		base = head.Height
	}
	return p2p.Status{Base: base, Height: head.Height, Head: head.Hash}
}

// Header is the step of a height, for those who follow headers.
func (j judge) Header(height uint64) (p2p.Header, bool) {
	if height == 0 {
		height = j.n.engine.View().Head.Height
	}
	h, cert, set, err := j.n.engine.Certified(height)
	if err != nil {
		return p2p.Header{}, false
	}
	return p2p.Header{Header: h.Bytes(), Certificate: cert.Bytes(), Validators: set.Bytes()}, true
}

func (j judge) Check(_ context.Context, raw []byte) (p2p.Act, p2p.Verdict) {
	v, id, verdict := j.n.relay.Check(raw)
	return p2p.Act{ID: id, Raw: raw, Checked: v}, p2p.Verdict(verdict)
}

func (j judge) Deliver(_ context.Context, _ peer.ID, acts []p2p.Act) {
	out := make([]tx.Verified, len(acts))
	for i, a := range acts {
		out[i] = a.Checked.(tx.Verified)
	}
	j.n.relay.Deliver(out)
}

// carrier publishes for the relay.
type carrier struct{ n *Node }

var errOffline = errors.New("node: the network is not joined yet")

func (c carrier) Publish(ctx context.Context, acts [][]byte) error {
	host := c.n.host.Load()
	if host == nil {
		return errOffline
	}
	return host.Publish(ctx, acts)
}
