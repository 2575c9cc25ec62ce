package p2p

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/multiformats/go-multiaddr"
)

// Reader asks nodes for headers and takes part in nothing else: it neither
// listens, gossips, nor serves. Its methods are for one goroutine at a time.
type Reader struct {
	names   names
	hello   greeting
	host    host.Host
	greeted map[peer.ID]bool
}

// NewReader makes a reader of the chain with an id and a genesis hash, under a
// key of its own that is nobody's.
func NewReader(chainID string, genesis [32]byte) (*Reader, error) {
	if !chainIDForm.MatchString(chainID) {
		return nil, fmt.Errorf("%w: ChainID %q (P2P-5)", ErrConfig, chainID)
	}
	_, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(secret)
	if err != nil {
		return nil, err
	}
	made, err := libp2p.New(
		libp2p.Identity(key), libp2p.NoListenAddrs, libp2p.Transport(libp2pquic.NewTransport), libp2p.Transport(tcp.NewTCPTransport),
		libp2p.UserAgent("ipledger"), libp2p.DisableRelay(), libp2p.DisableMetrics(), libp2p.Ping(false),
	)
	if err != nil {
		return nil, fmt.Errorf("p2p: %w", err)
	}
	hello := greeting{Version: Version, ChainID: chainID, Genesis: genesis}
	return &Reader{names: namesOf(chainID), hello: hello, host: made, greeted: map[peer.ID]bool{}}, nil
}

// Close leaves the network.
func (r *Reader) Close() error { return r.host.Close() }

// Header asks the node at a multiaddress that ends in /p2p/ID for the header of a
// height, 0 for its newest. What it gives is not checked.
func (r *Reader) Header(ctx context.Context, addr string, height uint64) (Header, error) {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return Header{}, fmt.Errorf("%w: %q is no address of a node that ends in /p2p/ID: %v", ErrConfig, addr, err)
	}
	ctx, cancel := context.WithTimeout(ctx, dialPeriod+2*(requestPeriod+answerPeriod))
	defer cancel()
	if err := r.greet(ctx, *info); err != nil {
		return Header{}, err
	}
	raw, err := r.ask(ctx, info.ID, r.names.header, encode(headerRequest{height}), HeaderAnswerBytesMax)
	if err != nil {
		return Header{}, err
	}
	return decodeHeader(raw)
}

// greet connects and tells the node which ledger is read, if that is not done.
func (r *Reader) greet(ctx context.Context, info peer.AddrInfo) error {
	if r.greeted[info.ID] && r.host.Network().Connectedness(info.ID) == network.Connected {
		return nil
	}
	if err := r.host.Connect(ctx, info); err != nil {
		return fmt.Errorf("p2p: connect: %w", err)
	}
	raw, err := r.ask(ctx, info.ID, r.names.status, encode(r.hello), GreetingBytesMax)
	if err != nil {
		return err
	}
	theirs, err := decodeGreeting(raw)
	if err == nil {
		err = sameLedger(r.hello, theirs)
	}
	r.greeted[info.ID] = err == nil
	return err
}

func (r *Reader) ask(ctx context.Context, p peer.ID, name string, request []byte, answerMax int) ([]byte, error) {
	s, err := r.host.NewStream(network.WithNoDial(ctx, "connected before"), p, protocol.ID(name))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	deadline, _ := ctx.Deadline()
	raw, err := exchange(s, deadline, request, answerMax)
	if err != nil {
		_ = s.Reset()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return raw, s.Close()
}

// IsAddr reports whether text is a multiaddress and not a URL.
func IsAddr(text string) bool {
	_, err := multiaddr.NewMultiaddr(text)
	return err == nil
}
