package ledger_test

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinService is what a possessor states at a block besides origins.
type twinService struct {
	at          wire.Resource
	holder      wire.Address
	providers   string
	servers, ds string
	geofeed     string
	abuse       string
	private     wire.Hash
}

func (s twinService) empty() bool {
	return s == twinService{at: s.at, holder: s.holder}
}

// serviceRight is the right a service rests on: its holder's innermost over it.
func (w *twin) serviceRight(s twinService) twinRight {
	for _, e := range slices.Backward(w.rights(s.at)) {
		if e.holder == s.holder {
			return e.right()
		}
	}
	return twinRight{at: w.titleOf(s.at).at}
}

// service is what an account stated at a block, or nothing yet.
func (w *twin) service(at wire.Resource, holder wire.Address) twinService {
	for _, s := range w.services {
		if s.at == at && s.holder == holder {
			return s
		}
	}
	return twinService{at: at, holder: holder}
}

// stated is a service after an act that states something.
func (w *twin) stated(author wire.Address, body tx.Body) (now twinService, takes bool) {
	switch b := body.(type) {
	case *tx.ProvidersAuthorise:
		now, takes = w.service(b.Resource, author), b.Providers == ""
		now.providers = b.Providers
	case *tx.ReverseSet:
		now, takes = w.service(b.Resource, author), b.Servers == ""
		now.servers, now.ds = b.Servers, b.DS
	case *tx.GeofeedSet:
		now, takes = w.service(b.Resource, author), b.URL == ""
		now.geofeed = b.URL
	case *tx.ContactsSet:
		now, takes = w.service(b.Resource, author), b.Abuse == "" && b.Private.IsZero()
		now.abuse, now.private = b.Abuse, b.Private
	case *tx.ContactsErase:
		now, takes = w.service(b.Resource, author), true
		now.private = wire.Hash{}
	}
	return now, takes
}

func (w *twin) brokenServiceAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.ProvidersAuthorise:
		add("SVC-2", b.Resource.Family != wire.ASN || b.Resource.Len != 32)
	case *tx.ReverseSet:
		add("SVC-3", b.Resource.Family == wire.ASN)
	case *tx.GeofeedSet:
		add("SVC-3", b.Resource.Family == wire.ASN)
	case *tx.ContactsErase:
		add("SVC-8", b.Private.IsZero() || w.service(b.Resource, author).private != b.Private)
	case *tx.ContactsSet:
	default:
		return
	}
	now, takes := w.stated(author, body)
	if takes && !w.service(now.at, author).empty() {
		return
	}
	t := w.titleOf(now.at)
	add("TITLE-1", t == nil)
	if t != nil {
		add("TITLE-3", !t.dealable)
		add("SVC-1", !t.dealable || w.possessorOf(now.at) != author || w.othersPart(author, now.at))
		add("SVC-5", len(slices.DeleteFunc(slices.Clone(w.services), func(s twinService) bool {
			return s.at == now.at || w.serviceRight(s) != w.serviceRight(now)
		})) >= record.PlacesMax)
	}
}

// othersPart reports whether another possesses a part of a block.
func (w *twin) othersPart(who wire.Address, r wire.Resource) bool {
	return slices.ContainsFunc(cells(r), func(c wire.Resource) bool { return w.possessor(c) != who })
}

func (w *twin) doService(author wire.Address, body tx.Body) {
	if k := body.Kind(); k < tx.KindProvidersAuthorise || k > tx.KindContactsErase {
		return
	}
	now, takes := w.stated(author, body)
	if takes && w.service(now.at, author).empty() {
		return
	}
	w.services = slices.DeleteFunc(w.services, func(s twinService) bool { return s.at == now.at })
	if !now.empty() {
		w.services = append(w.services, now)
	}
}

// endServices ends what rests on rights that are gone; it is asked before they go.
func (w *twin) endServices(gone func(twinRight) bool) {
	w.services = slices.DeleteFunc(w.services, func(s twinService) bool { return gone(w.serviceRight(s)) })
}

// oust ends what a former possessor stated at blocks inside one that another
// possesses now.
func (w *twin) oust(former, now wire.Address, r wire.Resource) {
	w.services = slices.DeleteFunc(w.services, func(s twinService) bool {
		return former != now && s.holder == former && inr.Covers(r, s.at)
	})
}

// passOn makes what rests on a right and lies inside a block another's, without
// contacts, or ends it; it is asked before the right changes hands.
func (w *twin) passOn(right twinRight, r wire.Resource, to wire.Address, keep bool) {
	var left []twinService
	for _, s := range w.services {
		if w.serviceRight(s) == right && inr.Covers(r, s.at) {
			s.holder, s.abuse, s.private = to, "", wire.Hash{}
			if !keep || s.empty() {
				continue
			}
		}
		left = append(left, s)
	}
	w.services = left
}
