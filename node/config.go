package node

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/p2p"
)

// ErrConfig reports a Config that cannot be run; its message names the field.
var ErrConfig = errors.New("node: configuration")

// Config is all that a node is told. Default gives the values for a node on one
// machine; Home must be set.
type Config struct {
	// Home is the directory that Init made.
	Home string `mapstructure:"home"`
	// Genesis is the genesis file; empty means genesis.json in Home. The state
	// file that it names stands beside it.
	Genesis string `mapstructure:"genesis"`
	// GenesisHash is the hash that the genesis file must have, 64 hexadecimal
	// digits; empty trusts the file.
	GenesisHash string `mapstructure:"genesis_hash"`
	// Name is shown to consensus peers; it means nothing.
	Name string `mapstructure:"name"`
	// EngineListen is the address for consensus peers, host:port.
	EngineListen string `mapstructure:"engine_listen"`
	// EngineExternal is what consensus peers should dial, if not EngineListen.
	EngineExternal string `mapstructure:"engine_external"`
	// EnginePeers are dialled for ever: id@host:port.
	EnginePeers []string `mapstructure:"engine_peers"`
	// EnginePeersMax bounds the consensus peers that dial in.
	EnginePeersMax int `mapstructure:"engine_peers_max"`
	// EngineExchange lets consensus peers tell each other of further ones.
	EngineExchange bool `mapstructure:"engine_exchange"`
	// Listen is the multiaddresses for peers that carry acts; none: dial only.
	Listen []string `mapstructure:"p2p_listen"`
	// Peers carry acts and are dialled for ever: multiaddresses that end in /p2p/ID.
	Peers []string `mapstructure:"p2p_peers"`
	// PeersMax bounds the peers that carry acts.
	PeersMax int `mapstructure:"p2p_peers_max"`
	// ActsPerSecond and ActsBurst bound the acts that one peer may make this node
	// check. Raise them between machines that carry more on purpose.
	ActsPerSecond float64 `mapstructure:"p2p_acts_per_second"`
	ActsBurst     int     `mapstructure:"p2p_acts_burst"`
	// Republish is the pause between two publications of an act that was
	// submitted here and is not final.
	Republish time.Duration `mapstructure:"republish"`
	// ContactsFor is the accounts, as 0x and 40 digits, whose contact files this
	// node takes from anywhere. Those of others it takes from this machine alone.
	ContactsFor []string `mapstructure:"contacts_for"`
	// Witnesses are asked to cosign the block log, at most 15 of them: each a
	// verifier key, a space and the URL that /add-checkpoint follows.
	Witnesses []string `mapstructure:"witnesses"`
	// SuppliedVRPs is the file that an RPKI validator exports its payloads to, JSON or
	// CSV; what contradicts it is not exported. Empty for none.
	SuppliedVRPs string `mapstructure:"rpki_vrps"`
	// SuppliedAge is how old that may be before the node tells of it. It stands however
	// old it gets.
	SuppliedAge time.Duration `mapstructure:"rpki_vrps_max_age"`
	// DriftTable is a routing table to compare with what the ledger allows and the
	// export allows; empty compares nothing.
	DriftTable string `mapstructure:"drift_table"`
	// OverRPKI exports what contradicts the supplied payloads too.
	OverRPKI bool `mapstructure:"rtr_over_rpki"`
	// FreeBytesMin is the free space below which the node ends itself in good
	// order, in bytes. The store refuses to commit below 256 MiB in any case.
	FreeBytesMin uint64 `mapstructure:"free_bytes_min"`
	// Ballast keeps a file of 64 MiB that can be deleted when the disk is full.
	Ballast bool `mapstructure:"ballast"`
	// LogLevel is debug, info, warn or error.
	LogLevel string `mapstructure:"log_level"`
}

// Default is a node that only this machine can reach.
func Default() Config {
	e, p := engine.DefaultConfig(), p2p.Default()
	return Config{
		Name: e.Name, EngineListen: e.Listen, EnginePeersMax: e.PeersMax, EngineExchange: e.Exchange,
		Listen: p.Listen, PeersMax: p.PeersMax, ActsPerSecond: p.ActsPerSecond, ActsBurst: p.ActsBurst, Republish: 3 * time.Second,
		SuppliedAge: 6 * time.Hour, FreeBytesMin: 320 << 20, Ballast: true, LogLevel: "info",
	}
}

// Validate reports every field that cannot be run.
func (c Config) Validate() error {
	var errs []error
	if c.Home == "" {
		errs = append(errs, errors.New("home: missing"))
	}
	if raw, err := hex.DecodeString(c.GenesisHash); err != nil || len(raw) != 0 && len(raw) != 32 {
		errs = append(errs, fmt.Errorf("genesis_hash %q: want 64 hexadecimal digits, or nothing", c.GenesisHash))
	}
	if c.Republish < 100*time.Millisecond {
		errs = append(errs, fmt.Errorf("republish %v: want 100ms or more", c.Republish))
	}
	if c.SuppliedAge < time.Second {
		errs = append(errs, fmt.Errorf("rpki_vrps_max_age %v: want 1s or more", c.SuppliedAge))
	}
	if c.OverRPKI && c.SuppliedVRPs == "" {
		errs = append(errs, errors.New("rtr_over_rpki: there is nothing to be over; rpki_vrps names no file"))
	}
	if c.DriftTable != "" && c.SuppliedVRPs == "" {
		errs = append(errs, errors.New("drift_table: the RPKI's payloads are compared too; rpki_vrps names no file"))
	}
	if _, err := c.hosted(); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.witnesses(); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.Level(); err != nil {
		errs = append(errs, err)
	}
	if err := c.engine().Validate(); err != nil {
		errs = append(errs, err)
	}
	carrying := c.carrying() // as some node's
	carrying.ChainID, carrying.Genesis, carrying.Identity = "any", [32]byte{1}, make(ed25519.PrivateKey, ed25519.PrivateKeySize)
	if err := carrying.Validate(); err != nil {
		errs = append(errs, err)
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", ErrConfig, errors.Join(errs...))
	}
	return nil
}

// hosted is ContactsFor as accounts.
func (c Config) hosted() (list []wire.Address, err error) {
	for _, text := range c.ContactsFor {
		var id wire.Address
		if err := id.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("contacts_for %q: want an account, 0x and 40 digits", text)
		}
		list = append(list, id)
	}
	return list, nil
}

// Level is LogLevel as slog knows it.
func (c Config) Level() (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return 0, fmt.Errorf("log_level %q: want debug, info, warn or error", c.LogLevel)
	}
	return l, nil
}

func (c Config) engine() engine.Config {
	return engine.Config{
		Dir: c.layout().data, Name: c.Name, Listen: c.EngineListen, External: c.EngineExternal,
		Peers: c.EnginePeers, PeersMax: c.EnginePeersMax, Exchange: c.EngineExchange,
	}
}
