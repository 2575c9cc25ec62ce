package rdap

import (
	"net/http"
	"strconv"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

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
	a.page.list("links", func() {
		a.linkOf(self, "self", MediaType, self)
		a.linkOf(self, "describedby", "application/json", a.top(), "v1/resources/", text, "?at=", a.height, "&proof=1")
		a.near(self, kind, text, len(directory.Around(x)) > 0, x.More)
		if url := geofeed(x); url != "" {
			a.linkOf(self, "geo", "application/geofeed+csv", url)
		}
	})
}

// near writes where the neighbours of an object are asked for, of a kind of search.
func (a *answer) near(self, kind, key string, around, inside bool) {
	link := func(name, and, query string) {
		a.linkOf(self, name+and, MediaType, a.base, kind, name, "/", key, query)
	}
	if around {
		link("rdap-up", "", "")
		link("rdap-up", " rdap-active", "?status=active")
		link("rdap-top", "", "")
		link("rdap-top", " rdap-active", "?status=active")
	}
	if inside {
		link("rdap-down", "", "")
		link("rdap-bottom", "", "")
	}
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
