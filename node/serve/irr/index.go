package irr

import (
	"slices"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// Set is what a node tells a server: payloads and provider authorisations of one
// state, as package vrp lists them. A server keeps the lists; nobody changes them.
type Set struct {
	Payloads  []vrp.Payload
	Providers []vrp.Providers
}

func (s Set) equal(o Set) bool {
	return slices.Equal(s.Payloads, o.Payloads) && slices.EqualFunc(s.Providers, o.Providers, func(a, b vrp.Providers) bool {
		return a.Customer == b.Customer && a.Grade == b.Grade && slices.Equal(a.List, b.List)
	})
}

// index is what all clients are answered from, made once for each set.
type index struct {
	set      Set
	routes   []vrp.Payload // ascending by prefix, AS number and length
	networks map[uint32]*network
}

// network is one AS number's own.
type network struct {
	v4, v6    []byte   // its routes as answers have them: a space after each
	customers []uint32 // that name it as a provider, ascending
}

// newIndex orders a set by origin.
//
// specs/29 IRR-3: A server MUST serve as routes what API-8 lists, and nothing else,
// but for authorisations of AS 0, which let nobody announce.
func newIndex(s Set) *index {
	x := &index{set: s, routes: slices.DeleteFunc(slices.Clone(s.Payloads), func(p vrp.Payload) bool { return p.AS == 0 }), networks: map[uint32]*network{}}
	slices.SortFunc(x.routes, compare)
	for i, r := range x.routes {
		if i > 0 && r.Prefix == x.routes[i-1].Prefix && r.AS == x.routes[i-1].AS {
			continue // the same route, announced at other lengths too
		}
		n := x.network(uint32(r.AS))
		list := &n.v4
		if r.Prefix.Family == wire.IPv6 {
			list = &n.v6
		}
		*list = append(r.Prefix.AppendTo(*list), ' ')
	}
	for _, p := range s.Providers {
		x.network(uint32(p.Customer))
		for _, as := range p.List {
			if as != 0 { // it says that there is no provider
				n := x.network(uint32(as))
				n.customers = append(n.customers, uint32(p.Customer))
			}
		}
	}
	for _, n := range x.networks {
		slices.Sort(n.customers)
	}
	return x
}

func (x *index) network(as uint32) *network {
	n := x.networks[as]
	if n == nil {
		n = new(network)
		x.networks[as] = n
	}
	return n
}

// routed is the prefixes of an AS number, as its answers have them.
func (x *index) routed(as uint32) (list []wire.Resource) {
	n := x.networks[as]
	if n == nil {
		return nil
	}
	for field := range strings.FieldsSeq(string(n.v4) + string(n.v6)) {
		if r, err := inr.Parse(field); err == nil { // it is this index's own text
			list = append(list, r)
		}
	}
	return list
}

func compare(a, b vrp.Payload) int {
	if c := inr.Compare(a.Prefix, b.Prefix); c != 0 {
		return c
	}
	if a.AS != b.AS {
		return int(int64(a.AS) - int64(b.AS))
	}
	return int(int64(a.MaxLength) - int64(b.MaxLength))
}

// from is the place of the first route at or after a prefix.
func (x *index) from(p wire.Resource) int {
	i, _ := slices.BinarySearchFunc(x.routes, p, func(r vrp.Payload, p wire.Resource) int { return inr.Compare(r.Prefix, p) })
	return i
}

// at is the routes of exactly a prefix.
func (x *index) at(p wire.Resource) []vrp.Payload {
	i := x.from(p)
	j := i
	for j < len(x.routes) && x.routes[j].Prefix == p {
		j++
	}
	return x.routes[i:j]
}

// over is the routes of the prefixes that cover p, those of p itself among them, the
// widest first.
func (x *index) over(p wire.Resource) (list []vrp.Payload) {
	for length := range int(p.Len) + 1 {
		list = append(list, x.at(inr.Truncate(p, uint8(length)))...)
	}
	return list
}

// above is the routes of the narrowest prefix that covers p and is not p.
func (x *index) above(p wire.Resource) []vrp.Payload {
	for length := int(p.Len) - 1; length >= 0; length-- {
		if list := x.at(inr.Truncate(p, uint8(length))); len(list) > 0 {
			return list
		}
	}
	return nil
}

// inside is the routes of the prefixes inside p, not those of p itself, at most so
// many and one.
func (x *index) inside(p wire.Resource, most int) []vrp.Payload {
	i := x.from(p) + len(x.at(p))
	j := i
	for j < len(x.routes) && j-i <= most && inr.Covers(p, x.routes[j].Prefix) {
		j++
	}
	return x.routes[i:j]
}
