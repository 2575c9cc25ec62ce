package engine

import (
	"errors"
	"fmt"
	"runtime/debug"

	abci "github.com/cometbft/cometbft/abci/types"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Limits of what a block may leave behind, so that the store can keep it in
// one transaction (specs/11 ENG-8). The number of changes is the ledger's limit.
const (
	changesBytesMax  = 8 << 20
	receiptsBytesMax = 2 << 20
)

// What the rules allow is never refused here, so a proposal that is made by them
// need not be tried.
const _ uint = changesBytesMax - ledger.BlockWeightMax

// Block is a decided block and what it made of the state.
type Block struct {
	Head     Head
	State    tree.State
	Acts     []tx.Verified
	Receipts [][]byte // one an act, in order
	Changes  []tree.Change
}

// outcome is what a block, proposed or decided, makes of the state.
type outcome struct {
	prev, now ledger.Header
	acts      []tx.Verified
	result    ledger.Result
	receipts  [][]byte
}

// panicked reports that the rules broke one of their invariants over a block.
type panicked struct {
	cause any
	stack string
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// errTooLarge reports a block whose changes or receipts the store could not
// keep in one transaction.
var errTooLarge = errors.New("the block leaves more behind than one transaction holds (ENG-8)")

// judge applies acts to the last committed state, on an overlay: nothing is
// changed, whatever comes of it.
func (a *application) judge(now ledger.Header, acts []tx.Verified, evidence []ledger.Misbehaviour) (o *outcome, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			o, err = nil, &panicked{cause, string(debug.Stack())}
		}
	}()
	view, _ := a.views.last()
	o = &outcome{prev: view.Head.header(), now: now, acts: acts}
	o.result, err = a.rules.Apply(applyArgs{view.State, o.prev, now, acts, evidence})
	if err != nil {
		return nil, err
	}
	for i := range o.result.Receipts {
		o.receipts = append(o.receipts, o.result.Receipts[i].Bytes())
	}
	return o, o.fits()
}

// fits keeps specs/11 ENG-8: A block whose changes hold more than 8 MiB before
// and after them, or whose receipts hold more than 2 MiB, MUST be refused.
func (o *outcome) fits() error {
	receipts, changes := 0, 0
	for _, r := range o.receipts {
		receipts += len(r)
	}
	for _, c := range o.result.Changes {
		for _, leaf := range []*tree.Leaf{c.Old, c.New} {
			if leaf != nil {
				changes += len(leaf.Data)
			}
		}
	}
	if receipts > receiptsBytesMax || changes > changesBytesMax {
		return fmt.Errorf("%w: %d bytes of receipts, %d of changes", errTooLarge, receipts, changes)
	}
	return nil
}

// block is the outcome over the head before it.
//
// specs/11 ENG-10: A block without act, evidence or due item MUST change neither
// the state's root nor the log's.
func (o *outcome) block(before Head) Block {
	head := Head{
		Height: o.now.Height, Time: o.now.Time, Hash: o.now.Hash, StateRoot: o.result.State.Root(),
		LogRoot: before.LogRoot, Frontier: before.Frontier, Bearing: o.result.Bearing,
	}
	if head.Bearing {
		head.Frontier = before.Frontier.Append(chain.LogLeaf(head.Height, head.Hash))
		head.LogRoot = head.Frontier.Root()
	}
	return Block{Head: head, State: o.result.State, Acts: o.acts, Receipts: o.receipts, Changes: o.result.Changes}
}

// logBytesMax bounds the words about one act, which the engine stores beside its
// result and hashes nowhere: 5,000 of them fit one of its rows.
const logBytesMax = 512

// results are the acts' outcomes in the engine's terms: the next header hashes
// their codes and data.
func (o *outcome) results() []*abci.ExecTxResult {
	out := make([]*abci.ExecTxResult, len(o.acts))
	for i := range out {
		r := &o.result.Receipts[i]
		out[i] = &abci.ExecTxResult{
			Code: uint32(r.Outcome), Data: o.receipts[i], Codespace: r.Rule,
			Log: r.Detail[:min(len(r.Detail), logBytesMax)],
		}
	}
	return out
}

// headerOf is what the rules may know of an engine's header.
//
// specs/11 ENG-12: The rules' time MUST be the header's in whole seconds,
// rounded down.
func headerOf(height int64, seconds int64, hash []byte) ledger.Header {
	h := ledger.Header{Height: uint64(height), Time: uint64(max(seconds, 0))}
	if len(hash) == len(wire.Hash{}) {
		h.Hash = wire.Hash(hash)
	}
	return h
}
