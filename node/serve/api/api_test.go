package api

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// busy is a world with three blocks: an authorisation and a refused act in the
// first, nothing in the second, a grant offer in the third, and one to prove it.
func busy(t testing.TB) (*world, *API, tx.Verified, tx.Verified) {
	w := newWorld(t)
	done := w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	failed := w.signed("bob", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	w.block(done, failed)
	w.block()
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("2001:67c::/32"), MaxLength: 48, AS: 3333}))
	w.block()
	return w, w.api(), done, failed
}

func (w *world) trust() *light.Trust {
	h := w.headers[1]
	return &light.Trust{ChainID: "api-test", GenesisHash: salt, Height: 1, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}
}

func TestAnswers_conformToOpenAPI_API10(t *testing.T) {
	w, a, done, failed := busy(t)
	doc := readOpenAPI(t)
	pending := w.signed("bob", &tx.OriginWithdraw{Resource: res("193.0.0.0/16"), MaxLength: 24, AS: 3333})
	w.submitted = append(w.submitted, pending)
	for target, path := range map[string]string{
		"/v1/status":                                                      "/v1/status",
		"/v1/resources/193.0.0.0/16":                                      "/v1/resources/{resource}",
		"/v1/resources/193.0.0.0/16?at=1":                                 "/v1/resources/{resource}",
		"/v1/resources/8.8.8.8":                                           "/v1/resources/{resource}",
		"/v1/resources/2001:67c::/32?proof=1":                             "/v1/resources/{resource}",
		"/v1/resources/AS3333?at=2&proof=1":                               "/v1/resources/{resource}",
		"/v1/resources/194.0.0.0/16":                                      "/v1/resources/{resource}",
		"/v1/resources/193.0.0.0/16/history":                              "/v1/resources/{resource}/history",
		"/v1/resources/193.0.9.0/24/history":                              "/v1/resources/{resource}/history",
		"/v1/resources/193.0.0.0/16/history?limit=1":                      "/v1/resources/{resource}/history",
		"/v1/accounts/" + who("ann").String():                             "/v1/accounts/{id}",
		"/v1/accounts/0x00000000000000000000000000000000000000aa?proof=1": "/v1/accounts/{id}",
		"/v1/acts/" + done.ID().String():                                  "/v1/acts/{id}",
		"/v1/acts/" + failed.ID().String():                                "/v1/acts/{id}",
		"/v1/acts/" + failed.ID().String() + "?proof=1":                   "/v1/acts/{id}",
		"/v1/acts/" + pending.ID().String():                               "/v1/acts/{id}",
		"/v1/accounts/" + who("ann").String() + "/holdings":               "/v1/accounts/{id}/holdings",
		"/v1/accounts/" + who("ann").String() + "/holdings?limit=1":       "/v1/accounts/{id}/holdings",
		"/v1/blocks/1":            "/v1/blocks/{height}",
		"/v1/blocks/1?limit=1":    "/v1/blocks/{height}",
		"/v1/blocks/2":            "/v1/blocks/{height}",
		"/v1/changes":             "/v1/changes",
		"/v1/changes?from=1&to=3": "/v1/changes",
		"/v1/checkpoint":          "/v1/checkpoint",
		"/v1/genesis":             "/v1/genesis",
		"/vrps.json":              "/vrps.json",
		"/openapi.json":           "/openapi.json",
	} {
		code, raw := get(t, a, target)
		if code != http.StatusOK {
			t.Errorf("%s: got %d %s", target, code, raw)
			continue
		}
		doc.conforms(t, path, "get", "200", raw)
	}
}

func TestStatus_hasWhatTheContractNames(t *testing.T) {
	w, a, _, _ := busy(t)
	_, raw := get(t, a, "/v1/status")
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	v := w.View()
	for key, want := range map[string]any{
		"chain_id": "api-test", "genesis_hash": salt.String(), "height": "4", "header_hash": v.HeaderHash.String(),
		"app_hash": v.AppHash().String(), "time": light.Clock(v.Time), "synced": true, "peers": 3.0, "test": true,
	} {
		if s[key] != want {
			t.Errorf("%s: got %v, want %v", key, s[key], want)
		}
	}
}

