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
