package engine

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	abci "github.com/cometbft/cometbft/abci/types"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// application is what the engine drives. The engine calls it on several
// connections, each of which makes one call at a time: consensus (proposals and
// blocks), pool (CheckTx) and questions (Info).
type application struct {
	abci.BaseApplication
	o       Options
	log     *slog.Logger
	rules   rules
	acts    *acts
	views   *views
	overlay *overlay
	pool    atomic.Pointer[pool] // nil until the engine is assembled
	leaving atomic.Bool          // the engine is being stopped

	// commits is held while a block is committed; stopped refuses further ones.
	commits sync.Mutex
	stopped bool
	ended   sync.Once // the process is being ended

	// Of the consensus connection alone.
	kept      []*outcome         // judged proposals, the newest last
	final     *outcome           // finalised and not yet committed
	pace      pace               // of this node's proposals
	beat      beat               // of the engine
	poisonous map[wire.Hash]bool // acts whose application panicked, by hash of their bytes; guarded by poison
	poisoned  bool               // poisonous has one that the pool may still hold; guarded by poison
	poison    sync.Mutex
}

func newApplication(o Options) (*application, error) {
	a := &application{
		o: o, log: o.Log, rules: o.rules, acts: newActs(o.Genesis.Hash), views: newViews(o.View),
		poisonous: map[wire.Hash]bool{},
	}
	var err error
	a.overlay, err = newOverlay(o.View, a.unpool)
	return a, err
}

// Info tells the engine how far the ledger is. The engine replays what it has
// beyond that.
func (a *application) Info(context.Context, *abci.RequestInfo) (*abci.ResponseInfo, error) {
	now, _ := a.views.last()
	hash := now.Head.AppHash()
	return &abci.ResponseInfo{
		Data: "ipledger", AppVersion: record.Rules,
		LastBlockHeight: int64(now.Head.Height), LastBlockAppHash: hash[:],
	}, nil
}

// InitChain compares the engine's genesis with the state that was loaded. A
// restart before the first block repeats it.
//
// specs/11 ENG-2: The engine's genesis MUST be refused unless its chain id,
// validators and application hash are those of the loaded state.
func (a *application) InitChain(_ context.Context, r *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	now, _ := a.views.last()
	hash := now.Head.AppHash()
	if r.ChainId != a.o.Genesis.ChainID || now.Head.Height != 0 || hash != a.o.Genesis.AppHash {
		return nil, fmt.Errorf("the engine starts chain %q, the ledger is at height %d of %q with application hash %v, genesis says %v (ENG-2); use the home and genesis that belong together",
			r.ChainId, now.Head.Height, a.o.Genesis.ChainID, hash, a.o.Genesis.AppHash)
	}
	if err := a.sameMembers(r.Validators); err != nil {
		return nil, err
	}
	return &abci.ResponseInitChain{AppHash: hash[:]}, nil
}

func (a *application) sameMembers(given []abci.ValidatorUpdate) error {
	powers := map[string]int64{}
	for _, v := range given {
		powers[string(v.PubKey.GetEd25519())] = v.Power
	}
	ours := a.o.Genesis.Members
	for _, m := range ours {
		if powers[string(m.PubKey[:])] != int64(m.Power) {
			return fmt.Errorf("member %s has power %d in genesis, %d for the engine (ENG-2)", m.Name, m.Power, powers[string(m.PubKey[:])])
		}
	}
	if len(given) != len(ours) {
		return fmt.Errorf("genesis has %d members, the engine %d (ENG-2)", len(ours), len(given))
	}
	return nil
}

// Query answers the engine whether a peer may be connected, and nothing else:
// readers ask the ledger's own services. A connection that is made while the engine
// stops would be left open, and hold the peer's place for this node until the peer
// misses its answers, for more than a minute.
func (a *application) Query(_ context.Context, r *abci.RequestQuery) (*abci.ResponseQuery, error) {
	if strings.HasPrefix(r.Path, peerQuestions) && !a.leaving.Load() {
		return &abci.ResponseQuery{Code: codeTaken}, nil
	}
	return &abci.ResponseQuery{Code: codeUnknown, Log: "ask the node's own interfaces"}, nil
}

// peerQuestions begins what the engine asks about a peer.
const peerQuestions = "/p2p/filter/"

// keep remembers a judged proposal. Rounds that fail leave at most a handful a
// height, and none is of use at the next.
func (a *application) keep(o *outcome) {
	if len(a.kept) == keptMax {
		a.kept = append(a.kept[:0], a.kept[1:]...)
	}
	a.kept = append(a.kept, o)
}

const keptMax = 4

// recall is the outcome of the block with this hash, if it was judged as a proposal.
func (a *application) recall(hash []byte) *outcome {
	for _, o := range a.kept {
		if bytes.Equal(o.now.Hash[:], hash) {
			return o
		}
	}
	return nil
}
