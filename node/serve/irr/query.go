package irr

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// routesMax bounds the route objects of one answer, some 2 MB.
const routesMax = 10_000

// commands are the queries there are but for those that change the connection.
var commands = map[string]func(s *Server, x *held, rest string) answer{
	"n": func(*Server, *held, string) answer { return done },
	"v": (*Server).version,
	"s": (*Server).sources,
	"g": func(_ *Server, x *held, rest string) answer { return x.origin(rest, wire.IPv4) },
	"6": func(_ *Server, x *held, rest string) answer { return x.origin(rest, wire.IPv6) },
	"a": func(_ *Server, x *held, rest string) answer { return x.prefixes(rest) },
	"i": func(_ *Server, x *held, rest string) answer { return x.listMembers(rest) },
	"r": func(_ *Server, x *held, rest string) answer { return x.search(rest) },
	"m": func(_ *Server, x *held, rest string) answer { return x.object(rest) },
	"o": func(*Server, *held, string) answer { return absent }, // no object has a maintainer
	"j": (*Server).serials,
}

// independent are the queries that need no state.
var independent = map[string]bool{"n": true, "v": true, "s": true}

func (s *Server) version(*held, string) answer {
	return found([]byte(s.Version))
}

// sources lists the one source there is, or agrees to it.
//
// specs/29 IRR-5: A selection of another source than LEDGER MUST fail.
func (s *Server) sources(_ *held, rest string) answer {
	if strings.EqualFold(rest, "-lc") {
		return found([]byte(Source))
	}
	for name := range strings.SplitSeq(rest, ",") {
		if !strings.EqualFold(strings.TrimSpace(name), Source) {
			return failed("a source asked for is not here; %s is", Source)
		}
	}
	return done
}

// serials says up to which height the data are.
func (s *Server) serials(x *held, rest string) answer {
	if rest != "-*" && !strings.EqualFold(rest, Source) {
		return failed("a source asked for is not here; %s is", Source)
	}
	return found(fmt.Appendf(nil, "%s:N:0-%d", Source, x.height))
}

// origin is the routes of an AS number in a family.
func (x *held) origin(text string, family wire.Family) answer {
	as, ok := readAS(strings.TrimSpace(text))
	if !ok {
		return failed("want AS and a number")
	}
	return listed(x.of(as, family))
}

func (x *held) of(as uint32, family wire.Family) []byte {
	n := x.networks[as]
	if n == nil {
		return nil
	}
	if family == wire.IPv6 {
		return n.v6
	}
	return n.v4
}

// listed is an answer of parts that each end with a space.
func listed(parts ...[]byte) answer {
	for i := len(parts) - 1; i >= 0; i-- {
		if n := len(parts[i]); n > 0 {
			parts[i] = parts[i][:n-1]
			break
		}
	}
	return found(parts...)
}

// nameMissing is what IRRd says to "!a" alone: bgpq4 asks so whether a server knows
// this query, and looks for exactly these words.
const nameMissing = "Missing required set name for A query"

// prefixes is the routes of all AS numbers of a set, of one family or both: !a, !a4,
// !a6. A prefix that several of them originate stands there for each.
func (x *held) prefixes(rest string) answer {
	families := []wire.Family{wire.IPv4, wire.IPv6}
	if after, four := strings.CutPrefix(rest, "4"); four {
		families, rest = families[:1], after
	} else if after, six := strings.CutPrefix(rest, "6"); six {
		families, rest = families[1:], after
	}
	if rest = strings.TrimSpace(rest); rest == "" {
		return failed(nameMissing)
	}
	list, ok := x.numbers(rest)
	if !ok {
		return absent
	}
	parts := make([][]byte, 0, len(list)*len(families))
	for _, family := range families {
		for _, as := range list {
			parts = append(parts, x.of(as, family))
		}
	}
	return listed(parts...)
}

// numbers is the AS numbers that a name stands for: one, or those of a set.
func (x *held) numbers(text string) ([]uint32, bool) {
	if as, ok := readAS(text); ok {
		return []uint32{as}, true
	}
	name, ok := readSet(text)
	if !ok {
		return nil, false
	}
	return x.expanded(name), true
}

// listMembers is the members of a set: the direct ones, or with ",1" all AS numbers.
func (x *held) listMembers(rest string) answer {
	text, option, deep := strings.Cut(rest, ",")
	name, ok := readSet(strings.TrimSpace(text))
	if !ok {
		return absent
	}
	if !deep || option != "1" {
		return found([]byte(strings.Join(x.members(name), " ")))
	}
	var b []byte
	for _, as := range x.expanded(name) {
		b = append(append(b, asText(as)...), ' ')
	}
	return listed(b)
}

// search is the routes of a prefix, or of those over and inside it.
func (x *held) search(rest string) answer {
	text, option, _ := strings.Cut(rest, ",")
	p, ok := readPrefix(strings.TrimSpace(text))
	if !ok {
		return failed("want a prefix without host bits, or an address")
	}
	var list []vrp.Payload
	switch option {
	case "", "o":
		list = x.at(p)
	case "l":
		list = x.above(p)
	case "L":
		list = x.over(p)
	case "M":
		list = x.inside(p, routesMax)
	default:
		return failed("want one of the options o, l, L and M")
	}
	// specs/29 IRR-9: A search for more than 10,000 routes MUST fail.
	if len(list) > routesMax {
		return failed("more than %d routes; ask for a longer prefix", routesMax)
	}
	if option == "o" {
		return origins(list)
	}
	return x.objects(list)
}

// readPrefix reads a prefix, or an address as the prefix of it alone.
func readPrefix(text string) (wire.Resource, bool) {
	p, err := netip.ParsePrefix(text)
	if addr, err2 := netip.ParseAddr(text); err2 == nil && addr.Zone() == "" {
		p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	if err != nil || p != p.Masked() || p.Addr().Is4In6() {
		return wire.Resource{}, false
	}
	return inr.FromPrefix(p), true
}

func origins(list []vrp.Payload) answer {
	var b []byte
	for i, r := range list {
		if i == 0 || r.AS != list[i-1].AS {
			b = append(append(b, asText(uint32(r.AS))...), ' ')
		}
	}
	return listed(b)
}

func (x *held) objects(list []vrp.Payload) answer {
	var b []byte
	for _, r := range list {
		b = append(x.appendRoute(b, r), '\n')
	}
	return found(bytes.TrimRight(b, "\n"))
}
