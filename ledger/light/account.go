package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
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
	when += fmt.Sprintf("account %v calls itself %s (%s), jurisdiction %s, opened at %s; "+
		"title acts need %d of %d keys, routing acts %d of %d; it holds %d /24s of IPv4, %d /48s of IPv6 and %d AS numbers.",
		a.ID, quoted(a.Account.Name), declared(a.Account), a.Account.Jurisdiction, Clock(a.Account.Opened),
		p.TitleK, len(p.TitleKeys), p.RoutingK, len(p.RoutingKeys),
		a.Account.Holdings.V4, a.Account.Holdings.V6, a.Account.Holdings.AS)
	return when + tellCare(a.Account)
}

// declared says on whose word an account's name stands.
func declared(x *account.Account) string {
	if len(x.Attested) == 0 {
		return "self-declared"
	}
	return fmt.Sprintf("attested by %v", x.Attested[0].By)
}

// tellCare says who can recover an account, and what is under way.
func tellCare(x *account.Account) (text string) {
	if len(x.Guardians) > 0 {
		text += fmt.Sprintf(" %d of %d guardians can recover it.", x.GuardianK, len(x.Guardians))
	}
	if list := waits(x.Waiting); len(list) > 0 {
		text += fmt.Sprintf(" Changes that wait: %s.", strings.Join(list, ", "))
	}
	if x.Recovery != account.NoRecovery {
		text += fmt.Sprintf(" A recovery of it: %s.", recoveryName(x.Recovery))
	}
	if !x.Provider.IsZero() {
		text += fmt.Sprintf(" Its provider of record is %s.", x.Provider)
	}
	return text
}

// sortNames are the words for changes that wait, by record.Sort less one.
var sortNames = [...]string{record.SortPolicy - 1: "policy", record.SortDelay - 1: "delay", record.SortGuardians - 1: "guardians"}

// waits names the sorts of changes that wait.
func waits(bits uint64) []string {
	out := []string{}
	for i, name := range sortNames {
		if bits>>i&1 == 1 {
			out = append(out, name)
		}
	}
	return out
}

// recoveryNames are the words for how far a recovery has come.
var recoveryNames = [...]string{"none", "proposed", "running", "vetoed"}

func recoveryName(r account.Recovery) string {
	if r < account.Recovery(len(recoveryNames)) {
		return recoveryNames[r]
	}
	return fmt.Sprintf("stage %d", uint64(r))
}
