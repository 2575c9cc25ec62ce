package engine

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/cometbft/cometbft/config"
)

// ErrConfig reports a Config that cannot be run; its message names the field.
var ErrConfig = errors.New("engine: configuration")

// Bounds of the engine's pool (specs/11 ENG-5): two full blocks. While it is full
// no signature is checked, which leaves the processors to the blocks. What more
// is wanted waits with those who publish it. The engine's own limits lie a little
// above, and are never met: an act that was counted in is in the engine's pool.
const (
	PoolActsMax    = 10_000
	PoolBytesMax   = 12 << 20
	PoolAccountMax = 16
)

// Consensus timing. It must be the same on all validators to be of use.
const (
	// A full block is made, sent and judged in a fraction of this; a round that
	// fails for want of time costs it, and twice the time to vote.
	timeoutPropose = 2 * time.Second
	timeoutVote    = 500 * time.Millisecond
	timeoutCommit  = 200 * time.Millisecond
	gossipSleep    = 10 * time.Millisecond
	rateBytes      = 50 << 20 // a second, each way
)

// Config is how this node takes part in consensus.
type Config struct {
	// Dir holds the engine's own files: its write-ahead log and address book.
	Dir string
	// Name is shown to peers; it means nothing.
	Name string
	// Listen is the address for consensus peers, host:port.
	Listen string
	// External is the address that others should dial, if it is not Listen.
	External string
	// Peers are dialled for ever: id@host:port.
	Peers []string
	// PeersMax bounds the peers that dial in.
	PeersMax int
	// Exchange lets peers tell each other of further ones.
	Exchange bool
}

// DefaultConfig listens on loopback and knows no peer.
func DefaultConfig() Config {
	return Config{Name: "ipledger", Listen: "127.0.0.1:26656", PeersMax: 40, Exchange: true}
}

// Validate reports every field that cannot be run.
func (c Config) Validate() error {
	var errs []error
	if c.Dir == "" {
		errs = append(errs, errors.New("the directory is missing"))
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		errs = append(errs, fmt.Errorf("listen address %q: want host:port: %w", c.Listen, err))
	}
	if c.PeersMax < 0 {
		errs = append(errs, fmt.Errorf("peers at most %d: want 0 or more", c.PeersMax))
	}
	for _, p := range c.Peers {
		id, addr, ok := strings.Cut(p, "@")
		if _, _, err := net.SplitHostPort(addr); !ok || len(id) != 40 || err != nil {
			errs = append(errs, fmt.Errorf("peer %q: want the 40 hexadecimal digits of its id, @, host:port", p))
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", ErrConfig, errors.Join(errs...))
	}
	return nil
}

// engine is the configuration in the engine's terms.
func (c Config) engine(heartbeat time.Duration) *config.Config {
	out := config.DefaultConfig()
	out.SetRoot(c.Dir)
	out.Moniker = c.Name
	out.FilterPeers = true // so that none is let in while the engine stops
	out.DBPath = c.Dir
	out.RPC.ListenAddress, out.RPC.GRPCListenAddress, out.RPC.PprofListenAddress = "", "", ""
	out.Instrumentation.Prometheus = false
	out.TxIndex.Indexer = "null"
	out.StateSync.Enable = false
	// The last block's results are kept in any case: a restart needs them.
	out.Storage.DiscardABCIResponses = true
	c.peering(out.P2P)
	c.pool(out.Mempool)
	c.timing(out.Consensus, heartbeat)
	return out
}

func (c Config) peering(p *config.P2PConfig) {
	p.ListenAddress = "tcp://" + c.Listen
	p.ExternalAddress = c.External
	p.PersistentPeers = strings.Join(c.Peers, ",")
	p.AddrBook = filepath.Join(c.Dir, "addrbook.json")
	p.MaxNumInboundPeers = c.PeersMax
	p.PexReactor = c.Exchange
	// Networks on one machine and behind one address are ordinary here: whom to
	// let in is decided by the validator set, not by the address.
	p.AddrBookStrict, p.AllowDuplicateIP = false, true
	p.SendRate, p.RecvRate = rateBytes, rateBytes
	p.FlushThrottleTimeout = gossipSleep
	// A peer that was down is found again within seconds, not minutes.
	p.PersistentPeersMaxDialPeriod = 2 * time.Second
}

// specs/11 ENG-3: The engine's pool MUST NOT be sent to the engine's peers.
func (c Config) pool(m *config.MempoolConfig) {
	m.Type = config.MempoolTypeFlood
	m.Broadcast = false
	// The application looks again at what a block may have made inadmissible, and
	// knows what the pool holds; the engine's recheck and its cache would do both
	// once more for every act.
	m.Recheck, m.CacheSize = false, 0
	m.Size = PoolActsMax + PoolActsMax/10
	m.MaxTxsBytes = PoolBytesMax + PoolBytesMax/10
	m.MaxTxBytes = BlockBytesMax
}

func (c Config) timing(t *config.ConsensusConfig, heartbeat time.Duration) {
	t.WalPath = filepath.Join(c.Dir, "cs.wal", "wal")
	t.TimeoutPropose = timeoutPropose
	t.TimeoutPrevote, t.TimeoutPrecommit = timeoutVote, timeoutVote
	t.TimeoutCommit = timeoutCommit
	t.PeerGossipSleepDuration = gossipSleep
	t.CreateEmptyBlocks = false
	t.CreateEmptyBlocksInterval = heartbeat
}
