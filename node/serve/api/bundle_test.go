package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// files are signed act files of one bundle.
func (w *world) files(acts ...*tx.Act) (out [][]byte) {
	w.t.Helper()
	if err := tx.Bundle(acts, salt); err != nil {
		w.t.Fatal(err)
	}
	for _, a := range acts {
		sig, err := account.Sign(a.ID(salt), keyOf("ann"))
		if err == nil {
			err = a.Attach(sig, salt)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		f := tx.File{Salt: salt, Act: a}
		out = append(out, f.Bytes())
	}
	return out
}

func list(files ...[]byte) []byte {
	texts := make([]string, len(files))
	for i, f := range files {
		texts[i] = string(f)
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		panic(err)
	}
	return raw
}

func TestSubmitBundle_API17_API5(t *testing.T) {
	w, a, _, _ := busy(t)
	doc := readOpenAPI(t)
	one, two := w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64000}), w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64001})
	three := w.act("ann", &tx.OriginAuthorise{Resource: res("193.0.0.0/16"), MaxLength: 16, AS: 64002})
	two.Number, three.Number = two.Number+1, two.Number+2
	files := w.files(one, two, three)
	code, _, raw := ask(t, a, "POST", "/v1/acts", "application/json", list(files...))
	if code != http.StatusAccepted || len(w.submitted) != 3 || w.submitted[1].ID() != two.ID(salt) {
		t.Fatalf("got %d %s", code, raw)
	}
	doc.conforms(t, "/v1/acts", "post", "202", raw)
	var got struct {
		Bundle wire.Hash
		Acts   []struct{ ID wire.Hash }
	}
	if err := json.Unmarshal(raw, &got); err != nil || got.Bundle != one.Bundle || len(got.Acts) != 3 || got.Acts[0].ID != one.ID(salt) {
		t.Errorf("got %s, %v", raw, err)
	}
	huge := bytes.Repeat([]byte(" "), BundleBytesMax)
	for name, c := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"a part":         {list(files[:2]...), 422, "refused"},
		"another order":  {list(files[1], files[0], files[2]), 422, "refused"},
		"one twice":      {list(files[0], files[0], files[1]), 422, "refused"},
		"an empty list":  {[]byte("[]"), 422, "bad_body"},
		"no act files":   {[]byte(`["{}","{}"]`), 422, "refused"},
		"no texts":       {[]byte(`[{},{}]`), 422, "bad_body"},
		"too many":       {list(slices.Repeat([][]byte{[]byte("{}")}, tx.BundleMax+1)...), 422, "bad_body"},
		"cut off":        {list(files...)[:len(files[0])+900], 422, "bad_body"},
		"beyond its end": {append(list(files...), '1'), 422, "bad_body"},
		"too large":      {append([]byte("["), huge...), 413, "too_large"},
	} {
		code, _, raw := ask(t, a, "POST", "/v1/acts", "application/json", c.body)
		problemOf(t, name, code, raw, c.status, c.code)
	}
	code, _, raw = ask(t, a, "POST", "/v1/acts", "application/octet-stream", list(files...))
	problemOf(t, "as an act's bytes", code, raw, 422, "refused")
	w.refuse = ErrBusy
	code, _, raw = ask(t, a, "POST", "/v1/acts", "application/json", list(files...))
	problemOf(t, "full", code, raw, 503, "busy")
	if len(w.submitted) != 3 {
		t.Errorf("%d acts were taken in", len(w.submitted))
	}
}
