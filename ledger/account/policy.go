package account

import (
	"bytes"
	"slices"
	"strings"

	"ipledger/ledger/wire"
)

// Secp256k1 is the one algorithm of account keys at rules version 1.
const Secp256k1 = 1

const keyPrefix = "secp256k1:"

// Key is a public key: its algorithm and its address.
type Key struct {
	Alg  uint8
	Addr wire.Address
}

// String is the key as signed messages show it: secp256k1:0x… .
//
// specs/03 ACC-7: In text a key MUST be "secp256k1:0x" and the 40 lower-case
// hexadecimal digits of its address, and keys MUST be joined by single spaces.
func (k Key) String() string { return keyPrefix + k.Addr.String() }

// ParseKey reads what String writes.
func ParseKey(text string) (Key, error) {
	rest, ok := strings.CutPrefix(text, keyPrefix)
	k := Key{Alg: Secp256k1}
	if !ok || k.Addr.UnmarshalText([]byte(rest)) != nil {
		return Key{}, formError("ACC-7", "key", "%q is not secp256k1:0x and 40 lower-case hexadecimal digits", text)
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
	if len(text) > KeysMax*(len(keyPrefix)+43) {
		return nil, formError("ACC-2", "keys", "%d bytes of text are more than %d keys", len(text), KeysMax)
	}
	var keys []Key
	for part := range strings.SplitSeq(text, " ") {
		k, err := ParseKey(part)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	if err := checkKeys(keys, "keys"); err != nil {
		return nil, err
	}
	return keys, nil
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

// Check reports whether the policy is one that an account may be given.
//
// specs/03 ACC-2: The keys of a role MUST be of algorithm 1, not zero, ascending,
// distinct and at most 16, with 1 <= k <= n; a routing role without keys MUST
// have k = 0.
func (p *Policy) Check() error {
	if err := checkRole(p.TitleKeys, p.TitleK, "title"); err != nil {
		return err
	}
	if len(p.RoutingKeys) == 0 && p.RoutingK == 0 {
		return nil
	}
	return checkRole(p.RoutingKeys, p.RoutingK, "routing")
}

// CheckStanding reports whether the policy is one that an account may have come to.
//
// specs/03 ACC-9: In a policy that stands, a revocation MAY have left fewer keys
// than k, or none.
func (p *Policy) CheckStanding() error {
	if p.TitleK < 1 || p.TitleK > KeysMax || p.RoutingK > KeysMax || p.RoutingK == 0 && len(p.RoutingKeys) > 0 {
		return formError("ACC-2", "policy", "%d title keys and %d routing keys must sign", p.TitleK, p.RoutingK)
	}
	if err := checkKeys(p.TitleKeys, "title role"); err != nil {
		return err
	}
	return checkKeys(p.RoutingKeys, "routing role")
}

// Without is the policy, one version on, without a key.
//
// specs/17 REV-2: it is taken out of both roles at once; thresholds stay as they are.
func (p *Policy) Without(key Key) Policy {
	out := *p
	gone := func(k Key) bool { return k == key }
	out.Version++
	out.TitleKeys = slices.DeleteFunc(slices.Clone(p.TitleKeys), gone)
	out.RoutingKeys = slices.DeleteFunc(slices.Clone(p.RoutingKeys), gone)
	return out
}

// Has reports whether a key is in either role.
func (p *Policy) Has(key Key) bool {
	return slices.Contains(p.TitleKeys, key) || slices.Contains(p.RoutingKeys, key)
}

// Keys gives the keys of a role and how many of them must sign.
func (p *Policy) Keys(r Role) ([]Key, uint64) {
	if r == Routing {
		return p.RoutingKeys, p.RoutingK
	}
	return p.TitleKeys, p.TitleK
}

func (p *Policy) append(w *wire.Writer) {
	all := w.List()
	w.Uint(p.Version)
	appendKeys(w, p.TitleKeys)
	w.Uint(p.TitleK)
	appendKeys(w, p.RoutingKeys)
	w.Uint(p.RoutingK)
	w.End(all)
}

func (p *Policy) read(r *wire.Reader) {
	all := r.List()
	p.Version = all.Uint()
	p.TitleKeys, p.TitleK = readKeys(&all), all.Uint()
	p.RoutingKeys, p.RoutingK = readKeys(&all), all.Uint()
	r.Leave(&all)
}

func appendKeys(w *wire.Writer, keys []Key) {
	list := w.List()
	for i := range keys {
		one := w.List()
		w.Uint(uint64(keys[i].Alg))
		w.String(keys[i].Addr[:])
		w.End(one)
	}
	w.End(list)
}

func readKeys(r *wire.Reader) (keys []Key) {
	list := r.List()
	for list.More() {
		one := list.List()
		k := Key{Alg: one.Byte()}
		one.Fill(k.Addr[:])
		list.Leave(&one)
		keys = append(keys, k)
	}
	r.Leave(&list)
	return keys
}

func checkRole(keys []Key, k uint64, role string) error {
	if err := checkKeys(keys, role+" role"); err != nil {
		return err
	}
	if k < 1 || k > uint64(len(keys)) {
		return formError("ACC-2", role+" role", "%d signatures of %d keys", k, len(keys))
	}
	return nil
}

func checkKeys(keys []Key, field string) error {
	if len(keys) > KeysMax {
		return formError("ACC-2", field, "%d keys, at most %d", len(keys), KeysMax)
	}
	for i, k := range keys {
		if k.Alg != Secp256k1 {
			return formError("ACC-2", field, "unknown key algorithm %d", k.Alg)
		}
		if k.Addr.IsZero() {
			return formError("ACC-2", field, "the zero address is nobody's key")
		}
		if i > 0 && bytes.Compare(keys[i-1].Addr[:], k.Addr[:]) >= 0 {
			return formError("ACC-2", field, "key %v does not come after key %v", k, keys[i-1])
		}
	}
	return nil
}
