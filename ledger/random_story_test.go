package ledger_test

import (
	"crypto/sha256"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// story begins some sequences with what chance hardly ever does: many offers on
// one title, a chain of grants, a folio opened and closed in one ledger block.
func (p *pair) story(t *testing.T, i int) {
	r := resource("60.0.9.0/24")
	switch i % 18 {
	case 0:
		for range record.OffersMax + 1 {
			p.stepWith(t, []string{"cat"}, []tx.Body{&tx.TransferOffer{Resource: resource("AS2004"), To: who("dan"), Value: p.stands(resource("AS2004")), Until: p.last.Time + 5000}})
		}
	case 1:
		chain := []string{"ana", "ben", "cat", "dan", "ana", "ben"}
		for i, name := range chain[:5] {
			p.stepWith(t, []string{name}, []tx.Body{&tx.GrantOffer{Resource: r, To: who(chain[i+1]), Notice: 5000, SubGrants: true, Value: p.stands(r), Until: p.last.Time + 5000}})
			p.stepWith(t, []string{chain[i+1]}, []tx.Body{&tx.GrantAccept{Offer: p.id, Resource: r, Value: p.marks(r)}})
		}
		p.tale(t, "cat", &tx.GrantNotice{Resource: r, Grant: p.twin.estates[0].id}) // who is not next outside
	case 4, 8:
		p.tale(t, "ana", &tx.ChargePropose{Resource: resource("60.0.10.0/23"), To: who("ben"), Mode: tx.ModeSale, Longest: 200, Law: "Dutch law"})
		p.tale(t, "cat", &tx.ChargePropose{Resource: resource("AS2004"), To: who("dan"), Mode: tx.ModeTitle, Longest: 200, Law: "Dutch law"})
	case 5, 9:
		p.tale(t, "ana", &tx.LeaseOffer{Resource: r, To: who("ben"), End: p.last.Time + 900, SubLet: true, Suspend: true, Operator: "o", Abuse: "a@b", Reversion: true})
		p.tale(t, "ana", &tx.LeaseSuspend{Resource: r, Lease: p.id, Until: p.last.Time + 60})
		p.tale(t, "ben", &tx.LeaseAnswer{Resource: r, Lease: p.twin.estates[len(p.twin.estates)-1].id, Digest: wire.Hash{1}})
		p.tale(t, "ben", &tx.LeaseOffer{Resource: r, To: who("cat"), End: p.last.Time + 9000, Operator: "o", Abuse: "a@b"}) // beyond his own: ana has a word in it
		p.tale(t, "ben", &tx.LeaseOffer{Resource: r, To: who("cat"), End: p.last.Time + 600, Operator: "o", Abuse: "a@b", Clause: tx.ClauseNotice, ClauseNotice: 90})
	case 6, 10:
		p.tale(t, "ana", &tx.SetGuardians{Guardians: accounts("ben", "cat", "dan"), Threshold: 2})
		p.tale(t, "dan", &tx.SetGuardians{Guardians: accounts("ben", "cat"), Threshold: 1})
	case 7:
		p.lost(t)
	case 11:
		p.rare(t)
	case 12:
		p.disputeTale(t)
	case 13:
		p.awardTale(t)
	case 14:
		p.crowdTale(t)
	case 15:
		p.rollTale(t)
	case 16:
		p.lawTale(t)
	case 17:
		p.overcome(t)
	case 3:
		for as := range uint64(8) {
			p.stepWith(t, []string{"ana"}, []tx.Body{&tx.OriginAuthorise{Resource: resource("60.0.0.0/24"), MaxLength: 24, AS: 300 + as}})
		}
	case 2:
		p.stepWith(t, []string{"ana", "ana"}, []tx.Body{&tx.Split{Resource: resource("60.0.8.0/23"), Part: r}, &tx.Merge{Resource: resource("60.0.8.0/23")}})
	}
}

// tale does one act alone, and if it is an offer to someone the acceptance
// after it. It gives the id of the offer, or else of the act.
func (p *pair) tale(t *testing.T, name string, body tx.Body) wire.Hash {
	until := p.last.Time + 5000
	switch b := body.(type) {
	case *tx.ChargePropose:
		b.Value, b.Until = p.stands(b.Resource), until
	case *tx.LeaseOffer:
		b.Value, b.Until = p.stands(b.Resource), until
	case *tx.GrantOffer:
		b.Value, b.Until = p.stands(b.Resource), until
	case *tx.TransferOffer:
		b.Value, b.Until, b.Settle = p.stands(b.Resource), until, until
	}
	p.stepWith(t, []string{name}, []tx.Body{body})
	id := p.id
	o := p.twin.offer(id)
	if o == nil {
		return id
	}
	accept := map[tx.Kind]tx.Body{
		tx.KindChargePropose:  &tx.ChargeAccept{Offer: id, Resource: o.at, Value: p.marks(o.at)},
		tx.KindLeaseOffer:     &tx.LeaseAccept{Offer: id, Resource: o.at, Value: p.marks(o.at)},
		tx.KindNoticeWithdraw: &tx.GrantAccept{Offer: id, Resource: o.at, Value: p.marks(o.at)},
		tx.KindGrantOffer:     &tx.GrantAccept{Offer: id, Resource: o.at, Value: p.marks(o.at)},
		tx.KindTransferOffer:  &tx.TransferAccept{Offer: id, Resource: o.at, Value: p.marks(o.at)},
	}[o.kind()]
	for _, name := range p.names {
		if who(name) == o.to {
			p.stepWith(t, []string{name}, []tx.Body{accept})
		}
	}
	return id
}

// rare is what chance seldom meets: acts refused by rules of their own, and acts
// that need others before them.
func (p *pair) rare(t *testing.T) {
	as, block, sold := resource("AS2000-AS2003"), resource("60.0.0.0/24"), resource("60.0.10.0/23")
	p.tale(t, "ana", &tx.GrantOffer{Resource: resource("60.0.2.0/24"), To: who("ben"), Notice: 300, SubGrants: true})
	p.tale(t, "ben", &tx.LeaseOffer{Resource: resource("60.0.2.0/24"), To: who("cat"), End: p.last.Time + 900, Operator: "o", Abuse: "a@b"})
	p.tale(t, "dan", &tx.List{Resource: as, Purpose: tx.ForSale, Until: p.last.Time + 900})
	p.tale(t, "ana", &tx.ContactsSet{Resource: as, Private: wire.Hash{1}})
	p.tale(t, "ana", &tx.ContactsErase{Resource: as, Private: wire.Hash{1}})
	p.tale(t, "ana", &tx.ChargePropose{Resource: as, To: who("ben"), Mode: tx.ModeSale, Longest: 10, Law: "Dutch law"})
	charge := p.twin.titleOf(as).charges[0].id
	p.tale(t, "ana", &tx.LeaseOffer{Resource: as, To: who("cat"), End: p.last.Time + 900, Operator: "o", Abuse: "a@b"})
	p.tale(t, "cat", &tx.ChargeRelease{Resource: as, Charge: charge})
	p.tale(t, "ben", &tx.ChargeEnforce{Resource: as, Charge: charge, To: who("dan")})
	p.tale(t, "ana", &tx.ChargeContest{Resource: as, Charge: charge})
	p.tale(t, "ana", &tx.GrantOffer{Resource: block, To: who("ben"), Notice: 5000})
	p.tale(t, "ben", &tx.GrantOffer{Resource: block, To: who("cat"), Notice: 5000})
	p.tale(t, "cat", &tx.GrantGiveUp{Resource: block, Grant: p.twin.estates[0].id})
	id := p.tale(t, "ana", &tx.TransferOffer{Resource: sold, To: who("cat"), Lock: sha256.Sum256(openSecret[:])})
	p.tale(t, "dan", &tx.TransferRelease{Offer: id, Resource: sold, Secret: wire.Hash{4}})
	p.tale(t, "dan", &tx.TransferRelease{Offer: id, Resource: sold, Secret: openSecret})
}

// lost is a key lost, a veto by who found it, and guardians who all agree.
func (p *pair) lost(t *testing.T) {
	p.tale(t, "cat", &tx.SetGuardians{Guardians: accounts("cat"), Threshold: 1})
	p.tale(t, "ana", &tx.SetGuardians{Guardians: accounts("ben", "cat", "dan"), Threshold: 2})
	x := p.policy("ana")
	word := &tx.RecoveryStart{Subject: who("ana"), TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK}
	p.tale(t, "ben", word)
	id := p.id
	p.tale(t, "cat", word)
	p.tale(t, "dan", &tx.RecoveryStart{Subject: who("ana"), TitleKeys: x.title, TitleK: x.titleK})
	p.tale(t, "ana", &tx.RecoveryVeto{Recovery: id})
	p.tale(t, "dan", word)
	p.leap = 2 * twinWindow
	p.tale(t, "ben", &tx.RecoveryFinish{Subject: who("ana"), Recovery: id})
}

// overcome is a veto that evidence for a title of grade A prevails over.
func (p *pair) overcome(t *testing.T) {
	p.proves(t, "ben", "60.0.12.0/22", 1, true)
	p.leap = twinClaimA
	p.tale(t, "ben", &tx.SetGuardians{Guardians: accounts("ana", "cat", "dan"), Threshold: 2})
	x := p.policy("ben")
	word := &tx.RecoveryStart{Subject: who("ben"), TitleKeys: x.title, TitleK: x.titleK, RoutingKeys: x.routing, RoutingK: x.routingK}
	p.tale(t, "ana", word)
	id := p.id
	p.tale(t, "cat", word)
	p.tale(t, "ben", &tx.RecoveryVeto{Recovery: id})
	if p.pick(4) != 0 {
		r, expiry := resource("60.0.12.0/22"), p.last.Time+5000
		evidence := p.proveFor(ledger.RecoveryName(id), r, 2, true, p.last.Time, expiry)
		p.tale(t, "dan", &tx.RecoveryProve{Subject: who("ben"), Recovery: id, Resource: r, Evidence: evidence, Expiry: expiry})
	}
	p.leap = 2 * twinWindow
	p.tale(t, "ana", &tx.RecoveryFinish{Subject: who("ben"), Recovery: id})
}
