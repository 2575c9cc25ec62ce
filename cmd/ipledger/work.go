package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"ipledger/ledger/genesis"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// recentSpan is how many heights are searched at once for the newest one that
// bore an act; a node looks at no more in one request.
const recentSpan = 1000

// recentHeader is the newest act-bearing header, which work is done over.
func (s *session) recentHeader(ctx context.Context, chain *status) (wire.Hash, error) {
	for to := chain.Height; to > 0; to -= min(to, recentSpan) {
		height, err := s.lastChange(ctx, to-min(to, recentSpan), to)
		if err != nil {
			return wire.Hash{}, err
		}
		if height > 0 {
			var block struct {
				Hash wire.Hash `json:"header_hash"`
			}
			return block.Hash, s.client().get(ctx, "/v1/blocks/"+decimal(height), &block)
		}
	}
	return genesis.FirstWork(chain.ChainID), nil
}

// lastChange is the last height from from+1 to to that changed a record, or 0.
func (s *session) lastChange(ctx context.Context, from, to uint64) (last uint64, err error) {
	after := decimal(from)
	for after != "" {
		var page struct {
			Changes []struct {
				Height uint64 `json:"height,string"`
			} `json:"changes"`
			Next string `json:"next"`
		}
		path := fmt.Sprintf("/v1/changes?from=%d&to=%d&after=%s", from, to, after)
		if err := s.client().get(ctx, path, &page); err != nil {
			return 0, err
		}
		if n := len(page.Changes); n > 0 {
			last = page.Changes[n-1].Height
		}
		after = page.Next
	}
	return last, nil
}

// work finds the nonce of an opening.
func (s *session) work(ctx context.Context, chain *status, body *tx.OpenAccount) (*tx.Act, error) {
	bits, err := s.parameter(ctx, "work_bits")
	if err != nil {
		return nil, err
	}
	if body.Work, err = s.recentHeader(ctx, chain); err != nil {
		return nil, err
	}
	act := tx.New(accountless(s.expiry(chain), chain.Rules), body)
	if err := act.Check(); err != nil {
		return nil, err
	}
	s.err.linef("working: %d bits, some seconds ...", bits.Value)
	start := time.Now()
	if body.Nonce, err = findNonce(ctx, act, chain.GenesisHash, bits.Value); err != nil {
		return nil, err
	}
	s.err.linef("found in %v", time.Since(start).Round(time.Millisecond))
	return act, nil
}

// findNonce tries nonces on all cores until the act has enough work.
func findNonce(ctx context.Context, act *tx.Act, salt wire.Hash, bits uint64) (uint64, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cores := uint64(runtime.NumCPU())
	found := make(chan uint64, cores)
	for core := range cores {
		go func() {
			body := *act.Body.(*tx.OpenAccount)
			mine := *act
			mine.Body = &body
			for body.Nonce = core + 1; ctx.Err() == nil; body.Nonce += cores {
				if tx.WorkBits(mine.ID(salt), body.Work) >= bits {
					found <- body.Nonce
					return
				}
			}
		}()
	}
	select {
	case n := <-found:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
