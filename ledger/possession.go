package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// layer is one right over a block: a title (zero estate) or an estate.
type layer struct {
	at     wire.Resource
	title  *record.Title  // nil for an estate
	estate *record.Estate // nil for a title
	holder wire.Address
}

// id names the layer among those at its block: zero for the title.
func (l layer) id() wire.Hash {
	if l.estate == nil {
		return wire.Hash{}
	}
	return l.estate.ID
}

// titled is a title with the block and the folio it stands in, all shared: who
// writes takes copies.
type titled struct {
	at    wire.Resource
	folio *record.Folio
	*record.Title
}

// titleOf finds the title that covers the whole of a block.
func (b *block) titleOf(r wire.Resource) (titled, bool) {
	b.path = b.e.AppendPath(b.path[:0], tree.ResourceKey(r))
	for i := range b.path {
		p := b.page(&b.path[i])
		if here := p.titleHere(); here != nil {
			return titled{p.at, p.folio, here}, true
		}
	}
	return titled{}, false
}

// retitle writes the title anew, changed.
func (b *block) retitle(t titled, change func(*record.Title)) {
	title := *t.Title
	change(&title)
	f := b.folio(t.at)
	f.Title = title.Bytes()
	b.putFolio(t.at, f)
}

// stack is every live right over the whole of a block, the title first, then the
// estates from the outermost in; empty where no title covers it. A lease to come
// is no right until it is started.
func (b *block) stack(r wire.Resource) []layer {
	b.path = b.e.AppendPath(b.path[:0], tree.ResourceKey(r))
	if len(b.path) == 0 {
		return nil
	}
	layers := make([]layer, 0, len(b.path)+1)
	for i := range b.path {
		layers = b.page(&b.path[i]).layers(layers)
	}
	return layers
}

// possesses reports whether an account possesses the whole of a block: the
// innermost live right over it is its own, and none lies inside.
func (b *block) possesses(who wire.Address, r wire.Resource) bool {
	layers := b.stack(r)
	if len(layers) == 0 || layers[len(layers)-1].holder != who {
		return false
	}
	return !(&survey{b: b}).rightBeneath(r)
}

// estateBeneath finds an estate, live or to come, strictly inside a block. What
// it walks over besides are authorisations, at most 64 a possession.
func (b *block) estateBeneath(r wire.Resource) (at wire.Resource, found bool) {
	b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		at = l.Key.Resource()
		found = at != r && len(b.page(&l).folio.Estates) > 0
		return !found
	})
	return at, found
}

// findEstate finds an estate, live or to come, by its block and id, and its place
// there. It is shared: do not change it.
func (b *block) findEstate(r wire.Resource, id wire.Hash) (*record.Estate, int, bool) {
	list := b.pageAt(r).estatesHere()
	for i := range list {
		if list[i].ID == id {
			return &list[i], i, true
		}
	}
	return nil, 0, false
}

// editEstate changes one estate where it stands.
func (b *block) editEstate(r wire.Resource, id wire.Hash, change func(*record.Estate)) {
	f := b.folio(r)
	list := slices.Clone(b.pageAt(r).estatesHere())
	for i := range list {
		if list[i].ID == id {
			change(&list[i])
		}
	}
	f.Estates = record.EstatesBytes(list)
	b.putFolio(r, f)
}

// raise counts a change inside the title that covers r, so that offers lapse.
//
// specs/04 DEAL-2: every change of an estate inside a title raises its counter.
func (b *block) raise(r wire.Resource) {
	t, ok := b.titleOf(r)
	if !ok {
		return
	}
	b.retitle(t, func(title *record.Title) { title.Counter++ })
}

// looksMax bounds the blocks looked at to learn whether others possess the
// whole of one: as many as /32s in a /16.
const looksMax = 1 << 16

// blockLooksMax bounds the blocks that all acts and ends of one ledger block
// look at: some tenths of a second of every node's time.
const blockLooksMax = 16 * looksMax

// othersHold reports whether every number of r is in the possession of someone
// other than who. It fails when more than looksMax blocks would have to be seen.
func (b *block) othersHold(r wire.Resource, who wire.Address) (bool, error) {
	s := b.surveyFor(who)
	defer s.count()
	var outer wire.Address
	if layers := b.stack(r); len(layers) > 0 {
		outer = layers[len(layers)-1].holder
	}
	all := s.others(r, outer)
	if s.looks > looksMax {
		return false, tx.Refuse("ORIGIN-7", "resource", "more than %d blocks lie inside %v", looksMax, r)
	}
	return all, nil
}

type survey struct {
	b     *block
	who   wire.Address
	looks int
}

// surveyFor goes on where the act under way stopped counting: one act, or one
// end of an estate, has looksMax looks for all that it asks.
func (b *block) surveyFor(who wire.Address) *survey {
	return &survey{b: b, who: who, looks: b.looks}
}

// count gives the looks back to the act and to the ledger block.
func (s *survey) count() {
	s.b.looked += s.looks - s.b.looks
	s.b.looks = s.looks
}

// others answers for r, outer being the possessor as far as blocks covering r say.
func (s *survey) others(r wire.Resource, outer wire.Address) bool {
	if s.looks++; s.looks > looksMax {
		return false
	}
	next, ok := s.firstRight(r)
	if !ok {
		return !outer.IsZero() && outer != s.who
	}
	if next.at == r {
		outer = next.innermost()
	}
	low, high, ok := inr.Halves(r)
	if !ok || !s.rightBeneath(r) {
		return !outer.IsZero() && outer != s.who
	}
	return s.others(low, outer) && s.others(high, outer)
}

// firstRight is the first block at or below r that has a title or a live estate.
func (s *survey) firstRight(r wire.Resource) (found *page, ok bool) {
	s.b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		s.looks++
		found = s.b.page(&l)
		ok = found.holds()
		return !ok && s.looks <= looksMax
	})
	return found, ok
}

// rightBeneath reports whether a title or a live estate lies strictly inside r.
func (s *survey) rightBeneath(r wire.Resource) (found bool) {
	s.b.e.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		s.looks++
		p := s.b.page(&l)
		found = p.at != r && p.holds()
		return !found && s.looks <= looksMax
	})
	return found
}

// holes is what others possess whole of a block, and around it as far as limit
// if that is all of it: the largest such blocks.
func (b *block) holes(r, limit wire.Resource, who wire.Address) ([]wire.Resource, error) {
	all, err := b.othersHold(r, who)
	if err != nil {
		return nil, err
	}
	if all {
		hole, err := b.hole(r, limit, who)
		return []wire.Resource{hole}, err
	}
	low, high, ok := inr.Halves(r)
	if !ok || !(&survey{b: b}).rightBeneath(r) {
		return nil, nil
	}
	below, err := b.holes(low, low, who)
	if err != nil {
		return nil, err
	}
	above, err := b.holes(high, high, who)
	return append(below, above...), err
}

// hole is the largest block around r that is wholly in others' possession, r
// itself being so; it is not looked for beyond limit, which covers r.
func (b *block) hole(r, limit wire.Resource, who wire.Address) (wire.Resource, error) {
	for r.Len > limit.Len {
		sib, _ := inr.Sibling(r)
		all, err := b.othersHold(sib, who)
		if err != nil || !all {
			return r, err
		}
		r = inr.Truncate(r, r.Len-1)
	}
	return r, nil
}
