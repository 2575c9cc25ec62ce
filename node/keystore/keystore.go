// Package keystore keeps holders' keys at rest: one Web3 Secret Storage
// (version 3) file a name, NAME.json, which other wallets open and write too.
//
// A passphrase stretched by scrypt is all that protects a file. One who can
// rewrite a file can lose a key for its owner, and can make Unlock give another
// key whose passphrase is the same; what is signed names its signer, so it
// would sign for an account of the attacker's, not of the owner's.
//
// It keeps no validator's key and no guard against signing two blocks of one
// height: the consensus engine's own file-backed signer has both.
package keystore

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// What callers branch on.
var (
	// ErrName reports a name that no key may have.
	ErrName = errors.New("not a name of a key")
	// ErrExists reports a name that is taken; files are never overwritten.
	ErrExists = errors.New("a key of this name exists")
	// ErrNotFound reports a name without a key.
	ErrNotFound = errors.New("no key of this name")
	// ErrPassphrase reports a passphrase that does not open the key.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrFile reports a file that is no version 3 key, or one whose parameters
	// are beyond what this package computes.
	ErrFile = errors.New("not a key file of version 3")
	// ErrWeak reports a new key without passphrase.
	ErrWeak = errors.New("a key at rest needs a passphrase")
)

// names are those that are one file on every system: no path, no capitals that
// some systems fold, nothing hidden.
var names = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Store is a directory of keys. It holds no secret; any number may share one
// directory.
type Store struct {
	dir  string
	cost Cost
}

// Open is the store in dir, which the first key makes. New files cost as much
// to open as cost says.
func Open(dir string, cost Cost) *Store { return &Store{dir: dir, cost: cost} }

// Entry is a key of a store as it is known without its passphrase.
type Entry struct {
	Name    string       `json:"name"`
	Address wire.Address `json:"address"`
	Path    string       `json:"path"`
}

// Create makes a new key from the system's randomness.
func (s *Store) Create(name, passphrase string) (Entry, error) {
	var secret [32]byte
	defer clear(secret[:])
	for {
		if _, err := rand.Read(secret[:]); err != nil {
			return Entry{}, err
		}
		// One draw in 2^128 is above the group's order and drawn again.
		if entry, err := s.ImportSecret(name, secret[:], passphrase); !errors.Is(err, errSecret) {
			return entry, err
		}
	}
}

var errSecret = errors.New("not a secret key: it is zero or not below the group's order")

// ImportSecret keeps a secret key of 32 bytes. The caller clears its copy.
func (s *Store) ImportSecret(name string, secret []byte, passphrase string) (Entry, error) {
	if err := s.free(name); err != nil {
		return Entry{}, err
	}
	if passphrase == "" {
		return Entry{}, fmt.Errorf("key %s: %w", name, ErrWeak)
	}
	key, err := crypto.ToECDSA(secret)
	if err != nil {
		return Entry{}, fmt.Errorf("key %s: %w", name, errSecret)
	}
	defer wipe(key)
	address := wire.Address(crypto.PubkeyToAddress(key.PublicKey))
	raw, err := seal(secret, address, passphrase, s.cost)
	if err != nil {
		return Entry{}, fmt.Errorf("key %s: %w", name, err)
	}
	if err := writeNew(s.path(name), raw); err != nil {
		return Entry{}, fmt.Errorf("key %s: %w", name, err)
	}
	return Entry{Name: name, Address: address, Path: s.path(name)}, nil
}

// Import keeps the key of another wallet's version 3 file. It is sealed again
// under the same passphrase at this store's cost.
func (s *Store) Import(name string, file []byte, passphrase string) (Entry, error) {
	if err := s.free(name); err != nil {
		return Entry{}, err
	}
	secret, err := unseal(file, passphrase)
	if err != nil {
		return Entry{}, fmt.Errorf("import key %s: %w", name, err)
	}
	defer clear(secret)
	return s.ImportSecret(name, secret, passphrase)
}

// Export is the key's version 3 file; its passphrase still protects it.
func (s *Store) Export(name string) ([]byte, error) { return s.read(name) }

// Unlock opens a key. A key of standard cost takes seconds and 256 MiB.
func (s *Store) Unlock(name, passphrase string) (*Key, error) {
	raw, err := s.read(name)
	if err != nil {
		return nil, err
	}
	secret, err := unseal(raw, passphrase)
	if err != nil {
		return nil, fmt.Errorf("unlock key %s: %w", name, err)
	}
	defer clear(secret)
	return newKey(secret)
}

// List gives the store's keys in order of their names. A file that is no key is
// reported in the error, beside the keys that are.
func (s *Store) List() ([]Entry, error) {
	files, err := os.ReadDir(s.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []Entry
	var bad error
	for _, f := range files {
		name, isKey := strings.CutSuffix(f.Name(), ".json")
		if !isKey || !names.MatchString(name) {
			continue
		}
		entry, err := s.entry(name)
		if err != nil {
			bad = errors.Join(bad, err)
			continue
		}
		entries = append(entries, entry)
	}
	return entries, bad
}

func (s *Store) entry(name string) (Entry, error) {
	raw, err := s.read(name)
	if err != nil {
		return Entry{}, err
	}
	f, err := parseFile(raw)
	if err != nil {
		return Entry{}, fmt.Errorf("key %s: %w", name, err)
	}
	return Entry{Name: name, Address: f.address, Path: s.path(name)}, nil
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name+".json") }

// free reports whether a new key may have the name, before any costly step.
func (s *Store) free(name string) error {
	if !names.MatchString(name) {
		return fmt.Errorf("%w: %q: want 1 to 64 of a-z, 0-9, dot, hyphen, underscore, a letter or digit first", ErrName, name)
	}
	if _, err := os.Lstat(s.path(name)); err == nil {
		return fmt.Errorf("%w: %s", ErrExists, s.path(name))
	}
	return nil
}

func (s *Store) read(name string) ([]byte, error) {
	if !names.MatchString(name) {
		return nil, fmt.Errorf("%w: %q", ErrName, name)
	}
	raw, err := readFile(s.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s in %s; the keys there are listed by `ipledger key list`", ErrNotFound, name, s.dir)
	}
	return raw, err
}
