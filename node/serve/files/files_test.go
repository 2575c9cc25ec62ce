package files_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/files"
)

func at(prefix string) wire.Resource { return inr.FromPrefix(netip.MustParsePrefix(prefix)) }

// told is what a server of tests tells.
type told struct {
	routes *files.Routes
	view   files.View
	now    time.Time
}

func (x *told) server(t *testing.T) *files.Server {
	return files.New(files.Config{ChainID: "test", Dir: t.TempDir(), Routes: func() (*files.Routes, error) {
		if x.routes == nil {
			return nil, fmt.Errorf("%w: not yet", files.ErrNotReady)
		}
		return x.routes, nil
	}, View: func() (files.View, error) {
		if x.view.Height == 0 {
			return x.view, fmt.Errorf("%w: not yet", files.ErrNotReady)
		}
		return x.view, nil
	}, Now: func() time.Time { return x.now }})
}

func someRoutes() *files.Routes {
	return &files.Routes{
		Height: 7, Time: 1796025600,
		Payloads: []vrp.Payload{
			{Prefix: at("5.44.0.0/22"), MaxLength: 24, AS: 2121, Grade: record.GradeA}, {Prefix: at("5.44.8.0/21"), MaxLength: 21, AS: 0, Grade: record.GradeT},
			{Prefix: at("2001:67c::/32"), MaxLength: 48, AS: 4200, Grade: record.GradeB},
		},
		Providers: []vrp.Providers{{Customer: 2121, List: []uint64{1299, 3356}, Grade: record.GradeA}},
	}
}

func get(t *testing.T, s http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestPayloads_FILE9: what is written is what validators write: the reader of their
// exports reads it back, and the same routes give the same bytes.
func TestPayloads_FILE9(t *testing.T) {
	x := told{routes: someRoutes()}
	s := x.server(t)
	for _, path := range []string{"/vrps.json", "/vrps.csv"} {
		w := get(t, s, path)
		e, err := observed.ReadExport(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, w.Body)
		}
		if path == "/vrps.json" && (e.Built != 1796025600 || len(e.Providers) != 1 || !slices.Equal(e.Providers[0].List, []uint64{1299, 3356}) || !json.Valid(w.Body.Bytes())) {
			t.Errorf("got %+v", e)
		}
		want := someRoutes().Payloads
		if len(e.Payloads) != len(want) {
			t.Fatalf("%s: got %+v", path, e.Payloads)
		}
		for i, p := range e.Payloads {
			if p.Prefix != want[i].Prefix || p.MaxLength != want[i].MaxLength || p.AS != want[i].AS {
				t.Errorf("%s: got %+v, want %+v", path, p, want[i])
			}
		}
		x.routes = someRoutes()
		if again := get(t, s, path); !bytes.Equal(again.Body.Bytes(), w.Body.Bytes()) {
			t.Errorf("%s: other bytes for the same routes:\n%s", path, again.Body)
		}
	}
	if got := get(t, s, "/vrps.csv").Body.String(); got != "ASN,IP Prefix,Max Length,Trust Anchor\nAS2121,5.44.0.0/22,24,ipledger\nAS0,5.44.8.0/21,21,ipledger\nAS4200,2001:67c::/32,48,ipledger\n" {
		t.Errorf("got %s", got)
	}
	x.routes = &files.Routes{Height: 8, Time: 1796025601}
	if got := get(t, s, "/vrps.json"); !json.Valid(got.Body.Bytes()) || bytes.Contains(got.Body.Bytes(), []byte(`"aspas": [`)) {
		t.Errorf("nothing at all: got %s", got.Body)
	}
}

