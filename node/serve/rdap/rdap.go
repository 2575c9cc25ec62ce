// Package rdap answers the Registration Data Access Protocol (RFC 7480, 7481,
// 9082, 9083, 9224, 9910; specs/28) below /rdap/: networks, AS numbers, entities,
// reverse zones, and searches among neighbours.
//
// It promises that every answer is of one state, names its height, and links to
// the proof of what it says. It owns no listener and no limit per client; those
// are of serve.
package rdap

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
)

// Root is the path below which the room answers.
const Root = "/rdap/"

// Bounds of one request and of all together.
const (
	PathBytesMax  = 512 // the longest name of a reverse zone takes a seventh of it
	QueryBytesMax = 512
	SearchMax     = 100  // objects of one answer
	FamilyMax     = 1000 // entries that a search for the smallest ones looks at
	SearchesMax   = 4    // searches at once: each may walk past 65,536 blocks (DIR-3)
)

// View is a state and the block after which it is.
type View struct {
	State  tree.State
	Height uint64 // 0 before the first block
	Time   uint64 // Unix seconds, of the block's header
}

func (v *View) moment() light.Moment { return light.Moment{Height: v.Height, Time: v.Time} }

// Config is what a server needs.
type Config struct {
	ChainID string
	// View is the state after the last block. It does not wait, and what it gives
	// never changes. It is safe for many goroutines at once.
	View func() View
	Log  *slog.Logger
}

// Server is a handler of the paths below Root.
type Server struct {
	Config
	searches chan struct{}
	pages    sync.Pool // of *page
	newest   atomic.Pointer[moment]
}

// moment is the height and time of a view as text: all answers after one block have
// the same.
type moment struct {
	height, time         uint64
	heightText, timeText string
}

func (s *Server) momentOf(v *View) *moment {
	m := s.newest.Load()
	if m == nil || m.height != v.Height || m.time != v.Time {
		m = &moment{v.Height, v.Time, strconv.FormatUint(v.Height, 10), light.Clock(v.Time)}
		s.newest.Store(m)
	}
	return m
}

// New makes a server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{Config: c, searches: make(chan struct{}, SearchesMax)}
}

// ServeHTTP answers one request. HEAD is answered as GET; net/http leaves its body
// out.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, fail(http.StatusMethodNotAllowed, "directories are only read: use GET or HEAD"))
		return
	}
	q, f := parse(r.URL.Path, r.URL.RawQuery)
	if f != nil {
		refuse(w, f)
		return
	}
	v := s.View()
	if v.Height == 0 {
		refuse(w, fail(http.StatusServiceUnavailable, "this node has no block yet; ask again in a while"))
		return
	}
	m := s.momentOf(&v)
	a := answer{Server: s, view: v, base: base(r), height: m.heightText, time: m.timeText, page: s.page()}
	if err := a.run(&q); err != nil {
		refuse(w, s.asFailure(r.Context(), err))
	} else {
		send(w, http.StatusOK, a.page.b)
	}
	s.keep(a.page)
}

// page is an empty page, one that was written before if there is one.
func (s *Server) page() page {
	if p, ok := s.pages.Get().(*page); ok {
		return page{p.b[:0]}
	}
	return page{make([]byte, 0, pageUsual)}
}

// keep lets the next answer have a page, unless it is one of a long list.
func (s *Server) keep(p page) {
	if cap(p.b) <= 4*pageUsual {
		s.pages.Put(&p)
	}
}

// asFailure is what a client is told of an error; what happened inside the node is
// for its log.
func (s *Server) asFailure(ctx context.Context, err error) *failure {
	if f, ok := err.(*failure); ok {
		return f
	}
	s.Log.ErrorContext(ctx, "rdap cannot answer", "err", err)
	return fail(http.StatusInternalServerError, "the node failed to answer; its log says why")
}

// send writes an answer.
//
// specs/28 RDAP-2: Every answer MUST have the type application/rdap+json and be
// open to scripts of every origin.
func send(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"], h["Access-Control-Allow-Origin"], h["Cache-Control"] = typeJSON, anyOrigin, notKept
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error is a client that has gone
}

// MediaType is the type of every answer (RFC 7480, Section 4.2).
const MediaType = "application/rdap+json"

var typeJSON, anyOrigin, notKept = []string{MediaType}, []string{"*"}, []string{"no-cache"}

// answer is one answer in the making, all of it from one view.
//
// specs/28 RDAP-1: An answer MUST be of the state after one block.
type answer struct {
	*Server
	view View
	base string // of the links: http://host/rdap/, or /rdap/
	// height and time are those of the view, as text.
	height, time string
	page         page
}

func (a *answer) run(q *question) error {
	switch q.kind {
	case askHelp:
		return a.help()
	case askIP, askAutnum:
		return a.covering(q)
	case askEntity:
		return a.entity(q)
	case askDomain:
		return a.domain(q)
	case askBootstrap:
		return a.bootstrap(q)
	}
	return a.search(q)
}
