package engine

import (
	"context"
	"errors"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/types"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Answer is what the pool says to an act.
type Answer uint8

const (
	Taken   Answer = 1 // it is in the pool
	Known   Answer = 2 // the pool has had it already
	Later   Answer = 3 // its turn has not come: an earlier number is missing, or its author has enough in the pool
	Full    Answer = 4 // the pool is over its mark
	Refused Answer = 5 // it is not admissible
)

// Codes of CheckTx. They stay inside this process.
const (
	codeTaken   = uint32(0)
	codeUnknown = uint32(1) // not verified here
	codeKnown   = uint32(Known)
	codeLater   = uint32(Later)
	codeFull    = uint32(Full)
	codeRefused = uint32(Refused)
)

// pool is the engine's own.
type pool struct{ mempool.Mempool }

// Offer hands an act to the pool. Unless it is Taken or Known, the error says
// why not, by rule.
func (e *Engine) Offer(v tx.Verified) (Answer, error) {
	p := e.app.pool.Load()
	if p == nil {
		return Full, errFull // the engine is not assembled yet
	}
	e.app.acts.remember(v)
	e.offering.Lock()
	defer e.offering.Unlock()
	answer, err := Full, error(errFull)
	failed := p.CheckTx(v.Raw(), func(r *abci.ResponseCheckTx) { answer, err = answerOf(r) }, mempool.TxInfo{})
	switch {
	case errors.As(failed, new(mempool.ErrMempoolIsFull)):
		return Full, errFull
	case failed != nil:
		return Refused, fmt.Errorf("the pool refuses act %v: %w", v.ID(), failed)
	}
	return answer, err
}

var (
	errFull = &tx.RuleError{Rule: "ENG-5", Detail: fmt.Sprintf(
		"the pool is over its mark of %d acts or %d MiB; try again later", PoolActsMax, PoolBytesMax>>20)}
	errKnown = &tx.RuleError{Rule: "ENG-5", Detail: "the pool holds it already"}
)

func answerOf(r *abci.ResponseCheckTx) (Answer, error) {
	err := &tx.RuleError{Rule: r.Codespace, Field: r.Info, Detail: r.Log}
	switch r.Code {
	case codeTaken:
		return Taken, nil
	case codeKnown:
		return Known, nil
	case codeLater, codeFull:
		return Answer(r.Code), err
	}
	return Refused, err
}

// Full reports whether the pool is over its mark: then acts are refused before
// any work is spent on them.
func (e *Engine) Full() bool { return e.app.pool.Load() == nil || e.app.overlay.full() }

// Pool is how many acts, of how many bytes, the pool holds.
func (e *Engine) Pool() (acts int, bytes int64) {
	return int(e.app.overlay.acts.Load()), e.app.overlay.bytes.Load()
}

// Next is the number that a lane awaits after what the pool holds; ok is false
// where there is no such account or lane.
func (e *Engine) Next(account wire.Address, lane uint64) (next uint64, ok bool) {
	return e.app.overlay.next(account, lane)
}

// Willed reports whether an act that waits for its turn is its author's: the
// error is the rule that says no.
func (e *Engine) Willed(v tx.Verified) error { return e.app.overlay.willed(v) }

// Verify is tx.Verify for this chain, once for the same bytes.
func (e *Engine) Verify(raw []byte) (tx.Verified, error) { return e.app.acts.verify(raw) }

// Verified is the act of these bytes, if it was verified lately; it costs a hash.
func (e *Engine) Verified(raw []byte) (tx.Verified, bool) { return e.app.acts.find(raw) }

// CheckTx is the engine's question whether an act may enter its pool.
func (a *application) CheckTx(_ context.Context, r *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	v, ok := a.acts.find(r.Tx)
	// specs/11 ENG-4: what comes through the engine's own channel was not
	// verified by the relay, and costs a look-up.
	if !ok {
		return &abci.ResponseCheckTx{Code: codeUnknown, Codespace: "ENG-4", Log: "the relay has not verified this act"}, nil
	}
	if a.isPoison(r.Tx) {
		return response(Refused, tx.Refuse("ENG-9", "", "its application broke an invariant")), nil
	}
	return response(a.overlay.admit(v)), nil
}

// unpool takes an act out of the engine's pool.
func (a *application) unpool(raw []byte) {
	if p := a.pool.Load(); p != nil {
		_ = p.RemoveTxByKey(types.Tx(raw).Key()) // it says only that the act was gone
	}
}

func response(answer Answer, err error) *abci.ResponseCheckTx {
	if answer == Taken {
		return &abci.ResponseCheckTx{Code: codeTaken}
	}
	out := &abci.ResponseCheckTx{Code: uint32(answer), Log: err.Error()}
	var rule *tx.RuleError
	if errors.As(err, &rule) {
		out.Codespace, out.Info, out.Log = rule.Rule, rule.Field, rule.Detail
	}
	return out
}
