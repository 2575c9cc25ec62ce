package ledger_test

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinValue is a title's dealing value as an act names it.
type twinValue struct {
	title wire.Resource
	value wire.Hash
}

// twinSeen is what a value speaks for: a title as it stood, and its marks.
type twinSeen struct {
	stamp uint64
	marks string
}

// twinOffer is what waits for an acceptance or a time; its body has its terms.
type twinOffer struct {
	id              wire.Hash
	body            tx.Body
	maker, to       wire.Address
	at, title       wire.Resource
	stamp           uint64
	earliest, until uint64
	renewed         uint64 // of its maker
	consents        []twinConsent
	accepted        uint64 // of a conditional transfer
	byAgent         bool   // conditions met
	bySecret        bool
}

// twinConsent is the word of one who is no party of an offer.
type twinConsent struct {
	by      wire.Address
	charge  wire.Hash
	release bool
}

func (o *twinOffer) kind() tx.Kind { return o.body.Kind() }

// current reports whether a value is the dealing value, as it stands, of the
// title that covers r.
func (w *twin) current(r wire.Resource, value wire.Hash) bool {
	t := w.titleOf(r)
	if t == nil {
		return false
	}
	seen, ok := w.named[twinValue{t.at, value}]
	return ok && seen == twinSeen{stamp: t.stamp}
}

// saw is current for an acceptance, which names the value with marks (DEAL-1).
func (w *twin) saw(r wire.Resource, value wire.Hash) bool {
	t := w.titleOf(r)
	if t == nil {
		return false
	}
	seen, ok := w.named[twinValue{t.at, value}]
	return ok && seen == twinSeen{t.stamp, t.marks()}
}

// offerOf is the offer that an act makes; its earliest acceptance is fixed.
func (w *twin) offerOf(id wire.Hash, maker wire.Address, body tx.Body) twinOffer {
	o := twinOffer{id: id, body: body, maker: maker, renewed: w.accounts[maker].renewed}
	switch b := body.(type) {
	case *tx.TransferOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.GrantOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.NoticeWithdraw:
		if e := w.estate(b.Resource, b.Grant, false); e != nil {
			o.to = e.holder
		}
		o.at, o.earliest, o.until = b.Resource, b.Earliest, b.Until
	case *tx.LeaseOffer:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.LeaseRenew:
		o.to, o.at, o.earliest, o.until = w.otherParty(b.Resource, b.Lease, maker), b.Resource, b.Earliest, b.Until
	case *tx.LeaseEnd:
		o.to, o.at, o.earliest, o.until = w.otherParty(b.Resource, b.Lease, maker), b.Resource, b.Earliest, b.Until
	case *tx.LeaseAssign:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.ChargePropose:
		o.to, o.at, o.earliest, o.until = b.To, b.Resource, b.Earliest, b.Until
	case *tx.ChargeRedeem:
		if _, c := w.charge(b.Resource, b.Charge); c != nil {
			o.to = c.lender
		}
		o.at, o.earliest, o.until = b.Resource, b.Earliest, b.Until
	}
	if o.earliest == 0 {
		o.earliest = w.now
		if w.waits(body) {
			o.earliest += w.accounts[maker].delay
		}
	}
	return o
}

// waits reports whether an offer waits for its maker's delay.
func (w *twin) waits(body tx.Body) bool {
	switch b := body.(type) {
	case *tx.LeaseOffer:
		return b.Evergreen() || b.End > w.now+twinAhead
	case *tx.LeaseRenew:
		return b.End > w.now+twinAhead
	}
	return true
}

func (w *twin) brokenOffer(add breaks, o twinOffer, value wire.Hash) {
	add("TITLE-6", o.to == o.maker || w.accounts[o.to] == nil)
	add("DEAL-1", !w.current(o.at, value))
	soonest := w.now
	if w.waits(o.body) {
		soonest += w.accounts[o.maker].delay
	}
	add("DEAL-3", o.earliest < soonest || o.until <= o.earliest || o.until-w.now > 366*24*3600)
	open, _ := w.made(o.maker, o.at)
	add("DEAL-4", open >= record.OffersMax)
}

// made counts an account's offers on the title over r: those that stand, and
// all that are on the table.
func (w *twin) made(maker wire.Address, r wire.Resource) (open, all int) {
	t := w.titleOf(r)
	for _, o := range w.offers {
		if t != nil && o.title == t.at && o.maker == maker && o.kind() != tx.KindList {
			if all++; !w.lapsed(&o) {
				open++
			}
		}
	}
	return open, all
}

func (w *twin) brokenAccept(add breaks, id wire.Hash, author wire.Address, r wire.Resource, value wire.Hash, kinds ...tx.Kind) *twinOffer {
	o := w.offer(id)
	if o == nil || o.accepted != 0 || !slices.Contains(kinds, o.kind()) {
		add("DEAL-5", true)
		return nil
	}
	w.brokenDealable(add, o.at)
	w.brokenHold(add, o.at)
	add("DEAL-6", o.to != author || o.at != r || w.now < o.earliest)
	lapsed := w.lapsed(o)
	add("DEAL-2", lapsed)
	add("RCV-7", o.renewed != w.accounts[o.maker].renewed || w.accounts[o.maker].running())
	add("DEAL-1", !lapsed && !w.saw(o.at, value))
	if lapsed || o.to != author || o.at != r {
		return nil
	}
	return o
}

// lapsed reports whether an offer's title changed since it was made, or a
// recovery replaced its maker's keys.
func (w *twin) lapsed(o *twinOffer) bool {
	at := o.at
	if o.kind() == tx.KindMerge {
		at = o.title // the lower half
	}
	t := w.titleOf(at)
	return t == nil || t.at != o.title || t.stamp != o.stamp || o.renewed != w.accounts[o.maker].renewed
}

func (w *twin) offer(id wire.Hash) *twinOffer {
	for i := range w.offers {
		if w.offers[i].id == id {
			return &w.offers[i]
		}
	}
	return nil
}
