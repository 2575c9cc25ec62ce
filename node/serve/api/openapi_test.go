package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/tx"
	"ipledger/node/serve/files"
)

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
		"/v1/resources/193.0.0.0/16/history?proof=1":                      "/v1/resources/{resource}/history",
		"/v1/resources/193.0.0.0/8/beneath?proof=1&limit=1":               "/v1/resources/{resource}/beneath",
		"/v1/accounts/" + who("ann").String() + "/holdings?proof=1":       "/v1/accounts/{id}/holdings",
		"/v1/resources/193.0.0.0/16/authorisation?as=3333":                "/v1/resources/{resource}/authorisation",
		"/v1/resources/8.8.8.0/24/authorisation?as=15169&proof=1":         "/v1/resources/{resource}/authorisation",
		"/v1/blocks/1":            "/v1/blocks/{height}",
		"/v1/blocks/1?limit=1":    "/v1/blocks/{height}",
		"/v1/blocks/2":            "/v1/blocks/{height}",
		"/v1/headers/2":           "/v1/headers/{height}",
		"/v1/headers/latest":      "/v1/headers/{height}",
		"/v1/changes":             "/v1/changes",
		"/v1/changes?from=1&to=3": "/v1/changes",
		"/v1/checkpoint":          "/v1/checkpoint",
		"/v1/genesis":             "/v1/genesis",
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

// TestOpenAPI_hasEveryPath: each path of the file is routed, each route is in it.
func TestOpenAPI_hasEveryPath(t *testing.T) {
	_, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	for path := range doc.Paths {
		if slices.Contains(files.Paths(), path) {
			continue // of files
		}
		switch path {
		case "/livez", "/readyz", "/metrics", "/v1/events": // of serve; and a stream that does not end
			continue
		}
		target := strings.NewReplacer("{resource}", "AS3333", "{id}", "x", "{hash}", "x", "{height}", "1", "{tile}", "0/000").Replace(path)
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
