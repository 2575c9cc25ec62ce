package ledger

import (
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Misbehaviour is evidence that a ledger block carries against a validator.
type Misbehaviour = chain.Misbehaviour

// accuse records evidence against members.
//
// specs/23 GOV-22: how often, and the last 16; against who is no member any more
// it is not recorded.
func (b *block) accuse(list []Misbehaviour) {
	for _, m := range list {
		for _, key := range b.roll().Members {
			v := chain.Validator{Alg: chain.Ed25519, PubKey: key}
			if v.Address() == m.Validator {
				b.offend(key, m)
			}
		}
	}
}

func (b *block) offend(key [32]byte, m Misbehaviour) {
	k, x := record.OffencesKey(key), &record.Offences{Rules: record.Rules}
	if leaf, ok := b.e.Get(k); ok {
		x = wire.Own[record.Offences](leaf.Data)
	}
	x.Count++
	x.List = append(x.List, record.Offence{Height: m.Height, Time: m.Time, Kind: m.Kind})
	if n := len(x.List); n > record.OffencesMax {
		x.List = x.List[n-record.OffencesMax:]
	}
	b.put(k, wire.Encode(x))
}
