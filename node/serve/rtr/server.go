// Package rtr tells routers what the ledger permits, by the RPKI to Router
// protocol in versions 0, 1 and 2 (RFC 6810, RFC 8210, RFC 8210bis; specs/27).
//
// It promises that every router of a version gets the same bytes for a serial,
// that a slow one delays no other, and that a server without a verified state says
// so instead of an empty set. It decides nothing about what is permitted.
package rtr

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"ipledger/ledger/record"
)

// Bounds and times that are not an operator's to set.
const (
	// noticeEvery is the least time between two notices (RFC 8210, Section 5.2).
	noticeEvery = time.Minute
	// writeTimeout is how long a router may take for the next writeBytes of an answer.
	writeTimeout = 20 * time.Second
	writeBytes   = 1 << 20
	// firstTimeout is how long a router may take for its first query, wholeTimeout how
	// long for the rest of a later PDU.
	firstTimeout = time.Minute
	wholeTimeout = 20 * time.Second
)

// Config is how a server serves.
type Config struct {
	Log *slog.Logger
	// Least is the weakest grade that is served; GradeT is every settled one.
	Least record.Grade
	// Timing is what routers keep to; zero is DefaultTiming.
	Timing Timing
	// Most is the highest version that is spoken; zero is VersionMax.
	Most byte
	// First is the first serial; it is 0 but in tests.
	First uint32
	// Wait returns when an address may ask its next query, or an error when ctx ends
	// before; nil lets all ask.
	Wait func(ctx context.Context, who net.Addr) error
}

// DefaultTiming is safe for routers that keep to Retry even after a restart of the
// server, and asks nobody to poll: notices tell of news.
var DefaultTiming = Timing{Refresh: 1800, Retry: 30, Expire: 7200}

// Server serves one cache to many routers.
type Server struct {
	log   *slog.Logger
	least record.Grade
	cache cache
	wait  func(ctx context.Context, who net.Addr) error
	first time.Duration // firstTimeout, but in tests

	mu       sync.Mutex
	sessions map[*session]struct{}
	told     time.Time   // of the last notice
	later    *time.Timer // to the next notice, nil for none
	pace     time.Duration
}

// New makes a server that has no data yet.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Timing == (Timing{}) {
		c.Timing = DefaultTiming
	}
	if c.Least == record.GradeNone {
		c.Least = record.GradeT
	}
	if c.Wait == nil {
		c.Wait = func(context.Context, net.Addr) error { return nil }
	}
	if c.Most == 0 {
		c.Most = VersionMax
	}
	var random [2]byte
	_, _ = rand.Read(random[:]) // it never fails
	return &Server{
		log: c.Log, least: c.Least, sessions: map[*session]struct{}{}, pace: noticeEvery, wait: c.Wait, first: firstTimeout,
		cache: cache{timing: c.Timing, session: binary.BigEndian.Uint16(random[:]), most: c.Most, serial: c.First},
	}
}

// Update gives the server the newest set. Call it for verified states alone.
//
// specs/27 RTR-6: A server MUST NOT serve before its node has a verified state as
// fresh as the network's; until then it answers error 2.
func (s *Server) Update(next Set) {
	if s.cache.update(next.of(s.least)) {
		s.notify()
	}
}

// notify tells all routers that there is news.
//
// specs/27 RTR-11: A notice MUST be sent at once if none was in the last minute, and
// else when that minute has passed.
func (s *Server) notify() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.later != nil {
		return
	}
	if wait := s.pace - time.Since(s.told); wait > 0 && !s.told.IsZero() {
		s.later = time.AfterFunc(wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.later = nil
			s.tell()
		})
		return
	}
	s.tell()
}

// tell must be called under mu.
func (s *Server) tell() {
	s.told = time.Now()
	for one := range s.sessions {
		one.notice()
	}
}

// Serve serves routers on a listener until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	var all sync.WaitGroup
	defer all.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("rtr: %w", err)
		}
		all.Go(func() { s.serve(ctx, conn) })
	}
}

func (s *Server) serve(ctx context.Context, conn net.Conn) {
	one := newSession(&s.cache, conn)
	one.wait, one.first = s.wait, s.first
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // whatever it does ends
	defer stop()
	s.mu.Lock()
	s.sessions[one] = struct{}{}
	s.mu.Unlock()
	err := one.run(ctx)
	s.mu.Lock()
	delete(s.sessions, one)
	s.mu.Unlock()
	s.log.Debug("a router has gone", "router", conn.RemoteAddr().String(), "why", err)
}
