package genesis

import (
	"cmp"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// claimed is a holding, read.
type claimed struct {
	block wire.Resource
	owner int
	line  int
}

// place gives each holding to its account and cuts the titles it lies in.
//
// specs/08 GEN-15: A holding MUST lie inside one title that is neither available
// nor reserved, and holdings MUST NOT overlap.
func (s *start) place(rows []Row) ([]Row, error) {
	list, err := s.claims()
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(rows)+4*len(list))
	for i := range rows {
		row := &rows[i]
		var inside []claimed
		for len(list) > 0 && inr.Covers(row.Resource, list[0].block) {
			inside, list = append(inside, list[0]), list[1:]
		}
		if len(list) > 0 && inr.Compare(list[0].block, row.Resource) < 0 {
			return nil, uncovered(list[0])
		}
		if len(inside) > 0 && row.State != record.Unclaimed {
			return nil, refuseHolding(inside[0].line, "GEN-15", "%v is %v in the files of %s; nobody can hold it",
				inside[0].block, row.State, row.Source.Registry)
		}
		out = s.divide(out, *row, inside)
	}
	if len(list) > 0 {
		return nil, uncovered(list[0])
	}
	return out, nil
}

func uncovered(c claimed) error {
	return refuseHolding(c.line, "GEN-15", "no row of the statistics covers the whole of %v; hold blocks that one title covers", c.block)
}

// claims reads all holdings, in the order of keys.
func (s *start) claims() ([]claimed, error) {
	var list []claimed
	for i := range s.in.Holdings.Accounts {
		for _, h := range s.in.Holdings.Accounts[i].Blocks {
			r, err := inr.Parse(h.Block)
			if err != nil {
				return nil, refuseHolding(h.Line, "GEN-15", "%v", err)
			}
			list = append(list, claimed{r, i, h.Line})
		}
	}
	slices.SortFunc(list, func(a, b claimed) int {
		return cmp.Or(inr.Compare(a.block, b.block), cmp.Compare(a.line, b.line))
	})
	for i := 1; i < len(list); i++ {
		if inr.Overlaps(list[i-1].block, list[i].block) {
			return nil, refuseHolding(list[i].line, "GEN-15", "%v overlaps %v of line %d", list[i].block, list[i-1].block, list[i-1].line)
		}
	}
	return list, nil
}

// divide cuts a title round the holdings inside it; all pieces keep its source.
func (s *start) divide(out []Row, row Row, inside []claimed) []Row {
	if len(inside) == 0 {
		return append(out, row)
	}
	if inside[0].block == row.Resource {
		c := inside[0]
		s.held[c.block] = c.owner
		s.who[c.owner].Holdings = s.who[c.owner].Holdings.Plus(account.Units(c.block))
		return append(out, row)
	}
	low, high, _ := inr.Halves(row.Resource)
	n := 0
	for n < len(inside) && inr.Covers(low, inside[n].block) {
		n++
	}
	row.Resource = low
	out = s.divide(out, row, inside[:n])
	row.Resource = high
	return s.divide(out, row, inside[n:])
}
