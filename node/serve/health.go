package serve

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"
)

// healthEvery is the pause between two looks, healthAgeMax how old the last may
// be before it says nothing any more.
const (
	healthEvery  = time.Second
	healthAgeMax = 15 * time.Second
)

// Health is whether answers are fresh, and what is missing if not.
type Health struct {
	Ready  bool
	Reason string // in words; never empty unless Ready
}

// healthBoard holds the last look at the node, so that asking takes no lock and
// waits for nothing.
type healthBoard struct {
	look func() Health
	now  func() time.Time
	last atomic.Pointer[healthEntry]
}

type healthEntry struct {
	Health
	at time.Time
}

func newHealthBoard(look func() Health) *healthBoard {
	b := &healthBoard{look: look, now: time.Now}
	b.last.Store(&healthEntry{Health{Reason: "starting"}, b.now()})
	return b
}

// watch looks at the node until ctx ends.
func (b *healthBoard) watch(ctx context.Context) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		at := b.now()
		b.last.Store(&healthEntry{b.look(), at})
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.last.Store(&healthEntry{Health{Reason: "stopping"}, b.now()})
			return
		}
	}
}

// Ready is whether answers were fresh at the last look, for other rooms to say.
func (s *Server) Ready() bool { return s.health.read().Ready }

// read is the last look, unless it is too old to say anything.
//
// specs/13 API-12: Readiness MUST be a snapshot made before the request, with
// the reason in the body; it MUST be 503 unless the newest block is fresh.
func (b *healthBoard) read() Health {
	e := b.last.Load()
	if age := b.now().Sub(e.at); age > healthAgeMax {
		return Health{Reason: fmt.Sprintf("the node has not answered for %v", age.Round(time.Second))}
	}
	return e.Health
}

func (b *healthBoard) livez(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "alive")
}

func (b *healthBoard) readyz(w http.ResponseWriter, _ *http.Request) {
	if h := b.read(); !h.Ready {
		plain(w, http.StatusServiceUnavailable, "not ready: "+h.Reason)
		return
	}
	plain(w, http.StatusOK, "ready")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // an error is a client that has gone
}
