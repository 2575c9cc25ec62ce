package main

import (
	"fmt"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/load/stategen"
)

// The full state: what a registry of a million blocks would have besides them.
const (
	registerSeed     = 1
	register4        = 450_000 // prefixes of the state benchmark
	register6        = 550_000
	registerNumbers  = 50_000 // AS numbers
	registerHolders  = 30_000
	registerMembers  = 100
	registerOffers   = 20_000 // each with its due item
	registerDueStart = 1_900_000_000
)

// register is a state with something in each of its eight subtrees.
type register struct {
	state     tree.State
	resources []wire.Resource // IPv4 and IPv6
	holders   []wire.Address
	height    uint64
	next      int // resource that changes next
	bytesEach float64
	built     float64 // seconds
}

func newRegister(n4, n6 int) *register {
	say("drawing %d IPv4 and %d IPv6 prefixes, seed %d", n4, n6, registerSeed)
	w := &register{resources: stategen.Resources(registerSeed, n4, n6)}
	for i := range registerHolders {
		w.holders = append(w.holders, ledger.AccountID(w.hash("holder", i)))
	}
	before, begun := heap(), time.Now()
	e := tree.State{}.Edit()
	w.rest(e)
	w.state = e.Freeze()
	rest := heap()
	e = w.state.Edit()
	for i, r := range w.resources {
		e.Put(record.FolioLeaf(r, w.folio(r, i)))
	}
	w.state = e.Freeze()
	e = nil // with its journal
	w.built = time.Since(begun).Seconds()
	after := heap()
	say("%d MB beside the prefixes, %d MB with them", (rest-before)>>20, (after-before)>>20)
	w.bytesEach = float64(after-rest) / float64(len(w.resources))
	return w
}

func (*register) hash(what string, i int) wire.Hash {
	return wire.Sum(wire.TagRecord, fmt.Appendf(nil, "%s %d", what, i))
}

func (w *register) folio(r wire.Resource, i int) *record.Folio {
	return &record.Folio{Title: (&record.Title{
		Rules: record.Rules, State: record.Held, Holder: w.holders[i%len(w.holders)], Grade: record.GradeT,
		Source: record.Source{
			Registry: "ripencc", Handle: fmt.Sprintf("%08x", i), Status: "allocated", Date: 20200101, Country: "NL",
			Class: record.Extended, First: r.Addr, Last: r.Addr,
		},
	}).Bytes()}
}

// rest fills the other six subtrees.
func (w *register) rest(e *tree.Editor) {
	for i := range registerNumbers {
		r := wire.Resource{Family: wire.ASN, Len: 32, Addr: [16]byte{0, byte(i >> 16), byte(i >> 8), byte(i)}}
		e.Put(record.FolioLeaf(r, w.folio(r, i)))
	}
	for i, id := range w.holders {
		key := account.Key{Alg: account.Secp256k1, Addr: id}
		e.Put(record.Leaf(tree.AccountKey(id), (&account.Account{
			Rules: record.Rules, Name: fmt.Sprintf("Holder %d", i), Jurisdiction: "NL",
			Policy: account.Policy{Version: 1, TitleKeys: []account.Key{key}, TitleK: 1},
		}).Bytes()))
	}
	for i := range registerMembers {
		m := &record.Member{Rules: record.Rules, Operator: fmt.Sprintf("Operator %d", i), Alg: 1, PubKey: w.hash("member", i), Power: 1}
		e.Put(record.Leaf(record.MemberKey(m.PubKey), wire.Encode(m)))
	}
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(&record.Parameters{Rules: record.Rules, Test: true})))
	e.Put(record.Leaf(record.ChainKey, wire.Encode(&record.Chain{Rules: record.Rules})))
	for i := range registerOffers {
		id, r := w.hash("offer", i), w.resources[i]
		o := &record.Offer{Rules: record.Rules, Kind: uint64(tx.KindTransferOffer), Maker: w.holders[i%len(w.holders)], Resource: r, Title: r, Until: registerDueStart + uint64(i)}
		e.Put(record.Leaf(record.OfferKey(id), wire.Encode(o)))
		e.Put(record.Leaf(tree.DueKey(o.Until, record.RankOffer, id), wire.Encode(&record.Due{Rules: record.Rules, Kind: record.DueOffer, Act: id})))
	}
}
