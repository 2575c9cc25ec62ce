package engine

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of the memory of verified acts: each half holds the pool, what is on its
// way into it and what waits in the relay, for all of it is looked up again.
const (
	actsHalfMax      = 100_000
	actsHalfBytesMax = 64 << 20
)

// acts remembers what was verified, by its bytes, so that each act is decoded
// and its signatures are recovered once in a process.
//
// Two halves take turns: when the young half is full it becomes the old one,
// and what is still asked for moves back.
type acts struct {
	salt wire.Hash

	mu         sync.Mutex
	young, old map[string]tx.Verified
	bytes      int // of the young half
}

func newActs(salt wire.Hash) *acts {
	return &acts{salt: salt, young: map[string]tx.Verified{}, old: map[string]tx.Verified{}}
}

// find is the act of these bytes, if it was verified lately.
func (a *acts) find(raw []byte) (tx.Verified, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if v, ok := a.young[string(raw)]; ok {
		return v, true
	}
	v, ok := a.old[string(raw)]
	if ok {
		a.put(v)
	}
	return v, ok
}

// remember keeps an act that was verified elsewhere in this process.
func (a *acts) remember(v tx.Verified) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.young[string(v.Raw())]; !ok {
		a.put(v)
	}
}

// put must be called under mu.
func (a *acts) put(v tx.Verified) {
	if len(a.young) >= actsHalfMax || a.bytes+len(v.Raw()) > actsHalfBytesMax {
		a.young, a.old, a.bytes = make(map[string]tx.Verified), a.young, 0
	}
	a.young[string(v.Raw())] = v
	a.bytes += len(v.Raw())
}

// verify is tx.Verify, once for the same bytes.
//
// specs/11 ENG-4: Every signature of an act MUST have been checked in this
// process before the act is proposed, accepted or applied.
func (a *acts) verify(raw []byte) (tx.Verified, error) {
	if v, ok := a.find(raw); ok {
		return v, nil
	}
	v, err := tx.Verify(raw, a.salt)
	if err != nil {
		return tx.Verified{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.put(v)
	return v, nil
}

// verifyAll verifies the acts of a block, on every core.
func (a *acts) verifyAll(ctx context.Context, raw [][]byte) ([]tx.Verified, error) {
	out := make([]tx.Verified, len(raw))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range raw {
		if v, ok := a.find(raw[i]); ok {
			out[i] = v
			continue
		}
		group.Go(func() (err error) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			out[i], err = a.verify(raw[i])
			return err
		})
	}
	return out, group.Wait()
}
