package whois

import (
	"math/bits"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// span is the numbers that a key names, first to last, left-aligned.
type span struct {
	family      wire.Family
	first, last [16]byte
	zone        string // the reverse zone that was asked for, or empty
}

func spanOf(r wire.Resource) span {
	first, last := inr.Ends(r)
	return span{family: r.Family, first: first, last: last}
}

// around is the smallest block that covers the span.
func (s *span) around() wire.Resource {
	n := 0
	for n < len(s.first) && s.first[n] == s.last[n] {
		n++
	}
	length := s.family.Bits()
	if n < length/8 {
		length = n*8 + bits.LeadingZeros8(s.first[n]^s.last[n])
	}
	r := wire.Resource{Family: s.family, Len: uint8(s.family.Bits()), Addr: s.first}
	return inr.Truncate(r, uint8(length))
}

// exact reports whether the span is just a block.
func (s *span) exact(r wire.Resource) bool {
	first, last := inr.Ends(r)
	return s.family == r.Family && s.first == first && s.last == last
}

// looksNumeric are keys that mean addresses or nothing.
var looksNumeric = regexp.MustCompile(`^[0-9.]+(/[0-9]+)?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/[0-9]+)?$`)

// readSpan reads a key that names numbers: an address, a prefix, a range, an AS number
// or several, a name made of a block's numbers, or a reverse zone; ok is false for
// any other.
//
// specs/29 WHOIS-3: Host bits, ranges that end before they begin and numbers beyond
// their family MUST be answered by error 115, never corrected.
func readSpan(key string) (s span, ok bool, f *fault) {
	if low, high, ranged := cutRange(key); ranged {
		return readRange(low, high)
	}
	if r, ok := directory.ParseNetName(key); ok {
		return spanOf(r), true, nil
	}
	if r, ok := directory.ParseZone(strings.TrimSuffix(key, ".")); ok {
		s = spanOf(r)
		s.zone = strings.ToLower(strings.TrimSuffix(key, "."))
		return s, true, nil
	}
	if as, ok := asNumber(key); ok {
		n, err := strconv.ParseUint(as, 10, 32)
		if err != nil {
			return s, false, invalidKey("AS numbers end at 4294967295")
		}
		return spanOf(inr.AS(uint32(n))), true, nil
	}
	if !looksNumeric.MatchString(key) {
		return s, false, nil
	}
	r, why := readBlock(key)
	if why != "" {
		return s, false, invalidKey(why)
	}
	return spanOf(r), true, nil
}

// readBlock reads an address or a prefix, or says why it is none.
func readBlock(key string) (r wire.Resource, why string) {
	p, err := netip.ParsePrefix(key)
	if addr, e := netip.ParseAddr(key); e == nil {
		p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	switch {
	case err != nil:
		return r, "neither an address nor a prefix"
	case p.Addr().Is4In6():
		return r, "an IPv4 address in IPv6; ask for it in IPv4"
	case p != p.Masked():
		return r, "bits beyond the prefix are set; its block is " + p.Masked().String()
	}
	return inr.FromPrefix(p), ""
}

// asNumber is the digits of an AS number in either case.
func asNumber(key string) (digits string, ok bool) {
	if len(key) < 3 || !strings.EqualFold(key[:2], "AS") {
		return "", false
	}
	digits = key[2:]
	return digits, strings.Trim(digits, "0123456789") == ""
}

// cutRange cuts "a - b", with or without space, where both sides look like numbers.
func cutRange(key string) (low, high string, ok bool) {
	low, high, ok = strings.Cut(key, "-")
	low, high = strings.TrimSpace(low), strings.TrimSpace(high)
	return low, high, ok && end(low) && end(high)
}

func end(text string) bool {
	_, as := asNumber(text)
	return as || looksNumeric.MatchString(text) && !strings.Contains(text, "/")
}

func readRange(low, high string) (s span, ok bool, f *fault) {
	a, ok, f := readSpan(low)
	if f != nil || !ok {
		return s, ok, f
	}
	b, ok, f := readSpan(high)
	switch {
	case f != nil || !ok:
		return s, ok, f
	case a.family != b.family:
		return s, false, invalidKey("a range of two families")
	case string(a.first[:]) > string(b.last[:]):
		return s, false, invalidKey("a range that ends before it begins")
	}
	return span{family: a.family, first: a.first, last: b.last}, true, nil
}
