package rdap

import "ipledger/ledger/directory"

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
