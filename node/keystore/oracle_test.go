package keystore

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"

	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// everyBody has a body of each kind; TestDigest compares it with the vectors.
var everyBody = []tx.Body{
	&tx.OpenAccount{}, &tx.SetPolicy{}, &tx.SetDelay{}, &tx.SetGuardians{}, &tx.Rename{}, &tx.RecoveryStart{}, &tx.RecoveryVeto{}, &tx.RecoveryFinish{}, &tx.RecoveryProve{},
	&tx.KeyRevoke{}, &tx.SetProvider{}, &tx.TransferOffer{}, &tx.TransferAccept{}, &tx.OfferCancel{}, &tx.Split{}, &tx.Merge{}, &tx.TransferRelease{},
	&tx.Surrender{}, &tx.List{}, &tx.GrantOffer{}, &tx.GrantAccept{}, &tx.GrantNotice{}, &tx.GrantGiveUp{}, &tx.NoticeWithdraw{}, &tx.LeaseOffer{}, &tx.LeaseAccept{},
	&tx.LeaseRenew{}, &tx.LeaseNotice{}, &tx.LeaseEnd{}, &tx.LeaseAssign{}, &tx.LeaseConsent{}, &tx.LeaseSuspend{}, &tx.LeaseAnswer{},
	&tx.ChargePropose{}, &tx.ChargeAccept{}, &tx.ChargeConsent{}, &tx.ChargeRelease{}, &tx.ChargeEnforce{}, &tx.ChargeContest{}, &tx.ChargeRedeem{},
	&tx.OriginAuthorise{}, &tx.OriginWithdraw{}, &tx.ProvidersAuthorise{}, &tx.ReverseSet{}, &tx.GeofeedSet{}, &tx.ContactsSet{}, &tx.ContactsErase{},
	&tx.Evidence{},
	&tx.Claim{}, &tx.ClaimObject{}, &tx.ClaimAttest{}, &tx.AttestRefuse{}, &tx.ClaimWithdraw{}, &tx.ProveAgain{}, &tx.ClaimAnswer{}, &tx.Succession{}, &tx.SuccessionVeto{}, &tx.NameAttest{},
	&tx.Caution{}, &tx.CautionAnswer{}, &tx.CaseDecide{}, &tx.CaseAppeal{}, &tx.OrderRecord{}, &tx.OrderStatus{}, &tx.Restrict{}, &tx.Lift{},
	&tx.OrderConfirm{}, &tx.ForumSet{},
	&tx.SourceStatement{}, &tx.SourceAttest{}, &tx.Propose{}, &tx.Vote{}, &tx.Petition{},
}

// fill gives every field some value; many of these acts mean nothing.
func fill(rnd *rand.Rand, v reflect.Value) {
	for i := range v.NumField() {
		switch x := v.Field(i).Addr().Interface().(type) {
		case *uint64:
			*x = rnd.Uint64() >> rnd.IntN(64)
		case *tx.Clause:
			*x = tx.Clause(rnd.Uint64() >> rnd.IntN(64))
		case *tx.ChargeMode:
			*x = tx.ChargeMode(rnd.Uint64() >> rnd.IntN(64))
		case *tx.Purpose:
			*x = tx.Purpose(rnd.Uint64() >> rnd.IntN(64))
		case *tx.Ground:
			*x = tx.Ground(rnd.Uint64() >> rnd.IntN(64))
		case *tx.Verdict:
			*x = tx.Verdict(rnd.Uint64() >> rnd.IntN(64))
		case *tx.OrderState:
			*x = tx.OrderState(rnd.Uint64() >> rnd.IntN(64))
		case *bool:
			*x = rnd.IntN(2) == 1
		case *string:
			*x = []string{"", "plain", "Müller & <Söhne>", `"quoted" \ back`, "株式会社", "🛰"}[rnd.IntN(6)]
		case *[]byte:
			*x = make([]byte, rnd.IntN(100)*rnd.IntN(100))
			fillBytes(rnd, *x)
		case *wire.Address:
			fillBytes(rnd, x[:])
		case *wire.Hash:
			fillBytes(rnd, x[:])
		case *wire.Resource:
			x.Family = wire.Family(rnd.IntN(3))
			x.Len = uint8(x.Family.Bits())
			fillBytes(rnd, x.Addr[:x.Len/8])
			*x = inr.Truncate(*x, uint8(rnd.IntN(x.Family.Bits()+1)))
		case *[]account.Key:
			*x = make([]account.Key, rnd.IntN(account.KeysMax+1))
			for k := range *x {
				(*x)[k].Alg = account.Secp256k1
				fillBytes(rnd, (*x)[k].Addr[:])
			}
		default:
			panic(v.Type().Field(i).Type.String())
		}
	}
}

