package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ipledger/ledger/light"
)

func (v View) moment() light.Moment { return light.Moment{Height: v.Height, Time: v.Time} }

// view is the state that a request asks for: that of its at, or the newest.
func (a *API) view(r *http.Request) (View, error) {
	height, ok, err := a.height(r)
	if err != nil {
		return View{}, err
	}
	head := a.Ledger.View()
	if !ok || height == head.Height {
		return head, a.begun(head)
	}
	return a.past(r.Context(), height)
}

// begun refuses to answer before the first block.
func (a *API) begun(v View) error {
	if v.Height == 0 {
		return problem(http.StatusServiceUnavailable, "not_ready", "this node has no block yet")
	}
	return nil
}

// past rebuilds an old state, a few at a time.
//
// specs/13 API-11: ... everything that a request can make it do at once, and MUST
// answer 429 or 503 beyond the bounds.
func (a *API) past(ctx context.Context, height uint64) (View, error) {
	leave, err := a.goBack(ctx)
	if err != nil {
		return View{}, err
	}
	defer leave()
	return a.Ledger.ViewAt(ctx, height)
}

// goBack takes one of the places of those who read states of the past.
func (a *API) goBack(ctx context.Context) (leave func(), err error) {
	if leave, err = a.rebuilds.enter(ctx); err != nil {
		err = problem(http.StatusTooManyRequests, "going_back", "this node goes back to %d states of the past at a time; try again in a second", RebuildsMax)
	}
	return leave, err
}

// source is what proof files are made of: for the height that is asked for, or
// the newest that can be proven.
//
// specs/13 API-4: A proof MUST be of the height asked for, or else of the newest
// state; where that state has no header after it yet, the node waits a bounded
// time, and answers not_certified if none came.
func (a *API) source(r *http.Request) (light.Source, error) {
	height, ok, err := a.height(r)
	if err != nil {
		return light.Source{}, err
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return light.Source{}, err
	}
	switch {
	case ok && height != v.Height:
		if v, err = a.past(r.Context(), height); err != nil {
			return light.Source{}, err
		}
	case !ok && !v.Bearing && v.Height > 1:
		// The newest block changed nothing, so its header tells of this very state.
		v.Height--
	}
	return a.certified(r.Context(), v)
}

func (a *API) certified(ctx context.Context, v View) (s light.Source, err error) {
	s = light.Source{Genesis: a.GenesisHash, State: v.State, Log: v.LogRoot}
	if s.Block, _, _, err = a.Ledger.Certified(v.Height); err != nil {
		return s, err
	}
	s.Next, s.Certificate, s.Validators, err = a.Ledger.Certified(v.Height + 1)
	if errors.Is(err, ErrNotFound) && a.await(ctx, v.Height+1, a.ProofWait) {
		s.Next, s.Certificate, s.Validators, err = a.Ledger.Certified(v.Height + 1)
	}
	if errors.Is(err, ErrNotFound) {
		err = problem(http.StatusServiceUnavailable, "not_certified", "header %d, which proves the state after block %d, is not final yet; try again", v.Height+1, v.Height)
	}
	return s, err
}

// await waits until a height is reached, and reports whether it was.
func (a *API) await(ctx context.Context, height uint64, most time.Duration) bool {
	if a.Ledger.View().Height >= height {
		return true
	}
	leave, err := a.waiters.enter(ctx)
	if err != nil {
		return false
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	heads, cancel2 := a.hub.join()
	defer cancel2()
	for a.Ledger.View().Height < height {
		select {
		case _, open := <-heads:
			if !open {
				return a.Ledger.View().Height >= height
			}
		case <-ctx.Done():
			return false
		}
	}
	return true
}
