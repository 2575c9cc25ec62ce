package api

import (
	"encoding/json"
	"strconv"
	"testing"

	payloads "ipledger/ledger/vrp"
)

// TestPayloads_DRIFT12 has all payloads of a state, of the newest and of an earlier.
func TestPayloads_DRIFT12(t *testing.T) {
	w, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	for _, v := range w.views {
		if v.Height == 0 {
			continue
		}
		code, raw := get(t, a, "/v1/payloads?at="+decimal(v.Height))
		if code != 200 {
			t.Fatalf("block %d: got %d %s", v.Height, code, raw)
		}
		doc.conforms(t, "/v1/payloads", "get", "200", raw)
		want, err := payloads.List(v.State, v.moment())
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Height   string
			Count    int
			Payloads []struct {
				Prefix    string
				MaxLength uint64 `json:"max_length"`
				AS, Grade string
			}
		}
		if err := json.Unmarshal(raw, &got); err != nil || got.Height != decimal(v.Height) || got.Count != len(want) || len(got.Payloads) != len(want) {
			t.Fatalf("block %d: got %s, want %d payloads: %v", v.Height, raw, len(want), err)
		}
		for i, p := range want {
			if g := got.Payloads[i]; g.Prefix != p.Prefix.String() || g.MaxLength != p.MaxLength || g.AS != strconv.FormatUint(p.AS, 10) || g.Grade != p.Grade.String() {
				t.Errorf("block %d: got %+v, want %+v", v.Height, g, p)
			}
		}
	}
	if _, raw := get(t, a, "/v1/payloads"); len(raw) < 200 {
		t.Errorf("the newest: got %s", raw)
	}
}

// TestPayloads_bounded_API11 makes no more lists at once than it may.
func TestPayloads_bounded_API11(t *testing.T) {
	_, a, _, _ := busy(t)
	for range PayloadsMax {
		a.lists <- struct{}{}
	}
	if code, raw := get(t, a, "/v1/payloads"); code != 503 {
		t.Errorf("got %d %s", code, raw)
	}
}
