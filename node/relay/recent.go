package relay

import (
	"time"

	"ipledger/ledger/wire"
)

// recent remembers something of ids for half a minute to a minute.
type recent[T any] struct {
	young, old map[wire.Hash]T
	turned     time.Time
}

const (
	recentMax    = 50_000 // of each half: what a pool turns over in seconds
	recentPeriod = 30 * time.Second
)

func newRecent[T any]() *recent[T] {
	return &recent[T]{young: map[wire.Hash]T{}, old: map[wire.Hash]T{}, turned: time.Now()}
}

func (r *recent[T]) add(id wire.Hash, what T) {
	r.turn()
	r.young[id] = what
}

func (r *recent[T]) get(id wire.Hash) (what T, ok bool) {
	r.turn()
	if what, ok = r.young[id]; !ok {
		what, ok = r.old[id]
	}
	return what, ok
}

func (r *recent[T]) has(id wire.Hash) bool {
	_, ok := r.get(id)
	return ok
}

func (r *recent[T]) turn() {
	if len(r.young) < recentMax && time.Since(r.turned) < recentPeriod {
		return
	}
	r.young, r.old, r.turned = map[wire.Hash]T{}, r.young, time.Now()
}
