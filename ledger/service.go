package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// authoriseProviders states who an AS buys transit from.
//
// specs/18 SVC-2: a provider authorisation is made at a single AS number, and
// replaces the one before; the empty set takes it away.
func (b *block) authoriseProviders(author wire.Address, body *tx.ProvidersAuthorise) error {
	if r := body.Resource; r.Family != wire.ASN || int(r.Len) != r.Family.Bits() {
		return tx.Refuse("SVC-2", "resource", "%v is not one AS number", r)
	}
	providers, err := tx.ParseProviders(body.Providers)
	if err != nil {
		return err
	}
	if len(providers) > 0 {
		if t, ok := b.titleOf(body.Resource); ok {
			if err := uncontested(t, body.Resource); err != nil {
				return err
			}
		}
	}
	return b.serve(author, body.Resource, len(providers) == 0, func(s *record.Services) { s.Providers = providers })
}

func (b *block) setReverse(author wire.Address, body *tx.ReverseSet) error {
	if err := atPrefix(body.Resource); err != nil {
		return err
	}
	return b.serve(author, body.Resource, body.Servers == "", func(s *record.Services) { s.Servers, s.DS = body.Servers, body.DS })
}

func (b *block) setGeofeed(author wire.Address, body *tx.GeofeedSet) error {
	if err := atPrefix(body.Resource); err != nil {
		return err
	}
	return b.serve(author, body.Resource, body.URL == "", func(s *record.Services) { s.Geofeed = body.URL })
}

func (b *block) setContacts(author wire.Address, body *tx.ContactsSet) error {
	nothing := body.Abuse == "" && body.Private.IsZero()
	return b.serve(author, body.Resource, nothing, func(s *record.Services) { s.Abuse, s.Private = body.Abuse, body.Private })
}

// eraseContacts takes a salted hash away; nodes forget what they fetched by it.
//
// specs/18 SVC-8: an erasure MUST name the hash as it stands.
func (b *block) eraseContacts(author wire.Address, body *tx.ContactsErase) error {
	s := b.services(body.Resource)
	if s == nil || s.Holder != author || s.Private.IsZero() || s.Private != body.Private {
		return tx.Refuse("SVC-8", "private", "the author set no such hash at %v", body.Resource)
	}
	return b.serve(author, body.Resource, true, func(s *record.Services) { s.Private = wire.Hash{} })
}

// atPrefix keeps specs/18 SVC-3: reverse delegations and geofeeds are made at
// prefixes, contacts at any block.
func atPrefix(r wire.Resource) error {
	if r.Family == wire.ASN {
		return tx.Refuse("SVC-3", "resource", "%v is no prefix", r)
	}
	return nil
}

// serve writes what the author states at a block; less says that something is
// only taken away.
//
// specs/18 SVC-1: what the author set itself it MAY take away at any time.
// specs/18 SVC-4: a block whose services were set by an earlier possessor is set
// anew whole.
func (b *block) serve(author wire.Address, r wire.Resource, less bool, change func(*record.Services)) error {
	s := b.services(r)
	own := s != nil && s.Holder == author
	if !own || !less {
		if err := b.mayServe(author, r); err != nil {
			return err
		}
	}
	if !own {
		if s != nil {
			b.endServices(s.Holder, r)
		}
		s = &record.Services{Rules: record.Rules, Holder: author}
	}
	change(s)
	if s.Empty() {
		b.endServices(author, r)
		return nil
	}
	b.putServices(r, s)
	return b.enterPlace(author, r)
}

// mayServe checks that a block is the author's to speak for.
//
// specs/18 SVC-1: the author MUST possess the whole of the block, no part of it
// in another's possession, by a right that is settled.
func (b *block) mayServe(author wire.Address, r wire.Resource) error {
	if _, err := b.standing(r); err != nil {
		return err
	}
	layers := b.stack(r)
	if inner := layers[len(layers)-1]; inner.holder != author {
		return tx.Refuse("SVC-1", "resource", "%v is in the possession of %v", r, inner.holder)
	}
	at, busy, err := b.takenWithin(layers, r, author, uint64(r.Family.Bits()))
	if err == nil && busy {
		err = tx.Refuse("SVC-1", "resource", "%v inside %v is in another's possession", at, r)
	}
	return err
}

// services is a copy of what is stated at a block, nil if nothing is.
func (b *block) services(r wire.Resource) *record.Services {
	p := b.pageAt(r)
	if p == nil || len(p.folio.Contacts) == 0 {
		return nil
	}
	return wire.Own[record.Services](p.folio.Contacts)
}

// putServices writes what is stated at a block; nil takes it away.
func (b *block) putServices(r wire.Resource, s *record.Services) {
	f := b.folio(r)
	f.Contacts = nil
	if s != nil {
		f.Contacts = wire.Encode(s)
	}
	b.putFolio(r, f)
}
