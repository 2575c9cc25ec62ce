package account

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// vectors are specs/vectors/accounts.json.
type vectors struct {
	Names []struct {
		Name, Rule, Why string
	}
	Jurisdictions []struct {
		Code, Rule, Why string
	}
	Keys []struct {
		Text, Rule, Why string
	}
	Policies []struct {
		TitleKeys, RoutingKeys string
		TitleK, RoutingK       uint64
		Rule, Why              string
	}
	Domains []struct {
		Salt, Separator wire.Hash
	}
	Signatures []struct {
		Secret, Digest wire.Hash
		Signer         wire.Address
		Signature      string
	}
	Refused []struct {
		Digest     wire.Hash
		Signatures []struct {
			Alg       uint8
			Signer    wire.Address
			Signature string
		}
		Rule, Why string
	}
	Credit []struct {
		Amount, At, Now, Want uint64
		Cap, Refill           uint64
		V4, V6, AS            uint64
		Why                   string
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	raw, err := os.ReadFile("../../specs/vectors/accounts.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// wantRule fails unless err is a refusal by rule, or nil where rule is empty.
func wantRule(t *testing.T, why string, err error, rule string) {
	t.Helper()
	var form *FormError
	switch {
	case rule == "" && err != nil:
		t.Errorf("%s: %v", why, err)
	case rule != "" && (!errors.As(err, &form) || form.Rule != rule):
		t.Errorf("%s: got %v, want a refusal by %s", why, err, rule)
	case rule != "" && !errors.Is(err, ErrForm):
		t.Errorf("%s: %v is not ErrForm", why, err)
	}
}

func secret(n byte) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("test key"), []byte{n})
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return key
}

// someKeys are n keys in order.
func someKeys(n int) []Key {
	keys := make([]Key, n)
	for i := range keys {
		keys[i] = Key{Alg: Secp256k1, Addr: wire.Address{byte(i + 1)}}
	}
	return keys
}

func TestKeys_ACC7(t *testing.T) {
	v := readVectors(t)
	if len(v.Keys) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Keys {
		keys, err := ParseKeys(c.Text)
		wantRule(t, c.Why, err, c.Rule)
		if err == nil && Keys(keys) != c.Text {
			t.Errorf("%s: written again as %q", c.Why, Keys(keys))
		}
	}
}

func TestPolicyCheck_ACC2(t *testing.T) {
	v := readVectors(t)
	if len(v.Policies) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Policies {
		title, err1 := ParseKeys(c.TitleKeys)
		routing, err2 := ParseKeys(c.RoutingKeys)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatalf("%s: %v", c.Why, err)
		}
		p := Policy{TitleKeys: title, TitleK: c.TitleK, RoutingKeys: routing, RoutingK: c.RoutingK}
		wantRule(t, c.Why, p.Check(), c.Rule)
	}
}

// What text cannot say, a decoded policy can.
func TestPolicyCheckOfKeys_ACC2(t *testing.T) {
	ok := someKeys(KeysMax)
	check := func(change func(p *Policy)) error {
		p := Policy{TitleKeys: slices.Clone(ok), TitleK: 1}
		change(&p)
		return p.Check()
	}
	wantRule(t, "16 keys", check(func(p *Policy) { p.TitleK = 16 }), "")
	wantRule(t, "17 keys", check(func(p *Policy) { p.TitleKeys = someKeys(KeysMax + 1) }), "ACC-2")
	wantRule(t, "another algorithm", check(func(p *Policy) { p.TitleKeys[3].Alg = 2 }), "ACC-2")
	wantRule(t, "algorithm 0", check(func(p *Policy) { p.TitleKeys[3].Alg = 0 }), "ACC-2")
	wantRule(t, "the zero address", check(func(p *Policy) { p.TitleKeys[0].Addr = wire.Address{} }), "ACC-2")
	wantRule(t, "one key twice", check(func(p *Policy) { p.TitleKeys[1] = p.TitleKeys[0] }), "ACC-2")
	wantRule(t, "keys descending", check(func(p *Policy) { slices.Reverse(p.TitleKeys) }), "ACC-2")
	wantRule(t, "routing keys descending", check(func(p *Policy) {
		p.RoutingKeys, p.RoutingK = slices.Clone(ok), 1
		slices.Reverse(p.RoutingKeys)
	}), "ACC-2")
}

func TestRoleOf_ACC8(t *testing.T) {
	p := Policy{TitleKeys: someKeys(3), TitleK: 2, RoutingKeys: someKeys(2), RoutingK: 1}
	for lane := range uint64(Lanes) {
		keys, k := p.Keys(RoleOf(lane))
		want, wantK := p.TitleKeys, p.TitleK
		if lane >= 8 {
			want, wantK = p.RoutingKeys, p.RoutingK
		}
		if !slices.Equal(keys, want) || k != wantK {
			t.Errorf("lane %d: %d of %v", lane, k, keys)
		}
	}
}

func FuzzParseKeys_ACC7(f *testing.F) {
	f.Add("")
	f.Add(Keys(someKeys(3)))
	f.Add(Keys(someKeys(KeysMax)))
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := ParseKeys(text)
		if err == nil && Keys(keys) != text {
			t.Errorf("%q is written again as %q", text, Keys(keys))
		}
	})
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func secretOf(t *testing.T, raw wire.Hash) *ecdsa.PrivateKey {
	t.Helper()
	key, err := crypto.ToECDSA(raw[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}