func TestErrors_areProblems_API9(t *testing.T) {
	_, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	for target, want := range map[string]struct {
		status int
		code   string
	}{
		"/v1/nothing":                                             {404, "unknown_path"},
		"/v1/resources/193.0.0.1/16":                              {400, "bad_resource"},
		"/v1/resources/::ffff:1.2.3.0/120":                        {400, "bad_resource"},
		"/v1/resources/as3333":                                    {400, "bad_resource"},
		"/v1/resources/193.0.0.0/16?at=9":                         {404, "unknown_height"},
		"/v1/resources/193.0.0.0/16?at=0":                         {404, "unknown_height"},
		"/v1/resources/193.0.0.0/16?at=01":                        {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?at=1999-01-01T00:00:00Z":      {404, "unknown_height"},
		"/v1/resources/193.0.0.0/16?proof=yes":                    {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?limit=1":                      {400, "unknown_parameter"},
		"/v1/resources/193.0.0.0/16/history?at=1":                 {400, "unknown_parameter"},
		"/v1/resources/193.0.0.0/16/history?limit=0":              {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16/history?limit=1001":           {400, "bad_parameter"},
		"/v1/accounts/ann":                                        {400, "bad_account"},
		"/v1/accounts/0x00000000000000000000000000000000000000aa": {404, "unknown_account"},
		"/v1/acts/12":                                    {400, "bad_act"},
		"/v1/acts/" + wire.Hash{1}.String():              {404, "unknown_act"},
		"/v1/acts/" + wire.Hash{1}.String() + "?wait=31": {400, "bad_parameter"},
		"/v1/blocks/0":                                   {404, "unknown_height"},
		"/v1/blocks/5":                                   {404, "unknown_height"},
		"/v1/blocks/one":                                 {400, "bad_parameter"},
		"/v1/changes?from=3&to=2":                        {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?at=4&proof=1":        {503, "not_certified"},
		"/v1/status?" + strings.Repeat("a", URLBytesMax): {414, "too_large"},
		"/v1/status?%zz":                                 {400, "bad_query"},
		"/v1/acts":                                       {405, "method_not_allowed"},
		"/v1/resources/":                                 {400, "bad_resource"},
		"/v1/resources/0000:0000:0000:0000:0000:0000:0000:0001/128":       {400, "bad_resource"},
		"/v1/resources/193.0.0.0/16?at=1999-01-01":                        {400, "bad_parameter"},
		"/v1/resources/193.0.0.0%2F16%00":                                 {400, "bad_resource"},
		"/v1/changes?after=9":                                             {400, "bad_parameter"},
		"/v1/accounts/0x00000000000000000000000000000000000000AA":         {400, "bad_account"},
		"/v1/resources/193.0.0.0/16/history?before=18446744073709551616":  {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16/history?before=9223372036854775808":   {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?at=1&at=1":                            {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?height=1":                             {400, "unknown_parameter"},
		"/v1/resources/193.0.0.0/16/history/history":                      {400, "bad_resource"},
		"/v1/resources/193.0.0.0":                                         {200, ""},
		"/v1/resources/193.0.0.0%2F16":                                    {200, ""},
		"/v1/resources/193.0.0.0/16?at=" + light.Clock(epoch+31):          {200, ""},
		"/v1/resources/193.0.0.0/16?at=2026-09-21T16%3A13%3A50%2B02%3A00": {200, ""},
		"/v1/changes?from=0&to=99999":                                     {200, ""},
		"/v1/resources/193.0.0.0/16/history?before=1":                     {200, ""},
		"/v1/resources/193.0.0.0/16/history?before=9223372036854775807":   {200, ""},
		"/v1/blocks/1?after=9223372036854775807&limit=1000":               {200, ""},
		"/v1/acts/" + wire.Hash{1}.String() + "?proof=1":                  {404, "unknown_act"},
		"/v1/accounts/0x00000000000000000000000000000000000000aa?at=1":    {404, "unknown_account"},
		"/v1/resources/AS3333-AS3334":                                     {400, "bad_resource"},
		"/v1/resources/AS4294967296":                                      {400, "bad_resource"},
		"/v1/resources/fe80::1%25eth0":                                    {400, "bad_resource"},
		"/v1/events?from=1":                                               {400, "unknown_parameter"},
		"/v1/blocks/1?limit=abc":                                          {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?at=":                                  {400, "bad_parameter"},
		"/v1/resources/193.0.0.0/16?proof=":                               {400, "bad_parameter"},
		"/v1/blocks/1?limit=":                                             {400, "bad_parameter"},
		"/v1/genesis?x":                                                   {400, "unknown_parameter"},
		"/v1/resources/193.0.0.0/16?at=3&proof=1":                         {200, ""},
		"/v1/resources/193.0.0.0/16?proof=1":                              {200, ""},
		"/v1/acts/" + strings.ToUpper(wire.Hash{0xab}.String()):           {400, "bad_act"},
		"/v1/resources/193.0.0.0/16/history?before=0":                     {200, ""},
		"/v1/accounts/" + who("bob").String() + "?at=2":                   {200, ""},
		"/v1/accounts/" + who("bob").String() + "?at=2&proof=1":           {200, ""},
		"/v1/resources/2001:67c::/32/history":                             {200, ""},
		"/v1/resources/0.0.0.0/0":                                         {200, ""},
		"/v1/resources/::/0":                                              {200, ""},
		"/v1/resources/AS0-AS4294967295":                                  {200, ""},
		"/":                                                               {200, ""},
		"/vrps.csv":                                                       {200, ""},
	} {
		code, kind, raw := ask(t, a, http.MethodGet, target, "", nil)
		if want.status == 200 {
			if code != 200 {
				t.Errorf("%s: got %d %s", target, code, raw)
			}
			continue
		}
		problemOf(t, target, code, raw, want.status, want.code)
		if got := kind.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s: content type %s", target, got)
		}
		doc.conforms(t, "/v1/status", "get", "default", raw)
	}
}

func TestResource_canonicalTextOnly_API1(t *testing.T) {
	_, a, _, _ := busy(t)
	for asked, want := range map[string]string{
		"193.0.0.0/16": "193.0.0.0/16", "193.0.0.1": "193.0.0.1/32", "2001:67c::1": "2001:67c::1/128", "AS3333": "AS3333",
	} {
		code, raw := get(t, a, "/v1/resources/"+asked)
		var got struct{ Resource, State string }
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.Resource != want || got.State != "held" {
			t.Errorf("%s: got %d %s, %v", asked, code, raw, err)
		}
	}
}

func TestQuery_unknownAndRepeated_API2(t *testing.T) {
	_, a, _, _ := busy(t)
	code, raw := get(t, a, "/v1/status?pretty=1")
	problemOf(t, "unknown", code, raw, 400, "unknown_parameter")
	code, raw = get(t, a, "/v1/resources/AS3333?proof=1&proof=1")
	problemOf(t, "twice", code, raw, 400, "bad_parameter")
}

func TestProofs_verifyAndSayTheSame_API3_API4(t *testing.T) {
	w, a, done, failed := busy(t)
	for target, plain := range map[string]string{
		"/v1/resources/193.0.0.0/16?proof=1":                   "/v1/resources/193.0.0.0/16?at=3",
		"/v1/resources/193.0.0.0/16?at=1&proof=1":              "/v1/resources/193.0.0.0/16?at=1",
		"/v1/resources/8.8.8.0/24?at=2&proof=1":                "/v1/resources/8.8.8.0/24?at=2",
		"/v1/accounts/" + who("ann").String() + "?proof=1":     "/v1/accounts/" + who("ann").String() + "?at=3",
		"/v1/acts/" + done.ID().String() + "?proof=1":          "/v1/acts/" + done.ID().String(),
		"/v1/acts/" + failed.ID().String() + "?proof=1&wait=0": "/v1/acts/" + failed.ID().String(),
	} {
		code, raw := get(t, a, target)
		v, err := light.Verify(raw, w.trust())
		if code != 200 || err != nil {
			t.Errorf("%s: %d %v in %.300s", target, code, err, raw)
			continue
		}
		var own struct{ Statement string }
		if _, raw = get(t, a, plain); json.Unmarshal(raw, &own) != nil || own.Statement != v.Statement {
			t.Errorf("%s says %q, the proof %q", plain, own.Statement, v.Statement)
		}
	}
	code, raw := get(t, a, "/v1/resources/AS3333?at=4&proof=1")
	problemOf(t, "no header after it", code, raw, 503, "not_certified")
}

// TestProof_waitsForTheNextHeader_API4: a proof of a fresh block's state comes
// with the header after it.
func TestProof_waitsForTheNextHeader_API4(t *testing.T) {
	w, a, _, _ := busy(t)
	a.ProofWait = 5 * time.Second
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}))
	go func() {
		time.Sleep(20 * time.Millisecond)
		w.block()
	}()
	code, raw := get(t, a, "/v1/resources/193.0.0.0/16?proof=1")
	v, err := light.Verify(raw, w.trust())
	if code != 200 || err != nil || v.Height != 5 || len(v.Resource.Origins) != 2 {
		t.Errorf("got %d, %v, %.300s", code, err, raw)
	}
}

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

func TestPreview_saysWhatWouldBecomeOfIt(t *testing.T) {
	w, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	root := w.View().State.Root()
	for name, c := range map[string]struct {
		raw           []byte
		outcome, rule string
		effects       int
	}{
		"unsigned":         {w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}).Encode(), "done", "", 1},
		"signed":           {w.signed("ann", &tx.Split{Resource: res("193.0.0.0/16"), Part: res("193.0.0.0/17")}).Raw(), "done", "", 2},
		"another's":        {w.act("bob", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}).Encode(), "failed", "ORIGIN-2", 0},
		"a number too far": {tooFar(w).Encode(), "inadmissible", "ADM-4", 0},
	} {
		code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", c.raw)
		doc.conforms(t, "/v1/preview", "post", "200", raw)
		var got previewResult
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 || got.Outcome != c.outcome || got.Rule != c.rule || len(got.Effects) != c.effects {
			t.Errorf("%s: got %d %s, %v", name, code, raw, err)
		}
		if sentence, _ := specs.Rule(c.rule); got.Sentence != sentence {
			t.Errorf("%s: %s is said to be %q, want %q", name, c.rule, got.Sentence, sentence)
		}
		for _, e := range got.Effects {
			if e.Before == e.After {
				t.Errorf("%s: nothing changes: %s", name, e.Before)
			}
		}
	}
	if w.View().State.Root() != root {
		t.Error("a preview changed the state")
	}
	code, _, raw := ask(t, a, "POST", "/v1/preview", "application/octet-stream", []byte{1})
	problemOf(t, "no act", code, raw, 422, "refused")
}

