package genesis

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

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
	for i := 0; i < len(claims) || len(open.list) > 0; {
		if len(open.list) == 0 {
			at = claims[i].first
		}
		for ; i < len(claims) && claims[i].first == at; i++ {
			open.push(claims[i])
		}
		for len(open.list) > 0 && open.list[0].last.less(at) {
			open.pop()
		}
		if len(open.list) == 0 {
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

// openRows is the claims that are open at a number: a binary heap, best first.
type openRows struct {
	*contest
	list []piece
}

func (o *openRows) push(p piece) {
	o.list = append(o.list, p)
	for i := len(o.list) - 1; i > 0 && o.better(i, (i-1)/2); i = (i - 1) / 2 {
		o.list[i], o.list[(i-1)/2] = o.list[(i-1)/2], o.list[i]
	}
}

// pop takes the best away.
func (o *openRows) pop() {
	n := len(o.list) - 1
	o.list[0] = o.list[n]
	o.list = o.list[:n]
	for i := 0; ; {
		best := i
		for k := 2*i + 1; k <= 2*i+2 && k < n; k++ {
			if o.better(k, best) {
				best = k
			}
		}
		if best == i {
			return
		}
		o.list[i], o.list[best] = o.list[best], o.list[i]
		i = best
	}
}

// better reports whether claim i ranks before claim j; set-aside space wins.
func (o *openRows) better(i, j int) bool {
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
