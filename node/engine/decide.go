package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"ipledger/ledger"
)

// errStopped reports a block that came after Stop; the engine has it and
// replays it at the next start.
var errStopped = errors.New("engine: stopped")

// ProcessProposal judges another's proposal, or this node's own, whole.
//
// specs/11 ENG-7: A validator MUST refuse a proposal with an act that does not
// verify or is not admissible, and one over which the rules panic.
func (a *application) ProcessProposal(ctx context.Context, r *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	verdict := &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}
	if a.recall(r.Hash) != nil {
		return verdict, nil
	}
	start := time.Now()
	o, err := a.weigh(ctx, r.Txs, headerArgs{r.Height, r.Time, r.Hash}, misbehaviours(r.Misbehavior))
	if err != nil {
		a.log.Warn("proposal refused", "height", r.Height, "acts", len(r.Txs), "err", err)
		verdict.Status = abci.ResponseProcessProposal_REJECT
		return verdict, nil
	}
	a.keep(o)
	a.log.Debug("proposal judged", "height", r.Height, "acts", len(r.Txs), "took", time.Since(start))
	return verdict, nil
}

type headerArgs struct {
	height int64
	time   time.Time
	hash   []byte
}

// weigh verifies the acts of a block and applies them on an overlay.
func (a *application) weigh(ctx context.Context, raw [][]byte, h headerArgs, evidence []ledger.Misbehaviour) (*outcome, error) {
	acts, err := a.acts.verifyAll(ctx, raw)
	if err != nil {
		return nil, err
	}
	return a.judge(headerOf(h.height, h.time.Unix(), h.hash), acts, evidence)
}

// FinalizeBlock says what a decided block makes of the state, and writes
// nothing. The next call is Commit.
//
// specs/11 ENG-11: A panic or an error over a decided block MUST be reported in
// a file and end the process, before anything of the block is written.
func (a *application) FinalizeBlock(ctx context.Context, r *abci.RequestFinalizeBlock) (out *abci.ResponseFinalizeBlock, err error) {
	defer func() {
		if err != nil {
			a.crash("FinalizeBlock", uint64(r.Height), err)
		}
	}()
	if err := a.o.Keys.alone(&r.DecidedLastCommit, r.Height-1); err != nil {
		return nil, err
	}
	o := a.recall(r.Hash)
	if o == nil {
		o, err = a.weigh(ctx, r.Txs, headerArgs{r.Height, r.Time, r.Hash}, misbehaviours(r.Misbehavior))
	}
	if err != nil {
		return nil, fmt.Errorf("apply block %d: %w", r.Height, err)
	}
	a.final = o
	now, _ := a.views.last()
	hash := o.block(now.Head).Head.AppHash()
	return &abci.ResponseFinalizeBlock{
		TxResults: o.results(), AppHash: hash[:], ValidatorUpdates: validatorUpdates(o.result.Validators), ConsensusParamUpdates: rulesUpdate(o.result.NextRules),
	}, nil
}

// Commit makes the finalised block the head, on disk and then for readers.
func (a *application) Commit(context.Context, *abci.RequestCommit) (out *abci.ResponseCommit, err error) {
	a.commits.Lock()
	defer a.commits.Unlock()
	if a.stopped {
		return nil, errStopped
	}
	o := a.final
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicked{cause, stack()}
		}
		if err != nil {
			a.crash("Commit", o.now.Height, err)
		}
	}()
	before, _ := a.views.last()
	b := o.block(before.Head)
	if err := a.o.Store.Commit(b); err != nil {
		return nil, fmt.Errorf("commit block %d: %w", b.Head.Height, err)
	}
	a.kept, a.final = nil, nil
	if err := a.overlay.advance(b, a.newPoison()); err != nil {
		return nil, err
	}
	if err := a.beat.follow(b.State); err != nil {
		return nil, err
	}
	a.views.publish(View{State: b.State, Head: b.Head})
	a.log.Info("block applied", "height", b.Head.Height, "acts", len(b.Acts), "changes", len(b.Changes), "app_hash", b.Head.AppHash())
	return &abci.ResponseCommit{}, nil
}
