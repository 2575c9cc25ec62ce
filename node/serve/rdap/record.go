package rdap

import (
	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

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
		p.account("holder", &holder)
		p.account("possessor", &x.Possessor)
		p.account("lessee", &lessee)
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
