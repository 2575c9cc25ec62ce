package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of the revocations of one ledger block, which cost nothing. Whoever holds
// numbers by title has places that accounts opened by work alone cannot take, and
// no account takes them all.
const (
	revokesMax      = 50 // of accounts that hold numbers by title, and of others
	revokesOfOneMax = 4
)

// revocations counts the revocations of a ledger block.
type revocations struct {
	holders, others int
	of              map[wire.Address]int
}

// admitRevocation admits what was signed when the key was made.
//
// specs/17 REV-1: a revocation is admissible while the key it names is a title
// or routing key of the account; in one ledger block stand at most 50 of accounts
// that hold numbers by title and 50 of others, at most 4 of one account.
func (b *block) admitRevocation(author wire.Address, body *tx.KeyRevoke) error {
	a := b.accountAt(author)
	if a == nil {
		return tx.Refuse("ADM-1", "account", "no account %v", author)
	}
	if !a.Policy.Has(body.Key[0]) {
		return tx.Refuse("REV-1", "key", "%v is no key of account %v", body.Key[0], author)
	}
	places := &b.revokes.others
	if a.Holdings != (account.Holdings{}) {
		places = &b.revokes.holders
	}
	if own := b.revokes.of[author]; own >= revokesOfOneMax || *places >= revokesMax {
		return tx.Refuse("REV-1", "", "%d keys of the account and %d of its sort of accounts were revoked in this ledger block", own, *places)
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
