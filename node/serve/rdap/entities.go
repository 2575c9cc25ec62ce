package rdap

import (
	"net/http"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// person is an account in an answer, and what it is to the block.
type person struct {
	directory.Party
	roles  []string // of RFC 9083, Section 10.2.4
	rights []string // holder, grantee, lessee
}

// people is the holder of the title and those of live estates, each once, the
// outermost right first.
//
// specs/28 RDAP-9: An answer about a block MUST name the holder of the title as
// registrant, the holder of each live estate as administrative, the operator of
// record as technical and the abuse contact as abuse, each with the ledger's own
// word for what it is.
func (a *answer) people(x *light.Answer) (list []person, err error) {
	add := func(id wire.Address, role, right string) {
		for i := range list {
			if list[i].ID == id {
				list[i].roles, list[i].rights = append(list[i].roles, role), append(list[i].rights, right)
				return
			}
		}
		party, ok, e := directory.PartyOf(a.view.State, id)
		if e != nil {
			err = e
		}
		if !ok {
			party.ID = id
		}
		list = append(list, person{party, []string{role}, []string{right}})
	}
	if x.Title != nil && !x.Title.Holder.IsZero() {
		add(x.Title.Holder, "registrant", "holder")
	}
	for i := range x.Estates {
		add(x.Estates[i].Holder, "administrative", rightOf(x.Estates[i].Kind))
	}
	return list, err
}

func rightOf(k record.EstateKind) string {
	if k == record.Lease {
		return "lessee"
	}
	return "grantee"
}

// entities writes the parties of a block.
func (a *answer) entities(x *light.Answer, names []person) {
	p := &a.page
	c := directory.ContactOf(x)
	p.list("entities", func() {
		for i := range names {
			p.object(func() { a.party(&names[i]) })
		}
		if c.Operator != "" {
			p.object(func() { a.contact("technical", "operator of record", c.Operator, "") })
		}
		if c.Abuse != "" {
			p.object(func() { a.contact("abuse", "abuse contact", "Abuse contact", c.Abuse) })
		}
	})
}

// party writes the members of an account's entity.
func (a *answer) party(x *person) {
	p := &a.page
	p.text("objectClassName", "entity")
	p.text("handle", x.ID.String())
	a.card(&x.Party)
	if len(x.roles) > 0 {
		p.list("roles", func() { each(p, x.roles) })
	}
	if !x.By.IsZero() {
		p.list("status", func() { p.item("validated") })
	}
	self := a.base + "entity/" + x.ID.String()
	p.list("links", func() { a.link(self, "self", self, MediaType) })
	p.member("ipledger_party", func() {
		if len(x.rights) > 0 {
			p.list("rights", func() { each(p, x.rights) })
		}
		p.text("declared", declared(&x.Party))
		p.orNull("attestedBy", idOf(x.By))
	})
}

// declared says on whose word a name stands (DIR-4).
func declared(x *directory.Party) string {
	if x.By.IsZero() {
		return "self-declared"
	}
	return "attested"
}

func each(p *page, list []string) {
	for _, item := range list {
		p.item(item)
	}
}

// card writes an account's jCard (RFC 7095): its name, or its id where it has none,
// and its jurisdiction as the country of an address (RFC 8605).
func (a *answer) card(x *directory.Party) {
	a.cardOf(x.Called(), func(p *page) {
		if x.Name != "" {
			p.array(func() { p.item("kind"); p.empty(); p.item("text"); p.item("org") })
		}
		if x.Jurisdiction == "" {
			return
		}
		p.array(func() {
			p.item("adr")
			p.object(func() { p.text("cc", x.Jurisdiction) })
			p.item("text")
			p.array(func() { each(p, []string{"", "", "", "", "", "", ""}) })
		})
	})
}

// cardOf writes a jCard of a name and what more there is.
func (a *answer) cardOf(name string, more func(*page)) {
	p := &a.page
	p.list("vcardArray", func() {
		p.item("vcard")
		p.array(func() {
			p.array(func() { p.item("version"); p.empty(); p.item("text"); p.item("4.0") })
			p.array(func() { p.item("fn"); p.empty(); p.item("text"); p.item(name) })
			more(p)
		})
	})
}

// contact writes the members of an entity that is no account.
func (a *answer) contact(role, right, name, reach string) {
	p := &a.page
	p.text("objectClassName", "entity")
	a.cardOf(name, func(p *page) {
		switch {
		case strings.HasPrefix(reach, "https://"):
			p.array(func() { p.item("url"); p.empty(); p.item("uri"); p.item(reach) })
		case reach != "":
			p.array(func() { p.item("email"); p.empty(); p.item("text"); p.item(reach) })
		}
	})
	p.list("roles", func() { p.item(role) })
	p.member("ipledger_party", func() { p.list("rights", func() { p.item(right) }) })
}

// entity answers for an account.
func (a *answer) entity(q *question) error {
	party, ok, err := directory.PartyOf(a.view.State, q.account)
	if err != nil {
		return err
	}
	if !ok {
		return fail(http.StatusNotFound, "after block %d there is no account %v", a.view.Height, q.account)
	}
	p := &a.page
	p.object(func() {
		a.conformance(used{})
		a.party(&person{Party: party})
		p.list("events", func() {
			a.event("registration", party.Opened)
			a.event("last update of RDAP database", a.view.Time)
		})
		p.member("ipledger_record", func() { a.when("v1/accounts/" + q.account.String()) })
		a.notices()
	})
	return nil
}
