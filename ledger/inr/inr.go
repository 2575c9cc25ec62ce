// Package inr is the arithmetic of Internet number resources: reading and
// writing them as text, covering, splitting and merging blocks, cutting ranges
// into aligned blocks.
//
// It implements specs/01. It does not know who holds a block.
package inr

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger/wire"
)

// ErrText reports text that is not the canonical form of a resource (RES-2).
var ErrText = errors.New("inr: not a resource in canonical form")

// Parse reads the canonical text of a resource, and nothing else.
//
// specs/01 RES-2: Host bits, IPv4-mapped forms and lengths beyond the family
// are errors, never corrected.
func Parse(text string) (wire.Resource, error) {
	r, err := read(text)
	if err == nil && r.String() != text {
		err = fmt.Errorf("canonical form is %s", r)
	}
	if err != nil {
		return wire.Resource{}, fmt.Errorf("%w: %q: %v", ErrText, text, err)
	}
	return r, nil
}

func read(text string) (wire.Resource, error) {
	if strings.HasPrefix(text, "AS") {
		return readASN(text)
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return wire.Resource{}, err
	}
	if p.Addr().Is4In6() {
		return wire.Resource{}, errors.New("IPv4-mapped IPv6")
	}
	if p != p.Masked() {
		return wire.Resource{}, errors.New("host bits are set")
	}
	return FromPrefix(p), nil
}

func readASN(text string) (wire.Resource, error) {
	low, high, ranged := strings.Cut(text, "-")
	if !ranged {
		high = low
	}
	first, err1 := readNumber(low)
	last, err2 := readNumber(high)
	if err := errors.Join(err1, err2); err != nil {
		return wire.Resource{}, err
	}
	size := uint64(last) - uint64(first) + 1
	if last < first || size&(size-1) != 0 || uint64(first)%size != 0 {
		return wire.Resource{}, errors.New("not an aligned block of AS numbers")
	}
	return ASBlock(first, 32-uint8(bits.TrailingZeros64(size))), nil
}

func readNumber(text string) (uint32, error) {
	digits, ok := strings.CutPrefix(text, "AS")
	if !ok {
		return 0, errors.New("an AS number starts with AS")
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), err
}

// FromPrefix is the resource of a prefix; host bits are dropped.
func FromPrefix(p netip.Prefix) wire.Resource {
	p = p.Masked()
	if p.Addr().Is4() {
		a := p.Addr().As4()
		r := wire.Resource{Family: wire.IPv4, Len: uint8(p.Bits())}
		copy(r.Addr[:], a[:])
		return r
	}
	return wire.Resource{Family: wire.IPv6, Len: uint8(p.Bits()), Addr: p.Addr().As16()}
}

// ASBlock is the aligned block of 2^(32-length) AS numbers that holds first.
func ASBlock(first uint32, length uint8) wire.Resource {
	if length < 32 {
		first &= ^uint32(0) << (32 - length)
	}
	r := wire.Resource{Family: wire.ASN, Len: length}
	r.Addr[0], r.Addr[1], r.Addr[2], r.Addr[3] = byte(first>>24), byte(first>>16), byte(first>>8), byte(first)
	return r
}

// AS is the block of one AS number.
func AS(n uint32) wire.Resource { return ASBlock(n, 32) }

// ASNumber is the first AS number of a block of them.
func ASNumber(r wire.Resource) uint32 {
	return uint32(r.Addr[0])<<24 | uint32(r.Addr[1])<<16 | uint32(r.Addr[2])<<8 | uint32(r.Addr[3])
}

// Bit is bit i of the block's first number, counted from the most significant.
func Bit(r wire.Resource, i int) int { return int(r.Addr[i/8]>>(7-i%8)) & 1 }

// Covers reports whether every number of b is in a.
func Covers(a, b wire.Resource) bool {
	return a.Family == b.Family && a.Len <= b.Len && Truncate(b, a.Len) == a
}

// Overlaps reports whether a and b share a number; aligned blocks then nest.
func Overlaps(a, b wire.Resource) bool { return Covers(a, b) || Covers(b, a) }

// Truncate is the block of the given length that holds r; length is at most r's.
func Truncate(r wire.Resource, length uint8) wire.Resource {
	r.Len = length
	full := int(length) / 8
	for i := full; i < len(r.Addr); i++ {
		if i == full && length%8 != 0 {
			r.Addr[i] &= 0xff << (8 - length%8)
			continue
		}
		r.Addr[i] = 0
	}
	return r
}

// Halves splits a block in two; ok is false for a single number.
func Halves(r wire.Resource) (low, high wire.Resource, ok bool) {
	if int(r.Len) >= r.Family.Bits() {
		return r, r, false
	}
	r.Len++
	low, high = r, r
	i := int(r.Len) - 1
	high.Addr[i/8] |= 1 << (7 - i%8)
	return low, high, true
}

// Sibling is the other half of r's parent; ok is false for a whole family.
func Sibling(r wire.Resource) (sib wire.Resource, ok bool) {
	if r.Len == 0 {
		return r, false
	}
	i := int(r.Len) - 1
	r.Addr[i/8] ^= 1 << (7 - i%8)
	return r, true
}

// Cut is whole less part, as the fewest aligned blocks in ascending order.
// part must lie inside whole. The result has part.Len-whole.Len blocks.
func Cut(whole, part wire.Resource) []wire.Resource {
	var out []wire.Resource
	for n := part.Len; n > whole.Len; n-- {
		sib, _ := Sibling(Truncate(part, n))
		out = append(out, sib)
	}
	slices.SortFunc(out, Compare)
	return out
}

// Beside is the fewest aligned blocks, ascending, that cover a whole beside parts
// that lie in it, ascending and disjoint.
func Beside(whole wire.Resource, parts []wire.Resource) []wire.Resource {
	if len(parts) == 0 {
		return []wire.Resource{whole}
	}
	if parts[0] == whole {
		return nil
	}
	low, high, _ := Halves(whole)
	n := 0
	for n < len(parts) && Covers(low, parts[n]) {
		n++
	}
	return append(Beside(low, parts[:n]), Beside(high, parts[n:])...)
}

// Compare orders by family, then first number, then length: the order of keys.
func Compare(a, b wire.Resource) int {
	if a.Family != b.Family {
		return cmp.Compare(a.Family, b.Family)
	}
	if c := bytes.Compare(a.Addr[:], b.Addr[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.Len, b.Len)
}

// Count is how many numbers the block has: 2^(width-length).
func Count(r wire.Resource) *big.Int {
	return new(big.Int).Lsh(big.NewInt(1), uint(r.Family.Bits()-int(r.Len)))
}
