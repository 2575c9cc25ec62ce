package ledger_test

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// start is the header time of a test world's genesis.
const start = 1_800_000_000

// world is a small register in one process: accounts with keys, a state, and a
// chain of ledger blocks that the test makes one by one.
type world struct {
	t      testing.TB
	salt   wire.Hash
	state  tree.State
	last   ledger.Header
	total  map[ledger.Total]*big.Int
	keys   map[wire.Address]*ecdsa.PrivateKey
	result ledger.Result
	lanes  map[wire.Address]uint64 // next number of lane 0 as the world knows it
	id     wire.Hash               // of the act signed last
	proven []ledger.Misbehaviour   // for the next ledger block to carry
	filled bool                    // blocks are not looked through until it ends
}

// newWorld makes accounts of the given names, and titles held by them.
func newWorld(t testing.TB, names []string, held map[string][]string) *world {
	w := &world{
		t: t, salt: wire.Hash{7}, last: ledger.Header{Time: start},
		keys: map[wire.Address]*ecdsa.PrivateKey{}, lanes: map[wire.Address]uint64{},
	}
	e := tree.State{}.Edit()
	put := func(k tree.Key, data []byte) { e.Put(record.Leaf(k, data)) }
	put(record.ParametersKey, wire.Encode(&record.Parameters{
		Rules: record.Rules, Test: true, Heartbeat: 15, StallSeconds: 600, CreditCap: 1_000_000, CreditRefill: 1,
		WorkBits: 8, WorkOpensMax: 50, TransferFloor4: 24, TransferFloor6: 48, BreakerLeast: 100,
	}))
	put(record.ChainKey, wire.Encode(&record.Chain{Rules: record.Rules}))
	for _, name := range names {
		id, key := identity(name)
		w.keys[id] = key
		a := &account.Account{
			Rules: record.Rules, Name: name, Jurisdiction: "NL",
			Policy: account.Policy{Version: 1, TitleKeys: []account.Key{keyOf(key)}, TitleK: 1},
			Credit: account.Credit{Amount: 1_000_000, At: start},
		}
		for _, text := range held[name] {
			r := resource(text)
			a.Holdings = sum(a.Holdings, r)
			e.Put(record.FolioLeaf(r, &record.Folio{Title: (&record.Title{
				Rules: record.Rules, State: record.Held, Holder: id, Grade: record.GradeT,
				Source: record.Source{Registry: "ripencc", Status: "allocated", Class: record.Whole},
			}).Bytes()}))
		}
		put(tree.AccountKey(id), a.Bytes())
	}
	w.recount(e.Freeze())
	w.check()
	return w
}

// count makes the balances those of the titles there are, as in genesis.
func (w *world) count() {
	var balances record.Balances
	for f := tree.IPv4; f <= tree.ASN; f++ {
		w.state.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			if t := w.title(l.Key.Resource().String()); t != nil {
				balances.Add(l.Key.Resource(), &t.Source)
			}
			return true
		})
	}
	e := w.state.Edit()
	for _, l := range balances.Leaves() {
		e.Put(l)
	}
	w.state = e.Freeze()
	w.total = ledger.Totals(w.state)
}

// identities are the accounts of names as they were made: a key takes its time.
var identities sync.Map

// identified is an account's id and its first key.
type identified struct {
	id  wire.Address
	key *ecdsa.PrivateKey
}

func identity(name string) (wire.Address, *ecdsa.PrivateKey) {
	if known, ok := identities.Load(name); ok {
		return known.(identified).id, known.(identified).key
	}
	seed := wire.Sum(wire.TagRecord, []byte("test key of "), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	identities.Store(name, identified{ledger.AccountID(seed), key})
	return ledger.AccountID(seed), key
}

func keyOf(key *ecdsa.PrivateKey) account.Key {
	return account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}
}

func who(name string) wire.Address { id, _ := identity(name); return id }

