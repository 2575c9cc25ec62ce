package api

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ipledger/ledger/archive"
)

// TestArchived_ARCH8 reads every block but the newest from the answers, as
// segments that read by themselves.
func TestArchived_ARCH8(t *testing.T) {
	w, a, _, _ := busy(t)
	for from, last := uint64(1), w.View().Height-1; from <= last; from++ {
		code, raw := get(t, a, "/v1/archive/"+decimal(from))
		r, err := archive.NewReader(bytes.NewReader(raw))
		if code != http.StatusOK || err != nil {
			t.Fatalf("from %d: %d, %v", from, code, err)
		}
		height := from
		for {
			b, more, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !more {
				break
			}
			if b.Header.Hash() != w.headers[height].Hash() || len(b.Acts) != len(w.blocks[height].Acts) || len(b.Receipts) != len(b.Acts) {
				t.Errorf("block %d is another", height)
			}
			height++
		}
		if height != last+1 {
			t.Errorf("from %d: it ends before block %d, want %d", from, height, last+1)
		}
	}
	for target, want := range map[string]int{
		"/v1/archive/0": http.StatusNotFound, "/v1/archive/" + decimal(w.View().Height): http.StatusNotFound, "/v1/archive/x": http.StatusBadRequest,
		"/v1/archive/1?to=2": http.StatusBadRequest, "/v1/genesis/state": http.StatusNotFound,
	} {
		if code, raw := get(t, a, target); code != want {
			t.Errorf("%s: %d %s, want %d", target, code, raw, want)
		}
	}
}

// file of a state, without a disk.
type stateFile struct{ *strings.Reader }

func (stateFile) Close() error { return nil }

// TestGenesisState gives the file in ranges.
func TestGenesisState(t *testing.T) {
	_, a, _, _ := busy(t)
	a.State = func() (io.ReadSeekCloser, error) { return stateFile{strings.NewReader("the state")}, nil }
	r := httptest.NewRequest(http.MethodGet, "/v1/genesis/state", nil)
	r.Header.Set("Range", "bytes=4-6")
	out := httptest.NewRecorder()
	a.ServeHTTP(out, r)
	if out.Code != http.StatusPartialContent || out.Body.String() != "sta" || out.Header().Get("Content-Range") != "bytes 4-6/9" {
		t.Errorf("%d %q %v", out.Code, out.Body, out.Header())
	}
}
