package drift

import (
	"cmp"
	"slices"

	"ipledger/ledger/observed"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// Compare tells visit each finding, in the order of the law, and gives their
// counts. It ends with the first error of visit. What visit is given is its own until
// it returns.
//
// specs/31 DRIFT-8: Findings MUST come in one order: routes, payloads of the ledger,
// payloads of the RPKI alone, each by prefix, AS and greatest length.
func Compare(in Input, visit func(*Finding) error) (*Counts, error) {
	if in.Keep == nil {
		in.Keep = func(wire.Resource, uint32) bool { return true }
	}
	if !slices.IsSortedFunc(in.Routes, rib.Compare) {
		in.Routes = slices.Clone(in.Routes)
		slices.SortFunc(in.Routes, rib.Compare)
	}
	c := comparison{
		keep: in.Keep, visit: visit, counts: new(Counts),
		ledger: newSweep(ordered(in.Ledger)), rpki: newSweep(ordered(in.RPKI)),
	}
	c.size(in.Routes)
	for i, r := range in.Routes {
		if i > 0 && r == in.Routes[i-1] {
			continue
		}
		if err := c.route(r); err != nil {
			return nil, err
		}
	}
	if err := c.payloads(); err != nil {
		return nil, err
	}
	return c.counts, nil
}

// comparison is one under way.
type comparison struct {
	keep         func(wire.Resource, uint32) bool
	visit        func(*Finding) error
	counts       *Counts
	ledger, rpki *sweep
	now          Finding // the one that is told: visit does not keep it
}

// size counts what is judged before any of it is: the sums that the categories are
// held to.
func (c *comparison) size(routes []rib.Route) {
	for i, r := range routes {
		if (i == 0 || r != routes[i-1]) && c.keep(r.Prefix, r.Origin) {
			c.counts.Routes++
		}
	}
	for _, p := range c.ledger.payloads {
		if c.keep(p.Prefix, uint32(p.AS)) {
			c.counts.Ledger++
		}
	}
	for _, p := range c.rpki.payloads {
		if c.keep(p.Prefix, uint32(p.AS)) {
			c.counts.RPKI++
		}
	}
}

func (c *comparison) tell(category Category) error {
	c.now.Category = category
	c.counts.Found[category]++
	return c.visit(&c.now)
}

// route judges one route by both lists.
func (c *comparison) route(r rib.Route) error {
	here, by := c.ledger.judge(r)
	there, _ := c.rpki.judge(r)
	if !c.keep(r.Prefix, r.Origin) {
		return nil
	}
	c.counts.States[here][there]++
	c.now = Finding{Prefix: r.Prefix, AS: r.Origin, RPKI: there}
	// specs/31 DRIFT-6: ... for a route the one that makes it valid, or else the most
	// specific that covers it, one with the route's AS before others.
	if by >= 0 {
		c.now.By = c.ledger.payloads[by]
		c.now.Grade = c.now.By.Grade
	}
	if err := c.tell(Category(here)); err != nil {
		return err
	}
	// specs/31 DRIFT-5: A route that is valid by one list and invalid by the other
	// MUST also be named contradicted.
	if here == Valid && there.Invalid() || there == Valid && here.Invalid() {
		return c.tell(Contradicted)
	}
	return nil
}

// payloads names those of the ledger, and those of the RPKI that the ledger has not.
func (c *comparison) payloads() error {
	there, alone := c.rpki.payloads, make([]int, 0)
	k := 0
	for i, p := range c.ledger.payloads {
		for ; k < len(there) && compareKeys(there[k], p) < 0; k++ {
			alone = append(alone, k)
		}
		shared := k < len(there) && compareKeys(there[k], p) == 0
		if shared {
			k++
		}
		if err := c.payload(i, shared); err != nil {
			return err
		}
	}
	for ; k < len(there); k++ {
		alone = append(alone, k)
	}
	for _, k := range alone {
		if err := c.tellPayload(c.rpki, k, NotOnLedger); err != nil {
			return err
		}
	}
	return nil
}

// payload names one of the ledger.
//
// specs/31 DRIFT-4: Each payload of the ledger MUST be exactly one of these.
func (c *comparison) payload(i int, shared bool) error {
	p := c.ledger.payloads[i]
	used := c.ledger.used[i] > 0 || p.AS == 0
	category := Missing
	switch {
	case shared && used:
		category = Agreed
	case shared:
		category = Idle
	case used:
		category = NotInRPKI
	}
	if err := c.tellPayload(c.ledger, i, category); err != nil || !permissive(p, c.ledger.used[i]) {
		return err
	}
	return c.tellPayload(c.ledger, i, Permissive)
}

func (c *comparison) tellPayload(s *sweep, i int, category Category) error {
	p := s.payloads[i]
	if !c.keep(p.Prefix, uint32(p.AS)) {
		return nil
	}
	c.now = Finding{Prefix: p.Prefix, AS: uint32(p.AS), MaxLength: uint8(p.MaxLength), Announced: s.used[i], Longest: s.longest[i]}
	if s == c.ledger {
		c.now.Grade = p.Grade
	}
	return c.tell(category)
}

// permissive reports whether a payload allows prefixes longer than its own and not
// all that it allows are announced. The routes that are valid by it are among those
// that it allows, each once, so their number alone tells.
//
// specs/31 DRIFT-5: A payload of the ledger that allows longer prefixes than its own
// MUST also be named permissive unless its AS announces each prefix that it allows
// (RFC 9319).
func permissive(p vrp.Payload, announced uint32) bool {
	deeper := p.MaxLength - uint64(p.Prefix.Len)
	if p.AS == 0 || deeper == 0 {
		return false
	}
	return deeper > 30 || uint64(announced) < 1<<(deeper+1)-1
}

// CompareFindings orders findings as Compare tells them.
func CompareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.list(), b.list()), rib.Compare(rib.Route{Prefix: a.Prefix, Origin: a.AS}, rib.Route{Prefix: b.Prefix, Origin: b.AS}),
		cmp.Compare(a.MaxLength, b.MaxLength), cmp.Compare(a.Category, b.Category),
	)
}

// list is which of the three lists a finding is of.
func (f *Finding) list() int {
	switch {
	case f.Category.OfRoute():
		return 0
	case f.Category != NotOnLedger:
		return 1
	}
	return 2
}

// Exported is a validator's payloads in the form in which they are compared.
func Exported(list []observed.Payload) []vrp.Payload {
	out := make([]vrp.Payload, len(list))
	for i, p := range list {
		out[i] = vrp.Payload{Prefix: p.Prefix, MaxLength: p.MaxLength, AS: p.AS}
	}
	return out
}
