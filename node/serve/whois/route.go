package whois

import (
	"strconv"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// route is the object of a route payload.
func (a *answer) route(p vrp.Payload) (o object) {
	class := "route"
	if p.Prefix.Family == wire.IPv6 {
		class = "route6"
	}
	as := strconv.FormatUint(p.AS, 10)
	o.add(class, p.Prefix.String())
	o.add("descr", "authorised on the ledger")
	o.add("origin", "AS"+as)
	o.add("max-length", strconv.FormatUint(p.MaxLength, 10))
	o.remark("grade", p.Grade.String())
	o.remark("proof", "/v1/resources/"+p.Prefix.String()+"?proof=1&at="+a.height())
	o.add("source", Source)
	return o
}

// at is the payloads at exactly a block.
//
// specs/29 WHOIS-9: Routes MUST be what API-8 lists but for authorisations of AS 0.
func (a *answer) at(r wire.Resource) (list []vrp.Payload, err error) {
	all, err := vrp.Append(nil, a.view.State, r, a.view.moment())
	for _, p := range all {
		if p.AS != 0 {
			list = append(list, p)
		}
	}
	return list, err
}

// over is the payloads of the narrowest prefix that covers r and has any, or with all
// of each that does, the narrowest first; r itself is meant unless it is left out.
func (a *answer) over(r wire.Resource, all, itself bool) (list []vrp.Payload, err error) {
	path := a.view.State.Path(tree.ResourceKey(r))
	for i := len(path) - 1; i >= 0; i-- {
		at := path[i].Key.Resource()
		if !vrp.Authorises(path[i].Data) || at == r && !itself {
			continue
		}
		some, err := a.at(at)
		if err != nil {
			return nil, err
		}
		if list = append(list, some...); len(list) > 0 && !all {
			break
		}
	}
	return list, nil
}

// inside is the payloads of the prefixes inside r, or of those that lie in no other of
// them; at most as many as an answer has room for, and whether there may be more.
func (a *answer) inside(r wire.Resource, all bool) (list []vrp.Payload, more bool, err error) {
	visits, last := 0, wire.Resource{Family: wire.ASN}
	a.view.State.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		at := l.Key.Resource()
		if visits++; visits > visitsMax || len(list) > objectsMax {
			more = true
			return false
		}
		if at == r || !vrp.Authorises(l.Data) || !all && inr.Covers(last, at) {
			return true
		}
		var some []vrp.Payload
		if some, err = a.at(at); len(some) > 0 {
			last = at
		}
		list = append(list, some...)
		return err == nil
	})
	return list, more, err
}

// domain is the object of a reverse zone, as the possessor of its block delegates it.
func (a *answer) domain(zone string, d *light.Services) (o object) {
	o.add("domain", zone)
	o.add("descr", "delegated at "+d.At.String())
	o.add("org", d.Holder.String())
	for _, server := range servers(d) {
		o.add("nserver", server)
	}
	for _, ds := range dsRecords(d) {
		o.add("ds-rdata", ds)
	}
	o.remark("proof", "/v1/resources/"+d.At.String()+"?proof=1&at="+a.height())
	o.add("source", Source)
	return o
}
