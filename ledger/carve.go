package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// carving is an estate that an account would carve out of its own possession.
type carving struct {
	maker wire.Address
	at    wire.Resource
	kind  record.EstateKind
	term  term
}

// rule names the rule that keeps one thing for grants and for leases.
func (c carving) rule(grant, lease string) string {
	if c.kind == record.Grant {
		return grant
	}
	return lease
}

// carve checks that an estate may be carved, and gives the maker's right with
// those outside it, the title first, and how many estates will lie inside, live
// and to come, and of these to come.
//
// specs/04 EST-2: a grant is carved only out of its maker's own possession.
// specs/15 LEASE-2: the maker MUST hold a live right that covers the whole
// block, the innermost that it holds.
func (b *block) carve(c carving) (right []layer, n nested, err error) {
	right = makersRight(b.stack(c.at), c.maker, c.term.start)
	if len(right) == 0 {
		return nil, n, tx.Refuse(c.rule("EST-2", "LEASE-2"), "resource", "%v has no right over the whole of %v", c.maker, c.at)
	}
	if c.kind == record.Grant {
		c.term.end = endOf(right)
	}
	if err := c.allowed(right[len(right)-1].estate); err != nil {
		return nil, n, err
	}
	around, err := b.estatesAround(c.at)
	if err != nil {
		return nil, n, err
	}
	if err := b.vacant(c, right, around, nil); err != nil {
		return nil, n, err
	}
	n, err = b.counts(c, right, around)
	return right, n, err
}

// makersRight is the innermost of the rights over a block that an account holds
// and that stands at a moment, after those outside it.
func makersRight(stack []layer, maker wire.Address, at uint64) []layer {
	for i := len(stack) - 1; i >= 0; i-- {
		if stack[i].holder == maker && endOf(stack[:i+1]) > at {
			return stack[:i+1]
		}
	}
	return nil
}

// allowed keeps that the maker's right lets estates be carved out of it.
//
// specs/04 EST-3: a grant out of a grant only if that allows sub-grants.
// specs/15 LEASE-3: out of a lease only if it allows sub-letting, a lease out of
// a grant only if that allows sub-grants.
func (c carving) allowed(out *record.Estate) error {
	switch {
	case out == nil || out.SubGrants:
		return nil
	case out.Kind == record.Lease:
		return tx.Refuse("LEASE-3", "resource", "the lease %v allows no sub-letting", out.ID)
	}
	return tx.Refuse(c.rule("EST-3", "LEASE-3"), "resource", "the grant %v allows no sub-grants", out.ID)
}

// estatesAround lists the estates over, at and inside a block, live or to come,
// the outer ones first; inside are at most one more than there may be.
//
// specs/04 ORIGIN-7: at most 65,536 blocks are looked at.
func (b *block) estatesAround(r wire.Resource) (out []ended, err error) {
	for _, l := range b.e.AppendPath(nil, tree.ResourceKey(r)) {
		out = b.page(&l).appendEstates(out)
	}
	looks, most := 0, len(out)+record.InsideMax+record.OutsideMax
	b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		if p := b.page(&l); p.at != r {
			out = p.appendEstates(out)
		}
		looks++
		return looks <= looksMax && len(out) <= most
	})
	b.looked += looks
	if looks > looksMax {
		return nil, tx.Refuse("ORIGIN-7", "resource", "more than %d blocks lie inside %v", looksMax, r)
	}
	return out, nil
}

func (p *page) appendEstates(out []ended) []ended {
	for _, e := range p.estatesHere() {
		out = append(out, ended{p.at, e})
	}
	return out
}

