package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// acknowledgement is what a client gets for an act: the node will not forget it.
type acknowledgement struct {
	ID           wire.Hash     `json:"id"`
	Acknowledged bool          `json:"acknowledged"`
	Height       light.Decimal `json:"height"` // of the newest block when it was taken in
	Expires      light.Instant `json:"expires"`
}

// submit takes an act in.
//
// specs/13 API-5: An answer of 2xx to a submitted act MUST mean that the
// relay's journal, with the act in it, has synced.
func (a *API) submit(w http.ResponseWriter, r *http.Request) error {
	if !a.Writes || a.Relay == nil {
		return problem(http.StatusForbidden, "read_only", "this node takes no acts; submit to another")
	}
	raw, err := a.actBytes(r)
	if err != nil {
		return err
	}
	height := a.Ledger.View().Height
	v, err := a.Relay.Submit(r.Context(), raw)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	writeBody(w, acknowledgement{v.ID(), true, light.Decimal(height), light.Instant(v.Header().Expires)})
	return nil
}

// actBytes reads an act from a body, which holds its bytes or an act file.
func (a *API) actBytes(r *http.Request) ([]byte, error) {
	f, raw, err := a.readAct(r)
	if f != nil {
		raw = f.Act.Encode()
	}
	return raw, err
}

// readAct reads a body: f is nil where it holds the bytes of an act.
func (a *API) readAct(r *http.Request) (f *tx.File, raw []byte, err error) {
	files, raw, err := a.readActs(r)
	switch {
	case err != nil || len(files) == 0:
		return nil, raw, err
	case len(files) > 1:
		return nil, nil, problem(http.StatusUnprocessableEntity, "bad_body", "acts are submitted one by one, those of a bundle too")
	}
	return files[0], nil, nil
}

// readActs reads a body that holds the bytes of an act, an act file, or a JSON list
// of act files; without files it is the first.
func (a *API) readActs(r *http.Request) (files []*tx.File, raw []byte, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/octet-stream" && kind != "application/json" {
		return nil, nil, problem(http.StatusUnsupportedMediaType, "bad_media_type", "send application/octet-stream (the act's bytes) or application/json (an act file)")
	}
	if raw, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, unread(err)
	}
	if kind == "application/octet-stream" {
		return nil, raw, nil
	}
	texts, err := actFiles(raw)
	if err != nil {
		return nil, nil, err
	}
	for _, text := range texts {
		f, err := tx.ReadFile(text)
		if err != nil {
			return nil, nil, err
		}
		if f.Salt != a.GenesisHash {
			return nil, nil, problem(http.StatusUnprocessableEntity, "other_chain", "the act is for the chain of genesis %v, this one is of %v", f.Salt, a.GenesisHash)
		}
		files = append(files, f)
	}
	return files, nil, nil
}

// actFiles is the act files in a body: the body itself, or the strings of a list,
// each a whole file, whose every byte counts (ACT-19).
func actFiles(raw []byte) ([][]byte, error) {
	if len(raw) == 0 || raw[0] != '[' {
		return [][]byte{raw}, nil
	}
	var texts []string
	if err := json.Unmarshal(raw, &texts); err != nil || len(texts) == 0 || len(texts) > tx.BundleMax {
		return nil, problem(http.StatusUnprocessableEntity, "bad_body", "a list has the text of 1 to %d act files", tx.BundleMax)
	}
	out := make([][]byte, len(texts))
	for i, text := range texts {
		out[i] = []byte(text)
	}
	return out, nil
}

// unread names what kept a body from being read. It is the client's doing, and
// no fault for the node's log, which anyone could fill otherwise.
func unread(err error) error {
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, "bad_body", "the body did not arrive in time; send it again at once")
	}
	return problem(http.StatusBadRequest, "bad_body", "the body ended before its declared length; send it again whole")
}
