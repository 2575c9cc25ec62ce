package directory

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// NetNameBytesMax is the length of the longest name: of an IPv6 block whose eight
// words have four digits each.
const NetNameBytesMax = len("NET6") + 8*len("-ffff") + len("-128")

// NetName is a block's name for protocols that want one of letters, digits and
// hyphens: NET-193-0-0-0-16, NET6-2001-67C-2E8-0-0-0-0-0-48, AS3333, or
// AS65552-AS65553. ParseNetName reads it.
//
// specs/28 DIR-7: A block is named by its numbers alone, so that its name never
// changes hands.
func NetName(r wire.Resource) string {
	switch r.Family {
	case wire.IPv4:
		b := r.AppendTo([]byte("NET-"))
		for i, c := range b {
			if c == '.' || c == '/' {
				b[i] = '-'
			}
		}
		return string(b)
	case wire.IPv6:
		b := append(make([]byte, 0, NetNameBytesMax), "NET6"...)
		for i := 0; i < len(r.Addr); i += 2 {
			b = strconv.AppendUint(append(b, '-'), uint64(r.Addr[i])<<8|uint64(r.Addr[i+1]), 16)
		}
		b = strconv.AppendUint(append(b, '-'), uint64(r.Len), 10)
		return string(bytes.ToUpper(b))
	}
	return r.String()
}

// ParseNetName reads what NetName writes, in letters of either case; ok is false
// for anything else.
func ParseNetName(name string) (r wire.Resource, ok bool) {
	if len(name) > NetNameBytesMax {
		return r, false
	}
	name = strings.ToUpper(name)
	parts := strings.Split(name, "-")
	switch {
	case parts[0] == "NET" && len(parts) == 6:
		r, ok = prefix(parts, ".")
	case parts[0] == "NET6" && len(parts) == 10:
		r, ok = prefix(parts, ":")
	default:
		got, err := inr.Parse(name)
		r, ok = got, err == nil
	}
	return r, ok && NetName(r) == name
}

// prefix reads the words of an address and a length.
func prefix(parts []string, between string) (wire.Resource, bool) {
	end := len(parts) - 1
	p, err := netip.ParsePrefix(strings.Join(parts[1:end], between) + "/" + parts[end])
	if err != nil || p.Addr().Is4In6() {
		return wire.Resource{}, false
	}
	return inr.FromPrefix(p), true
}