// vacant keeps that no estate but those of the maker's right overlaps the term.
// own is the lease that is renewed, nil for a new estate: what lies inside it
// in its term so far is no hindrance.
//
// specs/15 LEASE-2: every other estate that overlaps the block and is not one of
// those over the maker's right MUST NOT overlap the term.
func (b *block) vacant(c carving, right []layer, around []ended, own *ended) error {
	for i := range around {
		x := &around[i]
		if among(right, x) {
			continue
		}
		t := b.termOf(x)
		if own != nil && own.holds(x, t) {
			continue
		}
		if t.overlaps(c.term) {
			return tx.Refuse(c.rule("EST-2", "LEASE-2"), "resource", "%v is in the possession of %v from %s to %s", x.at, x.Holder, tx.UTC(t.start), tx.UTC(t.end))
		}
	}
	return nil
}

// holds reports whether an estate is this one or was carved out of it.
func (e *ended) holds(x *ended, t term) bool {
	if x.at == e.at && x.ID == e.ID {
		return true
	}
	return inr.Covers(e.at, x.at) && t.overlaps(term{e.Start, endsAt(&e.Estate)})
}

func among(right []layer, x *ended) bool {
	for _, l := range right {
		if l.at == x.at && l.id() == x.ID {
			return true
		}
	}
	return false
}

// nested is how many estates lie inside one, and how many of them are to come.
type nested struct{ inside, coming uint64 }

// counts keeps the bounds of nesting, and counts the estates strictly inside.
//
// specs/04 EST-1, specs/15 LEASE-8: at most 4 estates are live on one address at
// one time. Where an estate is carved out of the n-th right over an address, the
// title being the first, at most 2n are to come over that address, it among them
// if it is; so each lessee has places that no lessor can take.
func (b *block) counts(c carving, right []layer, around []ended) (n nested, err error) {
	rule := c.rule("EST-1", "LEASE-8")
	if live := len(standingAt(right, c.term.start)); live > record.DepthMax {
		return n, tx.Refuse(rule, "resource", "%d estates lie on %v", live-1, c.at)
	}
	coming, most := mostComing(around), record.ComingMax*len(right)
	if b.later(c) {
		coming++
	}
	if coming > most {
		return n, tx.Refuse(rule, "resource", "%d estates would be to come over one address of %v, at most %d where one is carved out of the right number %d", coming, c.at, most, len(right))
	}
	for i := range around {
		if x := &around[i]; !inr.Covers(x.at, c.at) {
			n.inside, n.coming = n.inside+1, n.coming+uint64(toCome(&x.Estate))
		} else if err := b.roomInside(c, x, among(right, x)); err != nil {
			return n, err
		}
	}
	if n.inside-n.coming > record.InsideMax || n.coming > record.OutsideMax {
		return n, tx.Refuse(rule, "resource", "%d live estates and %d to come lie inside %v, at most %d and %d", n.inside-n.coming, n.coming, c.at, record.InsideMax, record.OutsideMax)
	}
	return n, nil
}

// later reports whether what is carved is to come.
func (b *block) later(c carving) bool { return c.term.start > b.now.Time }

// roomInside keeps how many estates may lie inside one that a new one would lie in; own
// says that it is carved out of that, or of what is inside it.
//
// specs/15 LEASE-8: Where an estate is carved inside another, at most 256 that are
// live lie inside that and at most 256 to come, or 128 to come if it is carved out
// of a right outside that.
func (b *block) roomInside(c carving, x *ended, own bool) error {
	n, most, what := x.Inside-x.Coming, uint64(record.InsideMax), "live"
	if b.later(c) {
		n, what = x.Coming, "to come"
		if !own {
			most = record.OutsideMax
		}
	}
	if n < most {
		return nil
	}
	return tx.Refuse(c.rule("EST-1", "LEASE-8"), "resource", "%d estates %s lie inside the estate %v, at most %d", n, what, x.ID, most)
}

// mostComing is how many estates to come are written over one address at most;
// the list is in the order of keys, outer blocks first.
func mostComing(list []ended) int {
	var over []wire.Resource
	most := 0
	for i := range list {
		x := &list[i]
		for len(over) > 0 && !inr.Covers(over[len(over)-1], x.at) {
			over = over[:len(over)-1]
		}
		if !x.Started {
			over = append(over, x.at)
			most = max(most, len(over))
		}
	}
	return most
}
