package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// caseAt reads a case, nil where there is none.
func (b *block) caseAt(id wire.Hash) *record.Case {
	leaf, ok := b.e.Get(record.CaseKey(id))
	if !ok {
		return nil
	}
	return wire.Own[record.Case](leaf.Data)
}

// orderAt reads an order, nil where there is none.
func (b *block) orderAt(id wire.Hash) *record.Order {
	leaf, ok := b.e.Get(record.OrderKey(id))
	if !ok {
		return nil
	}
	return wire.Own[record.Order](leaf.Data)
}

// putCase writes a case and moves its due item to when it goes on.
func (b *block) putCase(id wire.Hash, c *record.Case) {
	if old := b.caseAt(id); old != nil {
		b.remove(matterDue(old.Next, id, record.SortCase))
	}
	b.put(record.CaseKey(id), wire.Encode(c))
	b.queueMatter(c.Next, id, record.SortCase)
}

// putOrder writes an order and moves its due item to its end.
func (b *block) putOrder(id wire.Hash, o *record.Order) {
	if old := b.orderAt(id); old != nil {
		b.remove(matterDue(old.Until, id, record.SortOrder))
	}
	b.put(record.OrderKey(id), wire.Encode(o))
	b.queueMatter(o.Until, id, record.SortOrder)
}

func (b *block) queueMatter(at uint64, id wire.Hash, sort uint64) {
	b.write(matterDue(at, id, sort), &record.Due{Rules: record.Rules, Kind: record.DueCase, Act: id, Sort: sort})
}

// matterDue is where a case or an order waits.
//
// specs/07 DUE-2: of a case and an order, which may have one id, an item's id is
// SHA-256(0x72 ‖ act ‖ sort).
func matterDue(at uint64, id wire.Hash, sort uint64) tree.Key {
	return tree.DueKey(at, record.RankBound, wire.Sum(wire.TagDealing, id[:], []byte{byte(sort)}))
}
