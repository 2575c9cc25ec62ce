package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"

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
	codeLater   = uint32(Later)
	codeFull    = uint32(Full)
	codeRefused = uint32(Refused)
)

// pool is the engine's own.
type pool struct{ mempool.Mempool }

// full reports whether the pool is over its mark. A nil pool, before the engine
// is assembled, is full.
func (p *pool) full() bool {
	return p == nil || p.Size() >= PoolActsMax || p.SizeBytes() >= PoolBytesMax
}

// Offer hands an act to the pool. Unless it is Taken or Known, the error says
// why not, by rule.
func (e *Engine) Offer(v tx.Verified) (Answer, error) {
	p := e.app.pool.Load()
	if p.full() {
		return Full, errFull
	}
	e.app.acts.remember(v)
	e.offering.Lock()
	defer e.offering.Unlock()
	answer, err := Full, error(errFull)
	failed := p.CheckTx(v.Raw(), func(r *abci.ResponseCheckTx) { answer, err = answerOf(r) }, mempool.TxInfo{})
	switch {
	case errors.Is(failed, mempool.ErrTxInCache):
		return Known, nil
	case errors.As(failed, new(mempool.ErrMempoolIsFull)):
		return Full, errFull
	case failed != nil:
		return Refused, fmt.Errorf("the pool refuses act %v: %w", v.ID(), failed)
	}
	return answer, err
}

var errFull = &tx.RuleError{Rule: "ENG-5", Detail: fmt.Sprintf(
	"the pool is over its mark of %d acts or %d MiB; try again later", PoolActsMax, PoolBytesMax>>20)}

func answerOf(r *abci.ResponseCheckTx) (Answer, error) {
	if r.Code == codeTaken {
		return Taken, nil
	}
	err := &tx.RuleError{Rule: r.Codespace, Field: r.Info, Detail: r.Log}
	if r.Code == codeLater || r.Code == codeFull {
		return Answer(r.Code), err
	}
	return Refused, err
}

// Full reports whether the pool is over its mark: then acts are refused before
// any work is spent on them.
func (e *Engine) Full() bool { return e.app.pool.Load().full() }

// Pool is how many acts, of how many bytes, the pool holds.
func (e *Engine) Pool() (acts int, bytes int64) {
	p := e.app.pool.Load()
	return p.Size(), p.SizeBytes()
}

// Next is the number that a lane awaits after what the pool holds; ok is false
// where there is no such account or lane.
func (e *Engine) Next(account wire.Address, lane uint64) (next uint64, ok bool) {
	return e.app.overlay.next(account, lane)
}

// Verify is tx.Verify for this chain, once for the same bytes.
func (e *Engine) Verify(raw []byte) (tx.Verified, error) { return e.app.acts.verify(raw) }

// Verified is the act of these bytes, if it was verified lately; it costs a hash.
func (e *Engine) Verified(raw []byte) (tx.Verified, bool) { return e.app.acts.find(raw) }

// remember keeps an act that the relay has verified.
func (a *acts) remember(v tx.Verified) {
	key := wire.Hash(sha256.Sum256(v.Raw()))
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.young[key]; !ok {
		a.put(key, v)
	}
}

// CheckTx is the engine's question whether an act may enter its pool, or stay
// in it after a commit (recheck).
func (a *application) CheckTx(_ context.Context, r *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	v, ok := a.acts.find(r.Tx)
	if r.Type == abci.CheckTxType_Recheck {
		return a.recheck(r.Tx, v, ok), nil
	}
	// specs/11 ENG-4: what comes through the engine's own channel was not
	// verified by the relay, and costs a hash.
	if !ok {
		return &abci.ResponseCheckTx{Code: codeUnknown, Codespace: "ENG-4", Log: "the relay has not verified this act"}, nil
	}
	// specs/11 ENG-5: The pool MUST hold at most 10,000 acts of 12 MiB together,
	// and 16 of one account.
	if a.pool.Load().full() {
		return response(Full, errFull), nil
	}
	return response(a.overlay.admit(v)), nil
}

// recheck puts an act of the pool back on the overlay, verifying it again if
// its memory was lost meanwhile.
func (a *application) recheck(raw []byte, v tx.Verified, ok bool) *abci.ResponseCheckTx {
	var err error
	if !ok {
		v, err = a.acts.verify(raw)
	}
	if err == nil && a.isPoison(raw) {
		err = tx.Refuse("ENG-9", "", "its application broke an invariant")
	}
	if err != nil {
		return response(Refused, err)
	}
	return response(a.overlay.admit(v))
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
