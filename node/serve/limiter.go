package serve

import (
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
	buckets map[netip.Addr]*rate.Limiter
	crowd   *rate.Limiter
}

func newLimiter(c Config) *limiter {
	l := &limiter{
		per: rate.Limit(c.RequestsPerSecond), burst: c.Burst, exact: c.LimitLoopback, now: time.Now,
		buckets: map[netip.Addr]*rate.Limiter{},
	}
	l.crowd = rate.NewLimiter(l.per, l.burst)
	return l
}

// allow takes one request from who's bucket; false where there is none left.
func (l *limiter) allow(who netip.Addr) bool {
	if who.IsLoopback() && !l.exact {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.buckets[who]
	if !ok {
		if len(l.buckets) >= bucketsMax {
			l.forget(now)
		}
		b = l.crowd
		if len(l.buckets) < bucketsMax {
			b = rate.NewLimiter(l.per, l.burst)
			l.buckets[who] = b
		}
	}
	return b.AllowN(now, 1)
}

// forget drops the buckets that are full: their addresses have asked nothing
// for so long that a new bucket is the same.
func (l *limiter) forget(now time.Time) {
	for who, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, who)
		}
	}
}
