package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// setDelay changes how long the author's dealings wait.
//
// specs/17 WAIT-1: a longer delay takes effect at once; a shorter one after the
// delay that was.
func (b *block) setDelay(id wire.Hash, author wire.Address, body *tx.SetDelay) error {
	if body.Delay < b.accountAt(author).Delay {
		b.wait(id, author, record.SortDelay, &record.Waiting{Delay: body.Delay})
		return nil
	}
	b.dropWaiting(author, record.SortDelay)
	b.editAccount(author, func(a *account.Account) { a.Delay = body.Delay })
	return nil
}
