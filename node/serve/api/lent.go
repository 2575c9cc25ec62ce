package api

import (
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// lentShape is a page of what an account lends on.
type lentShape struct {
	ID      light.Party   `json:"id"`
	Height  light.Decimal `json:"height"`
	Time    light.Instant `json:"time"`
	Charges []loanShape   `json:"charges"`
	Next    string        `json:"next"` // the after of the next page, or empty
}

// loanShape is one charge, and what its lender is told of the title under it.
type loanShape struct {
	At           string                   `json:"at"` // the title
	Holder       light.Party              `json:"holder"`
	State        string                   `json:"state"`
	Grade        string                   `json:"grade"`
	Charge       light.ChargeShape        `json:"charge"`
	Restrictions []light.RestrictionShape `json:"restrictions"` // holds, freezes, contests, claims, cautions, divergence
	Recovery     *recoveryShape           `json:"recovery"`     // of the holder's account
}

// lends answers with an account's charges, and what lenders are told.
//
// specs/13 API-19: A list of an account's charges MUST have each charge of which it is
// the lender, once, with the title under it, all restrictions at that title, and the
// recovery of its holder's account.
func (a *API) lends(w http.ResponseWriter, r *http.Request) error {
	id, err := accountID(r)
	if err != nil {
		return err
	}
	n, err := limit(r)
	if err != nil {
		return err
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	titles, err := a.holdings.lentBy(v, id, a.Ledger)
	if err != nil {
		return err
	}
	if titles, err = afterBlock(r, titles); err != nil {
		return err
	}
	out := lentShape{ID: light.Party(id), Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Charges: []loanShape{}}
	for i, at := range titles {
		if i == n {
			out.Next = titles[i-1].String()
			break
		}
		loans, err := loansAt(v, at, id)
		if err != nil {
			return err
		}
		out.Charges = append(out.Charges, loans...)
	}
	return writeJSON(w, out)
}

// loansAt is the charges of a lender over exactly one title, as it stands in a view.
func loansAt(v View, at wire.Resource, lender wire.Address) (out []loanShape, err error) {
	answer, err := light.Read(v.State, at, v.moment())
	if err != nil || answer.Title == nil || answer.Title.At != at {
		return nil, err
	}
	one := loanShape{
		At: at.String(), Holder: light.Party(answer.Title.Holder), State: answer.State, Grade: answer.Grade.String(),
		Restrictions: []light.RestrictionShape{},
	}
	for _, x := range answer.Holds {
		one.Restrictions = append(one.Restrictions, light.ShapeRestriction(x.At, x.Restriction))
	}
	if one.Recovery, err = recoveryOf(v.State, answer.Title.Holder); err != nil {
		return nil, err
	}
	for _, shape := range light.ShapeCharges(answer.Charges) {
		if wire.Address(shape.Lender) == lender {
			one.Charge = shape
			out = append(out, one)
		}
	}
	return out, nil
}
