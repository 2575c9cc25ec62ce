package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ipledger/ledger/wire"
)

// ErrWaiters reports that too many clients wait already.
var ErrWaiters = errors.New("relay: too many clients wait for acts; ask for the act instead")

// waitersMax bounds the clients that wait, each with a channel.
const waitersMax = 10_000

type answer struct {
	final Final
	err   error
}

// waiters are the clients that wait for an act to become final, by its id.
type waiters map[wire.Hash][]chan answer

// Wait returns when the act is final, with its receipt; or when it was given up
// (ErrExpired, ErrSuperseded), or when ctx ends. An unknown act is waited for too.
func (r *Relay) Wait(ctx context.Context, id wire.Hash) (Final, error) {
	c, err := r.await(id)
	if err != nil {
		return Final{}, err
	}
	defer r.forget(id, c)
	// It may have become final before it was waited for.
	if f, ok, err := r.finally(id); ok || err != nil {
		return f, err
	}
	select {
	case a := <-c:
		return a.final, a.err
	case <-ctx.Done():
		return Final{}, fmt.Errorf("wait for act %v: %w", id, ctx.Err())
	}
}

// finally is what became of an act that is in a block; of those of the last
// minute it is remembered.
func (r *Relay) finally(id wire.Hash) (Final, bool, error) {
	r.mu.Lock()
	f, ok := r.final.get(id)
	r.mu.Unlock()
	if ok {
		return f, true, nil
	}
	return r.o.Chain.Final(id)
}

func (r *Relay) await(id wire.Hash) (chan answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if len(r.waiters) >= waitersMax || len(r.waiters[id]) >= waitersMax {
		return nil, ErrWaiters
	}
	c := make(chan answer, 1)
	r.waiters[id] = append(r.waiters[id], c)
	return c, nil
}

func (r *Relay) forget(id wire.Hash, c chan answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := slices.DeleteFunc(r.waiters[id], func(other chan answer) bool { return other == c })
	if len(left) == 0 {
		delete(r.waiters, id)
		return
	}
	r.waiters[id] = left
}

func (w waiters) done(id wire.Hash, f Final) { w.answer(id, answer{final: f}) }

func (w waiters) fail(id wire.Hash, err error) { w.answer(id, answer{err: err}) }

func (w waiters) failAll(err error) {
	for id := range w {
		w.fail(id, err)
	}
}

// answer tells each waiter once; the channel holds one.
func (w waiters) answer(id wire.Hash, a answer) {
	for _, c := range w[id] {
		select {
		case c <- a:
		default:
		}
	}
	delete(w, id)
}
