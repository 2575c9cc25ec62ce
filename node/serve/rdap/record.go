package rdap

import (
	"net/http"
	"strconv"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// idOf is an account's id, empty for nobody.
func idOf(id wire.Address) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// record writes what the ledger says of a block in its own words.
//
// specs/28 RDAP-10: An answer MUST show the height and time of the state that it is
// of, the state and grade of the title, who holds and who possesses, the lessee and
// the operator of record, whether the source diverges, and where the proof is.
func (a *answer) record(x *light.Answer, text string) {
	p := &a.page
	p.member("ipledger_record", func() {
		a.when("v1/resources/", text)
		p.text("state", x.State)
		p.text("grade", x.Grade.String())
		p.boolean("stale", x.Stale())
		holder, lessee := wire.Address{}, wire.Address{}
		if x.Title != nil {
			holder = x.Title.Holder
		}
		for i := range x.Estates {
			if len(x.Estates[i].Lease) > 0 {
				lessee = x.Estates[i].Holder
			}
		}
		p.orNull("holder", idOf(holder))
		p.orNull("possessor", idOf(x.Possessor))
		p.orNull("lessee", idOf(lessee))
		p.orNull("operator", directory.ContactOf(x).Operator)
		a.divergence(x)
	})
}

func (a *answer) divergence(x *light.Answer) {
	p, d := &a.page, directory.Divergence(x)
	if d == nil {
		p.orNull("divergence", "")
		return
	}
	p.member("divergence", func() {
		p.text("since", light.Clock(d.Since))
		p.text("sourceSays", d.Says)
	})
}

// when writes of which state an answer is, and where its proof is.
func (a *answer) when(path, key string) {
	p := &a.page
	p.text("chain", a.ChainID)
	p.text("height", a.height)
	p.text("time", a.time)
	p.text("proof", a.top(), path, key, "?at=", a.height, "&proof=1")
}

// top is the address that a client used, without Root.
func (a *answer) top() string { return a.base[:len(a.base)-len(Root)+1] }

// events writes what happened to a block, and of when the answer is.
func (a *answer) events(x *light.Answer) {
	a.page.list("events", func() {
		a.event("registration", directory.Registered(x))
		if e := directory.Innermost(x); e != nil {
			a.event("expiration", e.Ends)
		}
		a.updated()
	})
}

// updated writes of when the answer is.
func (a *answer) updated() { a.eventAt("last update of RDAP database", a.time) }

// event writes an event, unless it has no time.
func (a *answer) event(action string, at uint64) {
	if at != 0 {
		a.eventAt(action, light.Clock(at))
	}
}

func (a *answer) eventAt(action, date string) {
	p := &a.page
	p.object(func() {
		p.text("eventAction", action)
		p.text("eventDate", date)
	})
}

// self is where an entry of a text is asked for.
func (a *answer) self(r wire.Resource, text string) string {
	if r.Family == wire.ASN {
		return a.base + "autnum/" + strconv.FormatUint(uint64(inr.ASNumber(r)), 10)
	}
	return a.base + "ip/" + text
}

// links writes where an entry, its proof and its neighbours are asked for.
//
// specs/28 RDAP-11: An object MUST link to those around it where there are such, and
// to those inside it where records stand there (RFC 9910).
func (a *answer) links(x *light.Answer, text string) {
	self := a.self(x.Resource, text)
	kind := "ips/" + rirSearch + "/"
	if x.Resource.Family == wire.ASN {
		kind = "autnums/" + rirSearch + "/"
	}
	near := func(name, and, query string) {
		a.linkOf(self, name+and, MediaType, a.base, kind, name, "/", text, query)
	}
	a.page.list("links", func() {
		a.linkOf(self, "self", MediaType, self)
		a.linkOf(self, "describedby", "application/json", a.top(), "v1/resources/", text, "?at=", a.height, "&proof=1")
		if len(directory.Around(x)) > 0 {
			near("rdap-up", "", "")
			near("rdap-up", " rdap-active", "?status=active")
			near("rdap-top", "", "")
			near("rdap-top", " rdap-active", "?status=active")
		}
		if x.More {
			near("rdap-down", "", "")
			near("rdap-bottom", "", "")
		}
		if url := geofeed(x); url != "" {
			a.linkOf(self, "geo", "application/geofeed+csv", url)
		}
	})
}

// linkOf writes a link to what the parts say together.
func (a *answer) linkOf(value, rel, kind string, href ...string) {
	p := &a.page
	p.sep()
	p.b = append(p.b, '{')
	p.text("value", value)
	p.text("rel", rel)
	p.text("href", href...)
	p.text("type", kind)
	p.b = append(p.b, '}')
}

// geofeed is the geofeed stated at the smallest block, empty for none.
func geofeed(x *light.Answer) (url string) {
	for i := range x.Services {
		if x.Services[i].Geofeed != "" {
			url = x.Services[i].Geofeed
		}
	}
	return url
}

// private reports whether contacts are kept off the ledger (SVC-8).
func private(x *light.Answer) bool {
	for i := range x.Services {
		if !x.Services[i].Private.IsZero() {
			return true
		}
	}
	return false
}

// redacted says of contacts that only their hash is public (RFC 9537).
//
// specs/28 RDAP-12: Where contact data are kept off the ledger, the answer MUST say
// that they are left out.
func (a *answer) redacted(x *light.Answer) {
	if !private(x) {
		return
	}
	p := &a.page
	p.list("redacted", func() {
		p.object(func() {
			p.member("name", func() { p.text("description", "Contacts other than for abuse") })
			p.text("prePath", "$.entities[?(@.roles[0]=='noc')]")
			p.text("pathLang", "jsonpath")
			p.text("method", "removal")
			p.member("reason", func() { p.text("description", "Kept off the ledger, which has their salted hash") })
		})
	})
}

// base is the address that a client used, up to Root, or Root alone where that is
// none: what a Host header says is shown to whoever sent it, and to nobody else.
func base(r *http.Request) string {
	for i := range len(r.Host) {
		switch c := r.Host[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == ':', c == '[', c == ']':
		default:
			return Root
		}
	}
	if r.Host == "" {
		return Root
	}
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host + Root
	}
	return "http://" + r.Host + Root
}
