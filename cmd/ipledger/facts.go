package main

import (
	"fmt"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// facts are what stands somewhere at one moment, a line each, so that two moments
// can be compared line by line.
type facts []string

func (f *facts) addf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// answerFacts is what an answer says of one resource.
func (s *session) answerFacts(a *light.Answer) (f facts) {
	if a.Title == nil {
		f.addf("%v: %s", a.Resource, a.State)
	} else {
		f.addf("title %v: %s, holder %s, grade %v", a.Title.At, a.State, s.book.tell(a.Title.Holder), a.Grade)
		f.addf("in possession: %s", s.book.tell(a.Possessor))
	}
	for _, c := range a.Charges {
		f.charge(s, a.Title.At, c)
	}
	for _, x := range a.Holds {
		f.restriction(x.Restriction)
	}
	for _, e := range a.Estates {
		f.estate(s, e.At, e.Estate)
	}
	for _, e := range a.ToCome {
		f.estate(s, e.At, e.Estate)
	}
	for _, o := range a.Origins {
		f.origin(s, o.At, o.Origin)
	}
	for i := range a.Services {
		f.services(s, a.Services[i].At, &a.Services[i].Services)
	}
	if a.More {
		f.addf("records stand at smaller blocks inside %v", a.Resource)
	}
	return f
}

// entryFacts is what is written at one block.
func (s *session) entryFacts(v light.Valued) (f facts) {
	if t, err := record.TitleFromBytes(v.Folio.Title); err == nil {
		f.addf("title %v: %v, holder %s, grade %v", v.At, t.State, s.book.tell(t.Holder), t.Grade)
	}
	// What a proof showed can be read, or the proof would not have verified; a part
	// that cannot is told of as nothing.
	charges, _ := record.ChargesFromBytes(v.Folio.Charges)
	for _, c := range charges {
		f.charge(s, v.At, c)
	}
	restrictions, _ := record.RestrictionsFromBytes(v.Folio.Restrictions)
	for _, x := range restrictions {
		f.restriction(x)
	}
	estates, _ := record.EstatesFromBytes(v.Folio.Estates)
	for _, e := range estates {
		f.estate(s, v.At, e)
	}
	origins, _ := record.OriginsFromBytes(v.Folio.Authorisations)
	for _, o := range origins {
		f.origin(s, v.At, o)
	}
	if x, err := record.ServicesFromBytes(v.Folio.Contacts); err == nil {
		f.services(s, v.At, x)
	}
	return f
}

func (f *facts) charge(s *session, at wire.Resource, c record.Charge) {
	f.addf("charge on %v to %s, %v", at, s.book.tell(c.Lender), c.ID)
	if c.Enforced != 0 {
		f.addf("charge %v is enforced at %v, for %s", c.ID, instant(c.Enforced), s.book.tell(c.Buyer))
	}
}

func (f *facts) restriction(x record.Restriction) {
	shape := light.ShapeRestriction(x.At, x)
	f.addf("%s on %s since %v, by act %v", shape.Kind, shape.Binds, instant(x.Since), x.Act)
}

func (f *facts) estate(s *session, at wire.Resource, e record.Estate) {
	text := fmt.Sprintf("%s of %v to %s from %v", light.EstateName(e.Kind), at, s.book.tell(e.Holder), instant(e.Start))
	if e.Ends != 0 {
		text += " until " + instant(e.Ends).String()
	}
	if len(e.Lease) > 0 && e.Lease[0].Suspended != 0 {
		text += ", suspended until " + instant(e.Lease[0].Suspended).String()
	}
	f.addf("%s", text)
}

func (f *facts) origin(s *session, at wire.Resource, o record.Origin) {
	f.addf("AS%d may originate %v down to /%d, by %s", o.AS, at, o.MaxLength, s.book.tell(o.Holder))
}

func (f *facts) services(s *session, at wire.Resource, x *record.Services) {
	f.addf("services at %v by %s: providers %v, name servers %q, DS %q, geofeed %q, abuse contact %q, other contacts %v",
		at, s.book.tell(x.Holder), x.Providers, x.Servers, x.DS, x.Geofeed, x.Abuse, x.Private)
}

// accountFacts is what an account is. Its lanes and credit, which every act moves,
// are left out.
func (s *session) accountFacts(a *light.AccountAnswer) (f facts) {
	x := a.Account
	if x == nil {
		f.addf("there is no such account")
		return f
	}
	f.addf("name %q, jurisdiction %s", x.Name, x.Jurisdiction)
	f.addf("holds %d /24s of IPv4, %d /48s of IPv6, %d AS numbers", x.Holdings.V4, x.Holdings.V6, x.Holdings.AS)
	f.addf("title keys: %d of %s", x.Policy.TitleK, keyLine(x.Policy.TitleKeys))
	f.addf("routing keys: %d of %s", x.Policy.RoutingK, keyLine(x.Policy.RoutingKeys))
	f.addf("policy version %d, delay %d seconds, changes that wait %d, recovery stage %d", x.Policy.Version, x.Delay, x.Waiting, x.Recovery)
	for _, g := range x.Guardians {
		f.addf("guardian %s, %d of %d needed", s.book.tell(g), x.GuardianK, len(x.Guardians))
	}
	if !x.Provider.IsZero() {
		f.addf("provider of record %s", s.book.tell(x.Provider))
	}
	for _, by := range x.Attested {
		f.addf("name attested by %s at %v", s.book.tell(by.By), instant(by.At))
	}
	return f
}

func keyLine(keys []account.Key) string {
	var out []string
	for _, k := range keys {
		out = append(out, k.String())
	}
	return strings.Join(out, " ")
}
