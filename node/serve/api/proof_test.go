package api

import (
	"encoding/json"
	"testing"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
)

func TestProofs_verifyAndSayTheSame_API3_API4(t *testing.T) {
	w, a, done, failed := busy(t)
	for target, plain := range map[string]string{
		"/v1/resources/193.0.0.0/16?proof=1":                                          "/v1/resources/193.0.0.0/16?at=3",
		"/v1/resources/193.0.0.0/16?at=1&proof=1":                                     "/v1/resources/193.0.0.0/16?at=1",
		"/v1/resources/8.8.8.0/24?at=2&proof=1":                                       "/v1/resources/8.8.8.0/24?at=2",
		"/v1/resources/193.0.0.0/16/authorisation?as=3333&max_length=24&at=3&proof=1": "/v1/resources/193.0.0.0/16/authorisation?as=3333&max_length=24&at=3",
		"/v1/accounts/" + who("ann").String() + "?proof=1":                            "/v1/accounts/" + who("ann").String() + "?at=3",
		"/v1/acts/" + done.ID().String() + "?proof=1":                                 "/v1/acts/" + done.ID().String(),
		"/v1/acts/" + failed.ID().String() + "?proof=1&wait=0":                        "/v1/acts/" + failed.ID().String(),
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

// TestAuthorisation_PRF20: what is asked for is what is proven, and what cannot be
// authorised is refused.
func TestAuthorisation_PRF20(t *testing.T) {
	w, a, _, _ := busy(t)
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 20, AS: 64001}))
	w.block()
	for query, want := range map[string]bool{"as=64001&max_length=20": true, "as=64001": false, "as=0&max_length=32": false, "as=64001&max_length=20&at=4": false} {
		code, raw := get(t, a, "/v1/resources/193.0.0.0/16/authorisation?proof=1&"+query)
		v, err := light.Verify(raw, w.trust())
		if code != 200 || err != nil || len(v.Authorised.Found) > 0 != want {
			t.Errorf("%s: %d, %v, %.300s", query, code, err, raw)
		}
	}
	for target, want := range map[string]string{
		"193.0.0.0/16/authorisation": "bad_parameter", "193.0.0.0/16/authorisation?as=4294967296": "bad_parameter", "193.0.0.0/16/authorisation?as=1&max_length=15": "bad_parameter",
		"193.0.0.0/16/authorisation?as=1&max_length=33": "bad_parameter", "AS3333/authorisation?as=1": "bad_parameter", "193.0.0.0/16?as=1": "unknown_parameter",
		"193.0.0.0/16/authorisation?as=1&limit=3": "unknown_parameter",
	} {
		code, raw := get(t, a, "/v1/resources/"+target)
		problemOf(t, target, code, raw, 400, want)
	}
}

// TestPruned_API21: a node that began with a snapshot says what it does not have.
func TestPruned_API21(t *testing.T) {
	w, a, _, _ := busy(t)
	w.block(w.signed("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}))
	w.block()
	a.Pruned = 2
	for _, target := range []string{
		"/v1/resources/193.0.0.0/16?at=2", "/v1/resources/193.0.0.0/16?at=1&proof=1", "/v1/resources/193.0.0.0/16?at=2001-01-01T00:00:00Z", "/v1/blocks/2", "/v1/headers/1",
		"/v1/archive/1", "/v1/changes", "/v1/changes?from=1", "/v1/accounts/" + who("ann").String() + "?at=1",
	} {
		code, raw := get(t, a, target)
		problemOf(t, target, code, raw, 410, "pruned")
	}
	for _, target := range []string{"/v1/resources/193.0.0.0/16?at=3", "/v1/resources/193.0.0.0/16?at=3&proof=1", "/v1/blocks/3", "/v1/headers/3", "/v1/changes?from=2"} {
		if code, raw := get(t, a, target); code != 200 {
			t.Errorf("%s: %d %s", target, code, raw)
		}
	}
	code, raw := get(t, a, "/v1/resources/193.0.0.0/16/history")
	var told struct{ Pruned string }
	if err := json.Unmarshal(raw, &told); err != nil || code != 200 || told.Pruned != "2" {
		t.Errorf("%d %s", code, raw)
	}
}
