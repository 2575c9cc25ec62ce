package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// What the history benchmark measures with: as many changes lie above the oldest
// height as a node goes back over.
const (
	history4       = 150_000
	history6       = 200_000
	historyBlocks  = store.UndoneMax / blockChanges
	historyRounds  = 8 // proofs of each of the two that run at a time
	historyAtATime = 2
)

// historyFigures are of proofs at heights drawn evenly, and of the oldest.
type historyFigures struct {
	Figures
	OldestSeconds float64 `json:"oldest_seconds"` // the worst of the proofs at the base, alone
	P50Seconds    float64 `json:"p50_seconds"`
	WorstSeconds  float64 `json:"worst_seconds"`
	Changes       int     `json:"changes"` // between the oldest height and the head
}

// historyBench makes proofs of the past, two at a time, on a store that has
// changed a thousand times a thousand records. The reference is a proof of the
// newest state.
func historyBench() (any, error) {
	w := newRegister(history4, history6)
	d, err := w.disk()
	if err != nil {
		return nil, err
	}
	defer d.close()
	roots := []wire.Hash{w.state.Root()}
	say("committing %d blocks of %d changes", historyBlocks, blockChanges)
	for range historyBlocks {
		next, made := w.edit(w.leaves(1)[0])
		w.height++
		if err := d.Commit(store.Block{Height: w.height, Time: w.height, State: next, ActBearing: true, Changes: made}); err != nil {
			return nil, err
		}
		w.state, roots = next, append(roots, next.Root())
	}
	p := pastProofs{w, d.Store, roots}
	return p.figures()
}

// pastProofs makes proofs from a store whose roots are known.
type pastProofs struct {
	*register
	store *store.Store
	roots []wire.Hash
}

func (p *pastProofs) figures() (any, error) {
	oldest := 0.0
	for i := range 3 {
		took, err := p.prove(0, i*stride)
		if err != nil {
			return nil, err
		}
		oldest = max(oldest, took)
	}
	say("the oldest: %.2f s", oldest)
	all, err := p.drawn()
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	begun := time.Now()
	for i := range 1000 {
		p.state.Prove(tree.ResourceKey(p.resources[i]))
	}
	now, p50 := time.Since(begun).Seconds()/1000, all[len(all)/2]
	return historyFigures{
		Figures:       Figures{"history", p50, now, p50 / now, "s a proof", len(p.resources), machine()},
		OldestSeconds: oldest, P50Seconds: p50, WorstSeconds: all[len(all)-1], Changes: historyBlocks * blockChanges,
	}, nil
}

// drawn is the seconds of proofs at heights drawn evenly, two at a time.
func (p *pastProofs) drawn() ([]float64, error) {
	took, errs := make([]float64, historyAtATime*historyRounds), make([]error, historyAtATime)
	var both sync.WaitGroup
	for g := range historyAtATime {
		both.Go(func() {
			random := rand.New(rand.NewPCG(registerSeed, uint64(g)))
			for i := range historyRounds {
				if errs[g] == nil {
					took[g*historyRounds+i], errs[g] = p.prove(random.Uint64N(historyBlocks), random.IntN(len(p.resources)))
				}
			}
		})
	}
	both.Wait()
	return took, errors.Join(errs...)
}

// prove is the seconds of one proof at a height, verified against the root that
// was there then.
func (p *pastProofs) prove(height uint64, resource int) (float64, error) {
	key := tree.ResourceKey(p.resources[resource%len(p.resources)])
	begun := time.Now()
	state, _, err := p.store.StateAt(context.Background(), height)
	if err != nil {
		return 0, err
	}
	raw := state.Prove(key)
	took := time.Since(begun).Seconds()
	point, err := tree.VerifyPoint(p.roots[height], key, raw)
	if err != nil || !point.Found {
		return 0, fmt.Errorf("the proof of %v at %d: found %v, %w", key, height, point.Found, err)
	}
	return took, nil
}
