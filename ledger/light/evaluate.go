package light

import (
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Valued is what is written at one block that covers a resource.
type Valued struct {
	At    wire.Resource
	Folio *record.Folio
}

// Evaluate says what the records that cover r mean at a moment. chain is every
// folio at a block that covers r, the shortest block first, as a point proof
// shows it; more says that something stands at blocks inside r.
//
// It fails only on records that the rules cannot have made.
func Evaluate(r wire.Resource, chain []Valued, more bool, at Moment) (*Answer, error) {
	a := &Answer{Resource: r, Moment: at, State: Unregistered, More: more}
	if more {
		a.State = Divided
	}
	var e evaluation
	for _, v := range chain {
		if !inr.Covers(v.At, r) {
			return nil, unproven("PRF-9", nil, "%v does not cover %v", v.At, r)
		}
		if err := e.read(a, v); err != nil {
			return nil, unproven("PRF-9", err, "the records at %v", v.At)
		}
	}
	e.close(a)
	return a, nil
}

// evaluation is what is known on the way in, from the outermost right.
type evaluation struct {
	rights []Estate              // live ones, and the title as an estate without kind
	begun  []begun               // estates met so far that have begun
	live   map[wire.Address]bool // who holds a live right over the resource
	ended  map[wire.Address]bool // who held an estate that has ended
	all    []Origin
	stated []Services
}

func (e *evaluation) read(a *Answer, v Valued) error {
	if err := e.title(a, v); err != nil {
		return err
	}
	estates, err := record.EstatesFromBytes(v.Folio.Estates)
	if err != nil {
		return err
	}
	for _, x := range estates {
		e.estate(a, Estate{v.At, x})
	}
	origins, err := record.OriginsFromBytes(v.Folio.Authorisations)
	if err != nil {
		return err
	}
	for _, o := range origins {
		e.all = append(e.all, Origin{At: v.At, Origin: o})
	}
	return e.services(v)
}

func (e *evaluation) services(v Valued) error {
	if len(v.Folio.Contacts) == 0 {
		return nil
	}
	s, err := record.ServicesFromBytes(v.Folio.Contacts)
	if err != nil {
		return err
	}
	e.stated = append(e.stated, Services{v.At, *s})
	return nil
}

// burdens takes in what lies on a title besides estates.
//
// specs/12 PRF-15: A restriction counts if what it binds overlaps the resource,
// until its end, that second excluded; a charge until it is gone from its title.
func (e *evaluation) burdens(a *Answer, v Valued) (err error) {
	if a.Charges, err = record.ChargesFromBytes(v.Folio.Charges); err != nil {
		return err
	}
	list, err := record.RestrictionsFromBytes(v.Folio.Restrictions)
	for _, x := range list {
		if (x.Until == 0 || a.Time < x.Until) && inr.Overlaps(x.At, a.Resource) {
			a.Holds = append(a.Holds, Restriction{v.At, x})
		}
	}
	return err
}

func (e *evaluation) title(a *Answer, v Valued) error {
	if len(v.Folio.Title) == 0 {
		return nil
	}
	t, err := record.TitleFromBytes(v.Folio.Title)
	if err != nil {
		return err
	}
	if a.Title != nil {
		return fmt.Errorf("titles nest: %v lies in %v", v.At, a.Title.At)
	}
	if err := e.burdens(a, v); err != nil {
		return err // before the values, which trust the form of restrictions
	}
	dealing := v.Folio.Dealing()
	marked := dealing
	if len(v.Folio.Restrictions) > 0 {
		marked = v.Folio.Marked()
	}
	a.Title, a.State, a.Grade = &Title{v.At, dealing, marked, *t}, t.State.String(), t.Grade
	e.hold(&e.live, t.Holder)
	e.rights = append(e.rights, Estate{v.At, record.Estate{Holder: t.Holder}})
	a.Possessor = t.Holder
	a.State = a.shown(t)
	return nil
}

// shown is the word for how a title stands at the answer's time.
//
// specs/20 CLAIM-30: A block all of which is contested is shown as contested; else
// an unclaimed title over it that is claimed as pending, and one that is held as
// qualified while better evidence defeats it.
func (a *Answer) shown(t *record.Title) string {
	switch {
	case a.Contested():
		return record.Contested.String()
	case t.State == record.Unclaimed && a.claimed():
		return record.Pending.String()
	case t.State == record.Held && t.Qualified > a.Time:
		return record.Qualified.String()
	}
	return t.State.String()
}

// Contested reports whether all of the resource is contested.
func (a *Answer) Contested() bool {
	return slices.ContainsFunc(a.Holds, func(x Restriction) bool {
		return x.Kind == record.Contest && inr.Covers(x.Restriction.At, a.Resource)
	})
}

func (a *Answer) claimed() bool {
	return slices.ContainsFunc(a.Holds, func(x Restriction) bool { return x.Kind == record.Claimed })
}

// StaleSeconds is how old a proof is when it is shown as stale: a year. It is the
// law's and no parameter, so that a file alone says it (specs/20 CLAIM-19).
const StaleSeconds = 365 * 24 * 3600

// Stale reports whether a title was last proved too long ago (CLAIM-19).
func (a *Answer) Stale() bool {
	return a.Title != nil && a.Grade == record.GradeA && a.Time > a.Title.Proved && a.Time-a.Title.Proved > StaleSeconds
}

// estate takes one estate in, each lying inside those before it.
//
// specs/12 PRF-10: An estate counts if it has begun and not ended at the
// answer's time, swept or not; a grant also ends with the estate it was carved
// out of, while a lease passes to the next right outside.
func (e *evaluation) estate(a *Answer, x Estate) {
	if x.Start > a.Time {
		if x.Live(x.Start) {
			a.ToCome = append(a.ToCome, x)
		}
		return
	}
	stands := x.Live(a.Time) && !(x.Kind == record.Grant && e.broken(x))
	e.begun = append(e.begun, begun{x, stands})
	if !stands {
		e.hold(&e.ended, x.Holder)
		return
	}
	e.hold(&e.live, x.Holder)
	e.rights = append(e.rights, x)
	a.Estates = append(a.Estates, x)
	a.Possessor = x.Holder
}

// begun is an estate that has begun, and whether it stands.
type begun struct {
	Estate
	stands bool
}

// broken reports whether the estate that a grant was carved out of has ended: the
// last before it that was live when the grant began.
func (e *evaluation) broken(grant Estate) bool {
	for _, x := range slices.Backward(e.begun) {
		if x.Start <= grant.Start && x.Live(grant.Start) {
			return !x.stands
		}
	}
	return false
}

// close keeps the authorisations that still stand.
//
// specs/12 PRF-11: An authorisation or service whose holder held an estate over
// the resource that has ended, and holds no live right over it, is not shown.
func (e *evaluation) close(a *Answer) {
	for _, o := range e.all {
		if e.stands(o.Holder) {
			o.Suspended = e.suspended(o, a.Time)
			a.Origins = append(a.Origins, o)
		}
	}
	for _, s := range e.stated {
		if e.stands(s.Holder) {
			a.Services = append(a.Services, s)
		}
	}
}

func (e *evaluation) stands(who wire.Address) bool { return !e.ended[who] || e.live[who] }

// suspended is until when exports leave an authorisation out.
//
// specs/12 PRF-16: An authorisation is suspended as long as the lease is on which
// it rests: its holder's innermost live right over its whole block (LEASE-18).
func (e *evaluation) suspended(o Origin, now uint64) (until uint64) {
	for _, x := range e.rights {
		if x.Holder == o.Holder && inr.Covers(x.At, o.At) {
			until = x.Suspended(now)
		}
	}
	return until
}

func (e *evaluation) hold(set *map[wire.Address]bool, who wire.Address) {
	if *set == nil {
		*set = map[wire.Address]bool{}
	}
	(*set)[who] = true
}

// Read is the answer of a state at a moment: the same that the state's proof
// gives to a verifier (R16).
func Read(s tree.State, r wire.Resource, at Moment) (*Answer, error) {
	chain, err := folios(s.Path(tree.ResourceKey(r)))
	if err != nil {
		return nil, err
	}
	return Evaluate(r, chain, Inside(s, r), at)
}

// Inside reports whether anything stands at a block inside r and not r itself.
func Inside(s tree.State, r wire.Resource) (more bool) {
	k := tree.ResourceKey(r)
	s.Walk(k, func(l tree.Leaf) bool {
		more = l.Key != k
		return !more
	})
	return more
}

func folios(leaves []tree.Leaf) ([]Valued, error) {
	var chain []Valued
	for _, l := range leaves {
		f, err := record.FolioFromBytes(l.Data)
		if err != nil {
			return nil, unproven("PRF-9", err, "the records at %v", l.Key)
		}
		chain = append(chain, Valued{l.Key.Resource(), f})
	}
	return chain, nil
}
