package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

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
		"/v1/contacts/12":                                {400, "bad_parameter"},
		"/v1/contacts/" + wire.Hash{1}.String():          {404, "unknown_contacts"},
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

func TestQuery_unknownAndRepeated_API2(t *testing.T) {
	_, a, _, _ := busy(t)
	code, raw := get(t, a, "/v1/status?pretty=1")
	problemOf(t, "unknown", code, raw, 400, "unknown_parameter")
	code, raw = get(t, a, "/v1/resources/AS3333?proof=1&proof=1")
	problemOf(t, "twice", code, raw, 400, "bad_parameter")
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

// TestGate_pastStates_API11: a third reader of the past is sent away for a moment.
func TestGate_pastStates_API11(t *testing.T) {
	_, a, _, _ := busy(t)
	for range RebuildsMax {
		if _, err := a.rebuilds.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	code, raw := get(t, a, "/v1/resources/AS3333?at=1")
	problemOf(t, "all places taken", code, raw, 429, "going_back")
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

// TestProblem_sentence_API9 asks for a block with host bits: the answer quotes
// the rule that refuses it.
func TestProblem_sentence_API9(t *testing.T) {
	_, a, _, _ := busy(t)
	_, raw := get(t, a, "/v1/resources/193.0.0.1/16")
	var got Problem
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if want, ok := specs.Rule("RES-2"); !ok || got.Rule != "RES-2" || got.Sentence != want {
		t.Errorf("got rule %q with %q, want RES-2 with its sentence", got.Rule, got.Sentence)
	}
}
