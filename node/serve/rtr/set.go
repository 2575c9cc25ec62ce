package rtr

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// route is a route payload as routers compare it.
type route struct {
	addr         [16]byte
	family       wire.Family
	length, most uint8
	as           uint32
}

func (a route) compare(b route) int {
	if a.family != b.family {
		return cmp.Compare(a.family, b.family)
	}
	if c := bytes.Compare(a.addr[:], b.addr[:]); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(a.most, b.most), cmp.Compare(a.as, b.as))
}

// set is what routers are told at one serial: routes ascending, each once, and
// the providers of each customer.
type set struct {
	routes    []route
	customers []uint32 // ascending
	providers map[uint32][]uint32
}

// newSet is the set of payloads of at least a grade.
//
// specs/27 RTR-7: A server MUST serve what specs/13 API-8 lists, of titles of the
// grade its operator asks for or a better one, and no prefix that can never be
// registered (RES-6).
func newSet(payloads []vrp.Payload, aspas []vrp.Providers, least record.Grade) *set {
	s := &set{routes: make([]route, 0, len(payloads)), providers: map[uint32][]uint32{}}
	for _, p := range payloads {
		if p.Grade <= least && inr.Registrable(p.Prefix) {
			s.routes = append(s.routes, route{p.Prefix.Addr, p.Prefix.Family, p.Prefix.Len, uint8(p.MaxLength), uint32(p.AS)})
		}
	}
	slices.SortFunc(s.routes, route.compare)
	s.routes = slices.Compact(s.routes)
	for _, a := range aspas {
		if a.Grade > least {
			continue
		}
		list := make([]uint32, len(a.List))
		for i, as := range a.List {
			list[i] = uint32(as)
		}
		s.customers = append(s.customers, uint32(a.Customer))
		s.providers[uint32(a.Customer)] = list
	}
	slices.Sort(s.customers)
	return s
}

// change is from one serial to the next.
type change struct {
	in, out   []route             // announced and withdrawn
	providers map[uint32]provided // of customers whose providers changed
}

// provided is a customer's providers before and after, nil for none.
type provided struct{ was, is []uint32 }

func (c *change) size() int { return len(c.in) + len(c.out) + len(c.providers) }

// changed is what leads from one set to another.
func changed(from, to *set) *change {
	c := &change{providers: map[uint32]provided{}}
	i, j := 0, 0
	for i < len(from.routes) || j < len(to.routes) {
		switch {
		case i == len(from.routes):
			c.in, j = append(c.in, to.routes[j]), j+1
		case j == len(to.routes):
			c.out, i = append(c.out, from.routes[i]), i+1
		default:
			order := from.routes[i].compare(to.routes[j])
			if order < 0 {
				c.out = append(c.out, from.routes[i])
			} else if order > 0 {
				c.in = append(c.in, to.routes[j])
			}
			if order <= 0 {
				i++
			}
			if order >= 0 {
				j++
			}
		}
	}
	for _, customer := range from.customers {
		if _, stays := to.providers[customer]; !stays {
			c.providers[customer] = provided{was: from.providers[customer]}
		}
	}
	for _, customer := range to.customers {
		if was, is := from.providers[customer], to.providers[customer]; !slices.Equal(was, is) {
			c.providers[customer] = provided{was, is}
		}
	}
	return c
}

// append adds the whole set.
func (s *set) append(b []byte, version byte) []byte {
	for _, r := range s.routes {
		b = appendRoute(b, version, announce, r)
	}
	if version >= Version2 {
		for _, customer := range s.customers {
			b = appendASPA(b, announce, customer, s.providers[customer])
		}
	}
	return b
}

// append adds the change. What is announced comes first: a router that applies it
// piece by piece permits for a moment what was and what will be.
func (c *change) append(b []byte, version byte) []byte {
	for _, r := range c.in {
		b = appendRoute(b, version, announce, r)
	}
	for _, r := range c.out {
		b = appendRoute(b, version, withdraw, r)
	}
	if version < Version2 {
		return b
	}
	customers := make([]uint32, 0, len(c.providers))
	for customer := range c.providers {
		customers = append(customers, customer)
	}
	slices.Sort(customers)
	for _, customer := range customers {
		flags := byte(announce)
		if c.providers[customer].is == nil {
			flags = withdraw
		}
		b = appendASPA(b, flags, customer, c.providers[customer].is)
	}
	return b
}

// joined is several changes as one: what came and went again is in neither list.
//
// specs/27 RTR-10: An answer MUST NOT announce what the router has or withdraw what
// it has not.
func joined(list []*change) *change {
	state := map[route]int{}
	out := &change{providers: map[uint32]provided{}}
	for _, c := range list {
		for _, r := range c.in {
			state[r]++
		}
		for _, r := range c.out {
			state[r]--
		}
		for customer, p := range c.providers {
			if earlier, ok := out.providers[customer]; ok {
				p.was = earlier.was
			}
			out.providers[customer] = p
		}
	}
	maps.DeleteFunc(out.providers, func(_ uint32, p provided) bool { return slices.Equal(p.was, p.is) })
	for r, n := range state {
		if n > 0 {
			out.in = append(out.in, r)
		} else if n < 0 {
			out.out = append(out.out, r)
		}
	}
	slices.SortFunc(out.in, route.compare)
	slices.SortFunc(out.out, route.compare)
	return out
}
