package api

import (
	"errors"
	"net/http"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// beneath answers with the proof of everything at a block and inside it, a page
// from the block named by from on.
func (a *API) beneath(w http.ResponseWriter, r *http.Request, res wire.Resource) error {
	if err := without(r, "before", "after"); err != nil {
		return err
	}
	from := res
	if text := r.URL.Query().Get("from"); text != "" {
		var err error
		if from, err = parseResource(text); err != nil {
			return err
		}
		if !inr.Covers(res, from) {
			return problem(http.StatusBadRequest, "bad_parameter", "a page of what is inside %v cannot begin at %v", res, from)
		}
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if !prove {
		return problem(http.StatusBadRequest, "bad_parameter", "what is beneath a block is answered with its proof: add proof=1")
	}
	return a.prove(w, r, func(s light.Source) (*light.File, error) { return s.Beneath(res, from, n) })
}

// heldProof answers with the proof of all that an account holds.
func (a *API) heldProof(w http.ResponseWriter, r *http.Request, id wire.Address) error {
	if err := without(r, "after", "limit"); err != nil {
		return err
	}
	return a.prove(w, r, func(s light.Source) (*light.File, error) {
		blocks, err := a.heldIn(r.Context(), s.State, id)
		if err != nil {
			return nil, err
		}
		if len(blocks) > light.HoldingsMax {
			return nil, problem(http.StatusUnprocessableEntity, "too_many", "the account holds %d blocks, at most %d fit one proof; prove them block by block", len(blocks), light.HoldingsMax)
		}
		f, err := s.Holdings(id, blocks)
		if errors.Is(err, light.ErrProof) {
			// The list of blocks is of a newer state than the proof.
			return nil, problem(http.StatusServiceUnavailable, "not_ready", "what the account holds changes at this moment; try again")
		}
		return f, err
	})
}
