package api

import (
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
)

// parametersShape is the numbers that votes may change, as they are.
type parametersShape struct {
	Height     light.Decimal    `json:"height"`
	Time       light.Instant    `json:"time"`
	Parameters []parameterShape `json:"parameters"` // in the order of the law's table
}

// parameterShape is one of them, with the bounds that no vote passes.
type parameterShape struct {
	Name  string        `json:"name"`
	Value light.Decimal `json:"value"`
	Least light.Decimal `json:"least"`
	Most  light.Decimal `json:"most"`
}

// parameters answers with every number that a vote may change.
func (a *API) parameters(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	p, err := ledger.Parameters(v.State)
	if err != nil {
		return err
	}
	out := parametersShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time)}
	for i := range record.ParameterTable {
		x := &record.ParameterTable[i]
		out.Parameters = append(out.Parameters, parameterShape{x.Name, light.Decimal(*x.In(p)), light.Decimal(x.Least), light.Decimal(x.Most)})
	}
	return writeJSON(w, out)
}
