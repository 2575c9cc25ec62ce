package light

import (
	"encoding/json"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// MarshalJSON is the answer as nodes and tools show it.
func (a *Answer) MarshalJSON() ([]byte, error) {
	out := struct {
		Resource  string             `json:"resource"`
		Height    Decimal            `json:"height"`
		Time      Instant            `json:"time"`
		State     string             `json:"state"`
		Grade     string             `json:"grade"`
		Title     *TitleShape        `json:"title"`
		Charges   []ChargeShape      `json:"charges"`
		Holds     []RestrictionShape `json:"restrictions"`
		Estates   []EstateShape      `json:"estates"`
		ToCome    []EstateShape      `json:"to_come"`
		Possessor Party              `json:"possessor"`
		Origins   []OriginShape      `json:"origins"`
		Services  []ServicesShape    `json:"services"`
		More      bool               `json:"more_specific"`
		Statement string             `json:"statement"`
	}{
		Resource: a.Resource.String(), Height: Decimal(a.Height), Time: Instant(a.Time), State: a.State, Grade: a.Grade.String(),
		Charges: ShapeCharges(a.Charges), Holds: []RestrictionShape{}, Estates: a.EstateShapes(), ToCome: a.ToComeShapes(),
		Possessor: Party(a.Possessor), Origins: []OriginShape{}, Services: []ServicesShape{}, More: a.More, Statement: a.Statement(),
	}
	if a.Title != nil {
		title := ShapeTitle(a.Title.At, &a.Title.Title)
		title.Dealing, title.Marked = &a.Title.Dealing, &a.Title.Marked
		out.Title = &title
	}
	for _, h := range a.Holds {
		out.Holds = append(out.Holds, ShapeRestriction(h.At, h.Restriction))
	}
	for _, o := range a.Origins {
		shape := ShapeOrigin(o.At, o.Origin)
		shape.Suspended = Instant(o.Suspended)
		out.Origins = append(out.Origins, shape)
	}
	for i := range a.Services {
		out.Services = append(out.Services, ShapeServices(a.Services[i].At, &a.Services[i].Services))
	}
	return json.Marshal(out)
}

// EstateShapes is the live estates as JSON shows them.
func (a *Answer) EstateShapes() []EstateShape { return a.shapeEstates(a.Estates, "live") }

// ToComeShapes is the estates that have not begun as JSON shows them.
func (a *Answer) ToComeShapes() []EstateShape { return a.shapeEstates(a.ToCome, "to come") }

// shapeEstates is estates in the state in which they are at the answer's time.
func (a *Answer) shapeEstates(list []Estate, state string) []EstateShape {
	out := []EstateShape{}
	for _, e := range list {
		s := ShapeEstate(e.At, e.Estate)
		s.State = state
		if e.Suspended(a.Time) != 0 {
			s.State = "suspended"
		}
		out = append(out, s)
	}
	return out
}

// MarshalJSON is the answer as nodes and tools show it.
func (a *AccountAnswer) MarshalJSON() ([]byte, error) {
	type role struct {
		Keys []string `json:"keys"`
		K    Decimal  `json:"threshold"`
	}
	type found struct {
		Name         string    `json:"name"`
		SelfDeclared bool      `json:"self_declared"`
		Jurisdiction string    `json:"jurisdiction"`
		Policy       Decimal   `json:"policy"`
		Title        role      `json:"title_role"`
		Routing      role      `json:"routing_role"`
		Delay        Decimal   `json:"delay_seconds"`
		Lanes        []Decimal `json:"lanes"`
		Credit       Decimal   `json:"credit"`
		CreditAt     Instant   `json:"credit_at"`
		V4           Decimal   `json:"ipv4_24s"`
		V6           Decimal   `json:"ipv6_48s"`
		AS           Decimal   `json:"as_numbers"`
		Waiting      bool      `json:"policy_waiting"`
		Changes      []string  `json:"waiting"` // policy, delay, guardians
		Opened       Instant   `json:"opened"`
		Guardians    []Party   `json:"guardians"`
		GuardianK    Decimal   `json:"guardian_threshold"`
		Recovery     string    `json:"recovery"` // none, proposed, running, vetoed
		Provider     Party     `json:"provider"`
		AttestedBy   Party     `json:"name_attested_by"` // a registrar; null while the name is self-declared
		AttestedAt   Instant   `json:"name_attested_at"`
	}
	out := struct {
		ID        Party   `json:"id"`
		Height    Decimal `json:"height"`
		Time      Instant `json:"time"`
		Account   *found  `json:"account"`
		Statement string  `json:"statement"`
	}{Party(a.ID), Decimal(a.Height), Instant(a.Time), nil, a.Statement()}
	if x := a.Account; x != nil {
		out.Account = &found{
			Name: x.Name, SelfDeclared: len(x.Attested) == 0, Jurisdiction: x.Jurisdiction, Policy: Decimal(x.Policy.Version),
			Title: role{keyTexts(x.Policy.TitleKeys), Decimal(x.Policy.TitleK)}, Routing: role{keyTexts(x.Policy.RoutingKeys), Decimal(x.Policy.RoutingK)},
			Delay: Decimal(x.Delay), Credit: Decimal(x.Credit.Amount), CreditAt: Instant(x.Credit.At),
			V4: Decimal(x.Holdings.V4), V6: Decimal(x.Holdings.V6), AS: Decimal(x.Holdings.AS),
			Waiting: x.Waiting&1 != 0, Changes: waits(x.Waiting), Opened: Instant(x.Opened), Guardians: []Party{}, GuardianK: Decimal(x.GuardianK),
			Recovery: recoveryName(x.Recovery), Provider: Party(x.Provider),
		}
		if len(x.Attested) > 0 {
			out.Account.AttestedBy, out.Account.AttestedAt = Party(x.Attested[0].By), Instant(x.Attested[0].At)
		}
		for _, g := range x.Guardians {
			out.Account.Guardians = append(out.Account.Guardians, Party(g))
		}
		for _, n := range x.Lanes {
			out.Account.Lanes = append(out.Account.Lanes, Decimal(n))
		}
	}
	return json.Marshal(out)
}

func keyTexts(keys []account.Key) []string {
	out := []string{}
	for _, k := range keys {
		out = append(out, k.String())
	}
	return out
}

// MarshalJSON is the answer as nodes and tools show it.
func (a *ActAnswer) MarshalJSON() ([]byte, error) {
	h := a.Act.Header()
	return json.Marshal(struct {
		ID        wire.Hash      `json:"id"`
		Kind      string         `json:"kind"`
		Author    Party          `json:"author"`
		Signers   []wire.Address `json:"signers"`
		Expires   Instant        `json:"expires"`
		Height    Decimal        `json:"height"`
		Time      Instant        `json:"time"`
		Index     Decimal        `json:"index"`
		Outcome   string         `json:"outcome"`
		Rule      string         `json:"rule"`
		Field     string         `json:"field"`
		Act       Hex            `json:"act"`
		Statement string         `json:"statement"`
	}{
		a.Act.ID(), a.Act.Kind().String(), Party(h.Author), a.Act.Signers(), Instant(h.Expires), Decimal(a.Height), Instant(a.Time),
		Decimal(a.Index), OutcomeName(a.Receipt.Outcome), a.Receipt.Rule, a.Receipt.Field, a.Act.Raw(), a.Statement(),
	})
}

// OutcomeName is what became of an act, in a word.
func OutcomeName(outcome ledger.Outcome) string {
	if outcome == ledger.Done {
		return "done"
	}
	return "failed"
}