func fillBytes(rnd *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
}

// What a wallet hashes from the act file is the act's id, for every kind.
func TestDigest_ACT8_ACT9_SIG5_SIG6(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	kinds := map[tx.Kind]bool{}
	for _, body := range everyBody {
		kinds[body.Kind()] = true
		for range 40 {
			v := reflect.New(reflect.TypeOf(body).Elem())
			fill(rnd, v.Elem())
			var h tx.Header
			fill(rnd, reflect.ValueOf(&h).Elem())
			f := &tx.File{Act: tx.New(h, v.Interface().(tx.Body))}
			fillBytes(rnd, f.Salt[:])
			compare(t, f, f.Bytes())
			compare(t, f, f.TypedData())
		}
	}
	for _, want := range vectorKinds(t) {
		if !kinds[tx.Kind(want)] {
			t.Errorf("kind %d is compared with no wallet", want)
		}
	}
}

func compare(t *testing.T, f *tx.File, raw []byte) {
	t.Helper()
	var typed apitypes.TypedData
	if err := json.Unmarshal(raw, &typed); err != nil {
		t.Fatal(err)
	}
	digest, _, err := apitypes.TypedDataAndHash(typed)
	if err != nil {
		t.Fatalf("%v: %v\n%s", f.Act.Body.Kind(), err, raw)
	}
	domain, err := typed.HashStruct("EIP712Domain", typed.Domain.Map())
	if err != nil {
		t.Fatal(err)
	}
	message, err := typed.HashStruct(typed.PrimaryType, typed.Message)
	if err != nil {
		t.Fatal(err)
	}
	gotDomain, gotMessage, gotDigest := f.Hashes()
	if wire.Hash(digest) != gotDigest || wire.Hash(domain) != gotDomain || wire.Hash(message) != gotMessage {
		t.Errorf("%v: digest %x, the wallet's %x\n%s", f.Act.Body.Kind(), gotDigest, digest, raw)
	}
	if id := f.Act.ID(f.Salt); id != gotDigest {
		t.Errorf("%v: id %v, digest %v", f.Act.Body.Kind(), id, gotDigest)
	}
}

// vectorKinds are the kinds of the chapter's vectors.
func vectorKinds(t *testing.T) []uint64 {
	raw, err := os.ReadFile("../../specs/vectors/acts.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Types []struct{ Kind uint64 } }
	if err := json.Unmarshal(raw, &v); err != nil || len(v.Types) == 0 {
		t.Fatalf("no types in the vectors: %v", err)
	}
	var out []uint64
	for _, one := range v.Types {
		out = append(out, one.Kind)
	}
	return out
}

// A key unlocked here signs an act that verifies.
func TestSignAct_ACT16(t *testing.T) {
	s := Open(t.TempDir(), faint)
	if _, err := s.Create("a", "x"); err != nil {
		t.Fatal(err)
	}
	key, err := s.Unlock("a", "x")
	if err != nil {
		t.Fatal(err)
	}
	salt := wire.Hash{1}
	act := tx.New(tx.Header{Author: wire.Address{1}, Policy: 1, Expires: 1}, &tx.OfferCancel{Offer: wire.Hash{2}})
	sig, err := Signer(key).Sign(act.ID(salt))
	if err != nil {
		t.Fatal(err)
	}
	if err := act.Attach(sig, salt); err != nil {
		t.Fatal(err)
	}
	v, err := tx.Verify(act.Encode(), salt)
	if err != nil || v.Signers()[0] != key.Address() {
		t.Errorf("%v %v", v, err)
	}
}
