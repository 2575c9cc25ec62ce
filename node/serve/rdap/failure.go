package rdap

import (
	"fmt"
	"net/http"
)

// failure is an answer that is none (RFC 9083, Section 6).
type failure struct {
	status int
	detail string
}

// Error is the status and the detail.
func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.status, f.detail) }

func fail(status int, format string, args ...any) *failure {
	return &failure{status, fmt.Sprintf(format, args...)}
}

// refuse answers with a failure.
//
// specs/28 RDAP-3: An error MUST have a body with errorCode, title and description,
// and 429 and 503 a Retry-After.
func refuse(w http.ResponseWriter, f *failure) {
	if f.status == http.StatusTooManyRequests || f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	p := page{make([]byte, 0, 512)}
	p.object(func() {
		p.list("rdapConformance", func() { p.item(level) })
		p.text("lang", "en")
		p.number("errorCode", uint64(f.status))
		p.text("title", http.StatusText(f.status))
		p.list("description", func() { p.item(f.detail) })
	})
	send(w, f.status, p.b)
}

// TooMany answers a client that asks more often than it may.
func TooMany(w http.ResponseWriter) {
	refuse(w, fail(http.StatusTooManyRequests, "this address sends too many requests; slow down, or read the state whole from /v1/genesis/state and /v1/archive"))
}
