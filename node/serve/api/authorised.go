package api

import (
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// authorised answers whether an AS may originate a prefix down to a length, or
// proves it: that there is such an authorisation, or that there is none.
func (a *API) authorised(w http.ResponseWriter, r *http.Request, res wire.Resource) error {
	if err := without(r, "before", "after", "limit", "from"); err != nil {
		return err
	}
	route, err := askedRoute(r, res)
	if err != nil {
		return err
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if prove {
		return a.prove(w, r, func(s light.Source) (*light.File, error) { return s.Authorised(route) })
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	answer, err := light.ReadAuthorised(v.State, route, v.moment())
	if err != nil {
		return err
	}
	return writeJSON(w, answer)
}

// askedRoute reads as and max_length, which is the block's own where it is left out.
func askedRoute(r *http.Request, res wire.Resource) (out light.Route, err error) {
	out.Block = res
	if !r.URL.Query().Has("as") {
		return out, problem(http.StatusBadRequest, "bad_parameter", "say which AS number is meant: as=3333")
	}
	if out.AS, err = optional(r, "as", 1<<32-1, 0); err != nil {
		return out, err
	}
	if out.MaxLength, err = optional(r, "max_length", 128, uint64(res.Len)); err != nil {
		return out, err
	}
	if err := out.Check(); err != nil {
		return out, problem(http.StatusBadRequest, "bad_parameter", "a prefix is authorised for a length from its own to that of an address, not %v for /%d", res, out.MaxLength)
	}
	return out, nil
}
