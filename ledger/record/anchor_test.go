package record

import (
	"bytes"
	"slices"
	"testing"
)

// keyInfo is a SubjectPublicKeyInfo of RSA with 2,048 bits.
func keyInfo() []byte {
	der := []byte{0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
		0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}
	return append(append(der, bytes.Repeat([]byte{0xc1}, 256)...), 0x02, 0x03, 0x01, 0x00, 0x01)
}

// TestCheckPublicKeyInfo_GEN28 takes one key, and none of its neighbours: a byte
// less or more, another algorithm, another size, a header of another form.
func TestCheckPublicKeyInfo_GEN28(t *testing.T) {
	good := keyInfo()
	if err := (&Anchor{Kind: RegistryCA, Registry: "ripencc", Key: good}).Check(); err != nil {
		t.Fatal(err)
	}
	for at := range len(good) - 4 {
		if at >= 33 && at < 33+256 && at != 33 {
			continue // any modulus will do
		}
		bad := slices.Clone(good)
		bad[at] ^= 0x81
		if CheckPublicKeyInfo(bad) == nil {
			t.Errorf("byte %d changed: no error", at)
		}
	}
	for _, bad := range [][]byte{nil, good[:len(good)-1], append(slices.Clone(good), 0), make([]byte, AnchorBytesMax+1)} {
		if CheckPublicKeyInfo(bad) == nil {
			t.Errorf("%d bytes are taken", len(bad))
		}
	}
	for _, bad := range []Anchor{{Kind: 3, Registry: "arin", Key: good}, {Kind: TrustAnchor, Registry: "", Key: good},
		{Kind: TrustAnchor, Registry: "Arin", Key: good}, {Kind: TrustAnchor, Registry: "registryregistry1", Key: good}} {
		if bad.Check() == nil {
			t.Errorf("%v of %q is taken", bad.Kind, bad.Registry)
		}
	}
}

// FuzzCheckPublicKeyInfo_GEN28: whatever is taken has one size and one form.
func FuzzCheckPublicKeyInfo_GEN28(f *testing.F) {
	f.Add(keyInfo())
	f.Fuzz(func(t *testing.T, der []byte) {
		if CheckPublicKeyInfo(der) == nil && (der[0] != 0x30 || len(der) < 270 || len(der) > AnchorBytesMax) {
			t.Fatalf("%x is taken", der)
		}
	})
}
