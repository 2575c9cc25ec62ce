package ledger_test

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinCharge is a lender's right over a title, in its rank among the title's.
type twinCharge struct {
	id        wire.Hash
	lender    wire.Address
	mode      tx.ChargeMode
	law       string
	deed      wire.Hash
	longest   uint64
	entered   uint64
	enforced  uint64 // header time at which it takes effect; 0: no enforcement
	notice    wire.Hash
	buyer     wire.Address
	contested bool
	stalled   uint64
}

const (
	twinEnforce = 40
	twinContest = 60 * 24 * 3600
	twinAgain   = 24 * 3600
)

// unenforced is the charge without the enforcement under way.
func (c twinCharge) unenforced() twinCharge {
	c.enforced, c.notice, c.buyer, c.contested, c.stalled = 0, wire.Hash{}, wire.Address{}, false, 0
	return c
}

// charge is the charge that an act names by the whole title and its id.
func (w *twin) charge(r wire.Resource, id wire.Hash) (*twinTitle, *twinCharge) {
	t := w.titleOf(r)
	if t == nil || t.at != r {
		return nil, nil
	}
	for i := range t.charges {
		if t.charges[i].id == id {
			return t, &t.charges[i]
		}
	}
	return nil, nil
}

func (w *twin) brokenChargeAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.ChargePropose:
		w.brokenPropose(add, author, b)
	case *tx.ChargeAccept:
		o := w.brokenAccept(add, b.Offer, author, b.Resource, b.Value, tx.KindChargePropose, tx.KindChargeRedeem)
		if o != nil && o.kind() == tx.KindChargePropose {
			add("TITLE-5", w.notWhole(o.at) && w.fresh(o.at))
			add("CHARGE-19", w.notWhole(o.at) && w.enforcedOver(o.at))
			add("CHARGE-2", len(w.titleOf(o.at).charges) >= record.ChargesMax)
			add("CHARGE-1", o.body.(*tx.ChargePropose).ByLender && w.accounts[author].delay > 0)
		}
	case *tx.ChargeConsent:
		w.brokenChargeConsent(add, author, b)
	case *tx.ChargeRelease:
		_, c := w.charge(b.Resource, b.Charge)
		add("CHARGE-17", c == nil)
		add("CHARGE-9", c != nil && c.lender != author)
	case *tx.ChargeEnforce:
		w.brokenHold(add, b.Resource)
		t, c := w.charge(b.Resource, b.Charge)
		add("CHARGE-17", c == nil)
		if c != nil {
			add("CHARGE-10", c.lender != author || c.mode == tx.ModeAdjudication || c.enforced != 0)
			add("CHARGE-11", b.To == t.holder || w.accounts[b.To] == nil || c.mode == tx.ModeTitle && b.To != c.lender)
		}
	case *tx.ChargeContest:
		t, c := w.charge(b.Resource, b.Charge)
		add("CHARGE-17", c == nil)
		add("CHARGE-12", c != nil && (t.holder != author || c.enforced == 0 || c.contested))
	case *tx.ChargeRedeem:
		w.brokenHold(add, b.Resource)
		t, c := w.charge(b.Resource, b.Charge)
		add("CHARGE-17", c == nil)
		if c != nil {
			add("CHARGE-15", t.holder != author && !t.lentLater(c.id, author))
			w.brokenOffer(add, w.offerOf(wire.Hash{}, author, body), b.Value)
		}
	}
}

// lentLater reports whether an account is the lender of a later charge.
func (t *twinTitle) lentLater(id wire.Hash, who wire.Address) bool {
	i := slices.IndexFunc(t.charges, func(c twinCharge) bool { return c.id == id })
	return slices.ContainsFunc(t.charges[i+1:], func(c twinCharge) bool { return c.lender == who })
}

func (w *twin) brokenPropose(add breaks, author wire.Address, b *tx.ChargePropose) {
	w.brokenDealable(add, b.Resource)
	w.brokenHold(add, b.Resource)
	t := w.titleOf(b.Resource)
	if t != nil {
		holder := author
		if b.ByLender {
			holder = b.To
			add("CHARGE-1", t.holder == b.To && w.accounts[b.To].delay > 0)
		}
		add("CHARGE-1", t.holder != holder)
		add("TITLE-2", t.holder != holder)
		add("CHARGE-2", len(t.charges) >= record.ChargesMax)
	}
	add("TITLE-4", tooSmall(b.Resource) && w.notWhole(b.Resource))
	w.brokenOffer(add, w.offerOf(wire.Hash{}, author, b), b.Value)
}

