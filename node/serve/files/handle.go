package files

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// handle serves a document at a path.
//
// specs/30 FILE-11: A file MUST have an entity tag that is of its bytes, and a reader
// that names it MUST be answered 304 as long as they are the same.
func (s *Server) handle(path, kind string, get func(context.Context) (*document, error)) {
	s.serve(path, kind, func(ctx context.Context) (io.ReadSeeker, string, time.Time, error) {
		d, err := get(ctx)
		if err != nil {
			return nil, "", time.Time{}, err
		}
		return d.reader(), d.sha256, d.made, nil
	})
}

// companion serves what a document is summed up in, as registries publish it.
func (s *Server) companion(path string, get func(context.Context) (*document, error), line func(*document) string) {
	s.serve(path, "text/plain; charset=utf-8", func(ctx context.Context) (io.ReadSeeker, string, time.Time, error) {
		d, err := get(ctx)
		if err != nil {
			return nil, "", time.Time{}, err
		}
		return strings.NewReader(line(d)), d.sha256, d.made, nil
	})
}

func (s *Server) serve(path, kind string, get func(context.Context) (io.ReadSeeker, string, time.Time, error)) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "this path takes GET and HEAD")
			return
		}
		if r.URL.RawQuery != "" {
			refuse(w, http.StatusBadRequest, "unknown_parameter", "this path takes no parameter")
			return
		}
		content, tag, made, err := get(r.Context())
		switch {
		case errors.Is(err, ErrNotReady), errors.Is(err, errBusy):
			w.Header().Set("Retry-After", "5")
			refuse(w, http.StatusServiceUnavailable, "not_ready", err.Error())
			return
		case err != nil:
			s.Log.ErrorContext(r.Context(), "a file could not be made", "path", path, "err", err)
			refuse(w, http.StatusInternalServerError, "internal", "the node failed; its log says why")
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("ETag", `"`+tag+`"`)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		r = byTag(r)
		http.ServeContent(w, r, "", made, content)
	})
}

// byTag is a request without the conditions that compare dates: a file's date is that of
// the state it tells of, and two files may have the same one, as when the supplied set
// changes or two blocks come within a second.
//
// specs/30 FILE-11: a reader MUST be answered 304 only for the entity tag that it names.
func byTag(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Del("If-Modified-Since")
	r.Header.Del("If-Unmodified-Since")
	if tag := r.Header.Get("If-Range"); tag != "" && !strings.HasPrefix(tag, `"`) {
		r.Header.Del("Range") // of which file is not known: the whole is given
	}
	return r
}

// refuse answers with a problem (RFC 9457), as specs/13 API-9 says.
func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	raw, _ := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code, "detail": detail})
	_, _ = w.Write(append(raw, '\n')) // an error is a client that has gone
}
