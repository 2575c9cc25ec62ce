package wire

import (
	"bytes"
	"errors"
	"testing"
)

func TestResource_WIRE4(t *testing.T) {
	v := readVectors(t)
	if len(v.Resources) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Resources {
		got, err := ResourceFromKey(unhexed(t, c.Key))
		if c.Rule != "" {
			if !errors.Is(err, ErrCanonical) {
				t.Errorf("%s: got %v %v, want %v", c.Why, got, err, ErrCanonical)
			}
			continue
		}
		want := Resource{Family: Family(c.Family), Len: c.Length}
		copy(want.Addr[:], unhexed(t, c.Address))
		if err != nil || got != want {
			t.Errorf("%s: got %v %v, want %v", c.Why, got, err, want)
		}
		if got.String() != c.Text {
			t.Errorf("%s: got %s, want %s", c.Why, got, c.Text)
		}
	}
}

// Every valid resource near every length has its own bytes, and each field
// counts: a change of any of them changes the bytes or is refused.
func TestResourceFields_WIRE4(t *testing.T) {
	seen := map[string]Resource{}
	for family := IPv4; family <= ASN; family++ {
		for length := 0; length <= family.Bits(); length++ {
			for bit := 0; bit < length; bit++ {
				r := Resource{Family: family, Len: uint8(length)}
				r.Addr[bit/8] |= 1 << (7 - bit%8)
				key := string(r.Key())
				if other, dup := seen[key]; dup || !r.Valid() {
					t.Fatalf("%+v and %+v have one key", r, other)
				}
				seen[key] = r
				if got, err := ResourceFromKey([]byte(key)); err != nil || got != r {
					t.Fatalf("%+v is read as %+v, %v", r, got, err)
				}
			}
		}
	}
	for _, r := range []Resource{
		{Family: 3}, {Family: IPv4, Len: 33}, {Family: IPv6, Len: 129}, {Family: ASN, Len: 33},
		{Family: IPv4, Len: 8, Addr: [16]byte{1, 1}}, {Family: IPv4, Len: 32, Addr: [16]byte{4: 1}},
	} {
		if r.Valid() {
			t.Errorf("%+v is valid", r)
		}
	}
}

func FuzzResourceFromKey_WIRE4(f *testing.F) {
	f.Add([]byte{0, 24, 192, 0, 2})
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := ResourceFromKey(raw)
		if err == nil && (!r.Valid() || !bytes.Equal(r.Key(), raw)) {
			t.Errorf("%x is read as %+v", raw, r)
		}
	})
}
