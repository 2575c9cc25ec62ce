package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// handler answers a request or returns what is told to the client instead. It
// MUST NOT have written anything when it returns an error.
type handler func(w http.ResponseWriter, r *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		writeProblem(w, asProblem(err))
	}
}

// get routes GET and HEAD of a path, with the query parameters it knows.
func (a *API) get(pattern string, h handler, params ...string) {
	a.route(pattern, []string{http.MethodGet, http.MethodHead}, h, params)
}

// post routes POST of a path, with the query parameters it knows.
func (a *API) post(pattern string, h handler, params ...string) {
	a.route(pattern, []string{http.MethodPost}, func(w http.ResponseWriter, r *http.Request) error {
		if err := sameSite(r); err != nil {
			return err
		}
		r.Body = http.MaxBytesReader(w, r.Body, BundleBytesMax)
		return h(w, r)
	}, params)
}

// route checks what every request must keep to, and runs h within its budget.
func (a *API) route(pattern string, methods []string, h handler, params []string) {
	a.patterns = append(a.patterns, pattern)
	a.mux.Handle(pattern, handler(func(w http.ResponseWriter, r *http.Request) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				a.Log.ErrorContext(r.Context(), "request panicked", "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
				err = errPanic
			}
		}()
		if !slices.Contains(methods, r.Method) {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			return problem(http.StatusMethodNotAllowed, "method_not_allowed", "this path takes %s", strings.Join(methods, " and "))
		}
		if err := checkQuery(r.URL, params); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(r.Context(), requestBudget)
		defer cancel()
		if pattern == "/v1/events" { // a stream has no end
			ctx = r.Context()
		}
		return a.logged(r, h(w, r.WithContext(ctx)))
	}))
}

var errPanic = errors.New("api: a handler panicked")

// logged notes the errors that are the node's own.
func (a *API) logged(r *http.Request, err error) error {
	if err != nil && asProblem(err).Status == http.StatusInternalServerError {
		a.Log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "err", err)
	}
	return err
}

// checkQuery refuses parameters that the path does not know, and any twice.
//
// specs/13 API-2: A query parameter that the path does not know, or one given
// twice, MUST be refused.
func checkQuery(u *url.URL, known []string) error {
	if len(u.Path)+len(u.RawQuery) > URLBytesMax {
		return problem(http.StatusRequestURITooLong, "too_large", "path and parameters have at most %d bytes", URLBytesMax)
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return problem(http.StatusBadRequest, "bad_query", "the query is not well formed: %v", err)
	}
	for name, given := range values {
		if !slices.Contains(known, name) {
			return problem(http.StatusBadRequest, "unknown_parameter", "parameter %q is unknown here; known: %s", name, cmp.Or(strings.Join(known, ", "), "none"))
		}
		if len(given) != 1 {
			return problem(http.StatusBadRequest, "bad_parameter", "parameter %q is given %d times", name, len(given))
		}
	}
	return nil
}

// sameSite refuses a write that a browser sends for another site's page: no
// token protects writes, and the node may listen on loopback only.
//
// specs/13 API-6: A write that a browser marks as coming from another site MUST
// be refused, and no answer MAY allow other sites to write.
func sameSite(r *http.Request) error {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if site != "" && site != "same-origin" && site != "none" {
		return problem(http.StatusForbidden, "cross_site", "writes from another site's pages are refused")
	}
	if u, err := url.Parse(origin); origin != "" && (err != nil || u.Host != r.Host) {
		return problem(http.StatusForbidden, "cross_site", "writes from pages of %q are refused", origin)
	}
	return nil
}

// gate lets a bounded number through at once.
type gate chan struct{}

func newGate(n int) gate { return make(gate, n) }

// enter waits a moment for a place; leave gives it back.
func (g gate) enter(ctx context.Context) (leave func(), err error) {
	patience := time.NewTimer(time.Second)
	defer patience.Stop()
	select {
	case g <- struct{}{}:
		return func() { <-g }, nil
	case <-ctx.Done():
	case <-patience.C:
	}
	return nil, ErrBusy
}
