package directory

import (
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Party is an account as directories show it. It is never a natural person's
// data: those do not go on the ledger.
type Party struct {
	ID           wire.Address
	Name         string       // may be empty
	Jurisdiction string       // ISO 3166-1 alpha-2
	By           wire.Address // the registrar that attested name and jurisdiction; zero: self-declared
	Attested     uint64       // header time of that, Unix seconds; 0 without one
	Opened       uint64       // header time, Unix seconds
}

// PartyOf is an account's party; ok is false where there is no such account. An
// error is a record that the rules cannot have made.
//
// specs/28 DIR-4: A name and a jurisdiction are shown with whether a registrar
// attested them, or the account alone declares them.
func PartyOf(s tree.State, id wire.Address) (p Party, ok bool, err error) {
	leaf, ok := s.Get(tree.AccountKey(id))
	if !ok {
		return p, false, nil
	}
	a, err := account.ShownOf(leaf.Data)
	if err != nil {
		return p, false, fmt.Errorf("account %v: %w", id, err)
	}
	p = Party{ID: id, Name: a.Name, Jurisdiction: a.Jurisdiction, Opened: a.Opened}
	if len(a.Attested) > 0 {
		p.By, p.Attested = a.Attested[0].By, a.Attested[0].At
	}
	return p, true, nil
}

// Called is the party's name, or its id where it has none.
func (p *Party) Called() string {
	if p.Name == "" {
		return p.ID.String()
	}
	return p.Name
}
