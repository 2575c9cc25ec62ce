package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// nearActs is for how many acts ahead the state is looked at: what they touch
// fits the nearest memory.
const nearActs = 16

// near looks at what the acts to come will ask for, all at once: the memory
// that each would wait for alone. It decides nothing.
func (b *block) near(acts []tx.Verified) {
	b.keys = b.keys[:0]
	for _, v := range acts[:min(len(acts), nearActs)] {
		b.keys = append(b.keys, tree.AccountKey(v.Author()))
		if r, ok := named(v.Body()); ok {
			b.keys = append(b.keys, tree.ResourceKey(r))
			if v.Kind() == tx.KindOriginAuthorise || v.Kind() == tx.KindOriginWithdraw {
				b.keys = append(b.keys, record.RestingKey(r, wire.Hash{}))
			}
		}
	}
	b.e.Near(b.keys)
}

// named is the block of Internet numbers that an act of the usual kinds names;
// ok is false for others.
func named(body tx.Body) (r wire.Resource, ok bool) {
	switch body := body.(type) {
	case *tx.OriginAuthorise:
		return body.Resource, true
	case *tx.OriginWithdraw:
		return body.Resource, true
	case *tx.TransferOffer:
		return body.Resource, true
	case *tx.TransferAccept:
		return body.Resource, true
	case *tx.GrantOffer:
		return body.Resource, true
	case *tx.GrantAccept:
		return body.Resource, true
	}
	return r, false
}
