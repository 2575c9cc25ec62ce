package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"ipledger/p2p"
)

// carrier hands acts to the network as a full node does: it is a peer that
// publishes them on the topic, several to a message. It checks nothing and
// takes nothing, to leave the processors to the validators.
type carrier struct {
	identity ed25519.PrivateKey
	addr     string // what the validators know it by
	listen   string
	host     *p2p.Host
}

// perMessage is how many acts travel together.
const perMessage = 50

func newCarrier() (*carrier, error) {
	_, identity, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	public, err := crypto.UnmarshalEd25519PublicKey(identity.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	id, err := peer.IDFromPublicKey(public)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	c := &carrier{identity: identity, listen: "/ip4/127.0.0.1/tcp/" + addr[len("127.0.0.1:"):]}
	c.addr = c.listen + "/p2p/" + id.String()
	return c, nil
}

// join connects to every validator.
func (c *carrier) join(f *fleet) (err error) {
	cfg := p2p.Default()
	cfg.ChainID, cfg.Genesis, cfg.Identity = "load", f.crowd.genesis.Hash, c.identity
	cfg.Listen, cfg.PeersTarget = []string{c.listen}, 0
	for i := range f.cfgs {
		cfg.Peers = append(cfg.Peers, f.cfgs[i].Listen[0]+"/p2p/"+f.ids[i].Peer)
	}
	if c.host, err = p2p.New(cfg, deaf{}, deaf{}, nil); err != nil {
		return err
	}
	for range 300 {
		if len(c.host.Peers()) == fleetSize {
			time.Sleep(time.Second) // subscriptions follow connections
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%d of %d validators are connected after 30 s", len(c.host.Peers()), fleetSize)
}

// publish sends acts.
func (c *carrier) publish(acts []signed) error {
	raw := make([][]byte, len(acts))
	for i, a := range acts {
		raw[i] = a.raw
	}
	return c.host.Publish(context.Background(), raw)
}

// deaf is a ledger and a pool that want nothing.
type deaf struct{}

func (deaf) Status() p2p.Status { return p2p.Status{} }
func (deaf) Check(context.Context, []byte) (p2p.Act, p2p.Verdict) {
	return p2p.Act{}, p2p.Ignore
}
func (deaf) Header(uint64) (p2p.Header, bool)            { return p2p.Header{}, false }
func (deaf) Deliver(context.Context, peer.ID, []p2p.Act) {}
func (deaf) Pending(int) [][32]byte                      { return nil }
func (deaf) Wants([][32]byte) [][32]byte                 { return nil }
func (deaf) Acts([][32]byte) [][]byte                    { return nil }
