package light

import (
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// AccountAnswer is what the ledger says of one account after a block.
type AccountAnswer struct {
	ID      wire.Address
	Moment                   // the state after this block, at this header's time
	Account *account.Account // nil if there is none
}

// ReadAccount is the answer of a state at a moment.
func ReadAccount(s tree.State, id wire.Address, at Moment) (*AccountAnswer, error) {
	a := &AccountAnswer{ID: id, Moment: at}
	leaf, ok := s.Get(tree.AccountKey(id))
	if !ok {
		return a, nil
	}
	var err error
	if a.Account, err = account.FromBytes(leaf.Data); err != nil {
		return nil, unproven("PRF-9", err, "the record of account %v", id)
	}
	return a, nil
}

// Statement is the answer in plain words.
func (a *AccountAnswer) Statement() string {
	when := fmt.Sprintf("After block %d, at %s, ", a.Height, Clock(a.Time))
	if a.Account == nil {
		return when + fmt.Sprintf("there is no account %v.", a.ID)
	}
	p := a.Account.Policy
	return when + fmt.Sprintf("account %v calls itself %s (self-declared), jurisdiction %s, opened at %s; "+
		"title acts need %d of %d keys, routing acts %d of %d; it holds %d /24s of IPv4, %d /48s of IPv6 and %d AS numbers.",
		a.ID, quoted(a.Account.Name), a.Account.Jurisdiction, Clock(a.Account.Opened),
		p.TitleK, len(p.TitleKeys), p.RoutingK, len(p.RoutingKeys),
		a.Account.Holdings.V4, a.Account.Holdings.V6, a.Account.Holdings.AS)
}
