package node

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"

	"ipledger/ledger/genesis"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
)

// ErrHome reports a home that is there already, or is none.
var ErrHome = errors.New("node: home")

// layout is where everything of a home stands.
type layout struct {
	home, data, genesis, identity, crash string
	keys                                 engine.KeyFiles
}

func (c Config) layout() layout {
	in := func(parts ...string) string { return filepath.Join(append([]string{c.Home}, parts...)...) }
	l := layout{
		home: c.Home, data: in("data"), genesis: c.Genesis, identity: in("p2p_key"), crash: in("crash"),
		keys: engine.KeyFiles{
			Node: in("node_key.json"), Validator: in("priv_validator_key.json"),
			ValidatorState: in("data", "priv_validator_state.json"),
		},
	}
	if l.genesis == "" {
		l.genesis = in("genesis.json")
	}
	return l
}

// Identity is what others need to know of a node.
type Identity struct {
	Validator [32]byte // the ed25519 key it votes with
	Engine    string   // what stands before @ in another's EnginePeers
	Peer      string   // what stands after /p2p/ in another's Peers
}

// MakeKeys draws the keys of a new home, each into a file that only its owner
// can read, and keeps those that are there.
func MakeKeys(home string) (Identity, error) {
	l := Config{Home: home}.layout()
	if _, err := os.Stat(l.keys.Validator); errors.Is(err, fs.ErrNotExist) {
		if _, err := engine.MakeKeys(l.keys); err != nil {
			return Identity{}, err
		}
	}
	if _, err := os.Stat(l.identity); errors.Is(err, fs.ErrNotExist) {
		seed := make([]byte, ed25519.SeedSize)
		rand.Read(seed) // never fails (crypto/rand)
		if err := writeNew(l.identity, strings.NewReader(hex.EncodeToString(seed)+"\n"), 0o600); err != nil {
			return Identity{}, err
		}
	}
	return ReadIdentity(home)
}

// ReadIdentity is the public part of a home's keys.
func ReadIdentity(home string) (Identity, error) {
	l := Config{Home: home}.layout()
	keys, err := engine.LoadKeys(l.keys)
	if err != nil {
		return Identity{}, err
	}
	secret, err := l.readIdentity()
	if err != nil {
		return Identity{}, err
	}
	validator, err := keys.Validator()
	if err != nil {
		return Identity{}, err
	}
	public, err := crypto.UnmarshalEd25519PublicKey(secret.Public().(ed25519.PublicKey))
	if err != nil {
		return Identity{}, err
	}
	id, err := peer.IDFromPublicKey(public)
	return Identity{Validator: validator, Engine: keys.Node(), Peer: id.String()}, err
}

func (l layout) readIdentity() (ed25519.PrivateKey, error) {
	if err := engine.Private(l.identity); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(l.identity)
	if err != nil {
		return nil, fmt.Errorf("%w: %w; run `ipledgerd init`", ErrHome, err)
	}
	seed, err := hex.DecodeString(strings.TrimSuffix(string(raw), "\n"))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%w: %s is damaged: want 64 hexadecimal digits; delete it to be given a new identity", ErrHome, l.identity)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Init makes a home for the network of a genesis file: keys, the genesis file
// and the state file that it names, whose hash is checked. It never overwrites.
func Init(home, genesisFile string) (Identity, error) {
	l := Config{Home: home}.layout()
	if _, err := os.Stat(l.genesis); !errors.Is(err, fs.ErrNotExist) {
		return Identity{}, fmt.Errorf("%w: %s is there and will not be overwritten", ErrHome, l.genesis)
	}
	raw, err := os.ReadFile(genesisFile)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrHome, err)
	}
	g, err := genesis.Decode(raw)
	if err != nil {
		return Identity{}, err
	}
	id, err := MakeKeys(home)
	if err != nil {
		return Identity{}, err
	}
	if err := copyState(g, filepath.Dir(genesisFile), home); err != nil {
		return Identity{}, err
	}
	// The genesis file comes last: a home without it can be made again.
	return id, writeNew(l.genesis, strings.NewReader(string(raw)), 0o644)
}

func copyState(g *genesis.Genesis, from, to string) error {
	name := g.State.Name()
	source, err := os.Open(filepath.Join(from, name))
	if err != nil {
		return fmt.Errorf("%w: the state file stands beside the genesis file: %w", ErrHome, err)
	}
	defer source.Close()
	sum := sha256.New()
	target := filepath.Join(to, name)
	if err := writeNew(target, io.TeeReader(io.LimitReader(source, int64(g.State.Bytes)+1), sum), 0o644); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil {
		return nil // checked whole when it is loaded
	}
	if wire.Hash(sum.Sum(nil)) != g.State.SHA256 {
		return errors.Join(fmt.Errorf("%w: %s is not the state file that the genesis file names; get it again", ErrHome, source.Name()),
			os.Remove(target))
	}
	return nil
}

// writeNew writes a file that must not be there, and syncs it.
func writeNew(name string, from io.Reader, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	_, err = io.Copy(file, from)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		// Half a file, as of a full disk, would be taken for one that is there.
		return errors.Join(fmt.Errorf("%w: %w", ErrHome, err), os.Remove(name))
	}
	return nil
}
