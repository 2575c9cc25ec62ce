package api

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/archive"
	"ipledger/ledger/chain"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// epoch is the time of the first block of a test world.
const epoch = 1_790_000_000

var salt = wire.Sum(wire.TagGenesis, []byte("api test"))

// world is a real ledger whose blocks a test makes one by one, signed by four
// validators; it is the Ledger, the Relay and the Node of an API.
type world struct {
	t    testing.TB
	mu   sync.Mutex
	keys []ed25519.PrivateKey
	set  chain.ValidatorSet

	views   []View // by height; 0 is genesis
	headers []chain.Header
	certs   []chain.Certificate
	blocks  []Block
	places  map[wire.Hash][2]uint64
	log     chain.Frontier
	results wire.Hash

	submitted []tx.Verified
	refuse    error
	news      chan View
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, places: map[wire.Hash][2]uint64{}, news: make(chan View, 64), results: chain.ResultsHash(nil)}
	for i := range 4 {
		w.keys = append(w.keys, ed25519.NewKeyFromSeed(append(make([]byte, 31), byte(i+1))))
	}
	slices.SortFunc(w.keys, func(a, b ed25519.PrivateKey) int {
		x, y := validator(a).Address(), validator(b).Address()
		return slices.Compare(x[:], y[:])
	})
	for _, k := range w.keys {
		w.set = append(w.set, validator(k))
	}
	w.views = []View{{State: genesisState(), Time: epoch, LogRoot: chain.Root(nil)}}
	w.headers, w.certs, w.blocks = make([]chain.Header, 1), make([]chain.Certificate, 1), make([]Block, 1)
	return w
}

func validator(k ed25519.PrivateKey) chain.Validator {
	return chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(k.Public().(ed25519.PublicKey)), Power: 1}
}

func genesisState() tree.State {
	e := tree.State{}.Edit()
	put := func(k tree.Key, data []byte) { e.Put(record.Leaf(k, data)) }
	put(record.ParametersKey, wire.Encode(&record.Parameters{
		Rules: 1, Test: true, Heartbeat: 15, StallSeconds: 600, CreditCap: 100_000, CreditRefill: 1, WorkBits: 8, WorkOpensMax: 50, TransferFloor4: 24, TransferFloor6: 48, SourceShare: 10_000,
	}))
	put(record.ChainKey, wire.Encode(&record.Chain{Rules: 1}))
	for _, name := range []string{"ann", "bob"} {
		a := &account.Account{Rules: 1, Name: name, Jurisdiction: "NL", Credit: account.Credit{Amount: 100_000, At: epoch},
			Policy: account.Policy{Version: 1, TitleKeys: []account.Key{{Alg: 1, Addr: account.AddressOf(&keyOf(name).PublicKey)}}, TitleK: 1}}
		if name == "ann" {
			a.Holdings = account.Holdings{V4: 256, V6: 1 << 16, AS: 1}
		}
		put(tree.AccountKey(who(name)), a.Bytes())
	}
	title := func(at string, state record.State, holder wire.Address, g record.Grade) {
		first, last := inr.Ends(res(at))
		e.Put(record.FolioLeaf(res(at), &record.Folio{Title: (&record.Title{Rules: 1, State: state, Holder: holder, Grade: g,
			Source: record.Source{Registry: "ripencc", Handle: "h-1", Status: "allocated", Class: record.Extended, Date: 20110811, Country: "NL", First: first, Last: last}}).Bytes()}))
	}
	title("193.0.0.0/16", record.Held, who("ann"), record.GradeT)
	title("2001:67c::/32", record.Held, who("ann"), record.GradeT)
	title("AS3333", record.Held, who("ann"), record.GradeT)
	title("194.0.0.0/16", record.Unclaimed, wire.Address{}, record.GradeNone)
	waiting(put)
	s, err := ledger.Tally(e.Freeze())
	if err != nil {
		panic(err)
	}
	return s
}

// listing is the act by which ann lists a block for lease.
var listing = wire.Sum(wire.TagRecord, []byte("a listing"))

