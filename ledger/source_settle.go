package ledger

import (
	"slices"

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

// aside reports whether a statement has nothing to say of a title.
//
// specs/21 SRC-11: A statement that lists a block no more takes nothing but what
// is in its own registry's rows. specs/21 SRC-12: A statement MUST NOT touch a
// title whose source row a file of a later date gave.
func (p *settling) aside(t titled, s *tx.Statement) bool {
	return t.Stated > p.date || s.Source == nil && t.Source.Registry != p.registry
}

// over settles a statement about a title or a part of it.
//
// specs/21 SRC-8: a free title around the block is cut.
func (p *settling) over(t titled, s *tx.Statement) {
	switch {
	case p.aside(t, s):
	case bound(t):
		p.mark(t, s)
	case s.Source == nil || t.Source != *s.Source: // else it has the row already
		p.reopen(t, s)
	}
}

// reopen gives the numbers of a block in a free title the row that is stated, or
// takes them out of it; what is left of the title stays as it was, with the
// divergence that overlaps it (specs/22 DISP-6).
func (p *settling) reopen(t titled, s *tx.Statement) {
	before := p.lineage(t)
	if t.at == s.Block {
		before = t.Predecessors
	}
	p.shut(t)
	for _, piece := range inr.Cut(t.at, s.Block) {
		title := *t.Title
		title.Counter, title.Predecessors = title.Counter+1, before
		p.openTitle(piece, &title, p.carriedTo(t, piece))
	}
	p.count(t.Source.Registry, s)
	if s.Source == nil {
		return
	}
	title := *t.Title
	title.Counter, title.Predecessors = title.Counter+1, before
	p.give(&title, s.Source)
	p.openTitle(s.Block, &title, nil)
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

func (b *block) openTitle(at wire.Resource, title *record.Title, against []byte) {
	f := b.folio(at)
	f.Title, f.Restrictions = title.Bytes(), against
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
	kept, free, full := p.sort(all, s)
	if full {
		return settledFull
	}
	var wanted []wire.Resource
	if s.Source != nil {
		wanted = inr.Beside(s.Block, kept)
	}
	return p.fill(wanted, free, s)
}

// sort marks the bound titles of a block, and gives those that stay, and those
// that are free; full is true when the ledger block has no room for all marks.
func (p *settling) sort(all []titled, s *tx.Statement) (kept []wire.Resource, free []titled, full bool) {
	for _, t := range all {
		if !p.fits(worstStatement) {
			return nil, nil, true
		}
		switch {
		case p.aside(t, s):
			kept = append(kept, t.at)
		case bound(t):
			kept = append(kept, t.at)
			p.mark(t, s)
		default:
			free = append(free, t)
		}
	}
	return kept, free, false
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

// fill closes the free titles but for those that are wanted and have the row, and
// opens what is wanted and not there.
func (p *settling) fill(wanted []wire.Resource, free []titled, s *tx.Statement) settled {
	there := map[wire.Resource]bool{}
	for _, t := range free {
		if _, is := slices.BinarySearchFunc(wanted, t.at, inr.Compare); is && t.Source == *s.Source {
			there[t.at] = true
			continue
		}
		if !p.fits(worstStatement) {
			return settledFull
		}
		p.shut(t)
		p.retire(t.Source.Registry, t.at)
	}
	for _, r := range wanted {
		if there[r] {
			continue
		}
		if !p.fits(worstStatement) {
			return settledFull
		}
		p.add(r, s)
	}
	return settledDone
}

// add opens a title where there was none.
//
// specs/21 SRC-14: A title that a statement opens rests on the file of that date
// and has no predecessors.
func (p *settling) add(r wire.Resource, s *tx.Statement) {
	title := &record.Title{Rules: record.Rules, Since: p.now.Time}
	p.give(title, s.Source)
	p.openTitle(r, title, nil)
	p.enter(r)
}
