package genesis

import (
	"fmt"
	"net/netip"
	"strconv"

	"ipledger/ledger/wire"
)

// span is a range of numbers of one family, both ends in it.
type span struct {
	family      wire.Family
	first, last number
}

// size is one less than how many numbers the span has, so that it always fits.
func (s span) size() number { return s.last.sub(s.first) }

func (s span) has(o span) bool {
	return s.family == o.family && !o.first.less(s.first) && !s.last.less(o.last)
}

// readSpan reads type, start and value. Ranges in statistics are data: they
// need not be aligned, but they must lie in their family and not be empty.
func readSpan(kind, start, value string) (span, error) {
	if !digits(value) {
		return span{}, fmt.Errorf("value %q is not a decimal number", clip(value))
	}
	n, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		return span{}, fmt.Errorf("value %q is beyond every family", clip(value))
	}
	switch kind {
	case "ipv4":
		return readFour(start, n)
	case "ipv6":
		return readSix(start, n)
	case "asn":
		first, err := strconv.ParseUint(start, 10, 32)
		if err != nil || !digits(start) {
			return span{}, fmt.Errorf("start %q is not an AS number", clip(start))
		}
		return counted(wire.ASN, first, n)
	}
	return span{}, fmt.Errorf("type %q is not ipv4, ipv6 or asn", clip(kind))
}

func readFour(start string, count uint64) (span, error) {
	a, err := netip.ParseAddr(start)
	if err != nil || !a.Is4() {
		return span{}, fmt.Errorf("start %q is not an IPv4 address", clip(start))
	}
	raw := a.As4()
	return counted(wire.IPv4, uint64(raw[0])<<24|uint64(raw[1])<<16|uint64(raw[2])<<8|uint64(raw[3]), count)
}

// counted is the span of count numbers from first in a family of 32 bits.
func counted(f wire.Family, first, count uint64) (span, error) {
	if count == 0 || count > 1<<32 || first+count > 1<<32 {
		return span{}, fmt.Errorf("%d numbers from %d leave the family or are none", count, first)
	}
	return span{f, number{lo: first}, number{lo: first + count - 1}}, nil
}

func readSix(start string, length uint64) (span, error) {
	a, err := netip.ParseAddr(start)
	if err != nil || !a.Is6() || a.Is4In6() || a.Zone() != "" {
		return span{}, fmt.Errorf("start %q is not an IPv6 address", clip(start))
	}
	if length > 128 {
		return span{}, fmt.Errorf("prefix length %d is beyond 128", length)
	}
	p := netip.PrefixFrom(a, int(length))
	if p.Masked() != p {
		return span{}, fmt.Errorf("%s has bits beyond its prefix length", p)
	}
	first := right(wire.IPv6, a.As16())
	last := first
	for i := range 128 - int(length) {
		if i < 64 {
			last.lo |= 1 << i
		} else {
			last.hi |= 1 << (i - 64)
		}
	}
	return span{wire.IPv6, first, last}, nil
}
