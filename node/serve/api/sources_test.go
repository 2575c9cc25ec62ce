package api

import (
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// stating is a node whose newest state has a registrar's word and two pages that wait.
func stating(t *testing.T) (*world, *API) {
	w, a, _, _ := busy(t)
	v := &w.views[len(w.views)-1]
	e := v.State.Edit()
	e.Put(record.Leaf(record.RollKey, wire.Encode(&record.Roll{Rules: 1, Registrars: []wire.Address{who("bob")}})))
	e.Put(record.Leaf(record.AttestedKey("ripencc", who("bob")), wire.Encode(&record.Attested{Rules: 1, Date: 20260918, File: wire.Hash{1}, Root: wire.Hash{2}, Pages: 3})))
	e.Put(record.Leaf(record.FeedKey("ripencc"), wire.Encode(&record.Feed{Rules: 1, Date: 20260917, File: wire.Hash{1}, Next: wire.Hash{3}, Pages: 3, Received: 2,
		Basis: []wire.Address{who("ann"), who("bob")}, First: 5, Last: 7, Line: 1, At: v.Time + 9})))
	for n, lines := range map[uint64]string{5: "193.0.0.0/24 194.0.0.0/24|allocated|DE|20260916|extended||h-2", 6: "194.0.1.0/24"} {
		e.Put(record.Leaf(record.SheetKey("ripencc", n), wire.Encode(&record.Sheet{Rules: 1, Act: wire.Hash{9}, Date: 20260917, Ripe: v.Time + 9, Lines: lines})))
	}
	var balances record.Balances
	balances.Add(res("194.0.0.0/16"), &record.Source{Registry: "ripencc"})
	for _, l := range balances.Leaves() {
		e.Put(l)
	}
	leaf, _ := e.Get(record.BalanceKey("ripencc"))
	counted := wire.Own[record.Balance](leaf.Data)
	counted.Day, counted.Spent[wire.IPv4] = v.Time/86400, record.AmountOf(big.NewInt(55))
	e.Put(record.Leaf(record.BalanceKey("ripencc"), wire.Encode(counted)))
	v.State = e.Freeze()
	return w, a
}

// TestSources: how far statements are, and which wait.
func TestSources(t *testing.T) {
	_, a := stating(t)
	code, raw := get(t, a, "/v1/sources")
	if code != 200 {
		t.Fatalf("got %d: %s", code, raw)
	}
	readOpenAPI(t).conforms(t, "/v1/sources", "get", "200", raw)
	for _, want := range []string{`"registry":"ripencc","date":"20260917"`, `"waiting":"2"`, `"next":"03`, `"received":"2"`, `"ipv4_addresses":"65536"`,
		`"day_share":{"ipv4_addresses":"655"`, `"day_left":{"ipv4_addresses":"600"`,
		`"attestations":[{"by":"` + who("bob").String() + `","date":"20260918"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("got %s, want %s in it", raw, want)
		}
	}
	code, raw = get(t, a, "/v1/sources/ripencc")
	if code != 200 || !strings.Contains(string(raw), `"settled":"1","statements":["193.0.0.0/24","194.0.0.0/24|allocated|DE|20260916|extended||h-2"]`) || !strings.Contains(string(raw), `"number":"6"`) {
		t.Fatalf("got %d: %s", code, raw)
	}
	readOpenAPI(t).conforms(t, "/v1/sources/{registry}", "get", "200", raw)
	if _, raw = get(t, a, "/v1/sources/ripencc?after=5"); strings.Contains(string(raw), `"number":"5"`) || !strings.Contains(string(raw), `"number":"6"`) {
		t.Errorf("after page 5: %s", raw)
	}
	if code, raw = get(t, a, "/v1/sources/arin"); code != 200 || !strings.Contains(string(raw), `"pages":[]`) {
		t.Errorf("got %d: %s", code, raw)
	}
	code, raw = get(t, a, "/v1/sources/iana")
	problemOf(t, "no registry", code, raw, 404, "not_found")
}

// TestRegister_API18: one state's titles and what waits, the same for a minute, in ranges.
func TestRegister_API18(t *testing.T) {
	w, a := stating(t)
	now := time.Unix(epoch, 0)
	a.Now = func() time.Time { return now }
	code, raw := get(t, a, "/v1/register")
	if code != 200 {
		t.Fatalf("got %d: %s", code, raw)
	}
	r, err := genesis.DecodeRegister(raw)
	if err != nil || r.Height != 4 || len(r.Titles) != 4 || len(r.Waiting) != 2 || !r.Titles[0].Bound || r.Titles[1].Bound {
		t.Fatalf("%v\n%s", err, raw)
	}
	w.block()
	now = now.Add(registerLife)
	if _, again := get(t, a, "/v1/register"); string(again) != string(raw) {
		t.Error("another register was made within a minute")
	}
	req := httptest.NewRequest("GET", "/v1/register", nil)
	req.Header.Set("Range", "bytes=0-19")
	rec := httptest.NewRecorder()
	a.ServeHTTP(rec, req)
	if rec.Code != 206 || rec.Body.String() != string(raw[:20]) || rec.Header().Get("ETag") != `"4"` {
		t.Errorf("got %d %q of %s", rec.Code, rec.Body, rec.Header().Get("ETag"))
	}
	now = now.Add(time.Second)
	if _, again := get(t, a, "/v1/register"); !strings.HasPrefix(string(again), genesis.RegisterFormat+"|5|") {
		t.Errorf("the register is still that of a minute ago: %.40s", again)
	}
}
