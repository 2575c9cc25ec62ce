package api

import (
	"encoding/json"
	"io"
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// bundleAnswer is what a client gets for a bundle: the node will forget none of its acts.
type bundleAnswer struct {
	Bundle       wire.Hash         `json:"bundle"`
	Acknowledged bool              `json:"acknowledged"`
	Height       light.Decimal     `json:"height"`
	Acts         []acknowledgement `json:"acts"` // in the bundle's order
}

// submitBundle takes the acts of a bundle in together.
//
// specs/13 API-17: A list of several act files that is submitted MUST be one
// whole bundle in its order, and is taken in whole or not at all.
func (a *API) submitBundle(w http.ResponseWriter, r *http.Request, files []*tx.File, height uint64) error {
	raw := make([][]byte, len(files))
	for i, f := range files {
		raw[i] = f.Act.Encode()
	}
	acts, err := a.Relay.SubmitBundle(r.Context(), raw)
	if err != nil {
		return err
	}
	answer := bundleAnswer{Bundle: acts[0].Header().Bundle, Acknowledged: true, Height: light.Decimal(height)}
	for _, v := range acts {
		answer.Acts = append(answer.Acts, acknowledge(v, height))
	}
	accepted(w, answer)
	return nil
}

// readBundle reads a JSON list of strings, each a whole act file, whose every byte
// counts (ACT-19).
func (a *API) readBundle(body io.Reader) ([]*tx.File, error) {
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, unread(err)
	}
	var texts []string
	if err := json.Unmarshal(raw, &texts); err != nil || len(texts) == 0 || len(texts) > tx.BundleMax {
		return nil, problem(http.StatusUnprocessableEntity, "bad_body", "a list has the text of 1 to %d act files", tx.BundleMax)
	}
	files := make([]*tx.File, len(texts))
	for i, text := range texts {
		if files[i], err = a.actFile([]byte(text)); err != nil {
			return nil, err
		}
	}
	return files, nil
}
