package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Statement is the answer in plain words. Two answers that differ in what they
// name have different statements.
func (a *Answer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, ", a.Height, Clock(a.Time))
	a.tellTitle(&b)
	a.tellBurdens(&b)
	for _, e := range a.Estates {
		fmt.Fprintf(&b, " %s holds it under a %s of %v%s%s.", e.Holder, EstateName(e.Kind), e.At, tellEnd(&e), a.tellLease(&e))
	}
	for _, e := range a.ToCome {
		fmt.Fprintf(&b, " %s will hold it under a %s of %v from %s%s%s.", e.Holder, EstateName(e.Kind), e.At, Clock(e.Start), tellEnd(&e), a.tellLease(&e))
	}
	if a.Title != nil {
		fmt.Fprintf(&b, " In possession: %s.", holder(a.Possessor))
	}
	for _, o := range a.Origins {
		fmt.Fprintf(&b, " %s authorises AS%d to originate %v down to /%d%s.", o.Holder, o.AS, o.At, o.MaxLength, tellSuspended(o.Suspended))
	}
	for i := range a.Services {
		fmt.Fprintf(&b, " %s states for %v: %s.", a.Services[i].Holder, a.Services[i].At, tellServices(&a.Services[i].Services))
	}
	if a.More {
		b.WriteString(" Records stand at smaller blocks inside it.")
	} else {
		b.WriteString(" Nothing stands at smaller blocks inside it.")
	}
	return b.String()
}

func (a *Answer) tellTitle(b *strings.Builder) {
	if a.Title == nil {
		fmt.Fprintf(b, "no title covers the whole of %v (%s).", a.Resource, a.State)
		return
	}
	fmt.Fprintf(b, "%v lies in the title %v: %s, holder %s, grade %v", a.Resource, a.Title.At, a.State, holder(a.Title.Holder), a.Grade)
	if a.Title.Proved != 0 {
		fmt.Fprintf(b, " proved at %s", Clock(a.Title.Proved))
	}
	if a.Stale() {
		b.WriteString(", stale")
	}
	if a.Title.Qualified > a.Time {
		fmt.Fprintf(b, ", qualified until %s", Clock(a.Title.Qualified))
	}
	if n := len(a.Title.Basis); n > 0 {
		fmt.Fprintf(b, ", on the word of %d registrars", n)
	}
	fmt.Fprintf(b, ", source %s", sourceName(a.Title.Source))
	if a.Title.Stated != 0 {
		fmt.Fprintf(b, " by its file of %s", day(a.Title.Stated))
	}
	b.WriteByte('.')
}

// tellBurdens says what lies on the title besides estates.
func (a *Answer) tellBurdens(b *strings.Builder) {
	for i, c := range a.Charges {
		fmt.Fprintf(b, " Charge %d of the title: %v, lender %s, enforced by %s, leases beyond %d seconds need consent", i+1, c.ID, c.Lender, modeName(c.Mode), c.Longest)
		if c.Enforced != 0 {
			fmt.Fprintf(b, ", enforcement for %s takes effect at %s", c.Buyer, Clock(c.Enforced))
		}
		b.WriteByte('.')
	}
	for _, h := range a.Holds {
		b.WriteString(tellRestriction(&h.Restriction))
	}
}

// tellRestriction is what a restriction means in words.
func tellRestriction(x *record.Restriction) string {
	until := ""
	if x.Until != 0 {
		until = " until " + Clock(x.Until)
	}
	switch x.Kind {
	case record.Hold:
		return fmt.Sprintf(" %v is on hold%s, by act %v.", x.At, until, x.Act)
	case record.Freeze:
		return fmt.Sprintf(" %v is frozen%s, by act %v: its title does not move; its routing goes on.", x.At, until, x.Act)
	case record.Contest:
		return fmt.Sprintf(" %v is contested%s, by act %v.", x.At, until, x.Act)
	case record.Claimed:
		return fmt.Sprintf(" %v is claimed, by act %v; the claim is open%s.", x.At, x.Act, until)
	case record.Caution:
		return fmt.Sprintf(" A caution against %v stands%s, by act %v.", x.At, until, x.Act)
	case record.Diverges:
		return fmt.Sprintf(" %v diverges since %s, source says %s, by act %v.", x.At, Clock(x.Since), quoted(x.Says), x.Act)
	}
	return fmt.Sprintf(" %v has restriction %d%s, by act %v.", x.At, uint64(x.Kind), until, x.Act)
}

func tellEnd(e *Estate) string {
	if e.Ends == 0 {
		return ""
	}
	return " until " + Clock(e.Ends)
}

func tellSuspended(until uint64) string {
	if until == 0 {
		return ""
	}
	return ", suspended until " + Clock(until)
}

// tellLease says what a lease names beyond what every estate does.
func (a *Answer) tellLease(e *Estate) string {
	if len(e.Lease) == 0 {
		return ""
	}
	t := &e.Lease[0]
	return fmt.Sprintf(", operator of record %s, abuse contact %s%s", quoted(t.Operator), quoted(t.Abuse), tellSuspended(e.Suspended(a.Time)))
}

func tellServices(s *record.Services) string {
	var parts []string
	if len(s.Providers) > 0 {
		text := "providers"
		for _, as := range s.Providers {
			text += fmt.Sprintf(" AS%d", as)
		}
		parts = append(parts, text)
	}
	for _, x := range []struct{ name, text string }{
		{"name servers ", s.Servers}, {"DS ", s.DS}, {"geofeed ", s.Geofeed}, {"abuse contact ", s.Abuse},
	} {
		if x.text != "" {
			parts = append(parts, x.name+quoted(x.text))
		}
	}
	if !s.Private.IsZero() {
		parts = append(parts, "other contacts "+s.Private.String())
	}
	return strings.Join(parts, ", ")
}

func sourceName(s record.Source) string {
	handle := s.Handle
	if handle == "" {
		handle = "handle unknown"
	}
	return fmt.Sprintf("%s (%v, %s)", quoted(s.Registry), s.Class, quoted(handle))
}

func holder(a wire.Address) string {
	if a.IsZero() {
		return "nobody"
	}
	return a.String()
}

// EstateName is the word for a kind of estate.
func EstateName(k record.EstateKind) string {
	switch k {
	case record.Grant:
		return "grant"
	case record.Lease:
		return "lease"
	}
	return fmt.Sprintf("right of kind %d", uint8(k))
}

func modeName(m uint64) string {
	if m < uint64(len(modeNames)) {
		return modeNames[m]
	}
	return fmt.Sprintf("mode %d", m)
}

// modeNames are the words for how a charge is enforced, by tx.ChargeMode.
var modeNames = [...]string{"adjudication", "sale", "title"}

func restrictionName(k record.RestrictionKind) string {
	switch k {
	case record.Hold:
		return "hold"
	case record.Freeze:
		return "freeze"
	case record.Contest:
		return "contest"
	case record.Claimed:
		return "claim"
	case record.Caution:
		return "caution"
	case record.Diverges:
		return "divergence"
	}
	return fmt.Sprintf("restriction %d", uint64(k))
}
