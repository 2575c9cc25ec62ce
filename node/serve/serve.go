// Package serve owns what a node listens on for readers: listeners, their
// limits, health and metrics. Each protocol is a room below it, which is handed
// a listener or a handler and knows nothing of limits (specs/13).
//
// It promises that no client can make it hold more connections than its Config
// says, that every address has its share, and that health costs nothing to ask.
package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Room is one protocol on one listener. Serve returns when ctx ends, having
// closed what it accepted; the listener is closed for it.
type Room struct {
	Name  string // in logs and metrics: http, whois, irr, rtr
	Addr  string // host:port
	Serve func(ctx context.Context, l net.Listener) error
}

// Options is what a Server needs beside its Config.
type Options struct {
	Log      *slog.Logger
	Health   func() Health        // looked at once a second; it may be slow, requests never wait for it
	Registry *prometheus.Registry // of the whole node; served to loopback
	HTTP     http.Handler         // everything but health and metrics
	// Limited answers a client that is over its limit in the form of the path's
	// protocol, and reports whether the path has one; nil is for none. The header
	// that says when to ask again is set.
	Limited func(w http.ResponseWriter, r *http.Request) bool
}

// Server listens and serves. Make one with New, Listen, and Run it once.
type Server struct {
	cfg       Config
	log       *slog.Logger
	health    *healthBoard
	limiter   *limiter
	refusal   func(http.ResponseWriter, *http.Request) bool // Options.Limited
	metrics   *metrics
	rooms     []Room
	listeners []net.Listener
	read      time.Duration // ReadTimeout, but in tests
}

// New makes a server with one room, HTTP. Add others before Listen.
func New(cfg Config, o Options) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m, err := newMetrics(o.Registry)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, log: o.Log, health: newHealthBoard(o.Health), limiter: newLimiter(cfg), refusal: o.Limited, metrics: m, read: ReadTimeout}
	s.Add(Room{Name: "http", Addr: cfg.HTTP, Serve: s.web(o.HTTP, o.Registry)})
	return s, nil
}

// Add makes the server listen for another protocol too.
func (s *Server) Add(r Room) { s.rooms = append(s.rooms, r) }

// Listen opens every listener, or none.
func (s *Server) Listen() error {
	for _, r := range s.rooms {
		l, err := net.Listen("tcp", r.Addr)
		if err != nil {
			s.close()
			return fmt.Errorf("listen for %s on %s: %w; another program may listen there", r.Name, r.Addr, err)
		}
		s.listeners = append(s.listeners, s.capped(r.Name, l))
	}
	return nil
}

func (s *Server) close() {
	for _, l := range s.listeners {
		_ = l.Close() // closing twice is an error of no interest
	}
	s.listeners = nil
}

// Addr is where a room listens, or empty. It may be asked after Listen.
func (s *Server) Addr(room string) string {
	for i, l := range s.listeners {
		if s.rooms[i].Name == room {
			return l.Addr().String()
		}
	}
	return ""
}

// Run serves until ctx ends or a room fails. It listens first if Listen was not
// called.
func (s *Server) Run(ctx context.Context) error {
	if s.listeners == nil {
		if err := s.Listen(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	errs := make([]error, len(s.rooms))
	all.Go(func() { s.health.watch(ctx) })
	for i, r := range s.rooms {
		l := s.listeners[i]
		s.log.InfoContext(ctx, "serving", "room", r.Name, "addr", l.Addr().String())
		all.Go(func() {
			defer cancel()
			stop := context.AfterFunc(ctx, func() { _ = l.Close() })
			defer stop()
			if err := r.Serve(ctx, l); err != nil && ctx.Err() == nil {
				errs[i] = fmt.Errorf("serve %s: %w", r.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
