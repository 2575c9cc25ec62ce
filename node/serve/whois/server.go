// Package whois answers WHOIS (RFC 3912) in RPSL objects, with the flags and the error
// numbers of RIPE's server (specs/29).
//
// It promises that every answer is of one state and names its block, that it says who
// holds, who leases and who runs a block, on what grade, and where the source registry
// says otherwise, and how to get the proof. It decides nothing: package directory does.
package whois

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/serve/line"
)

// Source is the one source that there is here.
const Source = "LEDGER"

// View is a state and the block after which it is.
type View struct {
	State  tree.State
	Height uint64 // 0 before the first block
	Time   uint64 // Unix seconds, of the block's header
	Behind bool   // the node is not ready: its network may be further
}

// Config is what a server needs. Its functions are safe for many goroutines at once.
type Config struct {
	Log              *slog.Logger
	ChainID, Version string
	// View is the state after the last block; it does not wait.
	View func() View
	// Allow takes one query from an address's share; nil lets all ask.
	Allow func(who net.Addr) bool
	// Held is the blocks at which an account may hold a title or an estate, ascending;
	// Routed those at which an AS number may be authorised, ascending. The server reads
	// each from its view. Nil for none.
	Held   func(id wire.Address) ([]wire.Resource, error)
	Routed func(as uint32) []wire.Resource
}

// Server answers from the newest state.
type Server struct {
	Config
	searches chan struct{}
	names    names
	heads    atomic.Pointer[headed] // of the newest view
}

// searchesMax bounds the searches under way at once that look at more than one block;
// each may walk past 65,536 of them (DIR-3).
const searchesMax = 4

// New makes a server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Allow == nil {
		c.Allow = func(net.Addr) bool { return true }
	}
	return &Server{Config: c, searches: make(chan struct{}, searchesMax)}
}

// Serve serves clients on a listener until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	return line.Serve(ctx, l, s.talk)
}

// talk answers one client: one query, or with -k as many as it asks, up to a line of
// -k alone.
//
// specs/29 WHOIS-1: A client MUST get one answer, and then the end of the connection,
// unless it asked to go on by -k.
func (s *Server) talk(ctx context.Context, c *line.Conn) {
	for persists := false; ; {
		raw, err := c.Read()
		if errors.Is(err, line.ErrLong) {
			_ = c.Write(tooLong().bytes()) // it ends in any case
			return
		}
		if err != nil {
			return
		}
		a, on := s.answer(ctx, c.Remote(), string(raw), persists)
		if err := c.Write(a); err != nil || !on {
			return
		}
		persists = true
	}
}

// answer is the bytes that a line gets, and whether the connection goes on.
//
// specs/29 WHOIS-6: A query beyond its address's share MUST be answered by error 201,
// one without a state by error 301; the first ends the connection.
func (s *Server) answer(ctx context.Context, who net.Addr, text string, persists bool) (b []byte, on bool) {
	if !s.Allow(who) {
		return denied(who).bytes(), false
	}
	q, f := read(text)
	if f == nil && q.has("k") && q.key == "" && q.about == "" {
		return nil, !persists // the first asks for more lines, the next ends them
	}
	v, on := s.View(), persists || q.has("k")
	var found []byte
	if f == nil {
		found, f = s.found(ctx, &q, &v)
	}
	if f != nil {
		return append(s.head(&v), f.bytes()...), on && !f.ends
	}
	return found, on
}

func (v *View) moment() light.Moment { return light.Moment{Height: v.Height, Time: v.Time} }
