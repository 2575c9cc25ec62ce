package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime/debug"
	"sort"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger"
	"ipledger/ledger/tx"
)

// poisonsMax bounds the acts set aside over one proposal; more of them, and the
// proposal is empty.
const poisonsMax = 8

// poisonousMax bounds the acts remembered as set aside, each a defect of the
// rules; one that is forgotten is found again.
const poisonousMax = 1000

// PrepareProposal picks the acts of a block from those in the pool. It never
// fails: the engine would not survive it.
//
// specs/11 ENG-7: A proposal MUST hold only acts that are admissible in their
// order, of at most 4 MiB and 5,000 in number; where none can be made, it is empty.
func (a *application) PrepareProposal(_ context.Context, r *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	candidates := a.candidates(r.Txs)
	candidates = candidates[:whole(candidates, a.pace.most())]
	begun := time.Now()
	chosen := a.choose(headerOf(r.Height, r.Time.Unix(), nil), candidates)
	a.pace.took(len(candidates), time.Since(begun))
	return &abci.ResponsePrepareProposal{Txs: within(chosen, r.MaxTxBytes)}, nil
}

// within is the bytes of as many acts as fit, framed as the engine counts them.
func within(acts []tx.Verified, most int64) [][]byte {
	n, size := 0, int64(0)
	for ; n < len(acts); n++ {
		if size += types.ComputeProtoSizeForTxs([]types.Tx{acts[n].Raw()}); size > most {
			break
		}
	}
	n = whole(acts, n)
	out := make([][]byte, n)
	for i := range n {
		out[i] = acts[i].Raw()
	}
	return out
}

// choose picks from candidates what makes an admissible block.
func (a *application) choose(now ledger.Header, candidates []tx.Verified) []tx.Verified {
	for range poisonsMax {
		chosen, err := a.pick(now, candidates)
		if err == nil {
			return chosen
		}
		var fault *panicked
		if !errors.As(err, &fault) {
			a.log.Error("no proposal can be made; it will be empty", "height", now.Height, "err", err)
			return nil
		}
		candidates = a.setAside(now, candidates, fault)
	}
	a.log.Error("too many acts break an invariant; the proposal is empty", "height", now.Height)
	return nil
}

func (a *application) pick(now ledger.Header, candidates []tx.Verified) (chosen []tx.Verified, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicked{cause, string(debug.Stack())}
		}
	}()
	view, _ := a.views.last()
	places, err := a.rules.Propose(applyArgs{state: view.State, prev: view.Head.header(), now: now, acts: candidates})
	for _, i := range places {
		chosen = append(chosen, candidates[i])
	}
	return chosen, err
}

// setAside finds the first act over which the rules panic, by halving: acts
// before it do not. The act is never proposed again, leaves the pool with the
// next block, and does not come in again.
//
// specs/11 ENG-9: An act whose application breaks an invariant MUST NOT stop the
// chain: its block is refused, and others' acts go on.
func (a *application) setAside(now ledger.Header, candidates []tx.Verified, fault *panicked) []tx.Verified {
	i := sort.Search(len(candidates), func(i int) bool {
		_, err := a.pick(now, candidates[:i+1])
		return err != nil
	})
	if i == len(candidates) {
		return nil // it did not happen again
	}
	bad := candidates[i]
	a.log.Error("an act breaks an invariant of the rules; it is set aside", "act", bad.ID(), "panic", fault.cause, "stack", fault.stack)
	a.poison.Lock()
	if len(a.poisonous) >= poisonousMax {
		clear(a.poisonous)
	}
	a.poisonous[sha256.Sum256(bad.Raw())], a.poisoned = true, true
	a.poison.Unlock()
	return append(candidates[:i:i], candidates[i+1:]...)
}

// newPoison is isPoison if an act was set aside since it was asked last, and nil
// otherwise.
func (a *application) newPoison() func(raw []byte) bool {
	a.poison.Lock()
	defer a.poison.Unlock()
	if !a.poisoned {
		return nil
	}
	a.poisoned = false
	return a.isPoison
}

func (a *application) isPoison(raw []byte) bool {
	a.poison.Lock()
	defer a.poison.Unlock()
	return len(a.poisonous) > 0 && a.poisonous[sha256.Sum256(raw)]
}
