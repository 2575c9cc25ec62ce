package rdap

import (
	"net/http"
	"strconv"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// zone is a reverse zone that a possessor states, and what covers it.
type zone struct {
	block  wire.Resource
	stated *light.Services
	about  *light.Answer // of block
	around *light.Answer // of the entry that covers it; nil for none
	names  []person      // of around
}

// domain answers for a reverse zone.
//
// specs/28 RDAP-13: A name below in-addr.arpa or ip6.arpa is answered by the stated
// zone that it is in (DIR-9), with its name servers and DS records and the network
// that covers it.
func (a *answer) domain(q *question) error {
	z, err := a.zoneOf(q.block)
	if err != nil {
		return err
	}
	a.page.object(func() {
		a.conformance(uses(z.around))
		a.zone(z)
		a.notices()
	})
	return nil
}

// zoneOf is the stated zone that a block is in.
func (a *answer) zoneOf(block wire.Resource) (*zone, error) {
	about, err := light.Read(a.view.State, block, a.view.moment())
	if err != nil {
		return nil, err
	}
	z := zone{stated: directory.Delegation(about)}
	if z.stated == nil {
		return nil, fail(http.StatusNotFound, "after block %d nobody states a delegation around %s", a.view.Height, directory.Zone(block))
	}
	z.block, _ = directory.ZoneOf(z.stated.At, block)
	if z.about, err = light.Read(a.view.State, z.block, a.view.moment()); err != nil {
		return nil, err
	}
	var ok bool
	if z.around, ok, err = directory.Covering(a.view.State, z.block, a.view.moment()); err != nil || !ok {
		return nil, fail(http.StatusNotFound, "after block %d nobody holds %v", a.view.Height, z.block)
	}
	z.names, err = a.people(z.around)
	return &z, err
}

// zone writes the members of a zone.
func (a *answer) zone(z *zone) {
	p := &a.page
	name, text := directory.Zone(z.block), z.block.String()
	self := a.base + "domain/" + name
	p.text("objectClassName", "domain")
	p.text("handle", name)
	p.text("ldhName", name)
	p.list("nameservers", func() {
		for server := range strings.FieldsSeq(z.stated.Servers) {
			p.object(func() { p.text("objectClassName", "nameserver"); p.text("ldhName", server) })
		}
	})
	a.secureDNS(z.stated.DS)
	p.list("status", func() { p.item(directory.Active) })
	p.list("events", func() { a.updated() })
	p.list("links", func() {
		a.linkOf(self, "self", MediaType, self)
		a.linkOf(self, "describedby", "application/json", a.top(), "v1/resources/", text, "?at=", a.height, "&proof=1")
		a.near(self, "domains/"+rirSearch+"/", name, len(directory.ZonesAround(z.about)) > 0, z.about.More)
	})
	a.record(z.about, text)
	p.member("network", func() { a.entry(z.around, z.names) })
}

// secureDNS writes DS records as the act states them: key tag, algorithm, digest
// type and digest, joined by "; " (ACT-34).
func (a *answer) secureDNS(ds string) {
	p := &a.page
	p.member("secureDNS", func() {
		p.boolean("delegationSigned", ds != "")
		if ds == "" {
			return
		}
		p.list("dsData", func() {
			for one := range strings.SplitSeq(ds, "; ") {
				p.object(func() { dsData(p, strings.Fields(one)) })
			}
		})
	})
}

func dsData(p *page, words []string) {
	if len(words) != 4 {
		return // ACT-34 lets no such record onto the ledger
	}
	for i, name := range [...]string{"keyTag", "algorithm", "digestType"} {
		n, _ := strconv.ParseUint(words[i], 10, 16)
		p.number(name, n)
	}
	p.text("digest", words[3])
}
