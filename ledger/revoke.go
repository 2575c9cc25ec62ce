package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of the revocations of one ledger block whose accounts owe for them. Whoever
// holds numbers by title has places that accounts opened by work alone cannot take,
// and no account takes them all. Five hundred change a tenth of the records that a
// ledger block may.
const (
	revokesOfHolders = 50
	revokesOfOthers  = 500
	revokesOfOneMax  = 4
)

// revocations counts the revocations of a ledger block that are owed for.
type revocations struct {
	holders, others int
	of              map[wire.Address]int
}

// admitRevocation admits what was signed when the key was made, and gives its account
// less the cost.
//
// specs/17 REV-1: a revocation is admissible while the key it names is a title
// or routing key of the account; it owes what credit it lacks (CRED-4).
func (b *block) admitRevocation(v tx.Verified, body *tx.KeyRevoke) (*account.Account, error) {
	author := v.Author()
	a := b.accountAt(author)
	if a == nil {
		return nil, tx.Refuse("ADM-1", "account", "no account %v", author)
	}
	if !a.Policy.Has(body.Key[0]) {
		return nil, tx.Refuse("REV-1", "key", "%v is no key of account %v", body.Key[0], author)
	}
	left, owes := a.Credit, true
	if !b.params.CreditUnmetered {
		left, owes = a.Credit.Owe(Cost(v), b.now.Time, b.tariff(), a.Holdings)
	}
	if owes {
		if err := b.revocationPlace(author, a.Holdings != account.Holdings{}); err != nil {
			return nil, err
		}
	}
	a.Credit = left
	return a, nil
}

// revocationPlace takes one of the places for revocations that are owed for.
//
// specs/17 REV-1: of those that owe, in one ledger block stand at most 50 of accounts
// that hold numbers by title and 500 of others, at most 4 of one account.
func (b *block) revocationPlace(author wire.Address, holder bool) error {
	places, most := &b.revokes.others, revokesOfOthers
	if holder {
		places, most = &b.revokes.holders, revokesOfHolders
	}
	if own := b.revokes.of[author]; own >= revokesOfOneMax || *places >= most {
		return tx.Refuse("REV-1", "", "%d keys of the account and %d of its sort of accounts, which owe for it, were revoked in this ledger block", own, *places)
	}
	*places++
	if b.revokes.of == nil {
		b.revokes.of = map[wire.Address]int{}
	}
	b.revokes.of[author]++
	return nil
}

// revoke takes a key out of its account for good.
//
// specs/17 REV-2: it takes the key out of both roles at once, as a new version
// of the policy; thresholds stay as they are.
func (b *block) revoke(id wire.Hash, author wire.Address, body *tx.KeyRevoke) error {
	key := body.Key[0]
	b.put(record.RevokedKey(author, record.WaitingKey(key)), wire.Encode(&record.Revoked{Rules: record.Rules, Act: id}))
	b.editAccount(author, func(a *account.Account) { a.Policy = a.Policy.Without(key) })
	return nil
}

func (b *block) revoked(who wire.Address, key record.WaitingKey) bool {
	_, ok := b.e.Get(record.RevokedKey(who, key))
	return ok
}

// unrevoked keeps specs/17 REV-3: A key that was revoked in an account does not
// come back to it.
func (b *block) unrevoked(who wire.Address, field string, keys []account.Key) error {
	for _, k := range keys {
		if b.revoked(who, record.WaitingKey(k)) {
			return tx.Refuse("REV-3", field, "%v was revoked in account %v", k, who)
		}
	}
	return nil
}
