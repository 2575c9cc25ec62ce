package rdap

import (
	"net/http"
	"slices"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// person is an account in an answer, and what it is to the block.
type person struct {
	directory.Party
	rights []right
}

// right is a role of RFC 9083, Section 10.2.4, and the ledger's own word for it.
type right struct{ role, word string }

var (
	holder  = []right{{"registrant", "holder"}}
	lessee  = []right{{"administrative", "lessee"}}
	grantee = []right{{"administrative", "grantee"}}
)

// people is the holder of the title and those of live estates, each once, the
// outermost right first.
//
// specs/28 RDAP-9: An answer about a block MUST name the holder of the title as
// registrant, the holder of each live estate as administrative, the operator of
// record as technical and the abuse contact as abuse, each with the ledger's own
// word for what it is.
func (a *answer) people(x *light.Answer) (list []person, err error) {
	list = make([]person, 0, 1+len(x.Estates))
	if x.Title != nil && !x.Title.Holder.IsZero() {
		list, err = a.add(list, x.Title.Holder, holder)
	}
	for i := 0; i < len(x.Estates) && err == nil; i++ {
		rights := grantee
		if x.Estates[i].Kind == record.Lease {
			rights = lessee
		}
		list, err = a.add(list, x.Estates[i].Holder, rights)
	}
	return list, err
}

func (a *answer) add(list []person, id wire.Address, rights []right) ([]person, error) {
	for i := range list {
		if x := &list[i]; x.ID == id {
			x.rights = slices.Concat(x.rights, rights)
			return list, nil
		}
	}
	party, ok, err := directory.PartyOf(a.view.State, id)
	if !ok {
		party.ID = id
	}
	return append(list, person{party, rights}), err
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
	id := x.ID.String()
	p.text("handle", id)
	a.card(&x.Party)
	if len(x.rights) > 0 {
		p.list("roles", func() { a.roles(x.rights) })
	}
	if !x.By.IsZero() {
		p.list("status", func() { p.item("validated") })
	}
	self := a.base + "entity/" + id
	p.list("links", func() { a.linkOf(self, "self", MediaType, self) })
	p.member("ipledger_party", func() {
		if len(x.rights) > 0 {
			p.list("rights", func() {
				for _, r := range x.rights {
					p.item(r.word)
				}
			})
		}
		p.text("declared", declared(&x.Party))
		p.account("attestedBy", &x.By)
	})
}

// roles writes the roles of some rights, each once.
func (a *answer) roles(rights []right) {
	for i, r := range rights {
		if !slices.ContainsFunc(rights[:i], func(o right) bool { return o.role == r.role }) {
			a.page.item(r.role)
		}
	}
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
			a.updated()
		})
		p.member("ipledger_record", func() { a.when("v1/accounts/", q.account.String()) })
		a.notices()
	})
	return nil
}
