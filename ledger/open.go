package ledger

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
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
// work MUST have the parameter's bits, at most 50 MAY precede it in its ledger
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
		Credit: account.Credit{Amount: b.params.CreditCap, At: b.now.Time},
		Opened: b.now.Time,
	})
	return nil
}

// setPolicy lets a new policy wait for the author's delay, or take effect at
// once where there is none.
//
// specs/04 POL-1: a new policy takes effect after its author's delay; one that
// waits is replaced by the next.
func (b *block) setPolicy(v tx.Verified, body *tx.SetPolicy) error {
	author := v.Header().Author
	a := b.accountAt(author)
	if !a.Waiting.IsZero() {
		b.dropWaiting(a.Waiting)
	}
	w := &record.Waiting{
		Rules: record.Rules, Account: author, At: b.now.Time + a.Delay, Stalled: b.chain.Stalled,
		TitleKeys: waiting(body.TitleKeys), TitleK: body.TitleK,
		RoutingKeys: waiting(body.RoutingKeys), RoutingK: body.RoutingK,
	}
	a.Waiting = wire.Hash{}
	if a.Delay == 0 {
		enact(a, w)
	} else {
		a.Waiting = v.ID()
		b.keepWaiting(v.ID(), w)
	}
	b.putAccount(author, a)
	return nil
}

// enact puts a policy in force; acts signed under the old one are void.
func enact(a *account.Account, w *record.Waiting) {
	a.Policy = account.Policy{
		Version:   a.Policy.Version + 1,
		TitleKeys: inForce(w.TitleKeys), TitleK: w.TitleK,
		RoutingKeys: inForce(w.RoutingKeys), RoutingK: w.RoutingK,
	}
	a.Waiting = wire.Hash{}
}

func (b *block) keepWaiting(id wire.Hash, w *record.Waiting) {
	b.put(record.WaitingKeyOf(id), wire.Encode(w))
	b.write(tree.DueKey(w.At, record.RankPolicy, id), &record.Due{Rules: record.Rules, Kind: record.DuePolicy, Act: id})
}

func (b *block) dropWaiting(id wire.Hash) {
	leaf, ok := b.e.Get(record.WaitingKeyOf(id))
	if !ok {
		return
	}
	w := wire.Own[record.Waiting](leaf.Data)
	b.remove(tree.DueKey(w.At, record.RankPolicy, id))
	b.remove(record.WaitingKeyOf(id))
}

// duePolicy puts a waiting policy in force, or lets it wait on by as much as
// the chain stood still.
//
// specs/07 DUE-6: a waiting policy's window extends by the growth of stalled.
func (b *block) duePolicy(d *record.Due) {
	leaf, ok := b.e.Get(record.WaitingKeyOf(d.Act))
	if !ok {
		return
	}
	w := wire.Own[record.Waiting](leaf.Data)
	b.remove(record.WaitingKeyOf(d.Act))
	if grown := b.chain.Stalled - w.Stalled; grown > 0 {
		w.At, w.Stalled = w.At+grown, b.chain.Stalled
		b.keepWaiting(d.Act, w)
		return
	}
	b.editAccount(w.Account, func(a *account.Account) { enact(a, w) })
}

func waiting(keys []account.Key) []record.WaitingKey {
	var out []record.WaitingKey
	for _, k := range keys {
		out = append(out, record.WaitingKey(k))
	}
	return out
}

func inForce(keys []record.WaitingKey) []account.Key {
	var out []account.Key
	for _, k := range keys {
		out = append(out, account.Key(k))
	}
	return out
}
