package engine

import (
	"slices"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// unit is what stands or falls together in a block: an act, or the acts of a
// bundle in their order.
type unit struct {
	acts []tx.Verified
	turn int
}

// candidates are the acts of the pool in the order in which they are tried.
func (a *application) candidates(raw [][]byte) []tx.Verified {
	out := make([]tx.Verified, 0, len(raw))
	for _, u := range inTurn(a.units(raw)) {
		out = append(out, u.acts...)
	}
	return out
}

// units are the acts of the pool in its order, a bundle where its first act
// stands; of a bundle that is not whole there is none.
func (a *application) units(raw [][]byte) []unit {
	single := make([]tx.Verified, 0, len(raw))
	out := make([]unit, 0, len(raw))
	places := map[wire.Hash]int{} // of bundles in out
	for _, r := range raw {
		v, err := a.acts.verify(r)
		if err != nil || a.isPoison(r) {
			continue
		}
		h := v.Header()
		if at, ok := places[h.Bundle]; ok && h.Count > 0 {
			out[at].acts = append(out[at].acts, v)
			continue
		}
		if h.Count > 0 {
			places[h.Bundle] = len(out)
			out = append(out, unit{acts: []tx.Verified{v}})
			continue
		}
		single = append(single, v)
		out = append(out, unit{acts: single[len(single)-1:]})
	}
	return slices.DeleteFunc(out, func(u unit) bool {
		return u.acts[0].Header().Count > 0 && tx.CheckBundle(u.acts) != nil
	})
}

// inTurn lets accounts take turns, and keeps the order of each account's units,
// and within a turn the pool's. A bundle stands in the first turn that all of its
// authors have free, and uses up as many turns of each as it has acts of it.
//
// specs/11 ENG-17: In a proposal accounts MUST take turns: before the n-th act of
// an account in the pool stand at most n acts of any other account, or one bundle.
func inTurn(units []unit) []unit {
	next := make(map[wire.Address]int, len(units))
	for i := range units {
		u := &units[i]
		for _, v := range u.acts {
			u.turn = max(u.turn, next[v.Author()])
		}
		for _, v := range u.acts {
			next[v.Author()] = max(next[v.Author()], u.turn) + 1
		}
	}
	slices.SortStableFunc(units, func(a, b unit) int { return a.turn - b.turn })
	return units
}
