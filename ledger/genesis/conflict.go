package genesis

import (
	"bytes"
	"cmp"
	"container/heap"
	"slices"
	"strings"

	"ipledger/ledger/inr"
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
		return cmp.Or(cmp.Compare(a.family, b.family), a.first.compare(b.first), a.last.compare(b.last),
			cmp.Compare(a.registry, b.registry), c.compare(a, b), cmp.Compare(i, j))
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

// sweep walks a family's numbers upwards. Open rows wait in a heap by rank, so
// that the work is n log n whatever the overlaps.
func (c *contest) sweep(f wire.Family, order []int) []piece {
	claims := make([]piece, 0, len(order)+len(c.never))
	for _, s := range c.never {
		if s.family == f {
			claims = append(claims, piece{s, setAside})
		}
	}
	for _, i := range order {
		claims = append(claims, piece{c.rows[i].span, i})
	}
	slices.SortStableFunc(claims, func(a, b piece) int { return a.first.compare(b.first) })
	open := &openRows{contest: c}
	var out []piece
	var at number
	for i := 0; i < len(claims) || open.Len() > 0; {
		if open.Len() == 0 {
			at = claims[i].first
		}
		for ; i < len(claims) && claims[i].first == at; i++ {
			heap.Push(open, claims[i])
		}
		for open.Len() > 0 && open.list[0].last.less(at) {
			heap.Pop(open)
		}
		if open.Len() == 0 {
			continue
		}
		won := open.list[0]
		won.first = at
		if i < len(claims) && !won.last.less(claims[i].first) {
			won.last = claims[i].first.prior()
		}
		out = joined(out, won)
		if at = won.last.next(); at == (number{}) {
			break // the family's last number is decided
		}
	}
	return out
}

// joined appends a piece, to the one before where they are one.
func joined(out []piece, p piece) []piece {
	if n := len(out) - 1; n >= 0 && out[n].row == p.row && out[n].last.next() == p.first {
		out[n].last = p.last
		return out
	}
	return append(out, p)
}

// openRows is a heap of the claims that are open at a number, best first.
type openRows struct {
	*contest
	list []piece
}

func (o *openRows) Len() int      { return len(o.list) }
func (o *openRows) Swap(i, j int) { o.list[i], o.list[j] = o.list[j], o.list[i] }
func (o *openRows) Push(x any)    { o.list = append(o.list, x.(piece)) }

func (o *openRows) Pop() any {
	n := len(o.list) - 1
	p := o.list[n]
	o.list = o.list[:n]
	return p
}

func (o *openRows) Less(i, j int) bool {
	a, b := o.list[i].row, o.list[j].row
	if a == setAside || b == setAside {
		return a == setAside && b != setAside
	}
	return o.compare(&o.rows[a], &o.rows[b]) < 0
}

// neverSpans is the space never to be registered, adjacent blocks joined.
func neverSpans() []span {
	var out []span
	for _, n := range inr.NeverRegistrable() {
		first, last := inr.Ends(n.Block)
		s := span{n.Block.Family, right(n.Block.Family, first), right(n.Block.Family, last)}
		if k := len(out) - 1; k >= 0 && out[k].family == s.family && out[k].last.next() == s.first {
			out[k].last = s.last
			continue
		}
		out = append(out, s)
	}
	return out
}
