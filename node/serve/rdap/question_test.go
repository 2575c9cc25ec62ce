package rdap

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ipledger/ledger/inr"
)

// TestParse_RDAP5_RDAP6_RDAP8 is what is refused, and as what.
func TestParse_RDAP5_RDAP6_RDAP8(t *testing.T) {
	for path, want := range map[string]int{
		"ip/60.0.1.0/24": 0, "ip/60.0.1.7": 0, "ip/2400:100::": 0, "ip/::/0": 0, "autnum/0": 0, "autnum/4294967295": 0, "help": 0, "help/": 0,
		"ip/": 400, "ip": 400, "ip/300.1.1.1": 400, "ip/60.0.1": 400, "ip/060.0.1.0": 400, "ip/60.0.1.7/24": 400, "ip/60.0.1.0/33": 400, "ip/60.0.1.0/": 400, "ip/60.0.1.0/24/": 400,
		"ip/::ffff:60.0.1.7": 400, "ip/::ffff:60.0.1.0/120": 400, "ip/fe80::1%eth0": 400, "ip/fe80::1%1/64": 400, "ip/2400:100::1/32": 400, "ip/60.0.1.0 ": 400, "ip/60.0.1.0/024": 400,
		"autnum/": 400, "autnum/AS4608": 400, "autnum/+1": 400, "autnum/4294967296": 400, "autnum/-1": 400, "autnum/1/2": 400,
		"entity/0x": 400, "entity/ann": 400, "domain/x.in-addr.arpa": 400, "domain/": 400, "domain/example.com": 404, "help/me": 400,
		"": 404, "ips/x": 400, "ipz/60.0.0.0": 404, "bootstrap/x.json": 404, "bootstrap/asn": 404, "IP/60.0.0.1": 404,
		"nameserver/ns1.example": 501, "domains?name=x": 501, "nameservers?name=x": 501, "entities?fn=x": 501, "domains/rirSearch1/rdap-up/60.in-addr.arpa": 0, "domains/rirSearch1/rdap-up/60.0.0.0": 404, "domains/rirSearch1/up/60.in-addr.arpa": 400, "domains/rirSearch1/rdap-up/example.com": 404, "domains/rirSearch1/rdap-down/in-addr.arpa?status=inactive": 501, "domains": 501,
		"ips": 400, "ips?handle=a&name=b": 400, "ips?handle=1&handle=2": 400, "ips?fn=x": 400, "ips?handle=%zz": 400, "ips?handle=60.0.*.0": 422, "ips?handle=*": 422, "ips?handle=6*": 422, "ips?handle=60.0.0.0.*": 422,
		"ips?name=NET-*": 422, "ips?name=AS*": 422, "ips?handle=2400::*": 422, "ips?handle=::ffff:1:*": 422, "ips?handle=": 404, "autnums?handle=AS4*": 422,
		"ips/rirSearch1/rdap-up": 400, "ips/rirSearch1/rdap-up/": 400, "ips/rirSearch1/up/60.0.0.0": 400, "ips/rirSearch2/rdap-up/60.0.0.0": 400, "ips/rirSearch1/rdap-up/AS1": 400,
		"ips/rirSearch1/rdap-up/60.0.0.0?status=active": 0, "ips/rirSearch1/rdap-up/60.0.0.0?status=inactive": 501, "ips/rirSearch1/rdap-up/60.0.0.0?status=active&status=active": 400, "ips/rirSearch1/rdap-up/60.0.0.0?status=": 400,
		"autnums/rirSearch1/rdap-up/AS4608": 0, "autnums/rirSearch1/rdap-up/60.0.0.0": 400, "autnums/rirSearch1/rdap-up/1-4": 400, "autnums/rirSearch1/rdap-up/ASAS1": 400,
		"ip/" + strings.Repeat("1", PathBytesMax): 400, "ips?handle=" + strings.Repeat("1", QueryBytesMax): 400,
	} {
		path, query, _ := strings.Cut(path, "?")
		_, f := parse(Root+path, query)
		got := 0
		if f != nil {
			got = f.status
		}
		if got != want {
			t.Errorf("%.80s?%.40s: got %d, want %d", path, query, got, want)
		}
	}
}

