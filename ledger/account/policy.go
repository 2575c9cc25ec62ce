package account

import (
	"bytes"
	"fmt"
	"strings"

	"ipledger/ledger/wire"
)

// Secp256k1 is the one algorithm of account keys at rules version 1.
const Secp256k1 = 1

// Key is a public key: its algorithm and its address.
type Key struct {
	Alg  uint8
	Addr wire.Address
}

// String is the key as signed messages show it: secp256k1:0x… .
func (k Key) String() string { return "secp256k1:" + k.Addr.String() }

// ParseKey reads what String writes.
func ParseKey(text string) (Key, error) {
	rest, ok := strings.CutPrefix(text, "secp256k1:")
	k := Key{Alg: Secp256k1}
	if !ok || k.Addr.UnmarshalText([]byte(rest)) != nil {
		return Key{}, fmt.Errorf("%w: key %q is not secp256k1:0x and 40 hexadecimal digits", ErrForm, text)
	}
	return k, nil
}

// Keys joins keys as signed messages show them: ascending, one space between.
func Keys(keys []Key) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.String()
	}
	return strings.Join(parts, " ")
}

// ParseKeys reads what Keys writes; the empty text is no key.
func ParseKeys(text string) ([]Key, error) {
	if text == "" {
		return nil, nil
	}
	var keys []Key
	for part := range strings.SplitSeq(text, " ") {
		k, err := ParseKey(part)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, checkKeys(keys)
}

// Policy is which keys bind an account, by role, and how many of them at once.
// Its version rises by one with each change and is named by every act.
type Policy struct {
	Version     uint64
	TitleKeys   []Key
	TitleK      uint64
	RoutingKeys []Key // none: routing acts are signed by title keys
	RoutingK    uint64
}

// Check reports whether the policy is one that an account may have.
//
// specs/03 ACC-2: Keys MUST be ascending and distinct, at most 16 a role, with
// 1 <= k <= n for the title role and for a routing role that has keys.
func (p *Policy) Check() error {
	if err := checkRole(p.TitleKeys, p.TitleK, "title"); err != nil {
		return err
	}
	if len(p.RoutingKeys) == 0 && p.RoutingK == 0 {
		return nil
	}
	return checkRole(p.RoutingKeys, p.RoutingK, "routing")
}

// Keys gives the keys of a role and how many of them must sign.
func (p *Policy) Keys(r Role) ([]Key, uint64) {
	if r == Routing {
		return p.RoutingKeys, p.RoutingK
	}
	return p.TitleKeys, p.TitleK
}

func checkRole(keys []Key, k uint64, role string) error {
	if err := checkKeys(keys); err != nil {
		return fmt.Errorf("%s role: %w", role, err)
	}
	if k < 1 || k > uint64(len(keys)) {
		return fmt.Errorf("%w: %s role needs %d of %d keys (ACC-2)", ErrForm, role, k, len(keys))
	}
	return nil
}

func checkKeys(keys []Key) error {
	if len(keys) > KeysMax {
		return fmt.Errorf("%w: %d keys, at most %d (ACC-2)", ErrForm, len(keys), KeysMax)
	}
	for i, k := range keys {
		if k.Alg != Secp256k1 {
			return fmt.Errorf("%w: unknown key algorithm %d (ACC-2)", ErrForm, k.Alg)
		}
		if i > 0 && bytes.Compare(keys[i-1].Addr[:], k.Addr[:]) >= 0 {
			return fmt.Errorf("%w: keys are not ascending and distinct (ACC-2)", ErrForm)
		}
	}
	return nil
}
