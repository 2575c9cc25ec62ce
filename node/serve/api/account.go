package api

import (
	"net/http"
	"strconv"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// accountID is the account that a path names.
func accountID(r *http.Request) (id wire.Address, err error) {
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return id, problem(http.StatusBadRequest, "bad_account", "%v", err)
	}
	return id, nil
}

// account answers what an account is, or proves it. Without a proof, an account
// that is not there is 404; with one, its absence is proven.
func (a *API) account(w http.ResponseWriter, r *http.Request) error {
	id, err := accountID(r)
	if err != nil {
		return err
	}
	prove, err := asked(r, "proof")
	if err != nil {
		return err
	}
	if prove {
		return a.prove(w, r, func(s light.Source) (*light.File, error) { return s.Account(id) })
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	answer, err := light.ReadAccount(v.State, id, v.moment())
	if err != nil {
		return err
	}
	if answer.Account == nil {
		return problem(http.StatusNotFound, "unknown_account", "%s", answer.Statement())
	}
	return writeJSON(w, answer)
}
