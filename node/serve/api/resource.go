package api

import (
	"net/http"
	"strings"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// resource answers what a block of numbers is, proves it, or tells its history.
func (a *API) resource(w http.ResponseWriter, r *http.Request) error {
	text := r.PathValue("resource")
	if !strings.HasSuffix(text, "/authorisation") {
		if err := without(r, "as", "max_length"); err != nil {
			return err
		}
	}
	for suffix, answer := range map[string]func(http.ResponseWriter, *http.Request, wire.Resource) error{
		"/history": a.history, "/offers": a.resourceOffers, "/beneath": a.beneath, "/authorisation": a.authorised,
	} {
		if block, ok := strings.CutSuffix(text, suffix); ok {
			res, err := parseResource(block)
			if err != nil {
				return err
			}
			return answer(w, r, res)
		}
	}
	return a.resourceAt(w, r, text)
}

// resourceAt answers what one block of numbers is, or proves it.
func (a *API) resourceAt(w http.ResponseWriter, r *http.Request, text string) error {
	res, err := parseResource(text)
	if err != nil {
		return err
	}
	if err := without(r, "before", "limit", "after", "from"); err != nil {
		return err
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if prove {
		return a.prove(w, r, func(s light.Source) (*light.File, error) { return s.Resource(res) })
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	answer, err := light.Read(v.State, res, v.moment())
	if err != nil {
		return err
	}
	out, err := withHands(v, answer)
	if err != nil {
		return err
	}
	return writeJSON(w, out)
}

// without refuses parameters that belong to a path's other form.
func without(r *http.Request, names ...string) error {
	for _, name := range names {
		if r.URL.Query().Has(name) {
			return problem(http.StatusBadRequest, "unknown_parameter", "parameter %q is unknown here", name)
		}
	}
	return nil
}

// prove answers with a proof file, a few at a time.
//
// specs/13 API-3: With proof=1 the body MUST be a proof file (chapter 12) and
// nothing else.
func (a *API) prove(w http.ResponseWriter, r *http.Request, with func(light.Source) (*light.File, error)) error {
	s, err := a.source(r)
	if err != nil {
		return err
	}
	leave, err := a.proofs.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	f, err := with(s)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(f.Bytes()) // an error is a client that has gone
	return nil
}