// slurm is RFC 8416, Section 3, as far as prefixes go.
type slurm struct {
	Version int `json:"slurmVersion"`
	Filters struct {
		Prefix []struct {
			Prefix string `json:"prefix"`
			AS     uint64 `json:"asn"`
		} `json:"prefixFilters"`
		BGPsec *[]any `json:"bgpsecFilters"`
	} `json:"validationOutputFilters"`
	Added struct {
		Prefix []struct {
			AS      uint64 `json:"asn"`
			Prefix  string `json:"prefix"`
			Longest uint64 `json:"maxPrefixLength"`
		} `json:"prefixAssertions"`
		BGPsec *[]any `json:"bgpsecAssertions"`
	} `json:"locallyAddedAssertions"`
}

// TestSLURM_FILE10: an assertion for each payload, a filter for each that is overruled.
func TestSLURM_FILE10(t *testing.T) {
	x := told{routes: someRoutes()}
	read := func() (out slurm) {
		w := get(t, x.server(t), "/slurm.json")
		d := json.NewDecoder(w.Body)
		if err := d.Decode(&out); err != nil {
			t.Fatal(err)
		}
		if out.Version != 1 || out.Filters.BGPsec == nil || out.Added.BGPsec == nil {
			t.Errorf("got %+v", out)
		}
		return out
	}
	got := read()
	if len(got.Added.Prefix) != 3 || got.Added.Prefix[0].Prefix != "5.44.0.0/22" || got.Added.Prefix[0].Longest != 24 || got.Added.Prefix[1].AS != 0 || len(got.Filters.Prefix) != 0 {
		t.Errorf("got %+v", got)
	}
	x.routes.Overruled = []observed.Payload{
		{Prefix: at("5.44.9.0/24"), MaxLength: 24, AS: 3333}, {Prefix: at("5.44.9.0/24"), MaxLength: 25, AS: 3333}, {Prefix: at("5.44.9.0/24"), MaxLength: 25, AS: 3334},
	}
	if got = read(); len(got.Filters.Prefix) != 2 || got.Filters.Prefix[0].Prefix != "5.44.9.0/24" || got.Filters.Prefix[1].AS != 3334 {
		t.Errorf("got %+v", got)
	}
}

// TestFiles_FILE11: who has a file is told so, until its bytes change.
func TestFiles_FILE11(t *testing.T) {
	x := told{routes: someRoutes()}
	s := x.server(t)
	first := get(t, s, "/vrps.json")
	tag := first.Header().Get("ETag")
	if again := get(t, s, "/vrps.json", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("the same: got %d, %d bytes", again.Code, again.Body.Len())
	}
	date := first.Header().Get("Last-Modified")
	x.routes = someRoutes() // of the same state, as when the supplied set changes
	x.routes.Payloads = x.routes.Payloads[1:]
	if again := get(t, s, "/vrps.json", "If-Modified-Since", date); again.Code != http.StatusOK || again.Header().Get("Last-Modified") != date {
		t.Errorf("another of the same date: got %d of %s", again.Code, again.Header().Get("Last-Modified"))
	}
	if part := get(t, s, "/vrps.json", "If-Range", date, "Range", "bytes=9-"); part.Code != http.StatusOK {
		t.Errorf("a part of another of the same date: got %d", part.Code)
	}
	if part := get(t, s, "/vrps.json", "If-Range", get(t, s, "/vrps.json").Header().Get("ETag"), "Range", "bytes=9-"); part.Code != http.StatusPartialContent {
		t.Errorf("a part by tag: got %d", part.Code)
	}
	if again := get(t, s, "/vrps.json", "If-None-Match", tag); again.Code != http.StatusOK || again.Header().Get("ETag") == tag {
		t.Errorf("another: got %d", again.Code)
	}
	if got := get(t, s, "/vrps.json?x=1"); got.Code != http.StatusBadRequest {
		t.Errorf("a parameter: got %d", got.Code)
	}
}

// TestNotReady_FILE7: nothing is exported by a node that has nothing to tell.
func TestNotReady_FILE7(t *testing.T) {
	s := (&told{}).server(t)
	for _, path := range files.Paths() {
		if got := get(t, s, path); got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" {
			t.Errorf("%s: got %d %s", path, got.Code, got.Body)
		}
	}
}
