package api

import (
	"encoding/json"
	"testing"

	"ipledger/ledger/light"
)

// TestHeaders_LIGHT6 follows the headers that a node gives, from its first to its
// newest.
func TestHeaders_LIGHT6(t *testing.T) {
	w, a, _, _ := busy(t)
	step := func(target string) (s light.Step) {
		t.Helper()
		code, raw := get(t, a, target)
		if err := json.Unmarshal(raw, &s); code != 200 || err != nil {
			t.Fatalf("%s: %d %v %s", target, code, err, raw)
		}
		return s
	}
	trust := w.trust()
	from, err := trust.Begin(step("/v1/headers/" + decimal(trust.Height)))
	if err != nil {
		t.Fatal(err)
	}
	last, err := from.Next(step("/v1/headers/latest"), w.View().Time)
	if err != nil || last.Height() != w.View().Height || last.Hash() != w.View().HeaderHash {
		t.Errorf("got height %d, %v", last.Height(), err)
	}
	for _, target := range []string{"/v1/headers/0", "/v1/headers/99"} {
		code, raw := get(t, a, target)
		problemOf(t, target, code, raw, 404, "unknown_height")
	}
	code, raw := get(t, a, "/v1/headers/newest")
	problemOf(t, "a word", code, raw, 400, "bad_parameter")
}
