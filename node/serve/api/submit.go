package api

import (
	"bufio"
	"bytes"
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
	files, raw, err := a.readActs(w, r)
	if err != nil {
		return err
	}
	height := a.Ledger.View().Height
	if len(files) > 1 {
		return a.submitBundle(w, r, files, height)
	}
	if len(files) == 1 {
		raw = files[0].Act.Encode()
	}
	v, err := a.Relay.Submit(r.Context(), raw)
	if err != nil {
		return err
	}
	accepted(w, acknowledge(v, height))
	return nil
}

func accepted(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	writeBody(w, answer)
}

func acknowledge(v tx.Verified, height uint64) acknowledgement {
	return acknowledgement{v.ID(), true, light.Decimal(height), light.Instant(v.Header().Expires)}
}

// What a body can be.
const (
	actBytes = "application/octet-stream"
	actFiles = "application/json" // one, or a list
)

// actMedia says which of both a body is, and refuses any other.
func actMedia(r *http.Request) (string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != actBytes && kind != actFiles {
		return "", problem(http.StatusUnsupportedMediaType, "bad_media_type", "send application/octet-stream (the act's bytes) or application/json (an act file)")
	}
	return kind, nil
}

// readActs reads a body that holds the bytes of an act, an act file, or a JSON list
// of act files; without files it is the first. Only a list may be longer than one
// act can be.
func (a *API) readActs(w http.ResponseWriter, r *http.Request) (files []*tx.File, raw []byte, err error) {
	kind, err := actMedia(r)
	if err != nil {
		return nil, nil, err
	}
	body := bufio.NewReader(r.Body)
	if first, _ := body.Peek(1); kind == actFiles && bytes.Equal(first, []byte("[")) {
		release, err := a.bundlers.enter(r)
		if err != nil {
			return nil, nil, err
		}
		defer release()
		leave, err := a.bundles.enter(r.Context())
		if err != nil {
			return nil, nil, err
		}
		defer leave()
		files, err = a.readBundle(body)
		return files, nil, err
	}
	if raw, err = io.ReadAll(http.MaxBytesReader(w, io.NopCloser(body), BodyBytesMax)); err != nil {
		return nil, nil, unread(err)
	}
	if kind == actBytes {
		return nil, raw, nil
	}
	f, err := a.actFile(raw)
	return []*tx.File{f}, nil, err
}

// actFile reads an act file of this chain.
func (a *API) actFile(raw []byte) (*tx.File, error) {
	f, err := tx.ReadFile(raw)
	if err != nil {
		return nil, err
	}
	if f.Salt != a.GenesisHash {
		return nil, problem(http.StatusUnprocessableEntity, "other_chain", "the act is for the chain of genesis %v, this one is of %v", f.Salt, a.GenesisHash)
	}
	return f, nil
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
