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

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

const host = "directory.example"

func parsed(t testing.TB, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// world is a chain by the rules: ann holds a /22, a /32 of IPv6 and an AS number,
// and states services; bob leases a /24 and grants a /25 of it to cat.
func world(t testing.TB) *mint.Chain {
	t.Helper()
	in := mint.Input(mint.Holder{Name: "ann", Blocks: []string{"60.0.0.0/22", "2400:100::/32", "AS4608"}}, mint.Holder{Name: "bob"}, mint.Holder{Name: "cat"})
	in.Stats = append(in.Stats, genesis.Stats{Name: "more", Raw: []byte("apnic|AU|asn|4608|1|20200102|allocated\napnic|JP|ipv6|2400:100::|32|20200103|allocated\napnic||ipv4|61.0.0.0|65536||available\napnic||asn|131072|4||reserved\n")})
	c, err := mint.New(in)
	if err != nil {
		t.Fatal(err)
	}
	do := func(acts ...[]byte) {
		t.Helper()
		b, err := c.Extend(10, acts...)
		if err != nil {
			t.Fatal(err)
		}
		for i, raw := range b.Receipts {
			if r, err := ledger.ReceiptFromBytes(raw); err != nil || r.Outcome == ledger.Failed {
				t.Fatalf("act %d of block %d was refused: %+v, %v", i, b.Header.Height, r, err)
			}
		}
	}
	act := func(who string, body tx.Body) []byte { raw, _ := c.Sign(who, body); return raw }
	whole, part := parsed(t, "60.0.0.0/22"), parsed(t, "60.0.1.0/24")
	do()
	do(act("ann", &tx.ContactsSet{Resource: whole, Abuse: "abuse@ann.example", Private: wire.Hash{7}}),
		act("ann", &tx.ReverseSet{Resource: whole, Servers: "ns1.ann.example ns2.ann.example", DS: "12345 13 2 " + wire.Hash{8}.String()}),
		act("ann", &tx.GeofeedSet{Resource: parsed(t, "2400:100::/32"), URL: "https://ann.example/geo.csv"}),
		act("ann", &tx.ReverseSet{Resource: parsed(t, "2400:100::/32"), Servers: "ns1.ann.example ns2.ann.example"}))
	offer, id := c.Sign("ann", &tx.LeaseOffer{Resource: part, To: c.ID("bob"), End: c.Now() + 90*86400, SubLet: true,
		Operator: "Cat Net \"South\"", Abuse: "https://cat.example/abuse", Value: c.Value(whole), Until: c.Now() + 5000})
	do(offer)
	do(act("bob", &tx.LeaseAccept{Offer: id, Resource: part, Value: c.Value(whole)}))
	inner := parsed(t, "60.0.1.128/25")
	offer, id = c.Sign("bob", &tx.GrantOffer{Resource: inner, To: c.ID("cat"), Notice: 86400, Value: c.Value(whole), Until: c.Now() + 5000})
	do(offer)
	do(act("cat", &tx.GrantAccept{Offer: id, Resource: inner, Value: c.Value(whole)}))
	marked(t, c)
	return c
}

// marked adds what takes registrars and sources to come about: a name that was
// attested, and a title that diverges and is frozen, whose source row is hostile.
func marked(t testing.TB, c *mint.Chain) {
	t.Helper()
	e := c.State.Edit()
	leaf, _ := e.Get(tree.AccountKey(c.ID("bob")))
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		t.Fatal(err)
	}
	a.Attested = []account.Attested{{By: wire.Address{0xf1}, At: mint.Start}}
	e.Put(record.Leaf(leaf.Key, a.Bytes()))
	at := parsed(t, "62.0.0.0/16")
	now := c.Last.Header.Time.Seconds
	e.Put(record.FolioLeaf(at, &record.Folio{
		Title: (&record.Title{Rules: 1, State: record.Held, Holder: wire.Address{0xd4}, Grade: record.GradeA, Proved: now,
			Source: record.Source{Registry: "ripencc", Status: "assigned", Country: "SE", Class: record.Extended}}).Bytes(),
		Restrictions: record.RestrictionsBytes([]record.Restriction{
			{Rules: 1, Kind: record.Freeze, Act: wire.Hash{1}, Since: now - 60, Until: now + 60, At: at},
			{Rules: 1, Kind: record.Diverges, Act: wire.Hash{2}, Since: now - 40, At: at, Says: "new \u202ehandle\x1b[31m\n"},
		}),
	}))
	c.State = e.Freeze()
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
