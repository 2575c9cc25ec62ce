package local

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/keystore"
	"ipledger/testnet/world"
)

// Account is an account of the network's genesis.
type Account struct {
	Name string       `json:"name"`
	ID   wire.Address `json:"id"`
	// Key is the address of the account's first title key. If it is in the
	// network's key store, its name there is the account's.
	Key wire.Address `json:"key"`
	// Holdings is what the account held at genesis.
	Holdings []string `json:"holdings"`
}

// accounts reads the genesis state, and writes the keys that this program knows
// into the network's key store.
func (o Options) accounts(g *given) ([]Account, error) {
	state, err := g.state()
	if err != nil {
		return nil, err
	}
	list, err := accountsIn(state)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHome, err)
	}
	if err := writeFile(o.passwordFile(), []byte(world.Password+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHome, err)
	}
	store := keystore.Open(o.keystore(), keystore.Weak)
	have, err := store.List()
	if err != nil && len(have) == 0 {
		have = nil // there is no store yet
	}
	for _, a := range list {
		if slices.ContainsFunc(have, func(e keystore.Entry) bool { return e.Address == a.Key }) {
			continue
		}
		key := world.Key(a.Name)
		if account.AddressOf(&key.PublicKey) != a.Key {
			continue // an account of another's holdings file
		}
		if _, err := store.ImportSecret(keyName(a.Name), crypto.FromECDSA(key), world.Password); err != nil && !errors.Is(err, keystore.ErrExists) {
			return nil, fmt.Errorf("%w: %w", ErrHome, err)
		}
	}
	return list, nil
}

func (o Options) keystore() string     { return filepath.Join(o.Home, "keystore") }
func (o Options) passwordFile() string { return filepath.Join(o.Home, "password") }

var unfit = regexp.MustCompile(`[^a-z0-9._-]+`)

// keyName is an account's name as the name of a key file.
func keyName(name string) string {
	return strings.TrimLeft(unfit.ReplaceAllString(strings.ToLower(name), "-"), "-._")
}

// accountsIn lists the accounts of a state, each with what it holds: those that
// hold something first, then by name. A newcomer's first commands name the first.
func accountsIn(s tree.State) (list []Account, err error) {
	held, err := heldIn(s)
	if err != nil {
		return nil, err
	}
	s.Walk(tree.RootKey(tree.Accounts), func(l tree.Leaf) bool {
		var a *account.Account
		if a, err = account.FromBytes(l.Data); err != nil {
			return false
		}
		var id wire.Address
		copy(id[:], l.Key.Addr[:])
		list = append(list, Account{a.Name, id, a.Policy.TitleKeys[0].Addr, held[id]})
		return true
	})
	slices.SortFunc(list, holdersFirst)
	return list, err
}

func holdersFirst(a, b Account) int {
	if has := len(a.Holdings) > 0; has != (len(b.Holdings) > 0) {
		if has {
			return -1
		}
		return 1
	}
	return strings.Compare(a.Name, b.Name)
}

func heldIn(s tree.State) (held map[wire.Address][]string, err error) {
	held = map[wire.Address][]string{}
	for _, sub := range []tree.Subtree{tree.IPv4, tree.IPv6, tree.ASN} {
		s.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			var f *record.Folio
			if f, err = record.FolioFromBytes(l.Data); err != nil || len(f.Title) == 0 {
				return err == nil
			}
			var t *record.Title
			if t, err = record.TitleFromBytes(f.Title); err != nil {
				return false
			}
			if !t.Holder.IsZero() {
				held[t.Holder] = append(held[t.Holder], l.Key.Resource().String())
			}
			return true
		})
	}
	return held, err
}
