package p2p

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
)

// ErrConfig reports a Config that cannot be run; its message names the field.
var ErrConfig = errors.New("p2p: configuration")

// Config is all a Host is told. Default gives the values for a public node;
// ChainID, Genesis and Identity have none and must be set.
type Config struct {
	// ChainID is the chain's name, 1 to 64 of a-z, 0-9, point and hyphen. It
	// stands in every topic's and protocol's name.
	ChainID string
	// Genesis is the genesis hash. Peers with another are refused.
	Genesis [32]byte
	// Identity is the key this node is known by to its peers. It signs nothing
	// else: neither acts nor votes. Who steals it can only pose as this peer.
	Identity ed25519.PrivateKey
	// Listen is the multiaddresses to listen on, TCP and QUIC. None: dial only.
	Listen []string
	// Peers is the configured peers, as multiaddresses that end in /p2p/ID. They
	// are dialled for ever, never refused for want of room, and score above others.
	Peers []string
	// PeersMax bounds the connected peers; idle ones are trimmed towards 5/8 of it.
	PeersMax int
	// PeersTarget is how many peers to look for by asking the peers there are.
	// 0 asks none.
	PeersTarget int
	// Trusted is the address ranges exempt from the limits on connections an
	// address: loopback, and the operator's own networks. A stranger in such a
	// range can take all of PeersMax.
	Trusted []netip.Prefix
	// ActsPerSecond and ActsBurst bound the acts one peer may make this node check.
	ActsPerSecond float64
	ActsBurst     int
	// ConfiguredActsPerSecond and ConfiguredActsBurst are the same for a
	// configured peer, which may carry the whole of the network's acts; they
	// count where they are above the former.
	ConfiguredActsPerSecond float64
	ConfiguredActsBurst     int
	// ReconcilePeriod is the pause between two comparisons of pools, each with
	// one peer picked at random.
	ReconcilePeriod time.Duration
	// GreetingTimeout is how long a connected peer may take to say which ledger
	// it serves before it is disconnected.
	GreetingTimeout time.Duration
	// Logger takes a line a peer at Debug, and what needs an operator at Warn.
	Logger *slog.Logger
}

// Default is the configuration of a public node, without its identity.
func Default() Config {
	return Config{
		Listen:        []string{"/ip4/127.0.0.1/tcp/4001", "/ip4/127.0.0.1/udp/4001/quic-v1"},
		PeersMax:      160,
		PeersTarget:   24,
		Trusted:       []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		ActsPerSecond: 200,
		ActsBurst:     1000,
		// A third of one core spent on signatures, and two seconds of it at once:
		// more than blocks have room for.
		ConfiguredActsPerSecond: 10_000,
		ConfiguredActsBurst:     20_000,
		ReconcilePeriod:         2 * time.Second,
		GreetingTimeout:         10 * time.Second,
		Logger:                  slog.New(slog.DiscardHandler),
	}
}

// Validate reports every field that cannot be run.
func (c Config) Validate() error {
	var errs []error
	refuse := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if !chainIDForm.MatchString(c.ChainID) {
		refuse("ChainID %q: 1 to 64 of a-z, 0-9, point and hyphen (P2P-5)", c.ChainID)
	}
	if c.Genesis == [32]byte{} {
		refuse("Genesis: the hash of the genesis file is missing")
	}
	if len(c.Identity) != ed25519.PrivateKeySize {
		refuse("Identity: %d bytes, an ed25519 private key has %d", len(c.Identity), ed25519.PrivateKeySize)
	}
	if c.PeersMax < 1 || c.PeersTarget < 0 || c.PeersTarget > c.PeersMax {
		refuse("PeersMax %d, PeersTarget %d: want 1 or more, and a target within it", c.PeersMax, c.PeersTarget)
	}
	if c.ActsPerSecond <= 0 || c.ActsBurst < messageCostMax {
		refuse("ActsPerSecond %v, ActsBurst %d: want a rate above 0 and a burst of one message, %d or more", c.ActsPerSecond, c.ActsBurst, messageCostMax)
	}
	if c.ReconcilePeriod <= 0 || c.GreetingTimeout <= 0 {
		refuse("ReconcilePeriod %v, GreetingTimeout %v: want more than 0", c.ReconcilePeriod, c.GreetingTimeout)
	}
	if c.Logger == nil {
		refuse("Logger: missing; slog.DiscardHandler keeps silent")
	}
	if _, err := c.listen(); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.peers(); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", ErrConfig, errors.Join(errs...))
	}
	return nil
}

func (c Config) listen() ([]multiaddr.Multiaddr, error) {
	var out []multiaddr.Multiaddr
	for _, text := range c.Listen {
		a, err := multiaddr.NewMultiaddr(text)
		if err != nil {
			return nil, fmt.Errorf("address %q in Listen: want, say, /ip4/0.0.0.0/tcp/4001: %w", text, err)
		}
		out = append(out, a)
	}
	return out, nil
}

// peers is the configured peers, with all addresses of one peer together.
func (c Config) peers() (map[peer.ID]peer.AddrInfo, error) {
	out := map[peer.ID]peer.AddrInfo{}
	for _, text := range c.Peers {
		info, err := peer.AddrInfoFromString(text)
		if err != nil {
			return nil, fmt.Errorf("peer %q in Peers: want, say, /ip4/192.0.2.1/tcp/4001/p2p/12D3…: %w", text, err)
		}
		info.Addrs = append(info.Addrs, out[info.ID].Addrs...)
		out[info.ID] = *info
	}
	return out, nil
}

// names are the topic and the protocols of one chain.
//
// specs/10 P2P-4: The chain id MUST be part of the topic's and of every
// protocol's name.
type names struct{ topic, status, held, acts, peers, header string }

func namesOf(chainID string) names {
	root := "/ipledger/" + chainID
	return names{
		topic:  root + "/act/1",
		status: root + "/status/1",
		held:   root + "/held/1",
		acts:   root + "/acts/1",
		peers:  root + "/peers/1",
		header: root + "/header/1",
	}
}
