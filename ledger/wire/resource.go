package wire

import (
	"fmt"
	"io"
	"net/netip"
	"strconv"

	"github.com/ethereum/go-ethereum/rlp"
)

// Family says which of the three number spaces a resource lies in. The values
// are those of the state tree's first subtrees (specs/05).
type Family uint8

const (
	IPv4 Family = 0 // addresses of 32 bits
	IPv6 Family = 1 // addresses of 128 bits
	ASN  Family = 2 // AS numbers, of 32 bits
)

// Bits is the width of the family's numbers: 32, 128, 32; 0 for no family.
func (f Family) Bits() int {
	switch f {
	case IPv4, ASN:
		return 32
	case IPv6:
		return 128
	}
	return 0
}

// Resource is an aligned block of Internet numbers: an IPv4 prefix, an IPv6
// prefix, or a block of 2^n AS numbers that starts at a multiple of 2^n.
// Addr holds the first number, left-aligned; bits beyond Len are zero.
// It is comparable, and its zero value is 0.0.0.0/0.
//
// It is never a netip.Prefix inside an encoding: the reflection of rlp would
// write every prefix as an empty list (specs/02 WIRE-4).
type Resource struct {
	Family Family
	Len    uint8
	Addr   [16]byte
}

// Valid reports whether r is one of the blocks there are: a known family, a
// length within it, and no bit set beyond the length (RES-1).
func (r Resource) Valid() bool {
	if r.Family > ASN || int(r.Len) > r.Family.Bits() {
		return false
	}
	i := int(r.Len) / 8
	if i == len(r.Addr) {
		return true
	}
	if r.Addr[i]&(0xff>>(r.Len%8)) != 0 {
		return false
	}
	for _, b := range r.Addr[i+1:] {
		if b != 0 {
			return false
		}
	}
	return true
}

// EncodeRLP writes one byte string: family, length, and as many bytes of the
// address as the length needs (specs/02 WIRE-4).
func (r Resource) EncodeRLP(w io.Writer) error {
	if !r.Valid() {
		return fmt.Errorf("%w: resource %v", ErrCanonical, r)
	}
	return rlp.Encode(w, r.Key())
}

// DecodeRLP reads what EncodeRLP writes, and nothing else.
func (r *Resource) DecodeRLP(s *rlp.Stream) error {
	raw, err := s.Bytes()
	if err != nil {
		return err
	}
	got, err := ResourceFromKey(raw)
	if err != nil {
		return err
	}
	*r = got
	return nil
}

// Key is the resource's byte string: family, length, ⌈length/8⌉ bytes of address.
func (r Resource) Key() []byte { return r.AppendKey(nil) }

// AppendKey appends Key to dst.
func (r Resource) AppendKey(dst []byte) []byte {
	n := (int(r.Len) + 7) / 8
	return append(append(dst, byte(r.Family), r.Len), r.Addr[:n]...)
}

// ResourceFromKey reads what Key writes, and nothing else.
func ResourceFromKey(raw []byte) (Resource, error) {
	if len(raw) < 2 || len(raw) > 18 {
		return Resource{}, fmt.Errorf("%w: a resource has 2 to 18 bytes", ErrCanonical)
	}
	r := Resource{Family: Family(raw[0]), Len: raw[1]}
	copy(r.Addr[:], raw[2:])
	// No bit stands beyond Len, so bytes beyond those needed show in the length alone.
	if !r.Valid() || len(raw) != 2+(int(r.Len)+7)/8 {
		return Resource{}, fmt.Errorf("%w: resource %x", ErrCanonical, raw)
	}
	return r, nil
}

// Prefix is r as the standard library knows it; it is zero for AS numbers.
func (r Resource) Prefix() netip.Prefix {
	switch r.Family {
	case IPv4:
		return netip.PrefixFrom(netip.AddrFrom4([4]byte(r.Addr[:4])), int(r.Len))
	case IPv6:
		return netip.PrefixFrom(netip.AddrFrom16(r.Addr), int(r.Len))
	}
	return netip.Prefix{}
}

// String is the canonical text (RES-2): 192.0.2.0/24, 2001:db8::/32, AS64496,
// or AS64496-AS64511 for a block of several.
func (r Resource) String() string { return string(r.AppendTo(nil)) }

// AppendTo appends String to dst.
func (r Resource) AppendTo(dst []byte) []byte {
	if r.Family != ASN {
		return r.Prefix().AppendTo(dst)
	}
	first := uint64(r.Addr[0])<<24 | uint64(r.Addr[1])<<16 | uint64(r.Addr[2])<<8 | uint64(r.Addr[3])
	dst = strconv.AppendUint(append(dst, "AS"...), first, 10)
	if r.Len < 32 {
		dst = strconv.AppendUint(append(dst, "-AS"...), first+1<<(32-r.Len)-1, 10)
	}
	return dst
}

// MarshalText is String.
func (r Resource) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