func resource(text string) wire.Resource {
	r, err := inr.Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

func sum(h account.Holdings, r wire.Resource) account.Holdings {
	switch {
	case r.Family == wire.IPv4 && r.Len <= 24:
		h.V4 += 1 << (24 - r.Len)
	case r.Family == wire.IPv6 && r.Len <= 48:
		h.V6 += 1 << (48 - r.Len)
	case r.Family == wire.ASN:
		h.AS += 1 << (32 - r.Len)
	}
	return h
}

// sign makes a verified act of the account's with its next number in lane 0.
func (w *world) sign(name string, body tx.Body) tx.Verified {
	id := who(name)
	h := tx.Header{
		Author: id, Policy: w.account(name).Policy.Version, Number: w.lanes[id],
		Expires: w.last.Time + 3600, Rules: tx.RulesVersion,
	}
	w.lanes[id]++
	return w.signWith(h, body, w.keys[id])
}

func (w *world) signWith(h tx.Header, body tx.Body, keys ...*ecdsa.PrivateKey) tx.Verified {
	w.t.Helper()
	act := &tx.Act{Header: h, Body: body}
	w.id = act.ID(w.salt)
	for _, key := range keys {
		s, err := account.Sign(w.id, key)
		if err != nil {
			w.t.Fatal(err)
		}
		act.Signatures = append(act.Signatures, s)
	}
	v, err := tx.Verify(act.Encode(), w.salt)
	if err != nil {
		w.t.Fatalf("verify %T: %v", body, err)
	}
	return v
}

// header is the next one, some seconds later.
func (w *world) header(seconds uint64) ledger.Header {
	h := ledger.Header{Height: w.last.Height + 1, Time: w.last.Time + seconds}
	h.Hash = wire.Sum(wire.TagLogLeaf, fmt.Appendf(nil, "header %d at %d", h.Height, h.Time))
	return h
}

// block applies acts some seconds after the last block, and checks every
// invariant after it.
func (w *world) block(seconds uint64, acts ...tx.Verified) ledger.Result {
	w.t.Helper()
	r := w.apply(seconds, acts...)
	if !w.filled {
		w.check()
	}
	return r
}

// filling does the same a hundred times and more, and has the state looked through
// at the end: after every block it would be nearly all of the work.
func (w *world) filling(fill func()) {
	w.t.Helper()
	w.filled = true
	fill()
	w.filled = false
	w.check()
}

func (w *world) apply(seconds uint64, acts ...tx.Verified) ledger.Result {
	w.t.Helper()
	now := w.header(seconds)
	r, err := ledger.Apply(w.state, w.last, now, acts, w.proven)
	if w.proven = nil; err != nil {
		w.t.Fatalf("block %d: %v", now.Height, err)
	}
	w.state, w.last, w.result = r.State, now, r
	return r
}

func (w *world) check() {
	w.t.Helper()
	if err := ledger.Invariants(w.state, w.last); err != nil {
		w.t.Fatalf("after block %d: %v", w.last.Height, err)
	}
	if err := w.conserved(); err != nil {
		w.t.Fatal(err)
	}
}

// conserved compares the numbers of each registry with those of genesis and with
// what statements did since, by its balance (R4).
func (w *world) conserved() error {
	now := ledger.Totals(w.state)
	for _, name := range record.Registries {
		leaf, _ := w.state.Get(record.BalanceKey(name))
		t, err := record.BalanceFromBytes(leaf.Data)
		if err != nil {
			return err
		}
		for f := range t.Listed {
			at := ledger.Total{Registry: name, Family: wire.Family(f)}
			want := new(big.Int)
			if n := w.total[at]; n != nil {
				want.Set(n)
			}
			want.Add(want, t.Added[f].Int()).Add(want, t.Come[f].Int()).Sub(want, t.Retired[f].Int()).Sub(want, t.Gone[f].Int())
			if n := now[at]; n == nil && want.Sign() != 0 || n != nil && n.Cmp(want) != 0 {
				return fmt.Errorf("R4: %v holds %v, it should %v", at, n, want)
			}
		}
	}
	return nil
}

// do signs one act, applies it alone a second later, and wants it done.
func (w *world) do(name string, body tx.Body) wire.Hash {
	w.t.Helper()
	w.block(1, w.sign(name, body))
	if r := w.result.Receipts[0]; r.Outcome != ledger.Done {
		w.t.Fatalf("%T by %s: %s %s: %s", body, name, r.Rule, r.Field, r.Detail)
	}
	return w.id
}

// refused signs one act, applies it alone, and wants the rule to refuse it, at
// the cost of lane and credit alone (R13).
func (w *world) refused(rule, name string, body tx.Body) {
	w.t.Helper()
	before := w.state
	w.block(1, w.sign(name, body))
	r := w.result.Receipts[0]
	if r.Outcome != ledger.Failed || r.Rule != rule {
		w.t.Fatalf("%T by %s: got %q (%s), want %s", body, name, r.Rule, r.Detail, rule)
	}
	if err := fieldOf(body, r.Field); err != nil {
		w.t.Error(err)
	}
	for _, c := range w.result.Changes {
		if c.Key.Subtree != tree.Parameters && c.Key != tree.AccountKey(who(name)) {
			w.t.Fatalf("R13: the failed act changed %v", c.Key)
		}
	}
	_ = before
}

// inadmissible wants the ledger block with this act alone to be refused by rule.
func (w *world) inadmissible(rule string, v tx.Verified) {
	w.t.Helper()
	before := w.state.Root()
	_, err := ledger.Apply(w.state, w.last, w.header(1), []tx.Verified{v}, nil)
	var bad *ledger.Inadmissible
	var got *tx.RuleError
	if !errors.As(err, &bad) || !errors.As(err, &got) || got.Rule != rule {
		w.t.Fatalf("got %v, want %s", err, rule)
	}
	if w.state.Root() != before {
		w.t.Fatal("R13: an inadmissible act changed the state")
	}
}

func (w *world) account(name string) *account.Account {
	leaf, ok := w.state.Get(tree.AccountKey(who(name)))
	if !ok {
		w.t.Fatalf("no account %s", name)
	}
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) folio(text string) *record.Folio {
	leaf, ok := w.state.Get(tree.ResourceKey(resource(text)))
	if !ok {
		return new(record.Folio)
	}
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// title is the title at exactly this block, or nil.
func (w *world) title(text string) *record.Title {
	f := w.folio(text)
	if len(f.Title) == 0 {
		return nil
	}
	t, err := record.TitleFromBytes(f.Title)
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// value is the dealing value of the title that covers a block.
func (w *world) value(text string) wire.Hash {
	for _, leaf := range w.state.Path(tree.ResourceKey(resource(text))) {
		f, err := record.FolioFromBytes(leaf.Data)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(f.Title) > 0 {
			return f.Dealing()
		}
	}
	return wire.Hash{}
}

// marked is the marked value of the title that covers a block, which acceptances name.
func (w *world) marked(text string) wire.Hash {
	titles := w.titlesIn(text)
	if len(titles) == 0 {
		return wire.Hash{}
	}
	return w.folio(titles[0]).Marked()
}

func (w *world) estates(text string) []record.Estate {
	list, err := record.EstatesFromBytes(w.folio(text).Estates)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// origins are the authorisations of the whole state: "prefix-maxLength ASn by".
func (w *world) origins(name string) []string {
	var out []string
	for f := tree.IPv4; f <= tree.IPv6; f++ {
		w.state.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			folio, err := record.FolioFromBytes(l.Data)
			if err != nil {
				w.t.Fatal(err)
			}
			list, err := record.OriginsFromBytes(folio.Authorisations)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, o := range list {
				if o.Holder == who(name) {
					out = append(out, fmt.Sprintf("%v-%d AS%d", l.Key.Resource(), o.MaxLength, o.AS))
				}
			}
			return true
		})
	}
	return out
}

// Short forms of the acts that scenarios are made of.

func (w *world) transfer(from, to, text string, keep bool) {
	w.t.Helper()
	id := w.offer(from, to, text, keep)
	w.do(to, &tx.TransferAccept{Offer: id, Resource: resource(text), Value: w.value(text)})
}

func (w *world) offer(from, to, text string, keep bool) wire.Hash {
	w.t.Helper()
	return w.do(from, &tx.TransferOffer{Resource: resource(text), To: who(to), Keep: keep, Value: w.value(text), Until: w.last.Time + 86400})
}

func (w *world) grantOffer(from, to, text string, sub bool) wire.Hash {
	w.t.Helper()
	return w.do(from, &tx.GrantOffer{Resource: resource(text), To: who(to), Notice: 3600, SubGrants: sub, Value: w.value(text), Until: w.last.Time + 86400})
}

func (w *world) grant(from, to, text string, sub bool) wire.Hash {
	w.t.Helper()
	id := w.grantOffer(from, to, text, sub)
	return w.do(to, &tx.GrantAccept{Offer: id, Resource: resource(text), Value: w.value(text)})
}

func (w *world) originate(name, text string, most, as uint64) {
	w.t.Helper()
	w.do(name, &tx.OriginAuthorise{Resource: resource(text), MaxLength: most, AS: as})
}
