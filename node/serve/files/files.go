// Package files serves what validators, auditors and registries' tools fetch as
// files: route payloads, local exceptions, delegated statistics, geofeeds
// (specs/30).
//
// It promises that a file is made once for a state however many ask, that making and
// holding it takes no memory that grows with it, and that a reader who has it already
// is told so. It decides nothing about what is permitted.
package files

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"ipledger/ledger/observed"
	"ipledger/ledger/tree"
	"ipledger/ledger/vrp"
)

// ErrNotReady reports a node that has nothing to tell yet. Implementations wrap it.
var ErrNotReady = errors.New("files: not ready")

// Routes is what a node exports of one state.
type Routes struct {
	Height    uint64
	Time      uint64 // Unix seconds, of the state's header
	Payloads  []vrp.Payload
	Providers []vrp.Providers
	// Overruled is the payloads of the supplied set over which those above stand.
	Overruled []observed.Payload
}

// View is the state after one block.
type View struct {
	State  tree.State
	Height uint64
	Time   uint64 // Unix seconds, of the block's header
}

// Config is what a server needs.
type Config struct {
	ChainID string
	// Routes gives the newest: the same pointer as long as a file of them stays as it is.
	Routes func() (*Routes, error)
	// View gives the newest state.
	View func() (View, error)
	// Dir is where files stand while they are served; nobody else sees them there.
	Dir string
	Log *slog.Logger
	Now func() time.Time // nil is time.Now
}

// Server serves files. Make one with New.
type Server struct {
	Config
	mux *http.ServeMux
}

// New makes a server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Server{Config: c, mux: http.NewServeMux()}
	s.ofRoutes("/vrps.json", "application/json", writeJSON)
	s.ofRoutes("/vrps.csv", "text/csv; charset=utf-8", writeCSV)
	s.ofRoutes("/slurm.json", "application/json", writeSLURM)
	s.statistics()
	s.geofeeds()
	return s
}

// Paths is what it serves.
func Paths() []string {
	statistics := "/" + StatisticsName
	return []string{"/vrps.json", "/vrps.csv", "/slurm.json", statistics, statistics + ".md5", statistics + ".sha256", "/geofeeds.csv"}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// ofRoutes serves a file that routes alone decide.
func (s *Server) ofRoutes(path, kind string, write func(io.Writer, string, *Routes) error) {
	k := newKeeper(s.Dir)
	s.handle(path, kind, func(ctx context.Context) (*document, error) {
		routes, err := s.Routes()
		if err != nil {
			return nil, err
		}
		return k.get(ctx, func(old any) (any, bool) { return routes, old != any(routes) }, func(w io.Writer) (time.Time, error) {
			return time.Unix(int64(routes.Time), 0), write(w, s.ChainID, routes)
		})
	})
}
