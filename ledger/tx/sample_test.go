package tx

import (
	"crypto/ecdsa"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// salt is the genesis hash of the chain of the tests and vectors.
var salt = wire.Sum(wire.TagGenesis, []byte("vector"))

func secret(n byte) *ecdsa.PrivateKey { return secretKeys()[n] }

// secretKeys are made once: samples are made anew hundreds of times.
var secretKeys = sync.OnceValue(func() (all [256]*ecdsa.PrivateKey) {
	for n := range all {
		all[n] = makeSecret(byte(n))
	}
	return all
})

func makeSecret(n byte) *ecdsa.PrivateKey {
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
		&TransferOffer{
			Resource: four, To: to, Keep: true, Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800,
			Agent: address(5), Lock: mark(6), Settle: 1_801_000_000,
		},
		&TransferAccept{Offer: mark(3), Resource: resource("AS64496-AS64511"), Value: mark(2)},
		&OfferCancel{Offer: mark(3)},
		&Split{Resource: six, Part: resource("2001:db8:8000::/33")},
		&Merge{Resource: six},
		&GrantOffer{
			Resource: resource("2001:db8::1/128"), To: to, Notice: 2_592_000, SubGrants: true, Origins: "2001:db8::/32-48=64496", Value: mark(2),
			Earliest: 1_800_000_000, Until: 1_800_604_800,
		},
		&GrantAccept{Offer: mark(3), Resource: resource("AS64496"), Value: mark(2)},
		&GrantNotice{Resource: four, Grant: mark(4)},
		&GrantGiveUp{Resource: four, Grant: mark(4)},
		&NoticeWithdraw{Resource: four, Grant: mark(4), Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800},
		&OriginAuthorise{Resource: six, MaxLength: 48, AS: 64496},
		&OriginWithdraw{Resource: four, MaxLength: 24, AS: 4294967295},
		&SetDelay{Delay: 172800},
		&SetGuardians{Guardians: guardians(2), Threshold: 1},
		&Rename{Name: "Müller AG", Jurisdiction: "CH"},
		&RecoveryStart{Subject: to, TitleKeys: keysOf(secrets(2)), TitleK: 2, RoutingKeys: keysOf(secrets(1)), RoutingK: 1},
		&RecoveryVeto{Recovery: mark(3)},
		&RecoveryFinish{Subject: to, Recovery: mark(3)},
		&RecoveryProve{Subject: to, Recovery: mark(3), Resource: four, Evidence: mark(5), Expiry: 1_800_000_000},
		&SetProvider{Provider: to},
		&TransferRelease{Offer: mark(3), Resource: four, Secret: mark(5)},
		&Surrender{Resource: four, Value: mark(2)},
		&List{Resource: four, Purpose: ForLease, MinTerm: 2_592_000, Price: "EUR 90 a month", Until: 1_800_604_800},
		&LeaseOffer{
			Resource: four, To: to, Start: 1_800_600_000, End: 1_832_000_000, Clause: ClauseAgent, ClauseNotice: 86400,
			Agent: address(5), Suspend: true, SubLet: true, Reversion: true, Operator: "Müller AG", Abuse: "abuse@mueller.example",
			Price: "EUR 90 a month", Origins: "192.0.2.0/24-24=64496", Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800,
		},
		&LeaseAccept{Offer: mark(3), Resource: four, Value: mark(2)},
		&LeaseRenew{Resource: four, Lease: mark(4), End: 1_832_000_000, Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800},
		&LeaseNotice{Resource: four, Lease: mark(4)},
		&LeaseEnd{Resource: four, Lease: mark(4), Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800},
		&LeaseAssign{
			Resource: four, Lease: mark(4), To: to, Keep: true, Operator: "Müller AG", Abuse: "https://mueller.example/abuse",
			Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800,
		},
		&LeaseConsent{Offer: mark(3), Resource: four, Value: mark(2)},
		&LeaseSuspend{Resource: four, Lease: mark(4), Until: 1_800_604_800},
		&LeaseAnswer{Resource: four, Lease: mark(4), Digest: mark(5)},
		&ChargePropose{
			Resource: four, To: to, ByLender: true, Mode: ModeTitle, Law: "Swiss law", Deed: mark(5), Longest: 2_592_000,
			Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800,
		},
		&ChargeAccept{Offer: mark(3), Resource: four, Value: mark(2)},
		&ChargeConsent{Offer: mark(3), Resource: four, Charge: mark(4), Release: true, Value: mark(2)},
		&ChargeRelease{Resource: four, Charge: mark(4)},
		&ChargeEnforce{Resource: four, Charge: mark(4), To: to},
		&ChargeContest{Resource: four, Charge: mark(4)},
		&ChargeRedeem{Resource: four, Charge: mark(4), Value: mark(2), Earliest: 1_800_000_000, Until: 1_800_604_800},
		&ProvidersAuthorise{Resource: resource("AS64496"), Providers: "64497 64500"},
		&ReverseSet{Resource: four, Servers: "ns1.mueller.example ns2.mueller.example", DS: "12345 13 2 " + mark(5).String()},
		&GeofeedSet{Resource: six, URL: "https://mueller.example/geofeed.csv"},
		&ContactsSet{Resource: four, Abuse: "abuse@mueller.example", Private: mark(5)},
		&ContactsErase{Resource: four, Private: mark(5)},
		&Caution{Resource: four, Ground: GroundForged, Digest: mark(5)},
		&CautionAnswer{Case: mark(3), Resource: four, Digest: mark(5)},
		&CaseDecide{Case: mark(3), Verdict: VerdictHolder, Reasons: mark(5)},
		&CaseAppeal{Case: mark(3), Resource: four, Digest: mark(5)},
		&OrderRecord{
			Resource: four, Court: "Landgericht Köln", Jurisdiction: "DE", Reference: "12 O 34/27", Digest: mark(5), Final: true, To: to, Caution: mark(3),
		},
		&OrderStatus{Order: mark(3), Status: OrderRefused, Findings: FoundInForce | FoundServed, Reasons: mark(5)},
		&Restrict{Matter: mark(3), Resource: four},
		&Lift{Matter: mark(3), Resource: four},
		&OrderConfirm{Matter: mark(3), Digest: mark(5)},
		&ForumSet{Resource: four, Forum: "Netherlands Arbitration Institute", Value: mark(2)},
		&Evidence{Evidence: []byte("no more than some bytes")},
		&Claim{Resource: four, Grade: 'A', Evidence: mark(3), Expiry: 1_800_604_800},
		&ClaimObject{Claim: mark(3), Resource: four, Reason: mark(5)},
		&ClaimAttest{Claim: mark(3), Notice: mark(5), Noticed: 1_799_900_000},
		&AttestRefuse{Claim: mark(3), Reason: mark(5)},
		&ClaimWithdraw{Claim: mark(3)},
		&ProveAgain{Resource: four, Evidence: mark(3), Expiry: 1_800_604_800},
		&ClaimAnswer{Claim: mark(3), Digest: mark(5)},
		&Succession{Resource: four, Subject: to, Documents: mark(5)},
		&SuccessionVeto{Succession: mark(3)},
		&NameAttest{Subject: to, Name: "Müller AG", Jurisdiction: "CH", Documents: mark(5)},
		&SourceStatement{Registry: "apnic", Behind: mark(5), Lines: "60.0.0.0/22|allocated|JP|20251127|extended+legacy|60.0.0.0-60.0.5.255|A91872ED 60.0.8.0/22"},
		&SourceAttest{Registry: "apnic", Date: 20251128, File: mark(5), Root: mark(6), Pages: 3},
		admission(),
		&Vote{Proposal: mark(3), As: mark(4), Yes: true},
		&Petition{Proposal: mark(3), Resource: four},
	}
}

