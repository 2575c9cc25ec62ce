package main

import (
	"fmt"
	"slices"
	"strings"
)

// tellEffects shows what an act would change: records, announcements, and whose
// consents it still needs.
func (s *session) tellEffects(to *printer, p *preview) {
	s.tellOutlook(to, &p.outlook)
	for _, e := range p.Effects {
		if strings.HasPrefix(string(e.Resource), "0x") {
			s.tellDifference(to, string(e.Before), string(e.After))
		}
	}
	if p.Outcome == "done" && len(p.Changes) == 0 {
		to.linef("  nothing that is held changes yet")
	}
	if p.IfAccepted != nil {
		to.linef("If it is accepted as things stand:")
		s.tellOutlook(to, p.IfAccepted)
	}
	for i := range p.Starts {
		x := &p.Starts[i]
		to.linef("When the lease of %s starts, at %s:", x.Resource, x.Time)
		s.tellOutlook(to, &x.outlook)
	}
	s.tellLacking(to, p)
	for _, x := range p.Policy {
		to.linef("  policy of %s: %s", x.Registry, x.Says)
	}
	if p.Outcome == "done" {
		to.linef("It would be done, and costs %d of the account's credit.", p.Cost)
	}
}

func (s *session) tellOutlook(to *printer, o *outlook) {
	for _, c := range o.Changes {
		to.linef("  %s %s", mark(c.Change), said(s.book.named(c.Text)))
		if c.Change == "narrows" {
			to.linef("    this authorisation is narrowed to what is left")
		}
	}
	s.tellLost(to, o)
}

// mark is - for what goes, + for what comes, ~ for what changes.
func mark(change string) string {
	switch change {
	case "opens", "enters":
		return "+"
	case "changes":
		return "~"
	}
	return "-"
}

func (s *session) tellDifference(to *printer, before, after string) {
	gone, come := difference(before, after)
	for _, line := range gone {
		to.linef("  - %s", said(s.book.named(line)))
	}
	for _, line := range come {
		to.linef("  + %s", said(s.book.named(line)))
	}
}

// tellLost names what could be announced before and cannot be after.
func (s *session) tellLost(to *printer, p *outlook) {
	for _, l := range p.Lost {
		lengths := fmt.Sprintf("/%d", l.MinLength)
		if l.MaxLength > l.MinLength {
			lengths += fmt.Sprintf(" to /%d", l.MaxLength)
		}
		why := "not found: no authorisation covers it"
		if l.After == "invalid" {
			why = "invalid: others cover it and none matches"
		}
		to.linef("  ! announcements of %s (%s) by %s are valid now, and would be %s", l.Prefix, lengths, l.AS, why)
	}
	if p.LostPart {
		to.linef("  ! there are more announcements to lose than are listed")
	}
}

func (s *session) tellLacking(to *printer, p *preview) {
	for _, l := range p.Lacking {
		command := fmt.Sprintf("ipledger lease consent %v", l.Offer)
		if l.Charge != nil {
			command = fmt.Sprintf("ipledger charge consent %v %v", l.Offer, *l.Charge)
		}
		what := "it cannot be accepted"
		if l.Rule == "CHARGE-21" { // a merge or a surrender
			what = "it does not take effect"
		}
		to.linef("  ? %s before %s consents: %s", what, s.book.tell(l.By.Address), command)
	}
}

// difference is the sentences that only one of two statements has. What both
// start with, the height and the time, is left out.
func difference(before, after string) (gone, come []string) {
	a, b := sentences(before), sentences(after)
	for _, line := range a {
		if !slices.Contains(b, line) {
			gone = append(gone, line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			come = append(come, line)
		}
	}
	return gone, come
}

func sentences(statement string) []string {
	if strings.HasPrefix(statement, "After block ") {
		if parts := strings.SplitN(statement, ", ", 3); len(parts) == 3 {
			statement = parts[2]
		}
	}
	lines := strings.SplitAfter(statement, ". ")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}
