package api

import (
	"net/http"
	"strings"

	"ipledger/ledger/light"
)

// resource answers what a block of numbers is, proves it, or tells its history.
func (a *API) resource(w http.ResponseWriter, r *http.Request) error {
	text, history := strings.CutSuffix(r.PathValue("resource"), "/history")
	text, offers := strings.CutSuffix(text, "/offers")
	if history && offers {
		text += "/offers" // no block has such a name
	}
	res, err := parseResource(text)
	if err != nil {
		return err
	}
	if history {
		return a.history(w, r, res)
	}
	if offers {
		return a.resourceOffers(w, r, res)
	}
	if err := without(r, "before", "limit", "after"); err != nil {
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
	return writeJSON(w, answer)
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
