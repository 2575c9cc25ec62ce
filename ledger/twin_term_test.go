package ledger_test

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// brokenTerm asks whether a maker may lease a block for a term, and who must
// consent to it.
func (w *twin) brokenTerm(add breaks, r wire.Resource, maker, lessee wire.Address, from, to uint64, of *twinEstate) (by wire.Address) {
	right, ok := w.rightOf(r, maker, from, of)
	if !ok {
		add("LEASE-2", true)
		return by
	}
	at := -1
	if right != nil {
		at = w.place(right.right())
	}
	for i, e := range w.estates {
		over := right != nil && i < at && inr.Covers(e.at, right.at)
		inside := of != nil && (e.right() == of.right() || w.insideOf(i, of.right()))
		add("LEASE-2", i != at && !over && !inside && inr.Overlaps(e.at, r) && overlap(e.start, w.ending(i), from, to))
	}
	if right == nil {
		return by
	}
	add("LEASE-3", !right.sub)
	if end := w.committed(right); to != 0 && to <= end {
		return by
	}
	by, end := w.firm(right)
	add("LEASE-4", end != 0 && (to == 0 || to > end))
	if right.lease || by == maker || by == lessee {
		return wire.Address{}
	}
	return by
}

// firm is who holds the next lease or the title outside a grant, and its end: of
// a lease that lease itself.
func (w *twin) firm(e *twinEstate) (holder wire.Address, end uint64) {
	for !e.lease {
		i := w.around(w.place(e.right()))
		if i < 0 {
			return w.titleOf(e.at).holder, 0
		}
		e = &w.estates[i]
	}
	return e.holder, w.committed(e)
}

// rightOf is the innermost live right of an account that covers a block and
// stands at the start: nil for the title. For a renewal it is the right next outside the lease.
func (w *twin) rightOf(r wire.Resource, who wire.Address, from uint64, of *twinEstate) (right *twinEstate, ok bool) {
	if of != nil {
		if i := w.around(w.place(of.right())); i >= 0 {
			return &w.estates[i], true
		}
		return nil, true
	}
	for i := len(w.estates) - 1; i >= 0; i-- {
		if e := &w.estates[i]; e.started && e.holder == who && inr.Covers(e.at, r) && (w.ending(i) == 0 || w.ending(i) > from) {
			return e, true
		}
	}
	return nil, w.titleOf(r).holder == who
}

// insideOf reports whether estate i is inside the one named, at any depth.
func (w *twin) insideOf(i int, r twinRight) bool {
	for i = w.around(i); i >= 0; i = w.around(i) {
		if w.estates[i].right() == r {
			return true
		}
	}
	return false
}

// ending is the end of estate i's term; one given notice before its start has none.
func (w *twin) ending(i int) uint64 {
	if e := &w.estates[i]; e.ends != 0 && e.ends <= e.start {
		return e.ends
	}
	return w.lasting(i)
}

// committed is the end that a right is committed to, a grant's never later than
// that of the right it was carved from.
func (w *twin) committed(e *twinEstate) uint64 {
	end := e.ends
	switch {
	case end != 0:
	case e.lease:
		end = e.periodEnd(w.now)
	default:
		end = w.now + e.notice
	}
	if i := w.around(w.place(e.right())); i >= 0 && !e.lease {
		end = sooner(end, w.committed(&w.estates[i]))
	}
	return end
}

// periodEnd is where an evergreen lease ends if notice is given now.
func (e *twinEstate) periodEnd(now uint64) uint64 {
	end := e.start + e.renew
	for end < now+e.notice {
		end += e.renew
	}
	return end
}

// lessorWaits says that a lessee's renewal would pass by its lessor's delay.
func (w *twin) lessorWaits(e *twinEstate, maker wire.Address, end uint64) bool {
	return maker == e.holder && w.accounts[w.outside(*e)].delay > 0 && end > w.now+twinAhead
}
