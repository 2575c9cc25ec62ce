package main

import (
	"fmt"
	"strings"
)

// tellAnswer prints an answer about a resource as people read a land register:
// the title, what lies on it, who possesses it, what routing rests on that.
func (s *session) tellAnswer(a *sourced) error {
	if s.json {
		return s.out.json(spliced{map[string]any{"verified": a.verified, "basis": a.basis}, a.raw})
	}
	p := s.out
	p.field("resource", "%s", a.Resource)
	p.field("as of", "block %d, %s", a.Height, a.Time)
	p.field("state", "%s", a.State)
	s.tellTitle(a.Title)
	s.tellBurdens(&a.resourceAnswer)
	for _, e := range append(a.Estates[:len(a.Estates):len(a.Estates)], a.ToCome...) {
		s.tellEstate(e)
	}
	if a.Title != nil {
		p.field("possessor", "%s", s.book.tell(a.Possessor.Address))
	}
	for _, o := range a.Origins {
		p.field("origin", "AS%d may originate %s down to /%d, by %s%s", o.AS, o.At, o.MaxLength, s.book.tell(o.Holder.Address), suspended(o.Suspended))
	}
	for _, x := range a.Services {
		s.tellServices(x)
	}
	if a.More {
		p.field("inside", "records stand at smaller blocks inside it")
	}
	if a.verified {
		p.field("verified", "yes, with %s", said(s.trust))
	} else {
		p.field("verified", "no")
	}
	s.err.linef("%s", said(a.basis))
	return nil
}

func (s *session) tellTitle(t *title) {
	if t == nil {
		return
	}
	s.out.field("title", "%s, since %s", t.At, since(t.Since))
	s.out.field("holder", "%s", s.book.tell(t.Holder.Address))
	grade := t.Grade.String()
	if t.Proved != 0 {
		grade += ", proved " + t.Proved.String()
	}
	s.out.field("grade", "%s", grade)
	s.out.field("source", "%s, handle %s, %s %s %s (%s)", t.Source.Registry, orUnknown(t.Source.Handle), t.Source.Status, t.Source.Date, t.Source.Country, t.Source.Class)
	if t.Source.Stated != "" {
		s.out.field("", "as its file of %s says", isoDay(string(t.Source.Stated)))
	}
}

// tellBurdens prints the charges over the title, in their ranks, and what holds it.
func (s *session) tellBurdens(a *resourceAnswer) {
	for _, c := range a.Charges {
		s.out.field("charge", "%d: lender %s, enforced by %s, since %s, id %v", c.Rank, s.book.tell(c.Lender.Address), said(c.Mode), c.Entered, c.ID)
		s.out.field("", "leases longer than %v need its consent", (*span)(&c.Longest))
		if c.Enforcement != nil {
			s.out.field("", "enforcement: the title goes to %s at %s", s.book.tell(c.Enforcement.To.Address), c.Enforcement.Effect)
		}
	}
	for _, h := range a.Holds {
		if h.Kind == "divergence" {
			s.out.field("diverges", "%s since %s, source says %s, by act %v", h.Binds, h.Since, h.Says, h.Act)
			continue
		}
		s.out.field(h.Kind.String(), "%s until %s, by act %v", h.Binds, h.Until, h.Act)
	}
}

func (s *session) tellEstate(e right) {
	s.out.field(e.Kind.String(), "%s to %s%s, id %v", e.At, s.book.tell(e.Holder.Address), ends(e), e.ID)
	t := e.Lease
	if t == nil {
		return
	}
	s.out.field("", "operator %s, abuse contact %s", t.Operator, t.Abuse)
	switch t.Clause {
	case "notice":
		s.out.field("", "the lessor may end it %v after notice", (*span)(&t.ClauseNotice))
	case "agent":
		s.out.field("", "agent %s may end it %v after notice", s.book.tell(t.Agent.Address), (*span)(&t.ClauseNotice))
	}
	if t.Price != "" {
		s.out.field("", "price as stated: %s", t.Price)
	}
	if e.State == "suspended" {
		s.out.field("", "its authorisations are%s", strings.TrimPrefix(suspended(t.Suspended), ","))
	}
	if t.Answer != nil {
		s.out.field("", "the lessee answered by act %v", *t.Answer)
	}
}

func suspended(until instant) string {
	if until == 0 {
		return ""
	}
	return ", suspended until " + until.String()
}

func (s *session) tellServices(x servicesAnswer) {
	by := s.book.tell(x.Holder.Address)
	if len(x.Providers) > 0 {
		s.out.field("providers", "of %s: AS%s, by %s", x.At, joined(x.Providers, ", AS"), by)
	}
	if len(x.Servers) > 0 {
		s.out.field("reverse", "%s: %s, by %s", x.At, joined(x.Servers, " "), by)
	}
	for _, ds := range x.DS {
		s.out.field("", "DS %s", ds)
	}
	if x.Geofeed != "" {
		s.out.field("geofeed", "%s: %s, by %s", x.At, x.Geofeed, by)
	}
	if x.Abuse != "" {
		s.out.field("abuse", "%s: %s, by %s", x.At, x.Abuse, by)
	}
	if x.Private != nil {
		s.out.field("contacts", "%s: others have the salted hash %v: ipledger contacts show %s", x.At, *x.Private, x.At)
	}
}

func joined(list []said, by string) said {
	var texts []string
	for _, t := range list {
		texts = append(texts, string(t))
	}
	return said(strings.Join(texts, by))
}

func orUnknown(t said) said {
	if t == "" {
		return "unknown"
	}
	return t
}

func since(i instant) string {
	if i == 0 {
		return "genesis"
	}
	return i.String()
}

// ends says from when an estate stands, where that is to come, and when it ends.
func ends(e right) string {
	text := ""
	if e.State == "to come" {
		text = ", to come, from " + e.Start.String()
	}
	notice := span(e.Notice)
	switch {
	case e.Ends != 0:
		return text + ", ends " + e.Ends.String()
	case e.Lease != nil:
		return text + fmt.Sprintf(", renews by %v until %v after notice", (*span)(&e.Lease.Renew), &notice)
	}
	return text + ", until notice of " + notice.String()
}
