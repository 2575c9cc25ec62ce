package ledger

import (
	"crypto/sha256"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bits of an offer's Met.
const (
	metAgent  = 1
	metSecret = 2
)

// worstSettle is the most records that a time-out changes: the accepted
// transfer, its due item, the title.
const worstSettle = 3

// unheld keeps specs/04 TITLE-9: While a title is on hold (COND-2), every act
// that would change it, its estates or its charges, or offer it, fails.
func unheld(t titled) error {
	if until := heldUntil(t); until != 0 {
		return tx.Refuse("TITLE-9", "resource", "the title %v is on hold until a transfer is settled, at the latest at %s", t.at, tx.UTC(until))
	}
	return nil
}

// heldUntil is when the hold on a title ends by itself; 0 where there is none.
func heldUntil(t titled) uint64 {
	for _, x := range restrictionsOn(t) {
		if x.Kind == record.Hold {
			return x.Until
		}
	}
	return 0
}

// conditions checks what an offer says of its settlement.
//
// specs/16 COND-1: A transfer offer MAY name an agent, the hash of a secret, or
// both; an agent is an account, and the time-out at most 366 days after the offer's end.
func (b *block) conditions(body *tx.TransferOffer) error {
	if !body.Conditional() {
		return nil
	}
	if !body.Agent.IsZero() && b.accountAt(body.Agent) == nil {
		return tx.Refuse("COND-1", "agent", "no account %v", body.Agent)
	}
	if body.Settle-body.Until > OfferSecondsMax {
		return tx.Refuse("COND-1", "settle", "%s is more than %d seconds after %s", tx.UTC(body.Settle), uint64(OfferSecondsMax), tx.UTC(body.Until))
	}
	return nil
}

// holdFor puts a title on hold for an accepted transfer that waits for its
// conditions.
//
// specs/16 COND-2: From such an acceptance to settlement or time-out the title
// is on hold.
func (b *block) holdFor(id wire.Hash, o *record.Offer, t titled) {
	o.Accepted = b.now.Time
	until := terms[*tx.TransferOffer](o).Settle
	b.write(record.OfferKey(id), o)
	b.write(tree.DueKey(until, record.RankOffer, id), &record.Due{Rules: record.Rules, Kind: record.DueSettle, Act: id})
	b.restrict(t, record.Restriction{Kind: record.Hold, Act: id, Until: until, At: t.at})
}

// unhold takes an accepted transfer off the table and ends its hold.
func (b *block) unhold(id wire.Hash, o *record.Offer) {
	b.remove(record.OfferKey(id))
	b.remove(tree.DueKey(terms[*tx.TransferOffer](o).Settle, record.RankOffer, id))
	t, _ := b.titleOf(o.Resource)
	b.unrestrict(t, record.Hold, id)
}

// timeOut ends the hold of a transfer that was not settled.
//
// specs/16 COND-4: At the time-out the hold ends; holder, estates and charges
// are as they were.
func (b *block) timeOut(id wire.Hash) {
	if o, ok := b.offer(id); ok {
		b.unhold(id, o)
	}
}

// release meets a condition of an accepted transfer, and settles it when none
// is left.
//
// specs/16 COND-5: A release or a secret after the time-out, or under an offer
// that is not accepted, fails.
func (b *block) release(author wire.Address, body *tx.TransferRelease) error {
	o, ok := b.offer(body.Offer)
	if !ok || o.Accepted == 0 {
		return tx.Refuse("COND-5", "offer", "no transfer under %v waits to be settled", body.Offer)
	}
	if o.Resource != body.Resource {
		return tx.Refuse("COND-5", "resource", "%v was offered", o.Resource)
	}
	offered := terms[*tx.TransferOffer](o)
	if err := meet(o, offered, author, body.Secret); err != nil {
		return err
	}
	if o.Met != wanted(offered) {
		b.write(record.OfferKey(body.Offer), o)
		return nil
	}
	// specs/16 COND-4: At settlement the transfer is carried out as an acceptance
	// would, in that ledger block.
	b.unhold(body.Offer, o)
	t, _ := b.titleOf(o.Resource)
	if err := unbound(t, o.Resource); err != nil { // specs/22 DISP-4
		return err
	}
	return b.transfer(o, t)
}

// meet notes the condition that an act meets.
//
// specs/16 COND-3: A release comes from the agent named, or carries the secret;
// anyone MAY reveal a secret.
func meet(o *record.Offer, offered *tx.TransferOffer, author wire.Address, secret wire.Hash) error {
	if secret.IsZero() {
		if offered.Agent != author {
			return tx.Refuse("COND-3", "account", "the agent is %v", offered.Agent)
		}
		o.Met |= metAgent
		return nil
	}
	if offered.Lock.IsZero() || sha256.Sum256(secret[:]) != offered.Lock {
		return tx.Refuse("COND-3", "secret", "its SHA-256 is not the lock %v", offered.Lock)
	}
	o.Met |= metSecret
	return nil
}

// wanted is what an offer's Met is when it can be settled.
func wanted(offered *tx.TransferOffer) (all uint64) {
	if !offered.Agent.IsZero() {
		all |= metAgent
	}
	if !offered.Lock.IsZero() {
		all |= metSecret
	}
	return all
}