type previewResult struct {
	Outcome, Rule, Sentence string
	Effects                 []struct{ Before, After string }
}

func tooFar(w *world) *tx.Act {
	a := w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000})
	a.Header.Number += 7
	return a
}

// TestEvents_slowReadersAreDropped_API7 fills a reader's buffer and sees it go.
func TestEvents_slowReadersAreDropped_API7(t *testing.T) {
	h := newHub()
	slow, _ := h.join()
	for i := range StreamBuffer + 1 {
		h.publish(View{Height: uint64(i)})
	}
	n := 0
	for range slow {
		n++
	}
	if n != StreamBuffer || h.size() != 0 {
		t.Errorf("got %d heads and %d readers left, want %d and none", n, h.size(), StreamBuffer)
	}
	h.close()
	if late, leave := h.join(); true {
		if _, open := <-late; open {
			t.Error("a reader joined a closed hub")
		}
		leave()
	}
}

func TestEvents_tellOfNewHeads(t *testing.T) {
	w, a, _, _ := busy(t)
	server := httptest.NewServer(a)
	defer server.Close()
	r, err := server.Client().Get(server.URL + "/v1/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	next := func(prefix string) string {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				return text
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	if id := next("id: "); id != "4" {
		t.Errorf("got head %s first, want 4", id)
	}
	w.block()
	for next("id: ") != "5" {
	}
	var head struct {
		Height  string
		Changed bool
	}
	if err := json.Unmarshal([]byte(next("data: ")), &head); err != nil || head.Height != "5" || head.Changed {
		t.Errorf("got %+v, %v", head, err)
	}
}

// TestHoldings_followTheBlocks: what the index lists after blocks that move and
// divide titles is what one made anew lists.
func TestHoldings_followTheBlocks(t *testing.T) {
	w, a, _, _ := busy(t)
	list := func(a *API, name, query string) (at []string, next string) {
		var got struct {
			Holdings []struct{ At, Kind string }
			Next     string
		}
		code, raw := get(t, a, "/v1/accounts/"+who(name).String()+"/holdings"+query)
		if err := json.Unmarshal(raw, &got); err != nil || code != 200 {
			t.Fatalf("got %d %s, %v", code, raw, err)
		}
		for _, h := range got.Holdings {
			at = append(at, h.Kind+" "+h.At)
		}
		return at, got.Next
	}
	if got, _ := list(a, "ann", ""); strings.Join(got, ",") != "title 193.0.0.0/16,title 2001:67c::/32,title AS3333" {
		t.Errorf("got %v", got)
	}
	part := res("193.0.128.0/17")
	folio := func() wire.Hash {
		answer, err := light.Read(w.View().State, part, w.View().moment())
		if err != nil {
			t.Fatal(err)
		}
		return answer.Title.Dealing
	}
	offer := w.signed("ann", &tx.TransferOffer{Resource: part, To: who("bob"), Value: folio(), Until: w.View().Time + 600})
	w.block(offer)
	w.block(w.signed("bob", &tx.TransferAccept{Offer: offer.ID(), Resource: part, Value: folio()}))
	grant := w.signed("bob", &tx.GrantOffer{Resource: res("193.0.192.0/24"), To: who("ann"), Value: folio(), Until: w.View().Time + 600})
	w.block(grant)
	w.block(w.signed("ann", &tx.GrantAccept{Offer: grant.ID(), Resource: res("193.0.192.0/24"), Value: folio()}))
	for name, want := range map[string]string{
		"ann": "title 193.0.0.0/17,grant 193.0.192.0/24,title 2001:67c::/32,title AS3333", "bob": "title 193.0.128.0/17",
	} {
		followed, _ := list(a, name, "")
		anew, _ := list(w.api(), name, "")
		if strings.Join(followed, ",") != want || strings.Join(anew, ",") != want {
			t.Errorf("%s: followed %v, anew %v, want %s", name, followed, anew, want)
		}
	}
	if got, next := list(a, "ann", "?after=193.0.0.0/17&limit=1"); strings.Join(got, ",") != "grant 193.0.192.0/24" || next != "193.0.192.0/24" {
		t.Errorf("a page: got %v, next %s", got, next)
	}
	if got, next := list(a, "ann", "?after=AS3333"); len(got) != 0 || next != "" {
		t.Errorf("the last page: got %v, next %s", got, next)
	}
}

func TestVRPs_settledOnly_API8(t *testing.T) {
	_, a, _, _ := busy(t)
	code, raw := get(t, a, "/vrps.csv")
	want := "ASN,IP Prefix,Max Length,Trust Anchor\nAS3333,193.0.0.0/16,24,ipledger\nAS3333,2001:67c::/32,48,ipledger\n"
	if code != 200 || string(raw) != want {
		t.Errorf("got %d %s", code, raw)
	}
}

func TestAuthorises_asTheDecoderSays(t *testing.T) {
	for name, f := range map[string]record.Folio{
		"nothing":        {},
		"a title":        {Title: []byte{1, 2}, Estates: []byte{0}},
		"authorisations": {Title: []byte{1, 2}, Authorisations: []byte{0xc0}},
		"one byte":       {Authorisations: []byte{0}},
		"contacts":       {Contacts: make([]byte, 300)},
	} {
		if got, want := authorises(wire.Encode(&f)), len(f.Authorisations) > 0; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if !authorises([]byte{1}) {
		t.Error("what is no folio is left to the decoder")
	}
}

// TestOpenAPI_hasEveryPath: each path of the file is routed, each route is in it.
func TestOpenAPI_hasEveryPath(t *testing.T) {
	_, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	for path := range doc.Paths {
		switch path {
		case "/livez", "/readyz", "/metrics", "/v1/events": // of serve; and a stream that does not end
			continue
		}
		target := strings.NewReplacer("{resource}", "AS3333", "{id}", "x", "{height}", "1").Replace(path)
		if code, raw := get(t, a, target); strings.Contains(string(raw), "unknown_path") {
			t.Errorf("%s: got %d %s", path, code, raw)
		}
	}
	for _, pattern := range a.patterns {
		path := strings.NewReplacer("...}", "}", "{$}", "").Replace(pattern)
		if _, ok := doc.Paths[path]; !ok && path != "/" {
			t.Errorf("%s is not in openapi.json", pattern)
		}
	}
}

func TestChanges_pages(t *testing.T) {
	_, a, _, _ := busy(t)
	_, raw := get(t, a, "/v1/changes?from=0&to=1")
	if !strings.Contains(string(raw), `"resource":"193.0.0.0/16"`) || !strings.Contains(string(raw), `"account":"`+who("ann").String()) {
		t.Errorf("got %s", raw)
	}
	_, raw = get(t, a, "/v1/changes?from=1&to=2")
	if !strings.Contains(string(raw), `"changes":[]`) {
		t.Errorf("an empty block changed something: %s", raw)
	}
}

func TestBeforeTheFirstBlock_notReady(t *testing.T) {
	w := newWorld(t)
	a := w.api()
	for _, target := range []string{"/v1/resources/AS3333", "/v1/resources/AS3333?proof=1", "/v1/checkpoint", "/vrps.csv"} {
		code, raw := get(t, a, target)
		problemOf(t, target, code, raw, 503, "not_ready")
	}
	if code, raw := get(t, a, "/v1/status"); code != 200 {
		t.Errorf("status: got %d %s", code, raw)
	}
}

func TestGate_boundsWhatGoesOnAtOnce_API11(t *testing.T) {
	_, a, _, _ := busy(t)
	for range ProofsMax {
		if _, err := a.proofs.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	code, raw := get(t, a, "/v1/resources/AS3333?proof=1")
	problemOf(t, "all places taken", code, raw, 503, "busy")
}

func FuzzPath_API1_API2(f *testing.F) {
	_, a, _, _ := busy(f)
	for _, seed := range []string{"/v1/resources/193.0.0.0/16?at=1&proof=1", "/v1/resources/::/0", "/v1/changes?from=1&to=2&after=1", "/v1/blocks/1?after=1&limit=2", "/v1/resources/AS0-AS1/history?before=3", "/v1/acts/00?wait=0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		r, err := http.NewRequest(http.MethodGet, "http://node"+target, nil)
		if err != nil || r.URL.Path == "/v1/events" || strings.Contains(target, "wait") {
			return
		}
		rec := httptest.NewRecorder()
		a.ServeHTTP(rec, r)
		if rec.Code >= 500 && rec.Code != 503 {
			t.Errorf("%q: got %d %s", target, rec.Code, rec.Body)
		}
	})
}
