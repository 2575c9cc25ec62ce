package main

import (
	"fmt"
	"math/rand/v2"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// What the benchmarks of directories are asked about: titles that do not nest, as the
// register has them, a tenth of them leased and a fifth with an origin.
const (
	titles4    = 400_000 // /24s of IPv4
	titles6    = 80_000  // /32s of IPv6
	titlesAS   = 20_000
	titlesKept = 30_000 // accounts
	nowTitled  = 1_800_000_000
)

// titled is a register of titles, in an order drawn evenly.
type titled struct {
	state   tree.State
	blocks  []wire.Resource
	random  *rand.Rand
	holders []wire.Address
}

func newTitled() *titled {
	say("making %d titles that do not nest", titles4+titles6+titlesAS)
	d := &titled{random: rand.New(rand.NewPCG(registerSeed, 29))}
	e := tree.State{}.Edit()
	for i := range titlesKept {
		id := ledger.AccountID(wire.Sum(wire.TagRecord, fmt.Appendf(nil, "titled %d", i)))
		d.holders = append(d.holders, id)
		key := account.Key{Alg: account.Secp256k1, Addr: id}
		e.Put(record.Leaf(tree.AccountKey(id), (&account.Account{
			Rules: record.Rules, Name: fmt.Sprintf("Holder %d", i), Jurisdiction: "NL",
			Policy: account.Policy{Version: 1, TitleKeys: []account.Key{key}, TitleK: 1},
		}).Bytes()))
	}
	d.drawn()
	for i, r := range d.blocks {
		e.Put(record.FolioLeaf(r, d.folio(r, i)))
	}
	d.state = e.Freeze()
	d.random.Shuffle(len(d.blocks), func(i, j int) { d.blocks[i], d.blocks[j] = d.blocks[j], d.blocks[i] })
	return d
}

// drawn draws the blocks, each once.
func (d *titled) drawn() {
	for _, i := range d.random.Perm(1 << 22)[:titles4] { // of the /24s between 16/8 and 80/8
		d.blocks = append(d.blocks, wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{16 + byte(i>>16), byte(i >> 8), byte(i)}})
	}
	for _, i := range d.random.Perm(1 << 18)[:titles6] {
		d.blocks = append(d.blocks, wire.Resource{Family: wire.IPv6, Len: 32, Addr: [16]byte{0x24, byte(i >> 16), byte(i >> 8), byte(i)}})
	}
	for i := range titlesAS {
		d.blocks = append(d.blocks, wire.Resource{Family: wire.ASN, Len: 32, Addr: [16]byte{0, 1, byte(i >> 8), byte(i)}})
	}
}

func (d *titled) folio(r wire.Resource, i int) *record.Folio {
	f := &record.Folio{Title: (&record.Title{
		Rules: record.Rules, State: record.Held, Holder: d.holders[i%len(d.holders)], Grade: record.GradeT,
		Source: record.Source{
			Registry: "ripencc", Handle: fmt.Sprintf("%08x", i), Status: "allocated", Date: 20200101, Country: "NL",
			Class: record.Extended, First: r.Addr, Last: r.Addr,
		},
	}).Bytes()}
	if i%10 == 0 {
		f.Estates = record.EstatesBytes([]record.Estate{{
			Rules: record.Rules, ID: wire.Hash{1}, Kind: record.Lease, Holder: d.holders[(i+7)%len(d.holders)], Start: nowTitled - 1000, Ends: nowTitled + 1000, Started: true,
			Lease: []record.Terms{{Operator: "Operator of record", Abuse: "abuse@operator.example"}},
		}})
	}
	if i%5 == 1 && r.Family != wire.ASN {
		f.Authorisations = record.OriginsBytes([]record.Origin{{Rules: record.Rules, Holder: d.holders[i%len(d.holders)], MaxLength: uint64(r.Len), AS: uint64(65_536 + i%20_000), Act: wire.Hash{2}}})
	}
	return f
}
