package engine

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/internal/tiny"
)

// bench is an application without an engine: the test makes the engine's calls.
type bench struct {
	*application
	t     *testing.T
	world *tiny.World
	out   *removing
}

// removing is a pool that notes what is taken out of it.
type removing struct {
	mempool.Mempool
	gone map[types.TxKey]bool
}

func (r *removing) RemoveTxByKey(key types.TxKey) error {
	r.gone[key] = true
	return nil
}

// kept is a store that keeps nothing.
type kept struct{}

func (kept) Commit(Block) error { return nil }

func newBench(t *testing.T, holders int) *bench {
	key := ed25519.GenPrivKey().PubKey()
	w, err := tiny.New([][32]byte{[32]byte(key.Bytes())}, holders, 1)
	if err != nil {
		t.Fatal(err)
	}
	empty := chain.Frontier{}
	view := View{State: w.State, Head: Head{Time: w.Genesis.Time, Hash: w.Hash, StateRoot: w.State.Root(), LogRoot: empty.Root(), Frontier: empty}}
	o := Options{Genesis: genesisOf(w), Store: kept{}, View: view, CrashDir: t.TempDir(), Log: slog.New(slog.DiscardHandler),
		Fatal: func(err error) { t.Errorf("fatal: %v", err) }}.filled()
	a, err := newApplication(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &removing{gone: map[types.TxKey]bool{}}
	a.pool.Store(&pool{r})
	return &bench{a, t, w, r}
}

// verify remembers acts as the relay would have.
func (b *bench) verify(raw ...[]byte) [][]byte {
	b.t.Helper()
	for _, r := range raw {
		if _, err := b.acts.verify(r); err != nil {
			b.t.Fatal(err)
		}
	}
	return raw
}

func (b *bench) checkTx(raw []byte) *abci.ResponseCheckTx {
	r, err := b.CheckTx(b.t.Context(), &abci.RequestCheckTx{Tx: raw})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) prepare(most int64, raw ...[]byte) [][]byte {
	r, err := b.PrepareProposal(b.t.Context(), &abci.RequestPrepareProposal{Height: 1, Time: time.Now(), Txs: raw, MaxTxBytes: most})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Txs
}

func (b *bench) process(raw ...[]byte) bool {
	r, err := b.ProcessProposal(b.t.Context(), &abci.RequestProcessProposal{Height: 1, Time: time.Now(), Txs: raw, Hash: make([]byte, 32)})
	if err != nil {
		b.t.Fatal(err)
	}
	b.kept = nil
	return r.Status == abci.ResponseProcessProposal_ACCEPT
}

func TestGenesis_ENG1(t *testing.T) {
	b := newBench(t, 1)
	g := b.o.Genesis
	one, err := g.document()
	if err != nil {
		t.Fatal(err)
	}
	g.Time = g.Time.In(time.FixedZone("elsewhere", 3600))
	two, err := g.document()
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%+v %+v", *one, *one.ConsensusParams) == "" || !one.GenesisTime.Equal(two.GenesisTime) || one.GenesisTime.Location() != two.GenesisTime.Location() {
		t.Error("the document depends on the place")
	}
	if !bytes.Equal(one.AppHash, g.AppHash[:]) || one.ChainID != "tiny" || len(one.Validators) != 1 || one.InitialHeight != 1 {
		t.Errorf("got %+v", one)
	}
	for name, change := range map[string]func(*Genesis){
		"no members":  func(g *Genesis) { g.Members = nil },
		"no chain id": func(g *Genesis) { g.ChainID = "" },
	} {
		bad := b.o.Genesis
		change(&bad)
		if _, err := bad.document(); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: got %v, want ErrConfig", name, err)
		}
	}
}