// waiting is a listing of ann's, and a recovery of bob's account beside a change
// of its delay.
func waiting(put func(tree.Key, []byte)) {
	body := &tx.List{Resource: res("193.0.4.0/22"), Purpose: tx.ForLease, MinTerm: 86400, Price: "EUR 90 a month", Until: epoch + 9000}
	put(record.OfferKey(listing), wire.Encode(&record.Offer{
		Rules: 1, Kind: uint64(tx.KindList), Maker: who("ann"), Resource: body.Resource, Title: res("193.0.0.0/16"), Until: body.Until, Body: tx.EncodeBody(body),
	}))
	put(record.ListingsKey(who("ann"), res("193.0.0.0/16")), wire.Encode(&record.Offers{Rules: 1, IDs: []wire.Hash{listing}}))
	put(tree.DueKey(body.Until, record.RankOffer, listing), wire.Encode(&record.Due{Rules: 1, Kind: record.DueOffer, Act: listing, Resource: body.Resource}))
	keys := []record.WaitingKey{{Alg: 1, Addr: account.AddressOf(&keyOf("new").PublicKey)}}
	put(record.RecoveryKey(who("bob")), wire.Encode(&record.Recovery{
		Rules: 1, Began: epoch, At: epoch + 9000, Proposals: []record.Proposal{{Act: wire.Hash{7}, TitleKeys: keys, TitleK: 1, By: []wire.Address{who("ann")}}},
	}))
	put(record.WaitingKeyOf(who("bob"), record.SortDelay), wire.Encode(&record.Waiting{Rules: 1, Act: wire.Hash{8}, Delay: 60, At: epoch + 9000}))
}

