package api

import (
	"encoding/json"
	"strings"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
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
	for _, target := range []string{"/v1/resources/AS3333", "/v1/resources/AS3333?proof=1", "/v1/checkpoint"} {
		code, raw := get(t, a, target)
		problemOf(t, target, code, raw, 503, "not_ready")
	}
	if code, raw := get(t, a, "/v1/status"); code != 200 {
		t.Errorf("status: got %d %s", code, raw)
	}
}
