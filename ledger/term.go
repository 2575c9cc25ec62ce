package ledger

import (
	"math"

	"ipledger/ledger/record"
)

// never is the end of what has none.
const never = math.MaxUint64

// term is a span of header time, the end excluded.
type term struct{ start, end uint64 }

// overlaps reports whether some second lies in both terms.
func (t term) overlaps(u term) bool { return max(t.start, u.start) < min(t.end, u.end) }

// seconds is how long a term is; an empty one has none.
func (t term) seconds() uint64 {
	if t.end <= t.start {
		return 0
	}
	return t.end - t.start
}

// endsAt is when an estate ends by what is agreed so far.
func endsAt(e *record.Estate) uint64 {
	if e.Ends == 0 {
		return never
	}
	return e.Ends
}

// endOf is when the innermost of some rights ends at the latest by what is
// agreed so far: a grant ends with what it was carved from, a lease attorns.
func endOf(right []layer) uint64 { return latest(right, endsAt) }

// committed is when the innermost of some rights may be made to end.
//
// specs/15 LEASE-4: of a title never, of an estate its end; of a grant without,
// its notice from now, and never after what it was carved from; of an evergreen
// lease without, the end that a notice given now would set.
func (b *block) committed(right []layer) uint64 {
	return latest(right, func(e *record.Estate) uint64 {
		switch {
		case e.Ends != 0:
			return e.Ends
		case e.Kind == record.Grant:
			return b.now.Time + e.Notice
		}
		return periodEnd(e.Start, e.Lease[0].Renew, b.now.Time+e.Notice)
	})
}

// latest is the first end from the innermost right out to the first lease or
// the title.
func latest(right []layer, end func(*record.Estate) uint64) uint64 {
	first := uint64(never)
	for i := len(right) - 1; i >= 0 && right[i].estate != nil; i-- {
		first = min(first, end(right[i].estate))
		if right[i].estate.Kind == record.Lease {
			break
		}
	}
	return first
}

// periodEnd is the first end of a period, counted from start, that is not
// before a moment.
//
// specs/15 LEASE-7: an evergreen lease ends where a period ends, the first such
// moment that is not before the notice has run.
func periodEnd(start, renew, notBefore uint64) uint64 {
	if notBefore <= start {
		return start + renew
	}
	periods := (notBefore - start + renew - 1) / renew
	return start + periods*renew
}

// termOf is an estate's term; that of a grant ends with what it was carved from
// at the latest.
func (b *block) termOf(x *ended) term {
	if x.Kind == record.Lease {
		return term{x.Start, endsAt(&x.Estate)}
	}
	outer := b.outside(x)
	return term{x.Start, endOf(append(outer[:len(outer):len(outer)], layer{estate: &x.Estate}))}
}

// outside is the rights outside an estate: of one that is live those that it
// lies in, of one to come those over its block that stand when it starts.
func (b *block) outside(l *ended) []layer {
	stack := b.stack(l.at)
	if l.Started {
		for i := range stack {
			if stack[i].at == l.at && stack[i].id() == l.ID {
				return stack[:i]
			}
		}
	}
	return standingAt(stack, l.Start)
}

// standingAt is those of the rights over a block that end after a moment.
func standingAt(stack []layer, at uint64) []layer {
	out := make([]layer, 0, len(stack))
	for i := range stack {
		if endOf(stack[:i+1]) > at {
			out = append(out, stack[i])
		}
	}
	return out
}
