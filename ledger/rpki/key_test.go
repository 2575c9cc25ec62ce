package rpki

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
)

// testKeys reads testdata/keys.txt: signing by them is deterministic, so that
// vectors can be made again.
var testKeys = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	raw, err := os.ReadFile("testdata/keys.txt")
	if err != nil {
		panic(err)
	}
	out := map[string]*rsa.PrivateKey{}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); f[0] != "#" {
			out[f[0]] = testKey(f[1], f[2])
		}
	}
	return out
})

func testKey(p, q string) *rsa.PrivateKey {
	one := big.NewInt(1)
	a, _ := new(big.Int).SetString(p, 16)
	b, _ := new(big.Int).SetString(q, 16)
	phi := new(big.Int).Mul(new(big.Int).Sub(a, one), new(big.Int).Sub(b, one))
	k := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(a, b), E: 65537},
		D:         new(big.Int).ModInverse(exponent, phi), Primes: []*big.Int{a, b},
	}
	k.Precompute()
	return k
}

// publicBytes is the SubjectPublicKeyInfo of a test key.
func publicBytes(name string) []byte {
	raw, err := x509.MarshalPKIXPublicKey(&testKeys()[name].PublicKey)
	if err != nil {
		panic(err)
	}
	return raw
}

// sign is RSA PKCS #1 v1.5 over SHA-256.
func sign(name string, message []byte) []byte {
	sum := sha256.Sum256(message)
	out, err := rsa.SignPKCS1v15(nil, testKeys()[name], crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return out
}

func TestFingerprint_RPKI5(t *testing.T) {
	raw := publicBytes("anchor")
	got, err := Fingerprint(raw)
	if err != nil || got != sha256.Sum256(raw) {
		t.Fatalf("got %v, %v", got, err)
	}
	even := append([]byte(nil), raw...)
	even[len(even)-6] &^= 1
	for name, bad := range map[string][]byte{
		"1024 bits": publicBytes("short"), "4096 bits": publicBytes("long"), "an even modulus": even,
		"a byte more": append(append([]byte(nil), raw...), 0), "a byte less": raw[:len(raw)-1], "nothing": nil,
	} {
		if got, err := Fingerprint(bad); err == nil {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// The arithmetic here and the standard library's agree on signatures good and
// bad, at the edges of what a signature can be.
func TestSigned_RPKI6(t *testing.T) {
	message := []byte("what is signed")
	sum := sha256.Sum256(message)
	priv := testKeys()["signer"]
	k := newReader(publicBytes("signer"), "").key()
	good := sign("signer", message)
	n := priv.N.Bytes()
	over := new(big.Int).Add(new(big.Int).SetBytes(good), priv.N)
	cases := [][]byte{good, n, make([]byte, 256), good[1:], append([]byte{0}, good...), raw256(1), raw256(2), sign("stranger", message)}
	if over.BitLen() <= 2048 {
		cases = append(cases, over.FillBytes(make([]byte, 256)))
	}
	for bit := range 256 * 8 {
		flipped := append([]byte(nil), good...)
		flipped[bit/8] ^= 1 << (bit % 8)
		cases = append(cases, flipped)
	}
	for i, s := range cases {
		want := rsa.VerifyPKCS1v15(&priv.PublicKey, crypto.SHA256, sum[:], s) == nil
		if got := k.signed(message, s); got != want || got != (i == 0) {
			t.Fatalf("case %d, %x: got %v, the standard library %v", i, s, got, want)
		}
	}
	if k.signed([]byte("something else"), good) {
		t.Error("the signature holds for another message")
	}
}

// encodings that other verifiers once took are refused: each is raised to the
// private exponent, so that only the encoded message is wrong.
func TestEncodedMessage_RPKI6(t *testing.T) {
	message := []byte("what is signed")
	sum := sha256.Sum256(message)
	priv := testKeys()["signer"]
	k := newReader(publicBytes("signer"), "").key()
	right := append(append([]byte(nil), encodedHead...), sum[:]...)
	if !k.signed(message, raise(priv, right)) {
		t.Fatal("the right encoding is refused")
	}
	short := append([]byte{0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0}, encodedHead[205:]...)
	short = append(append(short, sum[:]...), make([]byte, 256-len(short)-32)...)
	noNull := append(append([]byte{0, 1}, repeat(0xff, 204)...), unhex("00302f300b0609608648016503040201"+"0420")...)
	noNull = append(noNull, sum[:]...)
	type2, hole := append([]byte(nil), right...), append([]byte(nil), right...)
	type2[1], hole[100] = 2, 0
	for name, em := range map[string][]byte{"rubbish behind the digest": short, "no parameters": noNull, "block type 2": type2, "padding with a hole": hole} {
		if len(em) != 256 {
			t.Fatalf("%s has %d bytes", name, len(em))
		}
		if k.signed(message, raise(priv, em)) {
			t.Errorf("%s is taken", name)
		}
	}
}

func raise(k *rsa.PrivateKey, em []byte) []byte {
	return new(big.Int).Exp(new(big.Int).SetBytes(em), k.D, k.N).FillBytes(make([]byte, 256))
}

func repeat(b byte, n int) []byte { return []byte(strings.Repeat(string([]byte{b}), n)) }

func raw256(last byte) []byte { return append(make([]byte, 255), last) }

func BenchmarkSigned(b *testing.B) {
	message := []byte("what is signed")
	sum := sha256.Sum256(message)
	k, s := newReader(publicBytes("signer"), "").key(), sign("signer", message)
	b.Run("here", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if !k.signed(message, s) {
				b.Fatal("refused")
			}
		}
	})
	b.Run("standard library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if rsa.VerifyPKCS1v15(&testKeys()["signer"].PublicKey, crypto.SHA256, sum[:], s) != nil {
				b.Fatal("refused")
			}
		}
	})
}
