package account

import (
	"bytes"
	"math/big"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

func TestSign_SIG2(t *testing.T) {
	v := readVectors(t)
	if len(v.Signatures) == 0 {
		t.Fatal("no vectors")
	}
	for i, c := range v.Signatures {
		key := secretOf(t, c.Secret)
		got, err := Sign(c.Digest, key)
		if err != nil {
			t.Fatal(err)
		}
		if got.Signer != c.Signer || !bytes.Equal(got.Sig[:], unhex(t, c.Signature)) {
			t.Errorf("vector %d: got %v %x", i, got.Signer, got.Sig)
		}
		if err := CheckSignatures(c.Digest, []Signature{got}); err != nil {
			t.Errorf("vector %d: %v", i, err)
		}
	}
}

func TestCheckSignatures_SIG1_SIG2_SIG3_SIG4(t *testing.T) {
	v := readVectors(t)
	seen := map[string]bool{}
	for _, c := range v.Refused {
		var sigs []Signature
		for _, s := range c.Signatures {
			sigs = append(sigs, Signature{Alg: s.Alg, Signer: s.Signer, Sig: [65]byte(unhex(t, s.Signature))})
		}
		wantRule(t, c.Why, CheckSignatures(c.Digest, sigs), c.Rule)
		seen[c.Rule] = true
	}
	for _, rule := range []string{"SIG-1", "SIG-2", "SIG-3", "SIG-4"} {
		if !seen[rule] {
			t.Errorf("no vector is refused by %s", rule)
		}
	}
}

func TestCheckSignaturesMany_SIG4(t *testing.T) {
	digest := wire.Hash{7}
	var sigs []Signature
	for n := range byte(SignaturesMax + 1) {
		s, err := Sign(digest, secret(n))
		if err != nil {
			t.Fatal(err)
		}
		sigs = append(sigs, s)
	}
	slices.SortFunc(sigs, func(a, b Signature) int { return bytes.Compare(a.Signer[:], b.Signer[:]) })
	wantRule(t, "16 signatures", CheckSignatures(digest, sigs[:SignaturesMax]), "")
	wantRule(t, "17 signatures", CheckSignatures(digest, sigs), "SIG-4")
	wantRule(t, "none", CheckSignatures(digest, nil), "SIG-4")
}

// The other signature of the same key and digest, (r, n-s) with the other v, is
// refused: an act has one set of bytes for one set of consents.
func TestOtherHalf_SIG2(t *testing.T) {
	digest := wire.Hash{7}
	s, err := Sign(digest, secret(1))
	if err != nil {
		t.Fatal(err)
	}
	n := new(big.Int).SetBytes(order[:])
	n.Sub(n, new(big.Int).SetBytes(s.Sig[32:64])).FillBytes(s.Sig[32:64])
	s.Sig[64] ^= 1
	if got, err := Recover(digest, &s.Sig); err != nil || got != s.Signer {
		t.Fatalf("the other half no longer recovers: %v %v", got, err)
	}
	wantRule(t, "the upper half", CheckSignatures(digest, []Signature{s}), "SIG-2")
	half := new(big.Int).Rsh(new(big.Int).SetBytes(order[:]), 1)
	if !bytes.Equal(half.Bytes(), halfOrder[:]) {
		t.Errorf("half the order is %x", half)
	}
}

// A malformed signature anywhere is found before a key is recovered.
func TestFormFirst_SIG3(t *testing.T) {
	wrong := Signature{Alg: Secp256k1, Signer: wire.Address{1}, Sig: [65]byte{31: 1, 63: 1}}
	bad := Signature{Alg: 9, Signer: wire.Address{2}}
	wantRule(t, "a stranger's and a malformed one", CheckSignatures(wire.Hash{1}, []Signature{wrong, bad}), "SIG-1")
}

func BenchmarkCheckSignatures(b *testing.B) {
	digest := wire.Hash{7}
	s, err := Sign(digest, secret(1))
	if err != nil {
		b.Fatal(err)
	}
	sigs := []Signature{s}
	b.ReportAllocs()
	for b.Loop() {
		if err := CheckSignatures(digest, sigs); err != nil {
			b.Fatal(err)
		}
	}
}
