package rdap

import (
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// remarks writes in words who holds and who possesses, where these are two.
//
// specs/28 RDAP-9: ... Where an estate is live, a remark MUST say who holds the title,
// and who has each estate, of which block and until when.
func (a *answer) remarks(x *light.Answer, names []person) {
	if len(x.Estates) == 0 {
		return
	}
	p := &a.page
	p.list("remarks", func() {
		p.object(func() {
			p.text("title", "Who holds and who possesses")
			p.list("description", func() {
				if x.Title != nil && !x.Title.Holder.IsZero() {
					p.item("The title of ", x.Title.At.String(), " is held by ", called(names, x.Title.Holder), ".")
				}
				for i := range x.Estates {
					e := &x.Estates[i]
					p.item(e.At.String(), given(e.Kind), called(names, e.Holder), until(e.Ends), ".")
				}
			})
		})
	})
}

func given(k record.EstateKind) string {
	if k == record.Lease {
		return " is leased to "
	}
	return " is granted to "
}

// until is when an estate ends as things stand; empty where it has no end yet.
func until(ends uint64) string {
	if ends == 0 {
		return ""
	}
	return " until " + light.Clock(ends)
}

// called is an account's name and id, or the id alone.
func called(names []person, id wire.Address) string {
	for i := range names {
		if x := &names[i]; x.ID == id && x.Name != "" {
			return x.Name + " (" + id.String() + ")"
		}
	}
	return id.String()
}
