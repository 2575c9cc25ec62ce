package node

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"ipledger/ledger/chain"
	"ipledger/ledger/genesis"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/relay"
	"ipledger/node/store"
	"ipledger/p2p"
)

// What follows is what a node shows to those who serve it to readers. They
// state the few methods they need.

// Genesis is the network's genesis and its hash.
func (n *Node) Genesis() (*genesis.Genesis, wire.Hash) { return n.genesis, n.hash }

// View is the state after the last block. A reader uses one for a whole answer.
func (n *Node) View() engine.View { return n.engine.View() }

// Proven is the newest state that a header tells of, and that header's height.
func (n *Node) Proven() (v engine.View, height uint64, ok bool) { return n.engine.Proven() }

// Certified is a header with its certificate and validator set.
func (n *Node) Certified(height uint64) (chain.Header, chain.Certificate, chain.ValidatorSet, error) {
	return n.engine.Certified(height)
}

// Store is the ledger's past: blocks, acts, receipts, history. Read it only.
func (n *Node) Store() *store.Store { return n.store }

// Subscribe gives each new view, or only the newest to a slow reader.
func (n *Node) Subscribe() (news <-chan engine.View, cancel func()) { return n.engine.Subscribe() }

// Submit takes an act; when it returns nil the act is acknowledged.
func (n *Node) Submit(ctx context.Context, raw []byte) (wire.Hash, error) {
	v, err := n.relay.Submit(ctx, raw)
	return v.ID(), err
}

// Wait returns when an act is final, given up, or ctx has ended.
func (n *Node) Wait(ctx context.Context, id wire.Hash) (relay.Final, error) {
	return n.relay.Wait(ctx, id)
}

// Peers is the peers that carry acts; none before Run.
func (n *Node) Peers() []p2p.Peer {
	if host := n.host.Load(); host != nil {
		return host.Peers()
	}
	return nil
}

// Addrs is where this node carries acts: what another's Peers takes.
func (n *Node) Addrs() []string {
	if host := n.host.Load(); host != nil {
		return host.Addrs()
	}
	return nil
}

// Metrics is this node's measurements.
func (n *Node) Metrics() prometheus.Gatherer { return n.metrics }

// Registry takes the measurements of what is attached.
func (n *Node) Registry() prometheus.Registerer { return n.metrics }
