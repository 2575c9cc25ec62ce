package api

import (
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// headerShape is a header and what makes it final: a step of a light client.
type headerShape struct {
	Height     light.Decimal `json:"height"`
	Time       light.Instant `json:"time"`
	HeaderHash wire.Hash     `json:"header_hash"`
	light.Step
}

// header gives the step of a height.
//
// specs/26 LIGHT-6: A node MUST give the step of any height it has, and that of
// its newest header where the latest is asked for.
func (a *API) header(w http.ResponseWriter, r *http.Request) error {
	head := a.Ledger.View()
	if err := a.begun(head); err != nil {
		return err
	}
	height := head.Height
	if text := r.PathValue("height"); text != "latest" {
		var err error
		if height, err = number("height", text, 1<<63-1); err != nil {
			return err
		}
	}
	if height == 0 || height > head.Height {
		return problem(http.StatusNotFound, "unknown_height", "there is no header %d; the last is %d", height, head.Height)
	}
	if err := a.kept(height); err != nil {
		return err
	}
	h, cert, set, err := a.Ledger.Certified(height)
	if err != nil {
		return err
	}
	return writeJSON(w, headerShape{light.Decimal(height), light.Instant(h.Time.Seconds), h.Hash(), light.NewStep(h, cert, set)})
}
