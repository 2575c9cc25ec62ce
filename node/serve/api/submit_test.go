package api

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"testing/iotest"
	"time"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func TestSubmit_API5(t *testing.T) {
	w, a, done, _ := busy(t)
	doc := readOpenAPI(t)
	v := w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000})
	code, _, raw := ask(t, a, "POST", "/v1/acts", "application/octet-stream", v.Raw())
	if code != http.StatusAccepted || len(w.submitted) != 1 || w.submitted[0].ID() != v.ID() {
		t.Fatalf("got %d %s", code, raw)
	}
	doc.conforms(t, "/v1/acts", "post", "202", raw)
	act := v.Act()
	f := tx.File{Salt: salt, Act: &act}
	if code, _, raw = ask(t, a, "POST", "/v1/acts", "application/json", f.Bytes()); code != http.StatusAccepted || len(w.submitted) != 2 {
		t.Errorf("act file: got %d %s", code, raw)
	}
	f.Salt = wire.Hash{9}
	unsigned := *w.act("ann", &tx.OriginWithdraw{Resource: res("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	other := tx.File{Salt: wire.Hash{9}, Act: &unsigned}
	for name, c := range map[string]struct {
		kind   string
		body   []byte
		status int
		code   string
	}{
		"another chain":  {"application/json", other.Bytes(), 422, "other_chain"},
		"no signature":   {"application/octet-stream", unsigned.Encode(), 422, "refused"},
		"not an act":     {"application/octet-stream", []byte("hello"), 422, "refused"},
		"nothing":        {"application/octet-stream", nil, 422, "refused"},
		"a form":         {"application/x-www-form-urlencoded", v.Raw(), 415, "bad_media_type"},
		"too large":      {"application/octet-stream", make([]byte, BodyBytesMax+1), 413, "too_large"},
		"a spoilt file":  {"application/json", bytes.ToUpper(f.Bytes()), 422, "refused"},
		"no media type":  {"", v.Raw(), 415, "bad_media_type"},
		"a flipped byte": {"application/octet-stream", flipped(v.Raw()), 422, "refused"},
	} {
		n := len(w.submitted)
		code, _, raw := ask(t, a, "POST", "/v1/acts", c.kind, c.body)
		problemOf(t, name, code, raw, c.status, c.code)
		if len(w.submitted) != n {
			t.Errorf("%s: it was taken in", name)
		}
	}
	w.refuse = tx.Refuse("ADM-4", "number", "lane 0 is at 3, not 1")
	code, _, raw = ask(t, a, "POST", "/v1/acts", "application/octet-stream", done.Raw())
	if p := problemOf(t, "inadmissible", code, raw, 422, "refused"); p.Rule != "ADM-4" || p.Field != "number" {
		t.Errorf("got %+v", p)
	}
	w.refuse = ErrBusy
	code, head, raw := ask(t, a, "POST", "/v1/acts", "application/octet-stream", done.Raw())
	if problemOf(t, "full", code, raw, 503, "busy"); head.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	a.Writes = false
	code, _, raw = ask(t, a, "POST", "/v1/acts", "application/octet-stream", v.Raw())
	problemOf(t, "read only", code, raw, 403, "read_only")
}

// TestSubmit_brokenBodies_API9: a body that breaks off or stalls is the client's
// fault: it is told so, and the log, which anyone could fill, says nothing.
func TestSubmit_brokenBodies_API9(t *testing.T) {
	_, a, _, _ := busy(t)
	var log bytes.Buffer
	a.Log = slog.New(slog.NewTextHandler(&log, nil))
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"it stalls":     {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, 408},
		"it breaks off": {io.ErrUnexpectedEOF, 400},
	} {
		for _, path := range []string{"/v1/acts", "/v1/preview"} {
			r := httptest.NewRequest("POST", path, iotest.ErrReader(c.err))
			r.Header.Set("Content-Type", "application/octet-stream")
			rec := httptest.NewRecorder()
			a.ServeHTTP(rec, r)
			problemOf(t, name, rec.Code, rec.Body.Bytes(), c.status, "bad_body")
		}
	}
	if log.Len() > 0 {
		t.Errorf("the log says %s", log.String())
	}
}

func flipped(raw []byte) []byte {
	raw = bytes.Clone(raw)
	raw[len(raw)-2] ^= 1
	return raw
}

func TestWrites_ofOtherSites_API6(t *testing.T) {
	w, a, done, _ := busy(t)
	for name, h := range map[string][2]string{
		"another site":        {"Sec-Fetch-Site", "cross-site"},
		"a sibling":           {"Sec-Fetch-Site", "same-site"},
		"another origin":      {"Origin", "https://example.org"},
		"an origin of no one": {"Origin", "null"},
	} {
		r := httptest.NewRequest("POST", "/v1/acts", bytes.NewReader(done.Raw()))
		r.Header.Set("Content-Type", "application/octet-stream")
		r.Header.Set(h[0], h[1])
		rec := httptest.NewRecorder()
		a.ServeHTTP(rec, r)
		problemOf(t, name, rec.Code, rec.Body.Bytes(), 403, "cross_site")
		if rec.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: the answer lets other sites in", name)
		}
	}
	r := httptest.NewRequest("POST", "/v1/acts", bytes.NewReader(done.Raw()))
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Origin", "http://example.com") // the recorder's own host
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, r)
	if rec.Code != http.StatusAccepted || len(w.submitted) != 1 {
		t.Errorf("own page: got %d %s", rec.Code, rec.Body)
	}
}

func TestAct_waitsUntilFinal(t *testing.T) {
	w, a, _, _ := busy(t)
	v := w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000})
	w.submitted = append(w.submitted, v)
	go func() {
		time.Sleep(20 * time.Millisecond)
		w.block(v)
	}()
	code, raw := get(t, a, "/v1/acts/"+v.ID().String()+"?wait=20")
	var got struct{ Outcome, Height string }
	if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.Outcome != "done" || got.Height != "5" {
		t.Errorf("got %d %s, %v", code, raw, err)
	}
}
