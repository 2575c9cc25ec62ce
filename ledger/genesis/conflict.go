package genesis

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// piece is a run of numbers with the row that won it, or setAside.
type piece struct {
	span
	row int
}

// setAside stands for the row of space that no row can win.
const setAside = -1

// contest is rows that claim numbers, and who wins them.
type contest struct {
	files  []*statsFile
	rows   []row
	into   []int  // the row that a merged row is merged into; itself otherwise
	never  []span // never registrable, ascending, adjacent ones joined
	pieces [3][]piece
}

// settle decides every number: each goes to the best row that covers it.
//
// specs/08 GEN-6: A number that several rows cover MUST go to the first of them
// by rank; the others are cut round it. The order of files never matters.
func settle(files []*statsFile, rows []row) *contest {
	c := &contest{files: files, rows: rows, into: make([]int, len(rows)), never: neverSpans()}
	order := c.order()
	for _, f := range []wire.Family{wire.IPv4, wire.IPv6, wire.ASN} {
		n := 0
		for n < len(order) && rows[order[n]].family == f {
			n++
		}
		c.pieces[f] = c.sweep(f, order[:n])
		order = order[n:]
	}
	return c
}

// compare ranks two rows; the lesser wins.
//
// specs/08 GEN-6: Rank is: whole files before derived lists, rows that fit
// before rows that do not, the smaller, the lower start, the registry's name,
// a row with a handle before one without, the line, then the row's text.
func (c *contest) compare(a, b *row) int {
	return cmp.Or(
		falseFirst(a.class == record.Derived, b.class == record.Derived),
		falseFirst(!a.fit, !b.fit),
		a.size().compare(b.size()),
		a.first.compare(b.first),
		cmp.Compare(a.registry, b.registry),
		falseFirst(a.handle == "", b.handle == ""),
		cmp.Compare(a.line, b.line),
		strings.Compare(a.handle, b.handle),
		strings.Compare(a.status, b.status),
		cmp.Compare(a.date, b.date),
		strings.Compare(a.country, b.country),
		cmp.Compare(a.class, b.class),
		bytes.Compare(c.files[a.file].digest[:], c.files[b.file].digest[:]),
		strings.Compare(c.files[a.file].name, c.files[b.file].name),
	)
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// order gives the rows that are not merged, by family and first number.
//
// specs/08 GEN-9: Rows of the same block and registry are one row, the best of them.
func (c *contest) order() []int {
	order := make([]int, len(c.rows))
	for i := range order {
		order[i] = i
		c.into[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &c.rows[i], &c.rows[j]
		if n := cmp.Or(cmp.Compare(a.family, b.family), a.first.compare(b.first)); n != 0 {
			return n // as nearly always: rows hardly overlap
		}
		return cmp.Or(a.last.compare(b.last), cmp.Compare(a.registry, b.registry), c.compare(a, b), cmp.Compare(i, j))
	})
	kept := order[:0]
	for _, i := range order {
		if n := len(kept) - 1; n >= 0 && c.same(kept[n], i) {
			c.into[i] = kept[n]
			continue
		}
		kept = append(kept, i)
	}
	return kept
}

// same reports whether two rows state the same block and registry.
func (c *contest) same(i, j int) bool {
	a, b := &c.rows[i], &c.rows[j]
	return a.span == b.span && a.registry == b.registry
}
