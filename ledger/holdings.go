package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// units counts a block in the units of credit: /24s, /48s or AS numbers.
func units(r wire.Resource) account.Holdings {
	size := func(of uint8) uint64 {
		if r.Len > of {
			return 0
		}
		return 1 << min(of-r.Len, 63)
	}
	switch r.Family {
	case wire.IPv4:
		return account.Holdings{V4: size(24)}
	case wire.IPv6:
		return account.Holdings{V6: size(48)}
	}
	return account.Holdings{AS: size(32)}
}

// hand moves the count of a block from one holder to another.
func (b *block) hand(r wire.Resource, from, to wire.Address) {
	n := units(r)
	b.discount(r, from)
	b.editAccount(to, func(a *account.Account) {
		a.Holdings = account.Holdings{V4: a.Holdings.V4 + n.V4, V6: a.Holdings.V6 + n.V6, AS: a.Holdings.AS + n.AS}
	})
}

// discount takes a block off the count of who held it.
func (b *block) discount(r wire.Resource, from wire.Address) {
	n := units(r)
	b.editAccount(from, func(a *account.Account) {
		a.Holdings = account.Holdings{V4: a.Holdings.V4 - n.V4, V6: a.Holdings.V6 - n.V6, AS: a.Holdings.AS - n.AS}
	})
}
