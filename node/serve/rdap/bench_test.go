package rdap

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkIP is look-ups without HTTP: of a title, and of a grant in a lease in one.
func BenchmarkIP(b *testing.B) {
	s := server(b, world(b))
	for name, path := range map[string]string{"title": "ip/62.0.0.1", "grant": "ip/60.0.1.200"} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, Root+path, nil)
			w := &drain{h: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				if s.ServeHTTP(w, r); w.status != http.StatusOK {
					b.Fatal(w.status)
				}
			}
		})
	}
}

// drain forgets what is written.
type drain struct {
	h      http.Header
	status int
}

func (d *drain) Header() http.Header           { return d.h }
func (d *drain) WriteHeader(status int)        { d.status = status }
func (d *drain) Write(raw []byte) (int, error) { return len(raw), nil }
