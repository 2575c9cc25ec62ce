package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinRight names a possession: a title has no id.
type twinRight struct {
	at wire.Resource
	id wire.Hash
}

func (e *twinEstate) right() twinRight { return twinRight{e.at, e.id} }

// overlap reports whether two terms have a second in common; an end of 0 is
// open, and one before the start leaves no term.
func overlap(start, end, from, to uint64) bool {
	none := end != 0 && end <= start || to != 0 && to <= from
	return !none && (to == 0 || start < to) && (end == 0 || from < end)
}

// lasts is an estate's end; a notice before the start leaves it a second, so
// that it has a place among the others.
func (e *twinEstate) lasts() uint64 {
	if e.ends != 0 && e.ends <= e.start {
		return e.start + 1
	}
	return e.ends
}

// around is the place of the estate that estate i is inside of, or -1: the one
// entered last before it whose block covers it and whose term overlaps.
func (w *twin) around(i int) int {
	x := &w.estates[i]
	for j := i - 1; j >= 0; j-- {
		y := &w.estates[j]
		if inr.Covers(y.at, x.at) && overlap(x.start, x.lasts(), y.start, w.lasting(j)) {
			return j
		}
	}
	return -1
}

// lasting is the end of estate i's term: a grant's is at the latest that of the
// right it was carved from.
func (w *twin) lasting(i int) uint64 {
	e := &w.estates[i]
	end := e.lasts()
	if j := w.around(i); j >= 0 && !e.lease {
		end = sooner(end, w.lasting(j))
	}
	return end
}

// sooner is the earlier of two ends, 0 being open.
func sooner(a, b uint64) uint64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func (w *twin) place(r twinRight) int {
	return slices.IndexFunc(w.estates, func(e twinEstate) bool { return e.right() == r })
}

// outside is the holder of the right next outside an estate.
func (w *twin) outside(e twinEstate) wire.Address {
	if i := w.around(w.place(e.right())); i >= 0 {
		return w.estates[i].holder
	}
	return w.titleOf(e.at).holder
}

// dueEstates lists the ends and starts to come.
func (w *twin) dueEstates() (out []twinDue) {
	for _, e := range w.estates {
		if e.ends != 0 {
			key := e.at.Key()
			id := wire.Sum(wire.TagDealing, e.warning[:], key)
			out = append(out, twinDue{e.ends, 5, id, func() { w.end(e.at, e.id, e.ends) }})
		}
		if !e.started {
			out = append(out, twinDue{e.start, 7, wire.Sum(wire.TagDealing, e.id[:], e.at.Key()), func() { w.begin(e.right(), w.narrowOrEnd) }})
		}
	}
	return out
}

func (w *twin) grant(o twinOffer, id wire.Hash) {
	b := o.body.(*tx.GrantOffer)
	w.estates = append(w.estates, twinEstate{at: o.at, id: id, holder: o.to, start: w.now, notice: b.Notice, sub: b.SubGrants, started: true})
	w.touch(o.at)
	w.narrow(o.maker, o.at)
	w.oust(o.maker, o.to, o.at)
	w.origins = append(w.origins, firstOrigins(b.Origins, o.to)...)
}

// end ends an estate. With it end the grants carved out of it and the leases
// that end by then; other leases stand, with all that is inside them.
func (w *twin) end(at wire.Resource, id wire.Hash, when uint64) {
	gone := []int{w.place(twinRight{at, id})}
	for i := gone[0] + 1; i < len(w.estates); i++ {
		e := &w.estates[i]
		if slices.Contains(gone, w.around(i)) && (!e.lease || e.ends != 0 && e.ends <= when) {
			gone = append(gone, i)
		}
	}
	var ended []twinEstate
	for _, i := range slices.Backward(gone) {
		ended = append(ended, w.estates[i])
	}
	isGone := func(r twinRight) bool {
		return slices.ContainsFunc(ended, func(e twinEstate) bool { return e.right() == r })
	}
	w.endServices(isGone)
	w.origins = slices.DeleteFunc(w.origins, func(o twinOrigin) bool { return slices.ContainsFunc(w.rests(o), isGone) })
	w.estates = slices.DeleteFunc(w.estates, func(e twinEstate) bool { return isGone(e.right()) })
	w.touch(at)
	for _, e := range ended {
		w.narrowOrEnd(e.holder, e.at)
	}
	for _, e := range ended {
		w.revert(e)
	}
}

// narrow takes from an account's authorisations what lies inside what others
// now possess, and gives those that it replaced.
func (w *twin) narrow(who wire.Address, r wire.Resource) (displaced []twinOrigin) {
	allowed := func(x wire.Resource) bool { return !w.othersHold(x, who) }
	for _, o := range slices.Clone(w.origins) {
		if o.holder != who || !inr.Overlaps(o.at, r) {
			continue
		}
		if slices.ContainsFunc(announcements(o.at, o.most), func(x wire.Resource) bool { return !allowed(x) }) {
			w.origins = slices.DeleteFunc(w.origins, func(x twinOrigin) bool { return x == o })
			w.replace(o, who, allowed)
			displaced = append(displaced, o)
		}
	}
	slices.SortFunc(displaced, func(a, b twinOrigin) int { return record.CompareRefs(a.ref(), b.ref()) })
	return displaced
}

func (o twinOrigin) ref() record.Ref { return record.Ref{Resource: o.at, MaxLength: o.most, AS: o.as} }

// narrowOrEnd is narrow for what waits for nobody: where too much would rest on
// one possession, all that overlaps the block ends, but for what rests inside it.
func (w *twin) narrowOrEnd(who wire.Address, r wire.Resource) []twinOrigin {
	c := w.clone()
	if displaced := c.narrow(who, r); !c.laden() {
		w.origins = c.origins
		return displaced
	}
	w.origins = slices.DeleteFunc(w.origins, func(o twinOrigin) bool {
		over := func(x twinRight) bool { return inr.Covers(x.at, r) }
		return o.holder == who && inr.Overlaps(o.at, r) && slices.ContainsFunc(w.rests(o), over)
	})
	return nil
}

// fits reports whether a possession has room for one authorisation more.
func (w *twin) fits(o twinOrigin) bool {
	c := w.clone()
	c.origins = append(c.origins, o)
	return slices.Contains(w.origins, o) || !c.laden()
}
