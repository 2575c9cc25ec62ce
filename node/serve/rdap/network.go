package rdap

import (
	"net/http"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// covering answers for an address, a prefix or an AS number.
func (a *answer) covering(q *question) error {
	x, ok, err := directory.Covering(a.view.State, q.block, a.view.moment())
	if err != nil {
		return err
	}
	if !ok {
		return fail(http.StatusNotFound, "after block %d no title and no estate covers the whole of %v", a.view.Height, q.block)
	}
	return a.alone(x)
}

// alone is an answer that is one network or block of AS numbers.
func (a *answer) alone(x *light.Answer) error {
	names, err := a.people(x)
	if err != nil {
		return err
	}
	a.page.object(func() {
		a.conformance(uses(x))
		a.entry(x, names)
		a.notices()
	})
	return nil
}

// entry writes the members of a network or of a block of AS numbers.
func (a *answer) entry(x *light.Answer, names []person) {
	p, text := &a.page, x.Resource.String()
	if x.Resource.Family == wire.ASN {
		p.text("objectClassName", "autnum")
		first := uint64(inr.ASNumber(x.Resource))
		p.text("handle", text)
		p.number("startAutnum", first)
		p.number("endAutnum", first+1<<(32-x.Resource.Len)-1)
	} else {
		p.text("objectClassName", "ip network")
		a.addresses(x, text)
	}
	p.text("name", directory.NetName(x.Resource))
	p.some("type", typeOf(x))
	if x.Title != nil {
		p.some("country", x.Title.Source.Country)
	}
	p.list("status", func() {
		for _, word := range directory.Status(x) {
			p.item(word)
		}
	})
	a.entities(x, names)
	a.remarks(x, names)
	a.events(x)
	a.links(x, text)
	a.record(x, text)
	a.redacted(x)
}

// addresses writes what a network has besides what AS numbers have.
func (a *answer) addresses(x *light.Answer, text string) {
	p := &a.page
	first, _, _ := strings.Cut(text, "/")
	p.text("handle", text)
	p.text("startAddress", first)
	p.text("endAddress", last(x.Resource))
	version, member := "v4", "v4prefix"
	if x.Resource.Family == wire.IPv6 {
		version, member = "v6", "v6prefix"
	}
	p.text("ipVersion", version)
	if around := directory.Around(x); len(around) > 0 {
		p.text("parentHandle", around[0].String())
	}
	p.list("cidr0_cidrs", func() {
		p.object(func() {
			p.text(member, first)
			p.number("length", uint64(x.Resource.Len))
		})
	})
}

// last is the last address of a block.
func last(r wire.Resource) string {
	_, end := inr.Ends(r)
	whole := wire.Resource{Family: r.Family, Len: uint8(r.Family.Bits()), Addr: end}
	return whole.Prefix().Addr().String()
}

// typeOf is the kind of the innermost estate, or the status in the source row.
func typeOf(x *light.Answer) string {
	if e := directory.Innermost(x); e != nil {
		return strings.ToUpper(light.EstateName(e.Kind))
	}
	if x.Title == nil {
		return ""
	}
	return strings.ToUpper(x.Title.Source.Status)
}
