package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// lies are what a liar does with the proof files of the real node before it, each
// written in the one form again, with a statement that fits as far as words go.
var lies = map[string]func(*light.File){
	"holder": func(f *light.File) { // another holder, in the record and in words
		if f.Resource != nil && len(f.Resource.Records) > 0 {
			own := strings.Split(strings.SplitN(f.Statement, "holder 0x", 2)[1], ",")[0]
			to := strings.Repeat("66", 20)
			f.Statement = strings.ReplaceAll(f.Statement, own, to)
			for i, r := range f.Resource.Records {
				f.Resource.Records[i] = swapped(r, own, to)
			}
		}
	},
	"absence": func(f *light.File) { // nothing stands there
		if f.Resource != nil {
			f.Resource.Records = []light.Hex{}
			when, _, _ := strings.Cut(f.Statement, ", at ")
			f.Statement = when + ", at " + strings.SplitN(f.Statement, ", at ", 2)[1][:20] + ", no title covers the whole of " + f.Resource.Query + " (unregistered). Nothing stands at smaller blocks inside it."
		}
	},
	"height": func(f *light.File) { // the state of one block as that of the next
		f.Statement = strings.Replace(f.Statement, "After block "+strconv.FormatUint(f.Height, 10), "After block "+strconv.FormatUint(f.Height+1, 10), 1)
		f.Height++
	},
	"history": func(f *light.File) { // the earliest title is left out
		if f.Lineage != nil && len(f.Lineage.Past) > 0 {
			f.Lineage.Past = f.Lineage.Past[:len(f.Lineage.Past)-1]
		}
	},
	"inside": func(f *light.File) { // what is more specific is left out
		if f.Beneath != nil && len(f.Beneath.Entries) > 1 {
			f.Beneath.Entries = f.Beneath.Entries[:1]
		}
	},
	"route": func(f *light.File) { // an authorisation that nobody gave
		if f.Authorised != nil {
			f.Authorised.AS++
		}
	},
	"genesis": func(f *light.File) { f.GenesisHash = wire.Hash{7} },
	"truth":   func(*light.File) {},
}

// listLies are what a liar does with a list of payloads, all of 89.200.0.0/20.
var listLies = map[string]func(line string) string{
	"hidden":   func(string) string { return "" },
	"invented": func(line string) string { return line + strings.Replace(line, `"as":"`, `"as":"9`, 1) },
	"upgraded": func(line string) string { return strings.Replace(line, `"grade":"T"`, `"grade":"A"`, 1) },
}

// relisting changes the line of a list of payloads that speaks of 89.200.0.0/20.
func relisting(lie func(string) string) func(*http.Response) error {
	return func(r *http.Response) error {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		if before, after, ok := strings.Cut(string(raw), "\n{\"prefix\":\"89.200.0.0/20\""); ok {
			line, rest, _ := strings.Cut(after, "\n")
			raw = []byte(before + lie("\n{\"prefix\":\"89.200.0.0/20\""+line) + "\n" + rest)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		r.Header.Set("Content-Length", strconv.Itoa(len(raw)))
		return nil
	}
}

func swapped(raw light.Hex, from, to string) light.Hex {
	text, _ := raw.MarshalText()
	out := light.Hex{}
	_ = out.UnmarshalText([]byte(strings.ReplaceAll(string(text), from, to)))
	return out
}

// liar puts a server before a real node that lies in one way, and names its URL in a
// variable: liar holder LIAR. "past" answers every question with the state of an
// earlier block, "neighbour" with that of another block; "cuts" breaks streams.
func liar(ts *testscript.TestScript, _ bool, args []string) {
	node, err := url.Parse(nodeOf(ts))
	ts.Check(err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(node)
		q := r.Out.URL.Query()
		if args[0] == "past" && q.Has("at") {
			q.Set("at", "1")
			r.Out.URL.RawQuery = q.Encode()
		}
		if args[0] == "neighbour" {
			r.Out.URL.Path = strings.Replace(r.Out.URL.Path, ".64.0/", ".128.0/", 1)
		}
	}}
	if lie := lies[args[0]]; lie != nil {
		proxy.ModifyResponse = rewriting(lie)
	}
	if lie := listLies[args[0]]; lie != nil {
		proxy.ModifyResponse = relisting(lie)
	}
	var handler http.Handler = proxy
	if args[0] == "cuts" {
		handler = cutting(proxy)
	}
	s := httptest.NewServer(handler)
	ts.Defer(s.Close)
	ts.Setenv(args[1], s.URL)
}

// nodeOf is the real node that a story asks.
func nodeOf(ts *testscript.TestScript) string {
	net, err := readTestnet(ts.Getenv("IPLEDGER_TESTNET"))
	ts.Check(err)
	return net.node()
}

func rewriting(lie func(*light.File)) func(*http.Response) error {
	return func(r *http.Response) error {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		if f, err := light.Parse(raw); err == nil {
			lie(f)
			raw = f.Bytes()
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
		r.Header.Set("Content-Length", strconv.Itoa(len(raw)))
		return nil
	}
}

// cutting breaks streams of events as soon as they live, all but every third.
func cutting(next http.Handler) http.Handler {
	var streams atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/events" && streams.Add(1)%3 != 0 {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, ": alive\n\n")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler) // as a connection that breaks
		}
		next.ServeHTTP(w, r)
	})
}
