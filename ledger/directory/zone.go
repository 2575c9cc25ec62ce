package directory

import (
	"encoding/hex"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// The domains beneath which reverse zones lie (RFC 1035, Section 3.5; RFC 3596,
// Section 2.5).
const (
	InAddr = "in-addr.arpa"
	IP6    = "ip6.arpa"
)

// ZoneLen is the length of the blocks of which a prefix has reverse zones: its own,
// or the next at which the DNS can part.
//
// specs/28 DIR-9: ... of the zones at the next whole byte of IPv4 or half byte of
// IPv6.
func ZoneLen(r wire.Resource) uint8 {
	step := zoneStep(r.Family)
	return (r.Len + step - 1) / step * step
}

func zoneStep(f wire.Family) uint8 {
	if f == wire.IPv6 {
		return 4
	}
	return 8
}

// Zone is the reverse zone of a prefix whose length is a ZoneLen, in lower case and
// without a dot at the end: 0.193.in-addr.arpa.
func Zone(r wire.Resource) string {
	b := make([]byte, 0, 2*32+len(IP6))
	if r.Family == wire.IPv6 {
		for i := int(r.Len) / 4; i > 0; i-- {
			half := r.Addr[(i-1)/2] >> (4 * (i % 2)) & 15
			b = append(b, "0123456789abcdef"[half], '.')
		}
		return string(append(b, IP6...))
	}
	for i := int(r.Len) / 8; i > 0; i-- {
		b = append(strconv.AppendUint(b, uint64(r.Addr[i-1]), 10), '.')
	}
	return string(append(b, InAddr...))
}

// zoneBytesMax is the length of the longest reverse name: 32 half bytes of IPv6.
const zoneBytesMax = 2*32 + len(IP6)

// ParseZone is the prefix of a reverse zone, in letters of either case; ok is false
// for any other name.
func ParseZone(name string) (r wire.Resource, ok bool) {
	if len(name) > zoneBytesMax {
		return r, false
	}
	name = strings.ToLower(name)
	if labels, found := beneath(name, IP6); found {
		return fromHalves(labels)
	}
	labels, found := beneath(name, InAddr)
	if !found || len(labels) > 4 {
		return r, false
	}
	for i, l := range labels {
		n, err := strconv.ParseUint(l, 10, 8)
		if err != nil || strconv.FormatUint(n, 10) != l {
			return r, false
		}
		r.Addr[len(labels)-1-i] = byte(n)
	}
	r.Len = uint8(8 * len(labels))
	return r, true
}

// beneath is the labels of a name beneath a domain.
func beneath(name, domain string) ([]string, bool) {
	if name == domain {
		return nil, true
	}
	rest, ok := strings.CutSuffix(name, "."+domain)
	return strings.Split(rest, "."), ok
}

func fromHalves(labels []string) (wire.Resource, bool) {
	r := wire.Resource{Family: wire.IPv6, Len: uint8(4 * len(labels))}
	digits := []byte(strings.Repeat("0", 32))
	for i, l := range labels {
		if len(l) != 1 || len(labels) > len(digits) {
			return wire.Resource{}, false
		}
		digits[len(labels)-1-i] = l[0]
	}
	_, err := hex.Decode(r.Addr[:], digits)
	return r, err == nil && r.Valid()
}

// Delegation is the reverse delegation that an answer shows: of the smallest block
// at which one is stated; nil for none.
func Delegation(a *light.Answer) (d *light.Services) {
	for i := range a.Services {
		if s := &a.Services[i]; s.Servers != "" && (d == nil || s.At.Len >= d.At.Len) {
			d = s
		}
	}
	return d
}

// ZoneOf is the block of the reverse zone in which the whole of r lies, of those
// that a delegation stated at a prefix stands for; ok is false where r is larger.
//
// specs/28 DIR-9: A reverse delegation stated at a prefix is of the zones at the
// next whole byte of IPv4 or half byte of IPv6, of which there may be several.
func ZoneOf(stated, r wire.Resource) (zone wire.Resource, ok bool) {
	length := ZoneLen(stated)
	if !inr.Covers(stated, r) || r.Len < length {
		return zone, false
	}
	return inr.Truncate(r, length), true
}
