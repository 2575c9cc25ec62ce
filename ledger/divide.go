package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

func treeKey(r wire.Resource) tree.Key { return tree.ResourceKey(r) }

// span is the estates written at one block that a cut divides.
type span struct {
	at   wire.Resource
	list []record.Estate
}

// divideEstates moves the estates that span a cut to the pieces: same terms,
// one on each new title.
//
// specs/04 TITLE-8: an estate that spans the cut is divided; an estate inside
// one piece stays as it is.
func (b *block) divideEstates(whole, part wire.Resource, parts []wire.Resource) error {
	spans := b.spans(whole, part)
	if len(spans) == 0 {
		return nil
	}
	rested := b.liftSpans(spans, part)
	for _, p := range parts {
		b.setDown(spans, p)
	}
	for _, s := range spans {
		for i := range s.list {
			if err := b.settleDown(s, &s.list[i], rested[s.list[i].ID], parts); err != nil {
				return err
			}
		}
	}
	return nil
}

// spans finds the estates at blocks that strictly cover the part, outermost first.
func (b *block) spans(whole, part wire.Resource) []span {
	var out []span
	for n := whole.Len; n < part.Len; n++ {
		at := inr.Truncate(part, n)
		if list := b.pageAt(at).estatesHere(); len(list) > 0 {
			out = append(out, span{at, slices.Clone(list)})
		}
	}
	return out
}

// liftSpans takes the estates from where they stand, with the indexes of what
// rests on them, by estate.
func (b *block) liftSpans(spans []span, part wire.Resource) map[wire.Hash]*record.Resting {
	rested := map[wire.Hash]*record.Resting{}
	for _, s := range spans {
		for i := range s.list {
			e := &s.list[i]
			b.dropTimes(s.at, e)
			b.endAround(s.at, e.ID, part)
			rested[e.ID] = b.resting(s.at, e.ID)
			b.remove(record.RestingKey(s.at, e.ID))
		}
		b.putEstates(s.at, nil)
	}
	return rested
}

// setDown writes onto one piece the estates that cover it, outermost first,
// each with the count of what lies inside that piece.
func (b *block) setDown(spans []span, p wire.Resource) {
	own := b.pageAt(p).estatesHere()
	inside, coming := b.countEstates(p)
	inside += uint64(len(own))
	for i := range own {
		coming += uint64(toCome(&own[i]))
	}
	var list []record.Estate
	for _, s := range spans {
		if inr.Covers(s.at, p) {
			list = append(list, s.list...)
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		list[i].Inside, list[i].Coming = inside, coming
		inside, coming = inside+1, coming+uint64(toCome(&list[i]))
	}
	if list = append(list, own...); len(list) > 0 {
		b.putEstates(p, list)
	}
}

// settleDown gives the divided estate's times and index to each of its pieces.
func (b *block) settleDown(s span, e *record.Estate, rested *record.Resting, parts []wire.Resource) error {
	for _, p := range parts {
		if !inr.Covers(s.at, p) {
			continue
		}
		if err := b.addTimes(p, e); err != nil {
			return err
		}
		b.divideResting(p, e.ID, rested)
	}
	return nil
}

// countEstates counts the estates strictly inside a block, and those of them that
// are to come. It is asked only inside an estate, so at most twice InsideMax are there.
func (b *block) countEstates(r wire.Resource) (inside, coming uint64) {
	b.e.Walk(treeKey(r), func(l tree.Leaf) bool {
		if l.Key.Resource() == r {
			return true
		}
		list := b.page(&l).estatesHere()
		for i := range list {
			coming += uint64(toCome(&list[i]))
		}
		inside += uint64(len(list))
		return true
	})
	return inside, coming
}

func overlapping(refs []record.Ref, r wire.Resource) []record.Ref {
	var out []record.Ref
	for _, ref := range refs {
		if inr.Overlaps(ref.Resource, r) {
			out = append(out, ref)
		}
	}
	return out
}

// pieces is a whole as the titles it is cut into: the part and the rest.
func pieces(whole, part wire.Resource) []wire.Resource {
	out := append(inr.Cut(whole, part), part)
	slices.SortFunc(out, inr.Compare)
	return out
}
