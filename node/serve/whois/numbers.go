package whois

import (
	"slices"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// numbers gathers what there is for a span of numbers: its reverse zone, where that was
// asked for, entries, routes.
func (a *answer) numbers(s *span) error {
	if err := a.zone(s); err != nil {
		return err
	}
	list, more, err := a.entries(s)
	if err != nil {
		return err
	}
	a.more = a.more || more
	for _, x := range list {
		if err := a.entry(x); err != nil {
			return err
		}
	}
	if s.family == wire.ASN || s.zone != "" || a.has("-") || !a.wants("route") && !a.wants("route6") {
		return nil
	}
	routes, more, err := a.payloads(s)
	a.more = a.more || more
	a.routes(routes)
	return err
}

// entries is the entries of a span that the flags mean.
//
// specs/29 WHOIS-10: Without a flag the most specific entry over all of the key is
// meant (DIR-2); with -x that of exactly the key; with -l the next larger one, with -L
// all that cover the key, the largest first; with -m those inside that lie in no other,
// with -M all inside.
func (a *answer) entries(s *span) (list []*light.Answer, more bool, err error) {
	if a.has("mM") {
		return a.below(s)
	}
	at := s.around()
	if !a.has("lL") {
		x, ok, err := directory.Covering(a.view.State, at, a.view.moment())
		if err != nil || !ok || a.has("x") && !s.exact(x.Resource) {
			return nil, false, err
		}
		return []*light.Answer{x}, false, nil
	}
	all, err := directory.Above(a.view.State, at, a.view.moment())
	if a.has("L") {
		slices.Reverse(all)
		return all, false, err
	}
	all = slices.DeleteFunc(all, func(x *light.Answer) bool { return s.exact(x.Resource) })
	return all[:min(1, len(all))], false, err
}

// below is the entries inside a span; a block that is the whole span is not.
func (a *answer) below(s *span) (list []*light.Answer, more bool, err error) {
	blocks, err := inr.Blocks(s.family, s.first, s.last)
	for _, at := range blocks {
		if err != nil || more {
			break
		}
		if !s.exact(at) {
			x, ok, err := directory.Covering(a.view.State, at, a.view.moment())
			if err != nil {
				return nil, false, err
			}
			if ok && x.Resource == at {
				if list = append(list, x); a.has("m") {
					continue
				}
			}
		}
		var some []*light.Answer
		some, more, err = directory.Below(a.view.State, at, a.view.moment(), a.has("M"), objectsMax-len(list))
		list = append(list, some...)
	}
	return list, more, err
}

// payloads is the routes of a span that the flags mean, as entries are.
func (a *answer) payloads(s *span) (list []vrp.Payload, more bool, err error) {
	at := s.around()
	switch {
	case a.has("x"):
		if s.exact(at) {
			list, err = a.at(at)
		}
		return list, false, err
	case a.has("mM"):
		return a.payloadsBelow(s)
	}
	list, err = a.over(at, a.has("L"), !a.has("l") || !s.exact(at))
	if a.has("L") {
		slices.Reverse(list)
	}
	return list, false, err
}

func (a *answer) payloadsBelow(s *span) (list []vrp.Payload, more bool, err error) {
	blocks, err := inr.Blocks(s.family, s.first, s.last)
	for _, at := range blocks {
		if err != nil || more {
			break
		}
		if !s.exact(at) {
			some, err := a.at(at)
			if err != nil {
				return nil, false, err
			}
			if list = append(list, some...); len(some) > 0 && a.has("m") {
				continue
			}
		}
		var some []vrp.Payload
		some, more, err = a.inside(at, a.has("M"))
		list = append(list, some...)
	}
	return list, more, err
}

// zone adds the reverse zone that the whole span lies in, if it is asked for.
func (a *answer) zone(s *span) error {
	asked := s.zone != "" || a.has("d") || len(a.types) > 0
	if s.family == wire.ASN || !asked || !a.wants("domain") || a.has("-") {
		return nil
	}
	x, err := light.Read(a.view.State, s.around(), a.view.moment())
	if err != nil {
		return err
	}
	d := directory.Delegation(x)
	if d == nil {
		return nil
	}
	if zone, ok := directory.ZoneOf(d.At, s.around()); ok {
		name := directory.Zone(zone)
		a.add(group{key: name, object: a.domain(name, d), orgs: []wire.Address{d.Holder}})
	}
	return nil
}

func servers(d *light.Services) []string { return strings.Fields(d.Servers) }

// dsRecords cuts what ACT-34 joined.
func dsRecords(d *light.Services) []string {
	if d.DS == "" {
		return nil
	}
	return strings.Split(d.DS, "; ")
}
