package rdap

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"ipledger/ledger/audit/mint"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/serve/servetest"
)

const host = "directory.example"

func parsed(t testing.TB, text string) wire.Resource { return servetest.Block(t, text) }

// world is ann's blocks with services, of which bob leases and cat uses a part.
func world(t testing.TB) *mint.Chain {
	t.Helper()
	w := servetest.NewWorld(t)
	whole, six := parsed(t, servetest.Whole), parsed(t, servetest.Six)
	w.Do(w.Act("ann", &tx.ContactsSet{Resource: whole, Abuse: "abuse@ann.example", Private: wire.Hash{7}}),
		w.Act("ann", &tx.ReverseSet{Resource: whole, Servers: "ns1.ann.example ns2.ann.example", DS: "12345 13 2 " + wire.Hash{8}.String()}),
		w.Act("ann", &tx.GeofeedSet{Resource: six, URL: "https://ann.example/geo.csv"}),
		w.Act("ann", &tx.ReverseSet{Resource: six, Servers: "ns1.ann.example ns2.ann.example"}))
	w.Lend()
	w.Mark("", "new \u202ehandle\x1b[31m\n")
	return w.Chain
}

// server answers over the world.
func server(t testing.TB, c *mint.Chain) *Server {
	return New(Config{ChainID: "minted", View: func() View {
		return View{State: c.State, Height: c.Last.Header.Height, Time: c.Last.Header.Time.Seconds}
	}})
}

// get asks for a path below Root.
func get(t testing.TB, s http.Handler, path string) (int, http.Header, []byte) {
	t.Helper()
	return request(t, s, http.MethodGet, Root+path)
}

func request(t testing.TB, s http.Handler, method, target string) (int, http.Header, []byte) {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	raw, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, rec.Header(), raw
}

// decoded is an answer as JSON readers have it.
func decoded(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return v
}

// good asks for what must be there.
func good(t testing.TB, s http.Handler, path string) map[string]any {
	t.Helper()
	code, _, raw := get(t, s, path)
	if code != http.StatusOK {
		t.Fatalf("%s: got %d %s", path, code, raw)
	}
	return decoded(t, raw)
}

var compiled = sync.OnceValues(func() (*jsonschema.Compiler, error) {
	f, err := os.Open("testdata/schema.json")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	return c, c.AddResource("rdap.json", doc)
})

// conforms checks an answer by one of the schemas.
func conforms(t testing.TB, name, what string, raw []byte) {
	t.Helper()
	c, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("rdap.json#/$defs/" + strings.ReplaceAll(name, " ", "%20"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err == nil {
		err = schema.Validate(doc)
	}
	if err != nil {
		t.Errorf("%s is no %s: %v\n%s", what, name, err, raw)
	}
}