// brokenChargeConsent is of a lender's word for an offer.
func (w *twin) brokenChargeConsent(add breaks, author wire.Address, b *tx.ChargeConsent) {
	o := w.offer(b.Offer)
	kinds := []tx.Kind{tx.KindTransferOffer, tx.KindGrantOffer, tx.KindNoticeWithdraw, tx.KindLeaseOffer, tx.KindLeaseRenew, tx.KindMerge, tx.KindSurrender}
	if o == nil || o.accepted != 0 || !slices.Contains(kinds, o.kind()) {
		add("DEAL-5", true)
		add("CHARGE-8", true)
		return
	}
	if w.lapsed(o) {
		add("DEAL-2", true)
		add("RCV-7", o.renewed != w.accounts[o.maker].renewed)
		add("CHARGE-8", true)
		return
	}
	add("CHARGE-8", o.at != b.Resource)
	add("DEAL-1", !w.current(o.title, b.Value))
	add("CHARGE-8", !w.current(o.title, b.Value))
	_, c := w.charge(o.title, b.Charge)
	add("CHARGE-8", c == nil || c.lender != author)
	given := slices.ContainsFunc(o.consents, func(x twinConsent) bool { return x.charge == b.Charge })
	up := o.kind() == tx.KindSurrender
	add("CHARGE-8", given || b.Release && o.kind() != tx.KindTransferOffer && !up || !b.Release && up)
}

// brokenLenders is of the lenders whose consent an offer lacks.
func (w *twin) brokenLenders(add breaks, rule string, o *twinOffer, needs func(twinCharge) bool) {
	for _, c := range w.titleOf(o.at).charges {
		given := slices.ContainsFunc(o.consents, func(x twinConsent) bool { return x.charge == c.id })
		add(rule, needs(c) && !given)
	}
}

// doCharge carries out an act of the charge family.
func (w *twin) doCharge(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.ChargeAccept:
		w.acceptCharge(w.take(b.Offer), id)
	case *tx.ChargeConsent:
		o := w.offer(b.Offer)
		o.consents = append(slices.Clone(o.consents), twinConsent{author, b.Charge, b.Release})
		if o.intent() && w.agreed(o) {
			o.until = max(o.earliest, w.now+1)
		}
	case *tx.ChargeRelease:
		w.uncharge(b.Resource, b.Charge)
	case *tx.ChargeEnforce:
		_, c := w.charge(b.Resource, b.Charge)
		c.enforced, c.notice, c.buyer, c.stalled = w.now+twinEnforce, id, b.To, w.stalled
		w.touch(b.Resource)
	case *tx.ChargeContest:
		_, c := w.charge(b.Resource, b.Charge)
		c.enforced, c.contested = c.enforced+twinContest, true
		w.touch(b.Resource)
	}
}

func (w *twin) uncharge(title wire.Resource, id wire.Hash) {
	t := w.titleOf(title)
	t.charges = slices.DeleteFunc(slices.Clone(t.charges), func(c twinCharge) bool { return c.id == id })
	w.touch(title)
}

func (w *twin) acceptCharge(o twinOffer, id wire.Hash) {
	switch b := o.body.(type) {
	case *tx.ChargePropose:
		lender := o.to
		if b.ByLender {
			lender = o.maker
		}
		if w.notWhole(o.at) {
			w.cut(o.title, o.at)
		}
		t := w.titleOf(o.at)
		t.charges = append(slices.Clone(t.charges), twinCharge{
			id: id, lender: lender, mode: b.Mode, law: b.Law, deed: b.Deed, longest: b.Longest, entered: w.now,
		})
		w.touch(o.at)
	case *tx.ChargeRedeem:
		t, c := w.charge(o.at, b.Charge)
		if t.holder == o.maker {
			w.uncharge(o.at, b.Charge)
			return
		}
		*c = c.unenforced()
		c.lender = o.maker
		w.touch(o.at)
	}
}

// dueCharges lists the enforcements under way.
func (w *twin) dueCharges() (out []twinDue) {
	for _, t := range w.titles {
		for _, c := range t.charges {
			if c.enforced != 0 {
				id := wire.Sum(wire.TagDealing, c.notice[:], t.at.Key())
				out = append(out, twinDue{c.enforced, 4, id, func() { w.enforce(t.at, c.id) }})
			}
		}
	}
	return out
}

// enforce does what an enforcement says, or lets it wait.
func (w *twin) enforce(title wire.Resource, id wire.Hash) {
	t, c := w.charge(title, id)
	switch grown := w.stalled - c.stalled; {
	case grown > 0:
		c.enforced, c.stalled = c.enforced+grown, w.stalled
		w.touch(title)
	case w.accounts[t.holder].running(), w.bound(title):
		c.enforced = w.now + twinAgain
		w.touch(title)
	case !t.hold.IsZero():
		c.enforced = w.offer(t.hold).until
		w.touch(title)
	default:
		w.enforced(t, *c)
	}
}

func (w *twin) enforced(t *twinTitle, c twinCharge) {
	w.vacate(t.at)
	i := slices.IndexFunc(t.charges, func(x twinCharge) bool { return x.id == c.id })
	t.charges = slices.Clone(t.charges[:i])
	t.holder, t.since = c.buyer, w.now
	if c.buyer != c.lender {
		w.unprove(t.at)
	}
	w.touch(t.at)
}

// unprove takes the date of its proof off a title that came to its holder unasked.
func (w *twin) unprove(r wire.Resource) {
	if t := w.titleOf(r); t.grade == record.GradeA {
		t.proved = 0
	}
}
