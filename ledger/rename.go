package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// rename changes what an account calls itself.
//
// specs/17 WAIT-4: a name and a jurisdiction change at once, and are self-declared.
func (b *block) rename(author wire.Address, body *tx.Rename) error {
	b.editAccount(author, func(a *account.Account) { a.Name, a.Jurisdiction, a.Attested = body.Name, body.Jurisdiction, nil })
	return nil
}

// setProvider names who keeps the author's affairs; it gives no right.
//
// specs/17 WAIT-4: a provider of record MUST be an account.
func (b *block) setProvider(author wire.Address, body *tx.SetProvider) error {
	if !body.Provider.IsZero() && b.accountAt(body.Provider) == nil {
		return tx.Refuse("WAIT-4", "provider", "no account %v", body.Provider)
	}
	b.editAccount(author, func(a *account.Account) { a.Provider = body.Provider })
	return nil
}
