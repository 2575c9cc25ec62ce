package genesis

import (
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Row is one title that the statistics give: an aligned block and the source
// row it was cut from. Titles that share a source row are independent.
type Row struct {
	Resource wire.Resource
	State    record.State // Available, Reserved or Unclaimed
	Source   record.Source
}

// HandleKnown reports whether the source states an opaque id.
func (r *Row) HandleKnown() bool { return r.Source.Handle != "" }

// titles cuts what each row won into aligned blocks, in the order of keys.
//
// specs/08 GEN-11: What a row keeps becomes the fewest aligned titles, which
// all carry the row; no two titles share a number.
func (c *contest) titles() []Row {
	out := make([]Row, 0, len(c.rows)+len(c.rows)/4) // most rows are one block
	for f, pieces := range c.pieces {
		for _, p := range pieces {
			if p.row == setAside {
				continue
			}
			f := wire.Family(f)
			blocks, err := inr.Blocks(f, p.first.left(f), p.last.left(f))
			if err != nil {
				panic(err) // a piece is a range of its family
			}
			r := &c.rows[p.row]
			source := r.source()
			for _, b := range blocks {
				out = append(out, Row{Resource: b, State: source.State(), Source: source})
			}
		}
	}
	return out
}

func (r *row) source() record.Source {
	return record.Source{
		Registry: record.Registries[r.registry], Handle: r.handle, Status: r.status, Date: uint64(r.date),
		Country: r.country, Class: r.class, Legacy: r.legacy,
		First: r.first.left(r.family), Last: r.last.left(r.family),
	}
}
