package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// AccountID is the id of the account that an act opened.
//
// specs/03 ACC-3: first 20 bytes of SHA-256(0x62 ‖ id of the opening act).
func AccountID(act wire.Hash) wire.Address {
	sum := wire.Sum(wire.TagAccountID, act[:])
	return wire.Address(sum[:20])
}

// admitWork admits an opening that nobody sponsors.
//
// specs/04 ADM-9: it MUST name one of the last 256 act-bearing headers, its
// work MUST have the parameter's bits, fewer than 50 MUST precede it in its ledger
// block, and the account it opens MUST NOT exist.
func (b *block) admitWork(v tx.Verified) error {
	body, ok := v.Body().(*tx.OpenAccount)
	if !ok {
		return tx.Refuse("ADM-1", "account", "only an opening may have no author")
	}
	if bits := tx.WorkBits(v.ID(), body.Work); bits < b.params.WorkBits {
		return tx.Refuse("ADM-9", "nonce", "%d bits of work, %d wanted", bits, b.params.WorkBits)
	}
	if !b.recent(body.Work) {
		return tx.Refuse("ADM-9", "work", "%v is not one of the last %d act-bearing headers", body.Work, record.RingSize)
	}
	if b.accountAt(AccountID(v.ID())) != nil {
		return tx.Refuse("ADM-9", "", "account %v is open", AccountID(v.ID()))
	}
	if b.works >= b.params.WorkOpensMax {
		return tx.Refuse("ADM-9", "", "%d accounts were opened by work in this ledger block", b.works)
	}
	b.works++
	return nil
}

func (b *block) recent(header wire.Hash) bool {
	for n := range min(b.chain.Bearing, record.RingSize) {
		leaf, ok := b.e.Get(record.RingKey(n))
		if ok && wire.Hash(leaf.Data) == header {
			return true
		}
	}
	return false
}

// openAccount writes the account. Its delay and policy were checked by tx.
func (b *block) openAccount(v tx.Verified, body *tx.OpenAccount) error {
	id := AccountID(v.ID())
	if b.accountAt(id) != nil {
		return tx.Refuse("ACC-3", "", "account %v is open", id)
	}
	b.putAccount(id, &account.Account{
		Rules: record.Rules, Name: body.Name, Jurisdiction: body.Jurisdiction,
		Policy: account.Policy{
			Version: 1, TitleKeys: body.TitleKeys, TitleK: body.TitleK,
			RoutingKeys: body.RoutingKeys, RoutingK: body.RoutingK,
		},
		Delay:  body.Delay,
		Credit: account.Credit{Amount: b.firstCredit(v), At: b.now.Time},
		Opened: b.now.Time,
	})
	return nil
}

// firstCredit is what an account begins with.
//
// specs/03 CRED-5: An account that was opened by work MUST begin with the cap, one that a
// sponsor opened with 10, half of what that costs, or with the cap if that is less.
func (b *block) firstCredit(opening tx.Verified) uint64 {
	if opening.Author().IsZero() {
		return b.params.CreditCap
	}
	return min(b.params.CreditCap, costOpen/2)
}

// maySponsor keeps that accounts, each of which gains credit by the minute, do not open
// others without bound.
//
// specs/04 ADM-13: Where acts cost credit, a ledger block MUST NOT hold more openings
// whose sponsors hold no numbers by title than it may hold openings by work.
func (b *block) maySponsor(a *account.Account, v tx.Verified) error {
	if b.sponsoredByNobody(a, v) && b.sponsored >= b.params.WorkOpensMax {
		return tx.Refuse("ADM-13", "account", "%d accounts were opened in this ledger block by sponsors that hold no numbers", b.sponsored)
	}
	return nil
}

func (b *block) sponsoredByNobody(a *account.Account, v tx.Verified) bool {
	return v.Kind() == tx.KindOpenAccount && a.Holdings == account.Holdings{} && !b.params.CreditUnmetered
}
