package engine

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/types"
)

// ErrKeys reports key files that are missing, damaged or already there.
var ErrKeys = errors.New("engine: key files")

// KeyFiles names this node's two keys and what the second last signed. Who has
// the node key can pose as this node to its peers; who has the validator key
// can vote for it; who sets the signing state back can make it sign twice.
type KeyFiles struct {
	Node           string
	Validator      string
	ValidatorState string
}

// Keys are this node's keys.
type Keys struct {
	node      *p2p.NodeKey
	validator types.PrivValidator
}

// Validator is the public key this node votes with.
func (k Keys) Validator() ([32]byte, error) {
	pub, err := k.validator.GetPubKey()
	if err != nil {
		return [32]byte{}, fmt.Errorf("%w: %w", ErrKeys, err)
	}
	if len(pub.Bytes()) != ed25519.PublicKeySize {
		return [32]byte{}, fmt.Errorf("%w: the validator key is not of ed25519", ErrKeys)
	}
	return [32]byte(pub.Bytes()), nil
}

// Node is the engine's peer id.
func (k Keys) Node() string { return string(k.node.ID()) }

// MakeKeys draws new keys into files that only their owner can read. It
// refuses if one of the files is there.
func MakeKeys(f KeyFiles) (Keys, error) {
	for _, name := range []string{f.Node, f.Validator, f.ValidatorState} {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return Keys{}, fmt.Errorf("%w: %s is there and will not be overwritten", ErrKeys, name)
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return Keys{}, fmt.Errorf("%w: %w", ErrKeys, err)
		}
	}
	if _, err := p2p.LoadOrGenNodeKey(f.Node); err != nil {
		return Keys{}, fmt.Errorf("%w: %w", ErrKeys, err)
	}
	privval.GenFilePV(f.Validator, f.ValidatorState).Save()
	return LoadKeys(f)
}

// LoadKeys reads the keys. It refuses a validator key without its signing
// state: starting from none could sign a height twice.
func LoadKeys(f KeyFiles) (Keys, error) {
	// The engine's reader of these files ends the process over a damaged one, so
	// they are read here first.
	for _, name := range []string{f.Node, f.Validator, f.ValidatorState} {
		if err := Private(name); err != nil {
			return Keys{}, err
		}
		raw, err := os.ReadFile(name)
		if err == nil && !json.Valid(raw) {
			err = errors.New("it is damaged")
		}
		if err != nil {
			return Keys{}, fmt.Errorf("%w: %s: %w; restore it from the machine that signed last", ErrKeys, name, err)
		}
	}
	node, err := p2p.LoadNodeKey(f.Node)
	if err != nil {
		return Keys{}, fmt.Errorf("%w: %s: %w", ErrKeys, f.Node, err)
	}
	return Keys{node: node, validator: privval.LoadFilePV(f.Validator, f.ValidatorState)}, nil
}

// exposed are the modes by which others than a key's owner and its group could use it,
// or others than its owner change it.
const exposed fs.FileMode = 0o027

// Private reports a file of a key that other users of this machine can read or change;
// what is not there exposes nothing.
//
// specs/11 ENG-23: A node MUST NOT use a key, or a signing state, that others than its
// owner can change, or others than its owner and its group can read.
func Private(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && info.Mode().Perm()&exposed != 0 {
		err = fmt.Errorf("other users of this machine can read or change it (mode %04o, ENG-23); chmod 600 it, and if somebody else may have read it, have the key replaced", info.Mode().Perm())
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrKeys, name, err)
	}
	return nil
}
