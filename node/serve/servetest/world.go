package servetest

import (
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// World is a chain by the rules: ann holds Whole, Six and AS4608, bob and cat nothing
// yet; of further blocks one is available and one reserved.
type World struct {
	*mint.Chain
	t testing.TB
}

// The blocks of a World.
const (
	Whole = "60.0.0.0/22"
	Part  = "60.0.1.0/24"
	Inner = "60.0.1.128/25"
	Six   = "2400:100::/32"
)

const statistics = "apnic|AU|asn|4608|1|20200102|allocated\napnic|JP|ipv6|2400:100::|32|20200103|allocated\napnic||ipv4|61.0.0.0|65536||available\napnic||asn|131072|4||reserved\n"

// NewWorld is a chain of one block.
func NewWorld(t testing.TB) World {
	t.Helper()
	in := mint.Input(mint.Holder{Name: "ann", Blocks: []string{Whole, Six, "AS4608"}}, mint.Holder{Name: "bob"}, mint.Holder{Name: "cat"})
	in.Stats = append(in.Stats, genesis.Stats{Name: "more", Raw: []byte(statistics)})
	c, err := mint.New(in)
	if err != nil {
		t.Fatal(err)
	}
	w := World{c, t}
	w.Do()
	return w
}

// Block is a block by its text.
func Block(t testing.TB, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Act is an act that somebody signed.
func (w World) Act(who string, body tx.Body) []byte {
	raw, _ := w.Sign(who, body)
	return raw
}

// Do extends the chain by a block of acts, none of which may fail.
func (w World) Do(acts ...[]byte) {
	w.t.Helper()
	b, err := w.Extend(10, acts...)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, raw := range b.Receipts {
		if r, err := ledger.ReceiptFromBytes(raw); err != nil || r.Outcome == ledger.Failed {
			w.t.Fatalf("act %d of block %d was refused: %+v, %v", i, b.Header.Height, r, err)
		}
	}
}

// Lend lets bob lease Part of ann, and grant Inner of it to cat.
func (w World) Lend() {
	w.t.Helper()
	whole, part, inner := Block(w.t, Whole), Block(w.t, Part), Block(w.t, Inner)
	offer, id := w.Sign("ann", &tx.LeaseOffer{Resource: part, To: w.ID("bob"), End: w.Now() + 90*86400, SubLet: true,
		Operator: "Cat Net \"South\"", Abuse: "https://cat.example/abuse", Value: w.Value(whole), Until: w.Now() + 5000})
	w.Do(offer)
	w.Do(w.Act("bob", &tx.LeaseAccept{Offer: id, Resource: part, Value: w.Value(whole)}))
	offer, id = w.Sign("bob", &tx.GrantOffer{Resource: inner, To: w.ID("cat"), Notice: 86400, Value: w.Value(whole), Until: w.Now() + 5000})
	w.Do(offer)
	w.Do(w.Act("cat", &tx.GrantAccept{Offer: id, Resource: inner, Value: w.Value(whole)}))
}

// Mark adds what takes registrars and sources to come about: bob's name, attested, and
// a title at 62.0.0.0/16 that is frozen and diverges, with texts of its source.
func (w World) Mark(handle, says string) {
	w.t.Helper()
	e := w.State.Edit()
	leaf, _ := e.Get(tree.AccountKey(w.ID("bob")))
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	a.Attested = []account.Attested{{By: wire.Address{0xf1}, At: mint.Start}}
	e.Put(record.Leaf(leaf.Key, a.Bytes()))
	at, now := Block(w.t, "62.0.0.0/16"), w.Last.Header.Time.Seconds
	e.Put(record.FolioLeaf(at, &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Held, Holder: wire.Address{0xd4}, Grade: record.GradeA, Proved: now,
			Source: record.Source{Registry: "ripencc", Handle: handle, Status: "assigned", Country: "SE", Class: record.Extended}}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Freeze, Act: wire.Hash{1}, Since: now - 60, Until: now + 60, At: at},
			{Rules: 1, Kind: record.Diverges, Act: wire.Hash{2}, Since: now - 40, At: at, Says: says},
		}),
	}))
	w.State = e.Freeze()
}
