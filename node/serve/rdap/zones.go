package rdap

import (
	"net/http"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// zones answers with the stated reverse zones around or inside one (RFC 9910).
//
// specs/28 RDAP-17: ... The zones around and inside a reverse zone are those that are
// stated (DIR-9), by the same relations as entries.
func (a *answer) zones(q *question) error {
	if q.relation == "rdap-up" || q.relation == "rdap-top" {
		return a.zoneAbove(q)
	}
	list, more, err := directory.ZonesInside(a.view.State, q.block, a.view.moment(), FamilyMax)
	if err != nil {
		return err
	}
	if q.relation == "rdap-bottom" {
		list = smallest(list, func(r wire.Resource) wire.Resource { return r })
	} else {
		list = outermost(list)
	}
	if len(list) > SearchMax {
		list, more = list[:SearchMax], true
	}
	return a.zoneResults(q, list, more)
}

func (a *answer) zoneAbove(q *question) error {
	about, err := light.Read(a.view.State, q.block, a.view.moment())
	if err != nil {
		return err
	}
	list := directory.ZonesAround(about)
	switch {
	case len(list) == 0:
		return a.noZone(q)
	case q.relation == "rdap-top":
		return a.domain(&question{block: list[len(list)-1]})
	}
	return a.domain(&question{block: list[0]})
}

func (a *answer) noZone(q *question) error {
	return fail(http.StatusNotFound, "after block %d no such zone is stated for %s", a.view.Height, directory.Zone(q.block))
}

// outermost is those of blocks in the order of keys that lie in no other of them.
func outermost(list []wire.Resource) (out []wire.Resource) {
	for _, r := range list {
		if n := len(out); n == 0 || !inr.Covers(out[n-1], r) {
			out = append(out, r)
		}
	}
	return out
}

// zoneResults writes a list of zones.
func (a *answer) zoneResults(q *question, list []wire.Resource, more bool) error {
	if len(list) == 0 {
		return a.noZone(q)
	}
	zones, u := make([]*zone, len(list)), used{}
	for i, block := range list {
		var err error
		if zones[i], err = a.zoneOf(block); err != nil {
			return err
		}
		u = u.and(uses(zones[i].around))
	}
	p := &a.page
	p.object(func() {
		a.conformance(u)
		p.list("domainSearchResults", func() {
			for _, z := range zones {
				p.object(func() { a.zone(z) })
			}
		})
		a.noticesOf(more)
	})
	return nil
}
