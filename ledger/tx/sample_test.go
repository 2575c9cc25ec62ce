package tx

import (
	"crypto/ecdsa"
	"errors"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// salt is the genesis hash of the chain of the tests and vectors.
var salt = wire.Sum(wire.TagGenesis, []byte("vector"))

func secret(n byte) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("vector key"), []byte{n})
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return key
}

// secrets are n keys in order of their addresses.
func secrets(n int) []*ecdsa.PrivateKey {
	var out []*ecdsa.PrivateKey
	for i := range n {
		out = append(out, secret(byte(i+1)))
	}
	slices.SortFunc(out, func(a, b *ecdsa.PrivateKey) int {
		x, y := account.AddressOf(&a.PublicKey), account.AddressOf(&b.PublicKey)
		return slices.Compare(x[:], y[:])
	})
	return out
}

func keysOf(secrets []*ecdsa.PrivateKey) []account.Key {
	var out []account.Key
	for _, s := range secrets {
		out = append(out, account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&s.PublicKey)})
	}
	return out
}

func resource(text string) wire.Resource {
	r, err := inr.Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// mark is some hash, and address some account, each its own for each b.
func mark(b byte) wire.Hash { return wire.Sum(wire.TagRecord, []byte{b}) }

func address(b byte) wire.Address {
	h := mark(b)
	return wire.Address(h[:20])
}

// bodySamples has one body of each kind, no field of it zero where a rule
// allows that.
func bodySamples() []Body {
	to := address(1)
	four, six := resource("192.0.2.0/24"), resource("2001:db8::/32")
	return []Body{
		&OpenAccount{
			Name: "Müller & Söhne", Jurisdiction: "DE", TitleKeys: keysOf(secrets(3)), TitleK: 2,
			RoutingKeys: keysOf(secrets(2)), RoutingK: 1, Delay: 172800,
		},
		&SetPolicy{TitleKeys: keysOf(secrets(2)), TitleK: 2, RoutingKeys: keysOf(secrets(1)), RoutingK: 1},
		&TransferOffer{Resource: four, To: to, Keep: true, Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800},
		&TransferAccept{Offer: mark(3), Resource: resource("AS64496-AS64511"), Value: mark(2)},
		&OfferCancel{Offer: mark(3)},
		&Split{Resource: six, Part: resource("2001:db8:8000::/33")},
		&Merge{Resource: six},
		&GrantOffer{
			Resource: resource("2001:db8::1/128"), To: to, Notice: 2_592_000, SubGrants: true, Value: mark(2),
			Earliest: 1_800_000_000, Until: 1_800_604_800,
		},
		&GrantAccept{Offer: mark(3), Resource: resource("AS64496"), Value: mark(2)},
		&GrantNotice{Resource: four, Grant: mark(4)},
		&GrantGiveUp{Resource: four, Grant: mark(4)},
		&OriginAuthorise{Resource: six, MaxLength: 48, AS: 64496},
		&OriginWithdraw{Resource: four, MaxLength: 24, AS: 4294967295},
	}
}

// samples has one act of each kind, unsigned.
func samples() []*Act {
	var out []*Act
	for i, body := range bodySamples() {
		lane := uint64(i % account.RoutingLane)
		if body.Kind().routing() {
			lane += account.RoutingLane
		}
		out = append(out, New(Header{
			Author: address(9), Policy: 1 + uint64(i), Lane: lane, Number: 1 << (i * 5),
			Expires: 1_799_999_999, Bundle: mark(8), Index: uint64(i), Count: 99,
		}, body))
	}
	return out
}

// signed adds the signatures of n keys.
func signed(t testing.TB, a *Act, n int) *Act {
	t.Helper()
	for _, key := range secrets(n) {
		s, err := account.Sign(a.ID(salt), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Attach(s, salt); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// byWork is an opening that nobody sponsors, signed as it must be.
func byWork(t testing.TB) *Act {
	body := &OpenAccount{Jurisdiction: "CH", TitleKeys: keysOf(secrets(3)), TitleK: 2, Work: mark(7), Nonce: 41}
	return signed(t, New(Header{Expires: 1_799_999_999}, body), 2)
}

// wantRule fails unless err is a refusal by rule, or nil where rule is empty.
func wantRule(t *testing.T, why string, err error, rule string) {
	t.Helper()
	var refused *RuleError
	switch {
	case rule == "" && err != nil:
		t.Errorf("%s: %v", why, err)
	case rule != "" && (!errors.As(err, &refused) || refused.Rule != rule):
		t.Errorf("%s: got %v, want a refusal by %s", why, err, rule)
	case rule != "" && !errors.Is(err, ErrRefused):
		t.Errorf("%s: %v is not ErrRefused", why, err)
	}
}