func keyOf(name string) *ecdsa.PrivateKey {
	seed := wire.Sum(wire.TagRecord, []byte("key of "), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return key
}

func who(name string) wire.Address {
	return ledger.AccountID(wire.Sum(wire.TagRecord, []byte("opening of "), []byte(name)))
}

func res(text string) wire.Resource {
	r, err := inr.Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// act is an unsigned act of the account's, with its next number in lane 0.
func (w *world) act(name string, body tx.Body) *tx.Act {
	w.t.Helper()
	v := w.View()
	a, err := light.ReadAccount(v.State, who(name), v.moment())
	if err != nil {
		w.t.Fatal(err)
	}
	return tx.New(tx.Header{Author: who(name), Policy: 1, Number: a.Account.Lanes[0], Expires: v.Time + 3600}, body)
}

// signed is an act with its author's signature.
func (w *world) signed(name string, body tx.Body) tx.Verified {
	w.t.Helper()
	a := w.act(name, body)
	sig, err := account.Sign(a.ID(salt), keyOf(name))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := a.Attach(sig, salt); err != nil {
		w.t.Fatal(err)
	}
	v, err := tx.Verify(a.Encode(), salt)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// block applies acts in the next block, fifteen seconds later.
func (w *world) block(acts ...tx.Verified) {
	w.t.Helper()
	prev := w.View()
	height := prev.Height + 1
	h := chain.Header{
		Version: chain.Version{Block: chain.BlockVersion, App: 1}, ChainID: "api-test", Height: height,
		Time:    chain.Time{Seconds: epoch + 15*height},
		AppHash: prev.AppHash(), ValidatorsHash: w.set.Hash(), NextValidatorsHash: w.set.Hash(), LastResultsHash: w.results,
		Proposer: w.set[0].Address(),
	}
	if height > 1 {
		h.LastBlock = chain.BlockID{Hash: w.headers[height-1].Hash(), Total: 1, Parts: wire.Hash{1}}
	}
	result, err := ledger.Apply(prev.State, head(prev), ledger.Header{Height: height, Time: h.Time.Seconds, Hash: h.Hash()}, acts, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	b, results := Block{}, []chain.Result(nil)
	for i, v := range acts {
		b.Acts, b.Receipts = append(b.Acts, v.Raw()), append(b.Receipts, result.Receipts[i].Bytes())
		results = append(results, light.Result(&result.Receipts[i]))
		w.places[v.ID()] = [2]uint64{height, uint64(i)}
	}
	for _, c := range result.Changes {
		b.Changed = append(b.Changed, c.Key)
	}
	next := View{State: result.State, Height: height, Time: h.Time.Seconds, HeaderHash: h.Hash(), LogRoot: prev.LogRoot, Bearing: result.Bearing}
	if result.Bearing {
		w.log = w.log.Append(chain.LogLeaf(height, h.Hash()))
		next.LogRoot = w.log.Root()
	}
	w.results = chain.ResultsHash(results)
	w.views, w.headers, w.certs, w.blocks = append(w.views, next), append(w.headers, h), append(w.certs, w.certify(h)), append(w.blocks, b)
	w.news <- next
}

func head(v View) ledger.Header {
	return ledger.Header{Height: v.Height, Time: v.Time, Hash: v.HeaderHash}
}

func (w *world) certify(h chain.Header) chain.Certificate {
	c := chain.Certificate{Height: h.Height, Block: chain.BlockID{Hash: h.Hash(), Total: 1, Parts: wire.Hash{1}}}
	for range w.keys {
		c.Slots = append(c.Slots, chain.Slot{Flag: chain.Committed, Time: h.Time, Sig: make([]byte, 64)})
	}
	for i, k := range w.keys {
		c.Slots[i].Sig = ed25519.Sign(k, c.SignBytes(h.ChainID, i))
	}
	return c
}

func (w *world) View() View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.views[len(w.views)-1]
}

func (w *world) ViewAt(_ context.Context, height uint64) (View, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if height >= uint64(len(w.views)) {
		return View{}, fmt.Errorf("%w: height %d", ErrNotFound, height)
	}
	return w.views[height], nil
}

func (w *world) Archived(height uint64) (*archive.Block, error) {
	header, cert, set, err := w.Certified(height)
	if err != nil || height+1 >= uint64(len(w.headers)) {
		return nil, errors.Join(ErrNotFound, err)
	}
	b, err := w.Block(height)
	return &archive.Block{Header: header, Certificate: cert, Set: set, Acts: b.Acts, Receipts: b.Receipts}, err
}

func (w *world) Certified(height uint64) (chain.Header, chain.Certificate, chain.ValidatorSet, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if height == 0 || height >= uint64(len(w.headers)) {
		return chain.Header{}, chain.Certificate{}, nil, fmt.Errorf("%w: height %d", ErrNotFound, height)
	}
	return w.headers[height], w.certs[height], w.set, nil
}

func (w *world) Block(height uint64) (Block, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if height >= uint64(len(w.blocks)) {
		return Block{}, ErrNotFound
	}
	return w.blocks[height], nil
}

func (w *world) Act(id wire.Hash) (height, index uint64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.places[id]
	if !ok {
		return 0, 0, ErrNotFound
	}
	return at[0], at[1], nil
}

func (w *world) History(k tree.Key, before uint64, limit int) (out []Version, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for h := len(w.views) - 1; h >= 0 && len(out) < limit; h-- {
		leaf, _ := w.views[h].State.Get(k)
		var old tree.Leaf
		if h > 0 {
			old, _ = w.views[h-1].State.Get(k)
		}
		if leaf.Value != old.Value && (before == 0 || uint64(h) < before) {
			out = append(out, Version{uint64(h), leaf.Data})
		}
	}
	return out, nil
}

func (w *world) Submit(_ context.Context, raw []byte) (tx.Verified, error) {
	v, err := tx.Verify(raw, salt)
	if w.refuse != nil {
		err = w.refuse
	}
	if err != nil {
		return tx.Verified{}, err
	}
	w.submitted = append(w.submitted, v)
	return v, nil
}

func (w *world) SubmitBundle(ctx context.Context, raw [][]byte) (out []tx.Verified, err error) {
	for _, r := range raw {
		v, err := tx.Verify(r, salt)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if err = cmp.Or(w.refuse, tx.CheckBundle(out)); err != nil {
		return nil, err
	}
	w.submitted = append(w.submitted, out...)
	return out, nil
}

func (w *world) Pending(id wire.Hash) bool {
	return slices.ContainsFunc(w.submitted, func(v tx.Verified) bool { return v.ID() == id })
}

func (w *world) Status() Status {
	return Status{Version: "test", Phase: "ready", Synced: true, Peers: 3}
}
func (w *world) Subscribe() (<-chan View, func()) { return w.news, func() {} }

// api is an API over the world, with its Run running.
func (w *world) api() *API {
	a := New(Config{
		ChainID: "api-test", GenesisHash: salt, Genesis: []byte("{}\n"), Ledger: w, Relay: w, Node: w, Writes: true,
		ProofWait: 50 * time.Millisecond, Now: func() time.Time { return time.Unix(int64(w.View().Time)+5, 0) },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := a.Run(ctx); err != nil {
			w.t.Error(err)
		}
	}()
	w.t.Cleanup(func() { cancel(); <-done })
	return a
}

// ask sends one request and gives what came back.
func ask(t testing.TB, a http.Handler, method, target, kind string, body []byte) (int, http.Header, []byte) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(string(body)))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, r)
	raw, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, rec.Header(), raw
}

func get(t testing.TB, a http.Handler, target string) (int, []byte) {
	t.Helper()
	code, _, raw := ask(t, a, http.MethodGet, target, "", nil)
	return code, raw
}

// problemOf checks that an answer is an error of a code.
func problemOf(t testing.TB, what string, code int, raw []byte, status int, want string) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(raw, &p); err != nil || code != status || p.Status != status || p.Code != want {
		t.Errorf("%s: got %d %s, want %d %s", what, code, raw, status, want)
	}
	return p
}
