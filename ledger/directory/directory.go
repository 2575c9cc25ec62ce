// Package directory is what a state says of whom, as directories are asked for
// it: the block that an address lies in, those around it and inside it, and who
// answers for it (specs/28, "What a directory says").
//
// It promises the same answer for the same state and moment, that of package
// light, and walks no more of the tree than an answer needs. It writes nothing
// in any protocol's words beyond those that several protocols share.
package directory

import (
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Covering is what the state says of the most specific entry that covers the
// whole of q; ok is false where there is none. An error is a state that the rules
// cannot have made.
//
// specs/28 DIR-1: An entry is a block at which a title stands or an estate is
// live. specs/28 DIR-2: What is asked for a block is answered by the most specific
// entry that covers the whole of it.
func Covering(s tree.State, q wire.Resource, m light.Moment) (a *light.Answer, ok bool, err error) {
	chain, err := above(s, q)
	for err == nil && len(chain) > 0 {
		at := chain[len(chain)-1].At
		a, err = light.Evaluate(at, chain, light.Inside(s, at), m)
		if err == nil && Entry(a) {
			return a, true, nil
		}
		chain = trim(chain[:len(chain)-1])
	}
	return nil, false, err
}

// Entry reports whether the block that an answer is of is an entry (DIR-1).
func Entry(a *light.Answer) bool {
	if a.Title != nil && a.Title.At == a.Resource {
		return true
	}
	return Innermost(a) != nil
}

// Innermost is the last of the live estates at exactly the block that an answer
// is of, or nil: possession of the block rests on it.
func Innermost(a *light.Answer) *light.Estate {
	if n := len(a.Estates); n > 0 && a.Estates[n-1].At == a.Resource {
		return &a.Estates[n-1]
	}
	return nil
}

// Above is the entries that cover q, itself included where it is one, the most
// specific first; as many as lengths of the family, and one.
func Above(s tree.State, q wire.Resource, m light.Moment) ([]*light.Answer, error) {
	a, ok, err := Covering(s, q, m)
	if err != nil || !ok {
		return nil, err
	}
	list := []*light.Answer{a}
	for _, at := range Around(a) {
		if a, err = light.Read(s, at, m); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// Around is the entries that cover the block of an answer and are larger, the
// smallest first. The answer itself names them.
func Around(a *light.Answer) (list []wire.Resource) {
	add := func(at wire.Resource) {
		if at.Len < a.Resource.Len && !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	for i := range a.Estates {
		add(a.Estates[i].At)
	}
	if a.Title != nil {
		add(a.Title.At)
	}
	slices.SortFunc(list, func(x, y wire.Resource) int { return int(y.Len) - int(x.Len) })
	return list
}

// above is the folios at blocks that cover q, the shortest first, up to the last
// that may be an entry.
func above(s tree.State, q wire.Resource) (chain []light.Valued, err error) {
	for _, l := range s.Path(tree.ResourceKey(q)) {
		f, err := record.FolioFromBytes(l.Data)
		if err != nil {
			return nil, fmt.Errorf("the records at %v: %w", l.Key, err)
		}
		chain = append(chain, light.Valued{At: l.Key.Resource(), Folio: f})
	}
	return trim(chain), nil
}

// trim takes off the blocks at the end at which only others' rights have records.
func trim(chain []light.Valued) []light.Valued {
	for n := len(chain); n > 0 && !mayEnter(chain[n-1].Folio); n-- {
		chain = chain[:n-1]
	}
	return chain
}

func mayEnter(f *record.Folio) bool { return len(f.Title) > 0 || len(f.Estates) > 0 }

// VisitsMax bounds the blocks with records that Below looks at, entries or not:
// below a title that its holder filled with services and origins there are some
// tens of thousands, and nobody reads so many.
const VisitsMax = 1 << 16

// Below is the entries inside q, q itself left out, in the order of keys: those
// that lie in no other of them, or all. It lists at most limit of them, and more
// says that there are others, or may be beyond VisitsMax.
//
// specs/28 DIR-3: Entries inside a block are listed in the order of keys; where
// the list is cut short, the answer says so.
func Below(s tree.State, q wire.Resource, m light.Moment, all bool, limit int) (list []*light.Answer, more bool, err error) {
	b := descent{state: s, under: tree.ResourceKey(q), moment: m, all: all, limit: limit, left: VisitsMax}
	for from, ok := b.under.Next(); ok && b.under.Covers(from); {
		from, ok = b.run(from)
	}
	return b.list, b.more, b.err
}

// descent is a walk beneath one block.
type descent struct {
	state       tree.State
	under       tree.Key
	moment      light.Moment
	all         bool
	limit, left int
	list        []*light.Answer
	more        bool
	err         error
}

// run walks from a key on, up to an entry that the walk is to go around, and says
// where it goes on.
func (b *descent) run(from tree.Key) (next tree.Key, ok bool) {
	b.state.WalkFrom(b.under, from, func(l tree.Leaf) bool {
		a, err := b.visit(l)
		switch {
		case err != nil:
			b.err = err
		case a == nil && b.left > 0:
			return true
		case a == nil || len(b.list) >= b.limit:
			b.more = true
		default:
			if b.list = append(b.list, a); b.all {
				return true
			}
			next, ok = after(a.Resource)
		}
		return false
	})
	return next, ok
}

// visit is the answer of an entry, nil for a block that is none.
func (b *descent) visit(l tree.Leaf) (*light.Answer, error) {
	b.left--
	f, err := record.FolioFromBytes(l.Data)
	if err != nil || !mayEnter(f) {
		return nil, err
	}
	a, err := light.Read(b.state, l.Key.Resource(), b.moment)
	if err != nil || !Entry(a) {
		return nil, err
	}
	return a, nil
}

// after is the first key after a block and all that lies inside it.
func after(r wire.Resource) (tree.Key, bool) {
	_, last := inr.Ends(r)
	end := wire.Resource{Family: r.Family, Len: uint8(r.Family.Bits()), Addr: last}
	return tree.ResourceKey(end).Next()
}
