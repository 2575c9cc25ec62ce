package whois

import (
	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// party is who an account is; nil for nobody.
func (a *answer) party(id wire.Address) (*directory.Party, error) {
	if id.IsZero() {
		return nil, nil
	}
	if p, ok := a.parties[id]; ok {
		return p, nil
	}
	p, ok, err := directory.PartyOf(a.view.State, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		p = directory.Party{ID: id}
	}
	a.parties[id] = &p
	return &p, nil
}

// called is an account with its name, and on whose word the name stands.
func (a *answer) called(id wire.Address) (string, error) {
	p, err := a.party(id)
	if err != nil || p == nil {
		return "nobody", err
	}
	text := p.ID.String()
	if p.Name != "" {
		text += " " + p.Name + " (" + wordOf(p) + ")"
	}
	return text, nil
}

func wordOf(p *directory.Party) string {
	if p.By.IsZero() {
		return "self-declared"
	}
	return "attested"
}

// organisation is the object of an account.
func (a *answer) organisation(p *directory.Party) (o object) {
	o.add("organisation", p.ID.String())
	o.add("org-name", p.Called())
	o.add("country", p.Jurisdiction)
	if p.By.IsZero() {
		o.remark("name and jurisdiction", "self-declared")
	} else {
		o.remark("name and jurisdiction", "attested by "+p.By.String()+" at "+light.Clock(p.Attested))
	}
	o.remark("proof", "/v1/accounts/"+p.ID.String()+"?proof=1&at="+a.height())
	if p.Opened != 0 {
		o.add("created", light.Clock(p.Opened))
	}
	o.add("source", Source)
	return o
}
