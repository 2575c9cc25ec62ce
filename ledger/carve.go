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
// those outside it, the title first, and how many estates will lie inside.
//
// specs/04 EST-2: a grant is carved only out of its maker's own possession.
// specs/15 LEASE-2: the maker MUST hold a live right that covers the whole
// block, the innermost that it holds.
func (b *block) carve(c carving) (right []layer, inside uint64, err error) {
	right = makersRight(b.stack(c.at), c.maker, c.term.start)
	if len(right) == 0 {
		return nil, 0, tx.Refuse(c.rule("EST-2", "LEASE-2"), "resource", "%v has no right over the whole of %v", c.maker, c.at)
	}
	if c.kind == record.Grant {
		c.term.end = endOf(right)
	}
	if err := c.allowed(right[len(right)-1].estate); err != nil {
		return nil, 0, err
	}
	around, err := b.estatesAround(c.at)
	if err != nil {
		return nil, 0, err
	}
	if err := b.vacant(c, right, around, nil); err != nil {
		return nil, 0, err
	}
	inside, err = c.counts(right, around)
	return right, inside, err
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
	looks, most := 0, len(out)+record.InsideMax
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
			return tx.Refuse(c.rule("EST-2", "LEASE-2"), "resource", "%v is in the possession of %v from %d to %d", x.at, x.Holder, t.start, t.end)
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

// counts keeps the bounds of nesting, and counts the estates strictly inside.
//
// specs/04 EST-1, specs/15 LEASE-8: at most 4 estates are live on one address at
// one time, at most 8 are written over one address, at most 256 lie inside one.
func (c carving) counts(right []layer, around []ended) (inside uint64, err error) {
	rule := c.rule("EST-1", "LEASE-8")
	if live := len(standingAt(right, c.term.start)); live > record.DepthMax {
		return 0, tx.Refuse(rule, "resource", "%d estates lie on %v", live-1, c.at)
	}
	if n := deepest(around); n >= record.AtMax {
		return 0, tx.Refuse(rule, "resource", "%d estates are written over one address of %v", n, c.at)
	}
	for i := range around {
		if x := &around[i]; !inr.Covers(x.at, c.at) {
			inside++
		} else if x.Inside >= record.InsideMax {
			return 0, tx.Refuse(rule, "resource", "%d estates lie inside the estate %v", x.Inside, x.ID)
		}
	}
	if inside > record.InsideMax {
		return 0, tx.Refuse(rule, "resource", "%d estates lie inside %v", inside, c.at)
	}
	return inside, nil
}

// deepest is how many estates are written over one address at most; the list is
// in the order of keys, outer blocks first.
func deepest(list []ended) int {
	var over []wire.Resource
	most := 0
	for _, x := range list {
		for len(over) > 0 && !inr.Covers(over[len(over)-1], x.at) {
			over = over[:len(over)-1]
		}
		over = append(over, x.at)
		most = max(most, len(over))
	}
	return most
}
