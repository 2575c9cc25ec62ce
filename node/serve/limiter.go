package serve

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// bucketsMax bounds the addresses remembered: 100 bytes each, 2 MB in all.
// Where there are more, those that are full again are forgotten, and if none is,
// newcomers share one bucket.
const bucketsMax = 1 << 14

// limiter gives every address its own token bucket.
type limiter struct {
	per   rate.Limit
	burst int
	exact bool // loopback is limited too
	now   func() time.Time

	mu      sync.Mutex
	buckets map[netip.Prefix]*rate.Limiter
	crowd   *rate.Limiter
}

func newLimiter(c Config) *limiter {
	l := &limiter{
		per: rate.Limit(c.RequestsPerSecond), burst: c.Burst, exact: c.LimitLoopback, now: time.Now,
		buckets: map[netip.Prefix]*rate.Limiter{},
	}
	l.crowd = rate.NewLimiter(l.per, l.burst)
	return l
}

// allow takes one request from who's bucket; false where there is none left.
func (l *limiter) allow(who netip.Addr) bool {
	if who.IsLoopback() && !l.exact {
		return true
	}
	now := l.now()
	for i, p := range counts(who) {
		if !l.bucket(p, shares[i], now).AllowN(now, 1) {
			return false
		}
	}
	return true
}

// delay takes one request from who's bucket in any case, and is how long who has to
// wait for it.
func (l *limiter) delay(who netip.Addr) time.Duration {
	if who.IsLoopback() && !l.exact {
		return 0
	}
	now, longest := l.now(), time.Duration(0)
	for i, p := range counts(who) {
		longest = max(longest, l.bucket(p, shares[i], now).ReserveN(now, 1).DelayFrom(now))
	}
	return longest
}

// bucket is who's own, so many times as large as an address's, or that of all newcomers.
func (l *limiter) bucket(who netip.Prefix, times int, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[who]
	if !ok {
		if len(l.buckets) >= bucketsMax {
			l.forget(now)
		}
		b = l.crowd
		if len(l.buckets) < bucketsMax {
			b = rate.NewLimiter(l.per*rate.Limit(times), l.burst*times)
			l.buckets[who] = b
		}
	}
	return b
}

// forget drops the buckets that are full: their addresses have asked nothing
// for so long that a new bucket is the same.
func (l *limiter) forget(now time.Time) {
	for who, b := range l.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.buckets, who)
		}
	}
}

// Allow takes one request from an address's share, as every HTTP request does; false
// where there is none left. It is for rooms that can refuse a query.
func (s *Server) Allow(who net.Addr) bool {
	ok := s.limiter.allow(client(who.String()))
	if !ok {
		s.metrics.limited.Inc()
	}
	return ok
}

// Wait takes one request from an address's share, and returns when its turn has come;
// it is for rooms whose clients do not ask again. The error is that of ctx.
func (s *Server) Wait(ctx context.Context, who net.Addr) error {
	turn := time.NewTimer(s.limiter.delay(client(who.String())))
	defer turn.Stop()
	select {
	case <-turn.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
