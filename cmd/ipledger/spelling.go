package main

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// strict reads a resource in its canonical form, which is what is signed.
func strict(text string) (wire.Resource, error) {
	r, err := inr.Parse(text)
	if err == nil {
		return r, nil
	}
	if other, errUsual := usual(text); errUsual == nil {
		return r, usage("%q is not in canonical form, and what is signed must be", text).hint("write it as %v", other)
	}
	return r, usage("%w", err)
}

// usual reads a resource in any spelling in use, for look-ups. It guesses
// nothing: bits beyond a prefix's length are an error that names both readings.
func usual(text string) (wire.Resource, error) {
	t := strings.ToLower(strings.Join(strings.Fields(text), " "))
	t = strings.NewReplacer(" / ", "/", " /", "/", "/ ", "/", " - ", "-", "[", "", "]", "").Replace(t)
	if r, ok, err := usualAS(t); ok {
		return r, err
	}
	if low, high, ok := strings.Cut(t, "-"); ok {
		return usualRange(low, high)
	}
	base, length, ok := strings.Cut(t, "/")
	if addr, mask, masked := strings.Cut(t, " "); masked && !ok {
		base, length, ok = addr, mask, true
	}
	addr, err := netip.ParseAddr(fill(base, ok))
	if err != nil || addr.Zone() != "" || addr.Is4In6() {
		return wire.Resource{}, usage("%q is no address, prefix or AS number", text).
			hint("write 193.0.8.1, 193.0.8.0/24, 2001:67c:2e8::/48 or AS3333")
	}
	if !ok {
		return inr.FromPrefix(netip.PrefixFrom(addr, addr.BitLen())), nil
	}
	bits, good := prefixLength(length, addr)
	if !good {
		return wire.Resource{}, usage("%q: %q is no length of a prefix from 0 to %d", text, length, addr.BitLen())
	}
	p := netip.PrefixFrom(addr, bits)
	if p != p.Masked() {
		return wire.Resource{}, usage("%q has bits beyond its length", text).hint("write %v for the block, or %v for the address", p.Masked(), addr)
	}
	return inr.FromPrefix(p), nil
}

// fill completes a short IPv4 prefix such as 193.0/16.
func fill(base string, prefix bool) string {
	if prefix && !strings.Contains(base, ":") {
		for strings.Count(base, ".") < 3 && base != "" {
			base += ".0"
		}
	}
	return base
}

// prefixLength reads /24, or the mask 255.255.255.0.
func prefixLength(text string, addr netip.Addr) (bits int, ok bool) {
	if mask, err := netip.ParseAddr(text); err == nil && mask.Is4() && addr.Is4() {
		m := mask.As4()
		n := uint32(m[0])<<24 | uint32(m[1])<<16 | uint32(m[2])<<8 | uint32(m[3])
		for bits < 32 && n&(1<<31) != 0 {
			n, bits = n<<1, bits+1
		}
		return bits, n == 0
	}
	bits, err := strconv.Atoi(text)
	return bits, err == nil && bits >= 0 && bits <= addr.BitLen() && strconv.Itoa(bits) == text
}

// usualAS reads AS3333, as3333, "AS 3333", ASN3333, 3333, AS3.10 and ranges.
func usualAS(t string) (r wire.Resource, ok bool, err error) {
	low, high, ranged := strings.Cut(t, "-")
	first, named, err1 := asNumber(low)
	if !ranged {
		return inr.AS(first), err1 == nil, nil
	}
	last, _, err2 := asNumber(high)
	if err1 != nil || err2 != nil || !named && strings.ContainsAny(t, ".:") {
		return r, false, nil
	}
	f, _ := inr.Ends(inr.AS(first))
	_, l := inr.Ends(inr.AS(last))
	r, err = oneBlock(wire.ASN, f, l)
	return r, true, err
}

// asNumber reads one AS number; named says that it was marked as one.
func asNumber(t string) (n uint32, named bool, err error) {
	digits := t
	for _, mark := range []string{"asn", "as"} {
		if rest, ok := strings.CutPrefix(t, mark); ok {
			digits, named = strings.TrimSpace(rest), true
			break
		}
	}
	high, low, dotted := strings.Cut(digits, ".")
	if !dotted {
		v, err := strconv.ParseUint(digits, 10, 32)
		return uint32(v), named, err
	}
	h, err1 := strconv.ParseUint(high, 10, 16)
	l, err2 := strconv.ParseUint(low, 10, 16)
	if err1 != nil || err2 != nil {
		return 0, named, strconv.ErrSyntax
	}
	return uint32(h)<<16 | uint32(l), named, nil
}

// usualRange reads 193.0.8.0-193.0.8.255.
func usualRange(low, high string) (wire.Resource, error) {
	first, err1 := netip.ParseAddr(low)
	last, err2 := netip.ParseAddr(high)
	if err1 != nil || err2 != nil || first.BitLen() != last.BitLen() || first.Is4In6() || last.Is4In6() {
		return wire.Resource{}, usage("%s-%s is no range of addresses", low, high)
	}
	f, _ := inr.Ends(inr.FromPrefix(netip.PrefixFrom(first, first.BitLen())))
	_, l := inr.Ends(inr.FromPrefix(netip.PrefixFrom(last, last.BitLen())))
	family := wire.IPv4
	if first.Is6() {
		family = wire.IPv6
	}
	return oneBlock(family, f, l)
}

// oneBlock is the block of a range, where that is one.
func oneBlock(f wire.Family, first, last [16]byte) (wire.Resource, error) {
	blocks, err := inr.Blocks(f, first, last)
	if err != nil {
		return wire.Resource{}, usage("%w", err)
	}
	if len(blocks) != 1 {
		var names []string
		for _, b := range blocks {
			names = append(names, b.String())
		}
		return wire.Resource{}, usage("the range is %d blocks", len(blocks)).hint("look them up one by one: %s", strings.Join(names, " "))
	}
	return blocks[0], nil
}

// heightOf reads a height.
func heightOf(at string) (uint64, bool) {
	h, err := strconv.ParseUint(at, 10, 63)
	return h, err == nil
}

// parseAt reads a height, a date or a time, and writes it as nodes take it. A
// date means its end in UTC.
func parseAt(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	if h, ok := heightOf(text); ok && h > 0 {
		return strconv.FormatUint(h, 10), nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Format(time.RFC3339), nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.Add(24*time.Hour - time.Second).Format(time.RFC3339), nil
	}
	return "", usage("--at %q is neither a height from 1 on nor a date such as 2026-11-21 or 2026-11-21T12:00:00Z", text)
}
