package ledger

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// statementLooks is how many blocks that something is written at one statement
// may be over (specs/21 SRC-17): as many as one act looks at.
const statementLooks = looksMax

// bound reports whether statements leave a title as it is.
//
// specs/21: A free title is one without holder and without a restriction other
// than a divergence; every other is bound.
func bound(t titled) bool {
	if !t.Holder.IsZero() {
		return true
	}
	for _, x := range restrictionsOn(t) {
		if x.Kind != record.Diverges {
			return true
		}
	}
	return false
}

// stays reports whether a statement has nothing to do with a free title.
//
// specs/21 SRC-8: A free title whose source row is that row already stays as it
// is. specs/21 SRC-11: A statement that lists a block no more takes nothing but
// what is in its own registry's rows. specs/21 SRC-12: A statement MUST NOT touch
// a title whose source row a file of a later date gave.
func (p *settling) stays(t titled, s *tx.Statement) bool {
	if t.Stated > p.date {
		return true
	}
	if s.Source == nil {
		return t.Source.Registry != p.registry
	}
	return !bound(t) && t.Source == *s.Source
}

// over settles a statement about a title or a part of it.
//
// specs/21 SRC-8: a free title around the block is cut.
func (p *settling) over(t titled, s *tx.Statement) {
	switch {
	case p.stays(t, s):
	case bound(t):
		p.mark(t, s)
	default:
		p.reopen(t, s)
	}
}

// reopen gives the numbers of a block in a free title the row that is stated, or
// takes them out of it; what is left of the title stays as it was.
func (p *settling) reopen(t titled, s *tx.Statement) {
	before := p.lineage(t)
	if t.at == s.Block {
		before = t.Predecessors
	}
	p.shut(t)
	for _, piece := range inr.Cut(t.at, s.Block) {
		title := *t.Title
		title.Counter, title.Predecessors = title.Counter+1, before
		p.openTitle(piece, &title)
	}
	p.count(t.Source.Registry, s)
	if s.Source == nil {
		return
	}
	title := *t.Title
	title.Counter, title.Predecessors = title.Counter+1, before
	p.give(&title, s.Source)
	p.openTitle(s.Block, &title)
}

// lineage is what the titles that take a title's place name as its predecessor.
//
// specs/04 TITLE-7: each new folio names the closed one by block and value; one
// that was itself opened in this ledger block is in no history, so they name what
// it named (TITLE-5).
func (b *block) lineage(t titled) []record.Predecessor {
	if b.settledBefore(t.at) != nil {
		return t.Predecessors
	}
	base, _ := b.base.Get(treeKey(t.at))
	return []record.Predecessor{{Resource: t.at, Value: base.Value}}
}

// give writes a row into a title.
func (p *settling) give(t *record.Title, row *record.Source) {
	t.State, t.Source, t.Stated = row.State(), *row, p.date
}

// shut takes a free title away, and its divergence with it.
func (b *block) shut(t titled) {
	f := b.folio(t.at)
	f.Title, f.Restrictions = nil, nil
	b.putFolio(t.at, f)
}

func (b *block) openTitle(at wire.Resource, title *record.Title) {
	f := b.folio(at)
	f.Title = title.Bytes()
	b.putFolio(at, f)
}

// inside settles a statement about a block that no title covers.
//
// specs/21 SRC-8: free titles inside it are closed, the block is opened as one
// title, or as the fewest beside bound titles in it. What the ledger block has no
// room for is done in the next: what was done by then stays.
func (p *settling) inside(s *tx.Statement) settled {
	all, ok := p.titlesIn(s.Block)
	if !ok { // specs/21 SRC-17: it MUST be passed over, whole
		return settledDone
	}
	var kept []wire.Resource
	for _, t := range all {
		if !p.fits(worstStatement) {
			return settledFull
		}
		switch {
		case p.stays(t, s):
			kept = append(kept, t.at)
		case bound(t):
			kept = append(kept, t.at)
			p.mark(t, s)
		default:
			p.shut(t)
			p.retire(t.Source.Registry, t.at)
		}
	}
	if s.Source == nil {
		return settledDone
	}
	return p.fill(s.Block, kept, s)
}

// titlesIn lists the titles in a block; ok is false when it is over more blocks
// than a statement may be.
func (p *settling) titlesIn(r wire.Resource) (all []titled, ok bool) {
	looks := 0
	p.e.Walk(treeKey(r), func(l tree.Leaf) bool {
		if f := wire.Own[record.Folio](l.Data); len(f.Title) > 0 {
			all = append(all, titled{l.Key.Resource(), f, record.OwnTitle(f.Title)})
		}
		looks++
		return looks <= statementLooks
	})
	p.looked += looks
	return all, looks <= statementLooks
}

// fill opens the fewest titles of a row that cover a block beside what is kept
// in it, which is ascending.
func (p *settling) fill(r wire.Resource, kept []wire.Resource, s *tx.Statement) settled {
	if len(kept) > 0 && kept[0] == r {
		return settledDone
	}
	if len(kept) == 0 {
		return p.add(r, s)
	}
	low, high, _ := inr.Halves(r)
	n := 0
	for n < len(kept) && inr.Covers(low, kept[n]) {
		n++
	}
	if how := p.fill(low, kept[:n], s); how != settledDone {
		return how
	}
	return p.fill(high, kept[n:], s)
}

// add opens a title where there was none.
//
// specs/21 SRC-14: A title that a statement opens rests on the file of that date
// and has no predecessors.
func (p *settling) add(r wire.Resource, s *tx.Statement) settled {
	if !p.fits(worstStatement) {
		return settledFull
	}
	title := &record.Title{Rules: record.Rules, Since: p.now.Time}
	p.give(title, s.Source)
	p.openTitle(r, title)
	p.enter(r)
	return settledDone
}
