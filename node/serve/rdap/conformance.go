package rdap

import (
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// The levels of conformance that answers declare.
const (
	level     = "rdap_level_0"
	ours      = "ipledger" // of the members ipledger_record and ipledger_party
	cidr0     = "cidr0"
	geofeed1  = "geofeed1"   // RFC 9877
	redaction = "redacted"   // RFC 9537
	rirSearch = "rirSearch1" // RFC 9910, as are the next
	ips       = "ips"
	ipResults = "ipSearchResults"
	asns      = "autnums"
	asResults = "autnumSearchResults"
)

// used is the extensions that an object makes use of.
type used struct{ prefix, search, geofeed, redacted bool }

// uses is what the object of an entry makes use of.
func uses(x *light.Answer) used {
	return used{x.Resource.Family != wire.ASN, true, geofeed(x) != "", private(x)}
}

func (u used) and(o used) used {
	return used{u.prefix || o.prefix, u.search || o.search, u.geofeed || o.geofeed, u.redacted || o.redacted}
}

// conformance writes what an answer makes use of.
//
// specs/28 RDAP-7: An answer MUST declare each level of conformance and extension
// that it makes use of, and no other; help declares all.
func (a *answer) conformance(u used, more ...string) {
	p := &a.page
	p.list("rdapConformance", func() {
		p.item(level)
		for _, x := range [...]struct {
			is   bool
			name string
		}{{u.prefix, cidr0}, {u.search, rirSearch}, {u.geofeed, geofeed1}, {u.redacted, redaction}} {
			if x.is {
				p.item(x.name)
			}
		}
		for _, name := range more {
			p.item(name)
		}
		p.item(ours)
	})
	p.text("lang", "en")
}
