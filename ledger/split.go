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
		return err
	}
	if err := b.cuttable(body.Part); err != nil {
		return err
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

// merge makes one title of the two halves of a block.
func (b *block) merge(author wire.Address, body *tx.Merge) error {
	low, high, ok := inr.Halves(body.Resource)
	if !ok {
		return tx.Refuse("MERGE-1", "resource", "%v has no halves", body.Resource)
	}
	l, err := b.half(low, author)
	if err != nil {
		return err
	}
	h, err := b.half(high, author)
	if err != nil {
		return err
	}
	if field := differ(l.Title, h.Title); field != "" {
		return tx.Refuse("MERGE-2", "resource", "%v and %v differ in %s", low, high, field)
	}
	if err := mergeable(l, h); err != nil {
		return err
	}
	if err := sameMarks(l, h); err != nil {
		return err
	}
	return b.join(body.Resource, l, h)
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
// specs/04 MERGE-2: the halves MUST agree in source row, and in grade and when
// it was proved; holder and state were looked at before.
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