func TestInitChain_ENG2(t *testing.T) {
	b := newBench(t, 1)
	good := func() *abci.RequestInitChain {
		m := b.o.Genesis.Members[0]
		return &abci.RequestInitChain{ChainId: "tiny", Validators: []abci.ValidatorUpdate{abci.Ed25519ValidatorUpdate(m.PubKey[:], 1)}}
	}
	for range 2 { // a restart repeats it
		r, err := b.InitChain(t.Context(), good())
		if err != nil || !bytes.Equal(r.AppHash, b.o.Genesis.AppHash[:]) {
			t.Fatalf("got %v, %v", r, err)
		}
	}
	other := ed25519.GenPrivKey().PubKey().Bytes()
	for name, change := range map[string]func(*abci.RequestInitChain){
		"another chain":     func(r *abci.RequestInitChain) { r.ChainId = "other" },
		"another validator": func(r *abci.RequestInitChain) { r.Validators[0] = abci.Ed25519ValidatorUpdate(other, 1) },
		"another power":     func(r *abci.RequestInitChain) { r.Validators[0].Power = 2 },
		"one validator more": func(r *abci.RequestInitChain) {
			r.Validators = append(r.Validators, abci.Ed25519ValidatorUpdate(other, 1))
		},
	} {
		r := good()
		change(r)
		if _, err := b.InitChain(t.Context(), r); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	b.o.Genesis.AppHash = wire.Hash{1}
	if _, err := b.InitChain(t.Context(), good()); err == nil {
		t.Error("another application hash is accepted")
	}
}

func TestConfig_ENG3(t *testing.T) {
	c := DefaultConfig()
	c.Dir = t.TempDir()
	got := c.engine(time.Second)
	if got.Mempool.Broadcast || got.Consensus.CreateEmptyBlocks || got.RPC.ListenAddress != "" {
		t.Errorf("the pool is broadcast, or idle blocks are made without end, or the engine listens: %+v", got.Mempool)
	}
	if err := got.ValidateBasic(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Config{{}, {Dir: "d", Listen: "nowhere"}, {Dir: "d", Listen: "127.0.0.1:1", Peers: []string{"127.0.0.1:1"}}} {
		if err := bad.Validate(); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: got %v", bad, err)
		}
	}
}

func TestCheckTx_ENG4(t *testing.T) {
	b := newBench(t, 2)
	raw := b.world.Open(0, 0, 0, "one")
	if r := b.checkTx(raw); r.Code != codeUnknown || r.Codespace != "ENG-4" {
		t.Errorf("an act the relay did not verify: %v", r)
	}
	b.verify(raw)
	if r := b.checkTx(raw); r.Code != codeTaken {
		t.Errorf("a verified act: %v", r)
	}
	forged := b.world.Open(1, 0, 0, "two")
	forged[len(forged)-5] ^= 1
	if b.process(forged) {
		t.Error("a proposal with a signature that does not verify is accepted")
	}
	if !b.process(raw) {
		t.Error("a proposal with a good act is refused")
	}
	// What was verified once is not verified again, also after half the memory went.
	b.acts.young, b.acts.old = map[string]tx.Verified{}, b.acts.young
	if _, ok := b.acts.find(raw); !ok || len(b.acts.young) != 1 {
		t.Error("an act that is asked for is forgotten")
	}
}

func TestPool_ENG5(t *testing.T) {
	b := newBench(t, 2)
	for number := range uint64(PoolAccountMax) {
		raw := b.world.Open(0, 0, number, fmt.Sprintf("account %d", number))
		if r := b.checkTx(b.verify(raw)[0]); r.Code != codeTaken {
			t.Fatalf("act %d: %v", number, r)
		}
	}
	more := b.verify(b.world.Open(0, 0, PoolAccountMax, "one too many"))[0]
	if r := b.checkTx(more); r.Code != codeLater || r.Codespace != "ENG-5" {
		t.Errorf("the seventeenth act of an account: %v", r)
	}
	other := b.verify(b.world.Open(1, 0, 0, "other"))[0]
	acts, bytes := b.overlay.acts.Load(), b.overlay.bytes.Load()
	for _, full := range [][2]int64{{PoolActsMax, bytes}, {acts, PoolBytesMax}} {
		b.overlay.acts.Store(full[0])
		b.overlay.bytes.Store(full[1])
		if r := b.checkTx(other); r.Code != codeFull {
			t.Errorf("over the mark: %v", r)
		}
	}
	b.overlay.acts.Store(PoolActsMax - 1)
	b.overlay.bytes.Store(PoolBytesMax - 1)
	if r := b.checkTx(other); r.Code != codeTaken {
		t.Errorf("below the mark: %v", r)
	}
}

func TestProposal_ENG7(t *testing.T) {
	b := newBench(t, 3)
	var raw [][]byte
	for _, a := range []struct {
		holder int
		number uint64
	}{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {2, 5}} { // the last is not admissible
		raw = append(raw, b.world.Open(a.holder, 0, a.number, fmt.Sprintf("a %d %d", a.holder, a.number)))
	}
	got := b.prepare(1<<20, b.verify(raw...)...)
	want := [][]byte{raw[0], raw[3], raw[1], raw[4], raw[2]}
	if len(got) != len(want) {
		t.Fatalf("%d acts, want %d", len(got), len(want))
	}
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			t.Errorf("place %d holds another act: accounts take turns", i)
		}
	}
	if !b.process(got...) {
		t.Error("the proposal is refused by its own maker")
	}
	if b.process(raw[1], raw[0]) {
		t.Error("a proposal with acts out of order is accepted")
	}
	if got := b.prepare(int64(len(raw[0])+len(raw[3])+10), raw...); len(got) != 2 {
		t.Errorf("%d acts in the room of two", len(got))
	}
	if got := b.prepare(1<<20, []byte("no act")); len(got) != 0 {
		t.Errorf("what is no act is proposed")
	}
	b.rules = poisoned{lane: 0, propose: true}
	if got := b.prepare(1<<20, raw...); len(got) != 0 {
		t.Errorf("%d acts proposed over which the rules panic", len(got))
	}
}

