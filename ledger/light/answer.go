package light

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// States of a resource beside those of a title.
const (
	Unregistered = "unregistered" // no title covers it and nothing lies inside it
	Divided      = "divided"      // no title covers the whole of it, records lie inside it
)

// Moment is a height and the time of the header of that height, in Unix
// seconds. It is what an answer holds for.
type Moment struct {
	Height uint64
	Time   uint64
}

// Answer is what the ledger says of one resource after the block of a height.
type Answer struct {
	Resource  wire.Resource
	Moment           // the state after this block, at this header's time
	State     string // of the title, or Unregistered, or Divided
	Title     *Title // nil where no title covers the resource
	Estates   []Estate
	Possessor wire.Address // the innermost live right's holder; zero for nobody
	Grade     record.Grade // of the title; GradeNone without one
	Origins   []Origin     // authorisations at blocks that cover the resource
	More      bool         // records stand at blocks inside the resource
}

// Title is the title that covers a resource, and the block it stands at.
type Title struct {
	At      wire.Resource
	Dealing wire.Hash // the value that an offer names (DEAL-2)
	record.Title
}

// Estate is an estate that is live at the answer's time, outermost first.
type Estate struct {
	At wire.Resource
	record.Estate
}

// Origin is an authorisation and the block it is written at.
type Origin struct {
	At wire.Resource
	record.Origin
}

// Statement is the answer in plain words. Two answers that differ in what they
// name have different statements.
func (a *Answer) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "After block %d, at %s, ", a.Height, Clock(a.Time))
	a.tellTitle(&b)
	for _, e := range a.Estates {
		fmt.Fprintf(&b, " %s holds it under a %s of %v.", e.Holder, estateName(e.Kind), e.At)
	}
	if a.Title != nil {
		fmt.Fprintf(&b, " In possession: %s.", holder(a.Possessor))
	}
	for _, o := range a.Origins {
		fmt.Fprintf(&b, " %s authorises AS%d to originate %v down to /%d.", o.Holder, o.AS, o.At, o.MaxLength)
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
	fmt.Fprintf(b, ", source %s.", sourceName(a.Title.Source))
}

func sourceName(s record.Source) string {
	handle := s.Handle
	if handle == "" {
		handle = "handle unknown"
	}
	return fmt.Sprintf("%s (%v, %s)", quoted(s.Registry), s.Class, quoted(handle))
}

// quoted is text in double quotes, with what would end or hide it escaped. It
// asks no table of characters, which would change with releases: a statement is
// compared byte for byte.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		default:
			b.WriteRune(r)
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}

func holder(a wire.Address) string {
	if a.IsZero() {
		return "nobody"
	}
	return a.String()
}

func estateName(k record.EstateKind) string {
	switch k {
	case record.Grant:
		return "grant"
	case record.Lease:
		return "lease"
	}
	return fmt.Sprintf("right of kind %d", uint8(k))
}