// TestQuote_RDAP4 shows nothing that steers who shows it.
func TestQuote_RDAP4(t *testing.T) {
	for text, want := range map[string]string{
		"Exempel \"Net\" \\ AB": `"Exempel \"Net\" \\ AB"`, "Ærø 北京": `"Ærø 北京"`, "a\nb\x00\x7f": "\"a\uFFFDb\uFFFD\uFFFD\"",
		"\u202egnp.exe": "\"\uFFFDgnp.exe\"", "\xff\u2028\ue000\u200b": "\"\uFFFD\uFFFD\uFFFD\uFFFD\"",
	} {
		p := page{}
		if p.quote(text); string(p.b) != want {
			t.Errorf("%q: got %s, want %s", text, p.b, want)
		}
	}
}

// FuzzParse_RDAP5 reads anything: what is understood asks for one block in its
// canonical form, and nothing is a fault of the node's.
func FuzzParse_RDAP5(f *testing.F) {
	for _, q := range questions("0x00000000000000000000000000000000000000a1") {
		path, query, _ := strings.Cut(Root+q[0], "?")
		f.Add(path, query)
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		q, fault := parse(path, query)
		if fault != nil {
			if fault.status < 400 || fault.status >= 500 && fault.status != http.StatusNotImplemented {
				t.Fatalf("got %v", fault)
			}
			return
		}
		if !q.block.Valid() || q.kind == 0 {
			t.Fatalf("got %+v", q)
		}
		if again, err := inr.Parse(q.block.String()); q.kind == askIP && (err != nil || again != q.block) {
			t.Fatalf("got %v, %v", q.block, err)
		}
	})
}

// mangled is a request that was one of the good ones.
func mangled(rng *rand.Rand, from [][2]string) string {
	raw := []byte(from[rng.IntN(len(from))][0])
	for range rng.IntN(4) {
		at := rng.IntN(len(raw) + 1)
		switch rng.IntN(4) {
		case 0:
			raw = slices.Insert(raw, at, byte(rng.Uint32()))
		case 1:
			raw = append(raw[:at], from[rng.IntN(len(from))][0]...)
		case 2:
			raw = slices.Insert(raw, at, []byte("0123456789abcdef.:/*?&=-%")[rng.IntN(25)])
		case 3:
			raw = raw[:at]
		}
	}
	return string(raw)
}

// TestServer_fuzzed asks 10,000 mangled questions: each answer is JSON in its form,
// none is a fault of the node, and nothing is left behind.
func TestServer_fuzzed(t *testing.T) {
	c := world(t)
	s := server(t, c)
	rng := rand.New(rand.NewPCG(28, 5))
	from := questions(c.ID("ann").String())
	before, codes, longest := runtime.NumGoroutine(), map[int]int{}, 0
	var start, end runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	for range 10_000 {
		text := mangled(rng, from)
		path, query, _ := strings.Cut(text, "?")
		r := &http.Request{Method: http.MethodGet, Host: host, URL: &url.URL{Path: Root + path, RawQuery: query}, Header: http.Header{}}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, r)
		raw := rec.Body.Bytes()
		codes[rec.Code]++
		longest = max(longest, len(raw))
		if rec.Code >= 500 && rec.Code != http.StatusNotImplemented || !utf8.Valid(raw) {
			t.Fatalf("%q: got %d %s", text, rec.Code, raw)
		}
		if rec.Code != http.StatusOK {
			conforms(t, "error", fmt.Sprintf("%q", text), raw)
		} else {
			decoded(t, raw)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&end)
	t.Logf("answers by status %v, the longest of %d bytes", codes, longest)
	if codes[200] < 500 || codes[400] < 500 || codes[404] < 500 {
		t.Errorf("too few of a kind: %v", codes)
	}
	if grown := int64(end.HeapAlloc) - int64(start.HeapAlloc); grown > 8<<20 || len(s.searches) != 0 || runtime.NumGoroutine() > before+2 {
		t.Errorf("left: %d bytes, %d searches, %d goroutines", grown, len(s.searches), runtime.NumGoroutine()-before)
	}
}
