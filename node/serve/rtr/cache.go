package rtr

import (
	"errors"
	"sync"

	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

const (
	// ChangesMax bounds the serials that a router may be behind and still get a
	// difference: an hour of one a second.
	ChangesMax = 3600
	// ChangedMax bounds the payloads of all kept changes, 30 MB of them.
	ChangedMax = 1 << 20
)

// Timing is what routers are told to keep to, in seconds (RFC 8210, Section 6).
type Timing struct{ Refresh, Retry, Expire uint32 }

// cache is the sets of a server: the newest, what led to it, and its bytes.
type cache struct {
	timing  Timing
	session uint16 // of version 0; each other version adds its number
	most    byte   // the highest version that is spoken

	mu      sync.Mutex
	ready   bool
	serial  uint32 // of set; wraps (RFC 1982)
	set     *set
	whole   [VersionMax + 1][]byte // of the newest set, made when first asked for
	changes []*change              // the last leads to serial
	size    int                    // of all changes
}

// update makes a set the newest, and reports whether that is news.
//
// specs/27 RTR-8: The serial MUST grow by one with each set that differs from the
// one before, and only then.
func (c *cache) update(next *set) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready {
		c.ready, c.set = true, next
		return true
	}
	step := changed(c.set, next)
	if step.size() == 0 {
		return false
	}
	c.set, c.serial, c.whole = next, c.serial+1, [VersionMax + 1][]byte{}
	c.changes, c.size = append(c.changes, step), c.size+step.size()
	for len(c.changes) > ChangesMax || c.size > ChangedMax {
		c.size -= c.changes[0].size()
		c.changes = c.changes[1:]
	}
	return true
}

// sessionOf is the session of a version.
func (c *cache) sessionOf(version byte) uint16 { return c.session + uint16(version) }

// all is the answer to a reset query: shared by all routers, not to be changed.
func (c *cache) all(version byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready {
		return nil, errNoData
	}
	if c.whole[version] == nil {
		b := make([]byte, 0, c.wholeBytes())
		b = appendHeader(b, version, typeCacheResponse, c.sessionOf(version), 0)
		b = c.set.append(b, version)
		c.whole[version] = appendEnd(b, version, c.sessionOf(version), c.serial, c.timing)
	}
	return c.whole[version], nil
}

// wholeBytes is at least the size of the answer to a reset query.
func (c *cache) wholeBytes() int {
	n := 64
	for _, r := range c.set.routes {
		if n += 20; r.family == wire.IPv6 {
			n += 12
		}
	}
	for _, list := range c.set.providers {
		n += 12 + 4*len(list)
	}
	return n
}

// since is the answer to a serial query: the difference, or a reset where the
// session is another or the serial is not known any more.
//
// specs/27 RTR-9: ... a server that has not every change since MUST answer Cache
// Reset.
func (c *cache) since(version byte, session uint16, serial uint32) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ready {
		return nil, errNoData
	}
	behind := c.serial - serial // modulo 2^32
	if session != c.sessionOf(version) || uint64(behind) > uint64(len(c.changes)) {
		return appendHeader(nil, version, typeCacheReset, 0, 0), nil
	}
	b := appendHeader(nil, version, typeCacheResponse, session, 0)
	b = joined(c.changes[len(c.changes)-int(behind):]).append(b, version)
	return appendEnd(b, version, session, c.serial, c.timing), nil
}

// notice is a serial notify.
func (c *cache) notice(version byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return appendSerial(appendHeader(nil, version, typeSerialNotify, c.sessionOf(version), 4), c.serial)
}

// errNoData is a server that has no set yet.
var errNoData = errors.New("rtr: no data yet")

// Set is what a node tells a server: payloads and provider authorisations of one
// state, as package vrp lists them.
type Set struct {
	Payloads  []vrp.Payload
	Providers []vrp.Providers
}

func (s Set) of(least record.Grade) *set { return newSet(s.Payloads, s.Providers, least) }
