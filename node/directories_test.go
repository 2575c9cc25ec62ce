package node

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestBeneath leads what lies below /rdap/ to RDAP, as it was asked, and the rest to
// the interface.
func TestBeneath(t *testing.T) {
	says := func(who string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s %s", who, r.URL.Path) })
	}
	h := beneath("/rdap/", says("rdap"), says("api"))
	for target, want := range map[string]string{
		"/rdap/ip/192.0.2.0%2F24": "rdap /rdap/ip/192.0.2.0/24", "/rdap//x": "rdap /rdap//x", "/v1/status": "api /v1/status", "/rdapx": "api /rdapx",
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
		if rec.Body.String() != want {
			t.Errorf("%s: got %d %q, want %q", target, rec.Code, rec.Body, want)
		}
	}
}

// TestLimited_RDAP3 refuses in the form of RDAP below its root alone.
func TestLimited_RDAP3(t *testing.T) {
	rec := httptest.NewRecorder()
	if !limited(rec, httptest.NewRequest(http.MethodGet, "/rdap/ip/192.0.2.1", nil)) || rec.Code != http.StatusTooManyRequests ||
		rec.Header().Get("Content-Type") != "application/rdap+json" || rec.Header().Get("Retry-After") == "" || !strings.Contains(rec.Body.String(), `"errorCode":429`) {
		t.Errorf("got %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	rec = httptest.NewRecorder()
	if limited(rec, httptest.NewRequest(http.MethodGet, "/v1/status", nil)) || rec.Body.Len() > 0 {
		t.Errorf("got %s", rec.Body)
	}
}
