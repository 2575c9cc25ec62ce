package light

import (
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// ChargeShape is a charge as JSON shows it.
type ChargeShape struct {
	Rank        int               `json:"rank"` // from 1
	ID          wire.Hash         `json:"id"`
	Lender      Party             `json:"lender"`
	Mode        string            `json:"mode"` // adjudication, sale, title
	Law         string            `json:"law"`
	Deed        wire.Hash         `json:"deed"`
	Longest     Decimal           `json:"longest_lease_seconds"`
	Entered     Instant           `json:"entered"`
	Enforcement *EnforcementShape `json:"enforcement"`
}

// EnforcementShape is an enforcement under way.
type EnforcementShape struct {
	Effect    Instant   `json:"effect"`
	Act       wire.Hash `json:"act"`
	To        Party     `json:"to"`
	Contested bool      `json:"contested"`
}

// RestrictionShape is a restriction as JSON shows it.
type RestrictionShape struct {
	At    string    `json:"at"`   // the title it is written at
	Kind  string    `json:"kind"` // hold, freeze, contest, claim, caution, divergence
	Act   wire.Hash `json:"act"`
	Binds string    `json:"binds"` // the title's block or a part of it
	Since Instant   `json:"since"`
	Until Instant   `json:"until"` // null for a mark that has no end
	Says  string    `json:"says"`  // of a divergence: the handle that the source states
}

// ServicesShape is what a possessor states at a block, as JSON shows it.
type ServicesShape struct {
	At        string     `json:"at"`
	Holder    Party      `json:"holder"`
	Providers []Decimal  `json:"providers"`
	Servers   []string   `json:"name_servers"`
	DS        []string   `json:"ds"`
	Geofeed   string     `json:"geofeed"`
	Abuse     string     `json:"abuse"`
	Private   *wire.Hash `json:"private"`
}

// ShapeCharges is the charges over a title as JSON shows them.
func ShapeCharges(list []record.Charge) []ChargeShape {
	out := []ChargeShape{}
	for i, c := range list {
		s := ChargeShape{
			Rank: i + 1, ID: c.ID, Lender: Party(c.Lender), Mode: modeName(c.Mode), Law: c.Law, Deed: c.Deed,
			Longest: Decimal(c.Longest), Entered: Instant(c.Entered),
		}
		if c.Enforced != 0 {
			s.Enforcement = &EnforcementShape{Instant(c.Enforced), c.Notice, Party(c.Buyer), c.Contested}
		}
		out = append(out, s)
	}
	return out
}

// ShapeRestriction is a restriction as JSON shows it.
func ShapeRestriction(at wire.Resource, x record.Restriction) RestrictionShape {
	return RestrictionShape{at.String(), restrictionName(x.Kind), x.Act, x.At.String(), Instant(x.Since), Instant(x.Until), x.Says}
}

// ShapeServices is services as JSON shows them.
func ShapeServices(at wire.Resource, s *record.Services) ServicesShape {
	out := ServicesShape{
		At: at.String(), Holder: Party(s.Holder), Providers: []Decimal{}, Servers: strings.Fields(s.Servers), DS: []string{},
		Geofeed: s.Geofeed, Abuse: s.Abuse, Private: some(s.Private),
	}
	for _, as := range s.Providers {
		out.Providers = append(out.Providers, Decimal(as))
	}
	if s.DS != "" {
		out.DS = strings.Split(s.DS, "; ")
	}
	return out
}
