package api

import (
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// bodiesShape is who decides about the register.
type bodiesShape struct {
	Height       light.Decimal   `json:"height"`
	Time         light.Instant   `json:"time"`
	Rules        light.Decimal   `json:"rules_version"`
	Next         *nextRulesShape `json:"next_rules"`
	Members      []memberShape   `json:"members"`
	Registrars   []bodyShape     `json:"registrars"`
	Adjudicators []bodyShape     `json:"adjudicators"`
	TrustAnchors []anchorShape   `json:"trust_anchors"`
	RegistryCAs  []anchorShape   `json:"registry_cas"`
	Ceased       []string        `json:"ceased"`
	Caps         []capShape      `json:"caps"`
	Cures        []cureShape     `json:"cures"`
}

type nextRulesShape struct {
	Version light.Decimal `json:"version"`
	Height  light.Decimal `json:"height"`
}

type memberShape struct {
	Operator     string         `json:"operator"`
	Organisation string         `json:"organisation"`
	Jurisdiction string         `json:"jurisdiction"`
	Hosting      string         `json:"hosting"`
	PublicKey    wire.Hash      `json:"public_key"`
	Account      light.Party    `json:"account"`
	Offences     light.Decimal  `json:"offences"`
	Last         []offenceShape `json:"last_offences"`
}

type offenceShape struct {
	Height light.Decimal `json:"height"`
	Time   light.Instant `json:"time"`
	Kind   string        `json:"kind"`
}

type bodyShape struct {
	Account      light.Party   `json:"account"`
	Organisation string        `json:"organisation"`
	Jurisdiction string        `json:"jurisdiction"`
	Since        light.Instant `json:"since"`
}

type anchorShape struct {
	ID       wire.Hash `json:"id"`
	Registry string    `json:"registry"`
	Key      []byte    `json:"key"` // base64 of its SubjectPublicKeyInfo
}

// capShape is how many members an organisation, jurisdiction or host has, and may
// have.
type capShape struct {
	Scope   string        `json:"scope"`
	Name    string        `json:"name"`
	Members light.Decimal `json:"members"`
	Most    light.Decimal `json:"most"`
}

// cureShape is an organisation, jurisdiction or host above its cap.
type cureShape struct {
	Scope   string        `json:"scope"`
	Name    string        `json:"name"`
	Since   light.Instant `json:"since"`
	Until   light.Instant `json:"until"`
	Overdue bool          `json:"overdue"`
}

// bodies answers who the members, registrars and adjudicators are, which keys of
// the RPKI are known, and what is above its cap.
func (a *API) bodies(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	c, err := ledger.CouncilOf(v.State)
	if err != nil {
		return err
	}
	out := bodiesShape{
		Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Rules: light.Decimal(c.Rules), Members: []memberShape{}, Registrars: []bodyShape{},
		Adjudicators: []bodyShape{}, TrustAnchors: []anchorShape{}, RegistryCAs: []anchorShape{}, Ceased: append([]string{}, c.Ceased...), Caps: []capShape{}, Cures: shapeCures(c.Cures),
	}
	if c.NextRules != 0 {
		out.Next = &nextRulesShape{light.Decimal(c.NextRules), light.Decimal(c.NextHeight)}
	}
	for i := range c.Members {
		out.Members = append(out.Members, shapeMember(&c.Members[i]))
	}
	for _, x := range c.Caps {
		out.Caps = append(out.Caps, capShape{x.Scope.String(), x.Name, light.Decimal(x.Members), light.Decimal(x.Most)})
	}
	for _, r := range c.Registrars {
		out.Registrars = append(out.Registrars, bodyShape{light.Party(r.Account), r.Organisation, r.Jurisdiction, light.Instant(r.Since)})
	}
	for _, r := range c.Adjudicators {
		out.Adjudicators = append(out.Adjudicators, bodyShape{light.Party(r.Account), r.Organisation, r.Jurisdiction, light.Instant(r.Since)})
	}
	for _, x := range c.Anchors {
		shape := anchorShape{x.Hash(), x.Registry, x.Key}
		if x.Kind == record.RegistryCA {
			out.RegistryCAs = append(out.RegistryCAs, shape)
			continue
		}
		out.TrustAnchors = append(out.TrustAnchors, shape)
	}
	return writeJSON(w, out)
}

func shapeMember(m *ledger.Seat) memberShape {
	out := memberShape{Operator: m.Operator, Organisation: m.Organisation, Jurisdiction: m.Jurisdiction, Hosting: m.Hosting,
		PublicKey: m.PubKey, Account: light.Party(m.Account), Offences: light.Decimal(m.Offences), Last: []offenceShape{}}
	for _, x := range m.Last {
		kind := "two votes"
		if x.Kind != 1 {
			kind = "light client attack"
		}
		out.Last = append(out.Last, offenceShape{light.Decimal(x.Height), light.Instant(x.Time), kind})
	}
	return out
}

// shapeCures shows what is above its cap.
//
// specs/23 GOV-18: a cure term is shown in every status.
func shapeCures(list []record.Cure) []cureShape {
	out := []cureShape{}
	for _, c := range list {
		out = append(out, cureShape{c.Scope.String(), c.Name, light.Instant(c.Since), light.Instant(c.Until), c.Overdue})
	}
	return out
}
