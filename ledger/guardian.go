package ledger

import (
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// setGuardians names who may recover the author's account.
//
// specs/17 WAIT-2: new guardians take effect after the account's delay, at once
// if there is none.
// specs/17 WAIT-5: guardians MUST be accounts, and not the author.
func (b *block) setGuardians(id wire.Hash, author wire.Address, body *tx.SetGuardians) error {
	guardians, err := tx.ParseAccounts(body.Guardians)
	if err != nil {
		return err
	}
	for _, g := range guardians {
		if g == author || b.accountAt(g) == nil {
			return tx.Refuse("WAIT-5", "guardians", "%v is the author or no account", g)
		}
	}
	b.wait(id, author, record.SortGuardians, &record.Waiting{Guardians: guardians, GuardianK: body.Threshold})
	return nil
}

// guarded is an account that the author is a guardian of.
//
// specs/17 RCV-1: only a guardian of the account proposes or supports a recovery.
func (b *block) guarded(subject, author wire.Address) (*account.Account, error) {
	a := b.accountAt(subject)
	if a == nil || !slices.Contains(a.Guardians, author) {
		return nil, tx.Refuse("RCV-1", "subject", "%v is no guardian of account %v", author, subject)
	}
	return a, nil
}
