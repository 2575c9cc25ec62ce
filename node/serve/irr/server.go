// Package irr answers tools that build route filters, by the protocol of IRRd's
// queries that begin with "!" (specs/29): routes by origin, route searches, and sets
// of customers, all of what the ledger permits.
//
// It promises that all clients are answered from one index of one state, and that a
// server without a verified state says so instead of that there is nothing. It
// decides nothing about what is permitted.
package irr

import (
	"context"
	"log/slog"
	"net"
	"sync/atomic"

	"ipledger/ledger/wire"
	"ipledger/node/serve/line"
)

// Source is the one source that there is here.
const Source = "LEDGER"

// Config is how a server serves.
type Config struct {
	Log *slog.Logger
	// Version is what the server says of itself.
	Version string
	// Wait returns when an address may ask its next query, or an error when ctx ends
	// before; nil lets all ask.
	Wait func(ctx context.Context, who net.Addr) error
}

// Server answers from the newest set.
type Server struct {
	Config
	newest atomic.Pointer[held]
}

// held is an index and the height that it is good for.
type held struct {
	*index
	height uint64
}

// New makes a server that has no data yet.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Wait == nil {
		c.Wait = func(context.Context, net.Addr) error { return nil }
	}
	return &Server{Config: c}
}

// Update gives the server the newest set and its height. Call it for verified states
// alone, one at a time.
//
// specs/29 IRR-8: The index MUST be made once for each set, and no query changes it.
func (s *Server) Update(set Set, height uint64) {
	if now := s.newest.Load(); now != nil && now.set.equal(set) {
		s.newest.Store(&held{now.index, height})
		return
	}
	s.newest.Store(&held{newIndex(set), height})
}

// Routed is the prefixes that an AS number may originate, ascending, in the newest set;
// for other rooms to look at.
func (s *Server) Routed(as uint32) []wire.Resource {
	now := s.newest.Load()
	if now == nil {
		return nil
	}
	return now.routed(as)
}

// Serve serves clients on a listener until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	return line.Serve(ctx, l, s.talk)
}

// talk answers one client: one query, or after !! as many as it asks.
//
// specs/29 IRR-2: A client MUST get one answer, and then the end of the connection,
// unless it asked for more by !!.
func (s *Server) talk(ctx context.Context, c *line.Conn) {
	for t := (talk{server: s, conn: c}); ; {
		err := t.next(ctx)
		if err == nil && t.many {
			continue
		}
		if err != nil {
			s.Log.Debug("a client of IRR has gone", "client", c.Remote().String(), "why", err)
		}
		return
	}
}
