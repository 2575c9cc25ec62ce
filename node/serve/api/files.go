package api

import (
	_ "embed"
	"net/http"

	"ipledger/ledger/light"
)

//go:embed openapi.json
var openapiFile []byte

//go:embed index.html
var indexPage []byte

func file(w http.ResponseWriter, kind string, raw []byte) error {
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(raw) // an error is a client that has gone
	return nil
}

func (a *API) openapi(w http.ResponseWriter, _ *http.Request) error {
	return file(w, "application/json", openapiFile)
}

func (a *API) index(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	return file(w, "text/html; charset=utf-8", indexPage)
}

func (a *API) genesis(w http.ResponseWriter, _ *http.Request) error {
	return file(w, "application/json", a.Genesis)
}

// checkpoint is a trust file of the newest header. Whoever takes it from a node
// trusts that node: compare it with what others give.
func (a *API) checkpoint(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	h, _, _, err := a.Ledger.Certified(v.Height)
	if err != nil {
		return err
	}
	t := light.Trust{ChainID: a.ChainID, GenesisHash: a.GenesisHash, Height: h.Height, HeaderHash: h.Hash(), ValidatorsHash: h.ValidatorsHash}
	return file(w, "application/json", t.Bytes())
}
