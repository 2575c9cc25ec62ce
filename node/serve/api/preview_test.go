package api

import (
	"encoding/json"
	"testing"

	"ipledger/ledger/tx"
	"ipledger/specs"
)

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
