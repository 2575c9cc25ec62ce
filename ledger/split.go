package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// split cuts a title of the author's; everything stays the author's.
//
// specs/04 SPLIT-1: the part MUST lie strictly inside the title named.
func (b *block) split(author wire.Address, body *tx.Split) error {
	t, err := b.ownedAround(body.Resource, author)
	if err != nil {
		return err
	}
	if t.at != body.Resource || !inr.Covers(t.at, body.Part) || body.Part == t.at {
		return tx.Refuse("SPLIT-1", "part", "%v is not strictly inside the title %v", body.Part, t.at)
	}
	if err := unbound(t, body.Part); err != nil {
		return tx.For("part", err)
	}
	if err := b.cuttable(body.Part); err != nil {
		return tx.For("part", err)
	}
	if err := uncuttable(t); err != nil {
		return err
	}
	lifted := b.liftSpanning(body.Part)
	if err := b.cutTitle(t, body.Part); err != nil {
		return err
	}
	return b.enterAnew(lifted, author)
}

// merge makes one title of the two halves of a block, after the author's delay and
// with its lenders' consent.
//
// specs/04 MERGE-3: it waits as a surrender does, and counts among its author's
// offers on the lower half.
func (b *block) merge(id wire.Hash, author wire.Address, body *tx.Merge) error {
	l, _, err := b.joinable(body.Resource, author)
	if err != nil {
		return err
	}
	return b.intend(id, author, l, body, l.folio.Dealing())
}

// mergeNow merges what may be merged as it stands.
func (b *block) mergeNow(whole wire.Resource, author wire.Address) error {
	l, h, err := b.joinable(whole, author)
	if err != nil {
		return err
	}
	return b.join(whole, l, h)
}

// joinable finds the two halves of a block and checks that they may be one title.
func (b *block) joinable(whole wire.Resource, author wire.Address) (l, h titled, err error) {
	low, high, ok := inr.Halves(whole)
	if !ok {
		return l, h, tx.Refuse("MERGE-1", "resource", "%v has no halves", whole)
	}
	if l, err = b.half(low, author); err != nil {
		return l, h, err
	}
	if h, err = b.half(high, author); err != nil {
		return l, h, err
	}
	if field := differ(l.Title, h.Title); field != "" {
		return l, h, tx.Refuse("MERGE-2", "resource", "%v and %v differ in %s", low, high, field)
	}
	if err := mergeable(l, h); err != nil {
		return l, h, err
	}
	return l, h, b.sameMarks(l, h)
}

// half finds the author's title of exactly one half.
//
// specs/04 MERGE-1: both halves MUST be titles of the author's.
func (b *block) half(r wire.Resource, author wire.Address) (titled, error) {
	t, err := b.owned(r, author)
	if err != nil {
		return t, err
	}
	if t.at != r {
		return t, tx.Refuse("MERGE-1", "resource", "%v is not a title, it lies in %v", r, t.at)
	}
	return t, b.settledBefore(r)
}

// differ names the field in which two titles that should merge differ.
//
// specs/04 MERGE-2: the halves MUST agree in source row, and in grade, when it was
// proved, until when it is qualified and what it rests on; holder and state were
// looked at before.
func differ(x, y *record.Title) string {
	switch {
	case x.Source != y.Source:
		return "source"
	case x.Grade != y.Grade || x.Proved != y.Proved || x.Qualified != y.Qualified || !slices.Equal(x.Basis, y.Basis):
		return "grade"
	case x.Forum != y.Forum:
		return "forum"
	}
	return ""
}

// join closes both halves and opens the whole.
//
// specs/04 TITLE-7: the folio of a merge names both.
func (b *block) join(whole wire.Resource, l, h titled) error {
	lifted := b.lift(whole, func(_ wire.Resource, o record.Origin) bool { return o.Holder == l.Holder })
	lower, higher := b.resting(l.at, wire.Hash{}), b.resting(h.at, wire.Hash{})
	places, err := joinedPlaces(lower, higher)
	if err != nil {
		return err
	}
	refs := append(lower.Refs, higher.Refs...)
	slices.SortFunc(refs, record.CompareRefs)
	refs = slices.Compact(refs)
	if len(refs) > record.OriginsMax {
		return tx.Refuse("ORIGIN-4", "resource", "%d authorisations would rest on %v", len(refs), whole)
	}
	title := *l.Title
	title.Counter, title.Since, title.Predecessors = max(l.Counter, h.Counter)+1, max(l.Since, h.Since), nil
	for _, t := range []titled{l, h} {
		base, _ := b.base.Get(treeKey(t.at))
		title.Predecessors = append(title.Predecessors, record.Predecessor{Resource: t.at, Value: base.Value})
		b.remove(record.RestingKey(t.at, wire.Hash{}))
		closed := b.folio(t.at)
		b.dropEnds(restrictionsOn(t))
		closed.Title, closed.Charges, closed.Restrictions = nil, nil, nil
		b.putFolio(t.at, closed)
	}
	f := b.folio(whole)
	f.Title, f.Charges, f.Restrictions = title.Bytes(), l.folio.Charges, b.widened(l, whole)
	b.putFolio(whole, f)
	b.writeResting(whole, wire.Hash{}, &record.Resting{Rules: record.Rules, Refs: refs, Places: places})
	return b.enterAnew(lifted, l.Holder)
}
