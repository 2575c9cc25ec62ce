package rdap

import (
	"net/http"
	"slices"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// search answers a search. Those among what lies inside a block walk, so few are
// answered at once.
//
// specs/28 RDAP-14: A node answers four searches at once, and 503 beyond; an answer
// has at most 100 objects, and says where it has not all.
func (a *answer) search(q *question) error {
	select {
	case a.searches <- struct{}{}:
		defer func() { <-a.searches }()
	default:
		return fail(http.StatusServiceUnavailable, "this node answers %d searches at a time; ask again in a second", SearchesMax)
	}
	switch {
	case q.kind == askHandle:
		return a.byPattern(q)
	case q.zones:
		return a.zones(q)
	case q.relation == "rdap-up" || q.relation == "rdap-top":
		return a.above(q)
	}
	list, more, err := a.inside(q)
	if err != nil {
		return err
	}
	return a.results(q, list, more)
}

// above answers with the smallest entry that is larger than a block, or the largest.
//
// specs/28 RDAP-15: rdap-up is the smallest entry that covers the block and is
// larger, rdap-top the largest; rdap-down is the entries inside the block that lie
// in no other of them, rdap-bottom those of which a number lies in no smaller one.
// With status=active only active entries count. Where there is none, the answer is
// 404.
func (a *answer) above(q *question) error {
	list, err := directory.Above(a.view.State, q.block, a.view.moment())
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(x *light.Answer) bool { return x.Resource == q.block || q.active && !active(x) })
	if len(list) == 0 {
		return a.nothing(q)
	}
	if q.relation == "rdap-top" {
		return a.alone(list[len(list)-1])
	}
	return a.alone(list[0])
}

func active(x *light.Answer) bool { return slices.Contains(directory.Status(x), directory.Active) }

func (a *answer) nothing(q *question) error {
	return fail(http.StatusNotFound, "after block %d there is no such entry for %v", a.view.Height, q.block)
}

// inside is the entries inside a block that a relation names.
func (a *answer) inside(q *question) (list []*light.Answer, more bool, err error) {
	all, limit := q.relation == "rdap-bottom", SearchMax
	if all {
		limit = FamilyMax
	}
	list, more, err = directory.Below(a.view.State, q.block, a.view.moment(), all, limit)
	if all {
		list = smallest(list, func(x *light.Answer) wire.Resource { return x.Resource })
	}
	if q.active {
		list = slices.DeleteFunc(list, func(x *light.Answer) bool { return !active(x) })
	}
	return list, more, err
}

// smallest is those of entries in the order of keys that are not filled by the
// entries inside them.
func smallest[T any](list []T, at func(T) wire.Resource) (out []T) {
	for i, x := range list {
		var parts []wire.Resource
		for _, y := range list[i+1:] {
			if !inr.Covers(at(x), at(y)) {
				break
			}
			if n := len(parts); n == 0 || !inr.Covers(parts[n-1], at(y)) {
				parts = append(parts, at(y))
			}
		}
		if len(inr.Beside(at(x), parts)) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// byPattern answers with the entries whose handle or name is as asked.
func (a *answer) byPattern(q *question) error {
	list, err := directory.Above(a.view.State, q.block, a.view.moment())
	if err != nil {
		return err
	}
	// Those that begin so and are larger: 193.0.0.0/8 for 193.0.*.
	list = slices.DeleteFunc(list, func(x *light.Answer) bool {
		return x.Resource != q.block && (!q.all || x.Resource.Addr != q.block.Addr)
	})
	slices.Reverse(list)
	if !q.all {
		return a.results(q, list, false)
	}
	inside, more, err := directory.Below(a.view.State, q.block, a.view.moment(), true, SearchMax)
	if err != nil {
		return err
	}
	return a.results(q, append(list, inside...), more)
}

// results writes a list of entries.
func (a *answer) results(q *question, list []*light.Answer, more bool) error {
	if len(list) == 0 {
		return a.nothing(q)
	}
	if len(list) > SearchMax {
		list, more = list[:SearchMax], true
	}
	names, u := make([][]person, len(list)), used{}
	for i, x := range list {
		var err error
		if names[i], err = a.people(x); err != nil {
			return err
		}
		u = u.and(uses(x))
	}
	kind, member := ips, ipResults
	if q.numbers {
		kind, member = asns, asResults
	}
	p := &a.page
	p.object(func() {
		a.conformance(u, kind, member)
		p.list(member, func() {
			for i, x := range list {
				p.object(func() { a.entry(x, names[i]) })
			}
		})
		a.noticesOf(more)
	})
	return nil
}