func guardians(n byte) string {
	var list []string
	for i := range n {
		list = append(list, address(40+i).String())
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// samples has one act of each kind, unsigned, but for the revocation of a key,
// which has a header and a signature of its own (byKey).
func samples() []*Act {
	var out []*Act
	for i, body := range bodySamples() {
		lane := uint64(i % account.RoutingLane)
		if body.Kind().routing() {
			lane += account.RoutingLane
		}
		h := Header{
			Author: address(9), Policy: 1 + uint64(i), Lane: lane, Number: 1 << (i * 5 % 60),
			Expires: 1_799_999_999, Bundle: mark(8), Index: uint64(i), Count: 99,
		}
		if body.Kind() == KindEvidence {
			h.Bundle, h.Index, h.Count = wire.Hash{}, 0, 0
		}
		out = append(out, New(h, body))
	}
	return out
}

// admission proposes a member, with a key of RFC 8032, Section 7.1.
func admission() *Propose {
	key := wire.Hash{0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
		0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a}
	return &Propose{
		Matter: uint64(record.AdmitMember), As: mark(4), Key: key, Subject: address(1), Name: "Müller AG", Organisation: "Müller",
		Jurisdiction: "CH", Hosting: "AS64496",
	}
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

// byKey is the revocation of a key, signed by it.
func byKey(t testing.TB) *Act {
	body := &KeyRevoke{Key: keysOf(secrets(1))}
	return signed(t, New(Header{Author: address(9)}, body), 1)
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
