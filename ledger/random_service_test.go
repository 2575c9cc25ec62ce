package ledger_test

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// serviceAct states something at a block, mostly by its possessor, or takes away
// what was stated.
func (p *pair) serviceAct() (string, tx.Body) {
	r := p.inside(p.block4())
	what := p.pick(5)
	if what == 0 && p.pick(8) != 0 {
		r = resource(fmt.Sprintf("AS%d", 2000+p.pick(5)))
	}
	by := p.twin.possessor(cells(r)[0])
	if n := len(p.twin.services); n > 0 && p.pick(3) == 0 {
		s := p.twin.services[p.pick(n)]
		r, by = s.at, s.holder
	}
	set := p.pick(3) != 0
	switch what {
	case 0:
		b := &tx.ProvidersAuthorise{Resource: r}
		if set {
			b.Providers = fmt.Sprintf("%d", 3000+p.pick(3))
		}
		return p.likely(by), b
	case 1:
		b := &tx.ReverseSet{Resource: r}
		if set {
			b.Servers = "a.example b.example"
		}
		return p.likely(by), b
	case 2:
		b := &tx.GeofeedSet{Resource: r}
		if set {
			b.URL = "https://example.net/geo"
		}
		return p.likely(by), b
	case 3:
		s := p.twin.service(r, by)
		if s.private.IsZero() || p.pick(6) == 0 {
			s.private = wire.Hash{1, 1}
		}
		return p.likely(by), &tx.ContactsErase{Resource: r, Private: s.private}
	}
	b := &tx.ContactsSet{Resource: r}
	if set {
		b.Abuse, b.Private = "abuse@example.net", wire.Hash{byte(p.pick(2))}
	}
	return p.likely(by), b
}

// describeServices is a folio's services in words.
func describeServices(at wire.Resource, s *record.Services) string {
	x := twinService{at: at, holder: s.Holder, servers: s.Servers, ds: s.DS, geofeed: s.Geofeed, abuse: s.Abuse, private: s.Private}
	for i, as := range s.Providers {
		if i > 0 {
			x.providers += " "
		}
		x.providers += fmt.Sprint(as)
	}
	return x.describe()
}

func (s twinService) describe() string { return fmt.Sprintf("services %+v", s) }
