package ledger_test

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// unbearable tries the acceptance of an offer on a copy, as things stand and with every
// consent, and counts what rests on each possession (ORIGIN-8).
func (w *twin) unbearable(author wire.Address, body tx.Body) bool {
	if len(w.origins)+tx.FirstOriginsMax <= record.OriginsMax {
		return false
	}
	c, id := w.clone(), wire.Hash{9}
	running := w.accounts[author].running()
	switch b := body.(type) {
	case *tx.TransferOffer:
		if w.notWhole(b.Resource) && (w.fresh(b.Resource) || w.enforcedOver(b.Resource)) {
			return false // its acceptance now would be refused for that
		}
		c.put(c.offerOf(id, author, body))
		c.transfer(c.take(id))
		return c.laden()
	case *tx.GrantOffer:
		c.put(c.offerOf(id, author, withoutOrigins(body)))
		c.grant(c.take(id), id)
		return !running && c.ladenWith(firstOrigins(b.Origins, b.To))
	case *tx.LeaseOffer:
		if b.Start > w.now {
			return false
		}
		c.put(c.offerOf(id, author, withoutOrigins(body)))
		c.acceptLease(c.take(id), id)
		return !running && c.ladenWith(firstOrigins(b.Origins, b.To))
	case *tx.LeaseAssign:
		c.put(c.offerOf(id, author, body))
		c.acceptLease(c.take(id), id)
		return !running && c.laden()
	}
	return false
}

// ladenWith enters first authorisations until one is refused for something else.
func (w *twin) ladenWith(first []twinOrigin) bool {
	for _, o := range first {
		if w.laden() {
			return true
		}
		refused := false
		w.brokenOrigin(func(_ string, broken bool) { refused = refused || broken }, o)
		if refused {
			return false
		}
		w.origins = append(w.origins, o)
	}
	return w.laden()
}
