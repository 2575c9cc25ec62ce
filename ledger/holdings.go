package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// hand moves the count of a block from one holder to another.
func (b *block) hand(r wire.Resource, from, to wire.Address) {
	b.discount(r, from)
	b.editAccount(to, func(a *account.Account) { a.Holdings = a.Holdings.Plus(account.Units(r)) })
}

// discount takes a block off the count of who held it.
func (b *block) discount(r wire.Resource, from wire.Address) {
	b.editAccount(from, func(a *account.Account) { a.Holdings = a.Holdings.Minus(account.Units(r)) })
}
