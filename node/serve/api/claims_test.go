package api

import (
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// TestClaim: an open claim is shown with what registrars and others said of it.
func TestClaim(t *testing.T) {
	w, a, _, _ := busy(t)
	id, c := wire.Hash{7}, &record.Claim{
		Rules: 1, Account: who("ann"), From: who("bob"), Resource: res("193.0.4.0/24"), Grade: record.GradeA, Evidence: wire.Hash{8}, Proved: 5,
		Stage: record.Silent, Entered: 6, Began: 6, At: 7, Ends: 8,
		Words:      []record.Word{{Kind: record.Notifies, By: who("bob"), Digest: wire.Hash{9}, Date: 6, At: 6, Block: res("193.0.4.0/24")}},
		Objections: []record.Objection{{By: who("bob"), Signed: 4, Block: res("193.0.4.0/25")}},
	}
	v := &w.views[len(w.views)-1]
	e := v.State.Edit()
	e.Put(record.Leaf(record.ClaimKey(id), wire.Encode(c)))
	v.State = e.Freeze()
	code, raw := get(t, a, "/v1/claims/"+id.String())
	if code != 200 {
		t.Fatalf("got %d: %s", code, raw)
	}
	readOpenAPI(t).conforms(t, "/v1/claims/{id}", "get", "200", raw)
	for _, want := range []string{`"stage":"silent"`, `"kind":"notifies"`, `"resource":"193.0.4.0/25"`, `"against":"` + who("bob").String()} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("got %s, want %s in it", raw, want)
		}
	}
	code, raw = get(t, a, "/v1/claims/"+wire.Hash{1}.String())
	problemOf(t, "unknown", code, raw, 404, "unknown_claim")
	code, raw = get(t, a, "/v1/claims/1")
	problemOf(t, "no id", code, raw, 400, "bad_act")
}