// heavy are rules that leave more behind than the store keeps.
type heavy struct{ law }

func (heavy) Apply(a applyArgs) (ledger.Result, error) {
	r, err := law{}.Apply(a)
	leaf := &tree.Leaf{Data: make([]byte, 512<<10)}
	for range len(a.acts) / 20 {
		r.Changes = append(r.Changes, tree.Change{New: leaf})
	}
	return r, err
}

func TestFits_ENG8(t *testing.T) {
	b := newBench(t, 40)
	b.rules = heavy{}
	var raw [][]byte
	for number := range uint64(16) {
		for i := range 40 {
			raw = append(raw, b.world.Open(i, 0, number, fmt.Sprintf("n %d %d", i, number)))
		}
	}
	b.verify(raw...)
	if b.process(raw...) {
		t.Error("a block of 16 MiB of changes is accepted")
	}
	if !b.process(raw[:300]...) {
		t.Error("a block of 7.5 MiB of changes is refused")
	}
}

func TestHeader_ENG12(t *testing.T) {
	at := time.Unix(1_800_000_000, 999_999_999)
	if h := headerOf(7, at.Unix(), make([]byte, 32)); h.Time != 1_800_000_000 || h.Height != 7 {
		t.Errorf("got %+v", h)
	}
}

// TestLogger_ENG11 hears the engine say that its consensus routine has died.
func TestLogger_ENG11(t *testing.T) {
	b := newBench(t, 1)
	var ended error
	b.o.Fatal = func(err error) { ended = err }
	l := newLogger(b.log, b.failed).With("module", "consensus")
	l.Error("some peer went away", "err", "EOF")
	if ended != nil {
		t.Fatalf("ended by an ordinary error: %v", ended)
	}
	l.Error(engineFailure, "err", "planted", "stack", "a stack")
	if ended == nil {
		t.Fatal("the process goes on without consensus")
	}
}

// TestQuery lets peers in until the engine stops, and answers nothing else.
func TestQuery(t *testing.T) {
	b := newBench(t, 1)
	lets := func(path string) bool {
		r, err := b.Query(t.Context(), &abci.RequestQuery{Path: path})
		return err == nil && !r.IsErr()
	}
	if !lets("/p2p/filter/id/ab") || !lets("/p2p/filter/addr/127.0.0.1:1") || lets("/store") {
		t.Error("a running engine lets no peer in, or answers more")
	}
	b.leaving.Store(true)
	if lets("/p2p/filter/id/ab") || lets("/p2p/filter/addr/127.0.0.1:1") {
		t.Error("a peer is let in while the engine stops")
	}
}
