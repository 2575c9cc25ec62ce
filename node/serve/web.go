package serve

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// web serves HTTP: health and metrics, and for the rest what it is given, as it was
// asked: a multiplexer would redirect paths that it finds unclean, in no protocol's form.
func (s *Server) web(rest http.Handler, registry *prometheus.Registry) func(context.Context, net.Listener) error {
	own := map[string]http.Handler{
		"/livez":  readOnly(http.HandlerFunc(s.health.livez)),
		"/readyz": readOnly(http.HandlerFunc(s.health.readyz)),
	}
	if registry != nil {
		own["/metrics"] = readOnly(loopbackOnly(promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2})))
	}
	if rest == nil {
		rest = http.NotFoundHandler()
	}
	rest = s.limited(rest)
	all := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, ok := own[r.URL.Path]; ok {
			h.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
	return func(ctx context.Context, l net.Listener) error {
		return s.serveHTTP(ctx, l, s.watched(all))
	}
}

// serveHTTP serves until ctx ends, and then lets requests end for a while.
func (s *Server) serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: HeaderTimeout, ReadTimeout: s.read, WriteTimeout: WriteTimeout,
		IdleTimeout: IdleTimeout, MaxHeaderBytes: HeaderBytesMax,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		// Streams and waiting requests see the end of ctx.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopTimeout)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close() // those that did not end in time
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// limited holds every address to its share of requests.
//
// specs/13 API-11: A node MUST bound header size, body size, connections,
// requests of one address, and everything that a request can make it do at
// once, and MUST answer 429 or 503 beyond the bounds.
func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.limiter.allow(client(r.RemoteAddr)) {
			s.metrics.limited.Inc()
			w.Header().Set("Retry-After", "1")
			if s.refusal != nil && s.refusal(w, r) {
				return
			}
			refuse(w, http.StatusTooManyRequests, "rate_limited", "this address sends too many requests; slow down, or ask the operator to raise requests_per_second")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// readOnly refuses all but GET and HEAD.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "this path takes GET and HEAD")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// forwarded are the headers by which a proxy says that it passes a request on.
var forwarded = []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"}

// ownMachine reports whether a request comes from a program on this machine, and was
// not passed on by one, as far as that one says so.
func ownMachine(r *http.Request) bool {
	passed := slices.ContainsFunc(forwarded, func(name string) bool { return r.Header.Get(name) != "" })
	return client(r.RemoteAddr).IsLoopback() && !passed
}

// loopbackOnly refuses all but this machine.
//
// specs/13 API-24: Measurements MUST be given to programs on the node's own machine
// alone, and to none whose request a proxy there says it passes on.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ownMachine(r) {
			refuse(w, http.StatusForbidden, "loopback_only", "metrics are for this machine alone")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers with an error as RFC 9457 writes it.
func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	body := struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}{"about:blank", http.StatusText(status), status, code, detail}
	_ = json.NewEncoder(w).Encode(body) // an error is a client that has gone
}

// watched counts answers, and sets what every answer carries.
func (s *Server) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		if r.ContentLength == 0 {
			// Nothing is left to read: the deadline would only end the context of a
			// request that waits or streams. Writers without deadlines need no care.
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		}
		seen, begun := &statusWriter{ResponseWriter: w, status: http.StatusOK}, time.Now()
		next.ServeHTTP(seen, r)
		s.metrics.requests.WithLabelValues(class(seen.status)).Inc()
		if h.Get("Content-Type") != "text/event-stream" {
			s.metrics.seconds.Observe(time.Since(begun).Seconds())
		}
	})
}

func class(status int) string { return string(rune('0'+status/100)) + "xx" }

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets handlers reach deadlines and flushing.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
