package ledger

import (
	"math"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// maySucceedBySilence reports whether a claim wins another's title if it is not
// answered.
//
// specs/20 CLAIM-16: Only a claim of grade A, signed after the title was proved and
// after its holder came to it, wins a qualified title by silence, and none that is
// under charge.
func (b *block) maySucceedBySilence(c *record.Claim, t titled) bool {
	return c.Grade == record.GradeA && t.Grade == record.GradeB && t.Qualified > b.now.Time &&
		c.Proved > max(t.Proved, t.Since) && len(t.folio.Charges) == 0
}

// enterNotice notes a notice of a claim to the holder of a qualified title.
//
// specs/20 CLAIM-16: the notices of registrars lie at least a sixth of the
// parameter's seconds of silence apart, and so long before its end.
func (b *block) enterNotice(id wire.Hash, c *record.Claim, w record.Word) error {
	apart := b.params.UnansweredSeconds / 6
	for _, x := range c.Words {
		if x.Kind == record.Notifies && x.At+apart > w.At {
			return tx.Refuse("CLAIM-16", "claim", "the last notice was recorded at %s, the next may be at %s", tx.UTC(x.At), tx.UTC(x.At+apart))
		}
	}
	if w.Date < c.Began {
		return tx.Refuse("CLAIM-16", "noticed", "the claim is of %s", tx.UTC(c.Began))
	}
	if err := b.addWord(c, w); err != nil {
		return err
	}
	b.stretch(c)
	c.Ends = max(c.Ends, w.At+apart)
	b.putClaim(id, c, max(c.At, w.At+apart))
	b.showClaims(c.Resource)
	return nil
}

// silence lets a claim win the title that its holder did not defend.
//
// specs/20 CLAIM-16: Unanswered for the parameter's seconds, with three notices on
// record and contested by nobody else, the claim takes the title as a transfer
// would that drops authorisations; estates stand. It waits while a recovery of the
// holder's account runs or something else binds the block, and is looked at again
// every 86,400 seconds. Without the notices it goes to adjudication.
func (b *block) silence(id wire.Hash, c *record.Claim) (done bool) {
	t, ok := b.titleOf(c.Resource)
	if !ok || t.Holder != c.From || t.State != record.Held {
		b.dropClaim(id)
		return true
	}
	_, contested := b.contestedOf(id, c)
	switch {
	case contested || b.noticesOf(c) < record.NoticesMin || len(t.folio.Charges) > 0:
		b.adjudicate(id, c)
	case b.bound(t, c.Resource) || b.recovering(t.Holder):
		b.putOffClaim(id, c)
	case !b.fitsSeizure() && (b.partly || b.dues > 0):
		return false // the next ledger block has more room
	case !b.takeOver(id, c, t):
		b.putOffClaim(id, c)
	}
	return true
}

func (b *block) noticesOf(c *record.Claim) (n int) {
	for _, w := range c.Words {
		if w.Kind == record.Notifies && b.inOffice(w.By) {
			n++
		}
	}
	return n
}

// takeOver moves a title, or the part claimed, to the claimant. Where what the
// former holder or the claimant authorised cannot be kept outside, it ends; done is
// false, and nothing is changed, where even so a rule or the ledger block's bounds
// refuse.
func (b *block) takeOver(id wire.Hash, c *record.Claim, t titled) (done bool) {
	for _, bare := range []bool{false, true} {
		mark := b.e.Mark()
		b.looks = 0
		if b.moveTo(id, c, t, bare) == nil && !b.over() {
			return true
		}
		b.undo(mark)
	}
	return false
}

func (b *block) moveTo(id wire.Hash, c *record.Claim, t titled, bare bool) error {
	for _, o := range b.claimsOn(t.at) {
		// specs/20 CLAIM-24: a succession leaves what else is claimed as it is.
		if o.id != id && !c.Succession && inr.Overlaps(o.Resource, c.Resource) {
			b.dropClaim(o.id)
		}
	}
	b.dropClaim(id)
	if bare {
		b.takeOverlapping(t.Holder, t.at, t.at)
		if _, err := b.liftWithin(c.Account, c.Resource, math.MaxInt); err != nil {
			return err
		}
	}
	t, _ = b.titleOf(t.at)
	if err := b.decree(func() error { return b.transfer(moving(c, t, c.Succession), t) }); err != nil || c.Succession {
		return err
	}
	t, _ = b.titleOf(c.Resource)
	b.award(t, c)
	return nil
}

// moving is the transfer that carries a claim or a succession out.
func moving(c *record.Claim, t titled, keep bool) *record.Offer {
	body := &tx.TransferOffer{Resource: c.Resource, To: c.Account, Keep: keep}
	return &record.Offer{
		Rules: record.Rules, Kind: uint64(body.Kind()), Maker: t.Holder, To: c.Account, Resource: c.Resource, Title: t.at,
		Body: tx.EncodeBody(body),
	}
}

// decideClaim carries out what adjudicators decide on a claim: it settles at once
// on all that it still claims, or ends.
//
// specs/20 CLAIM-28: A decision gives the claimant what is contested, or ends the
// claim; estates and charges that are not in dispute stand. done is false where a
// rule or the ledger block's bounds refuse to move the title.
func (b *block) decideClaim(id wire.Hash, granted bool) (done bool) {
	c, ok := b.claimAt(id)
	if !ok || !granted || c.Stage == record.Marked {
		if ok {
			b.dropClaim(id)
		}
		return true
	}
	t, ok := b.titleOf(c.Resource)
	switch {
	case !ok:
		b.dropClaim(id)
	case b.opens(c, t) || !t.Grade.Settled():
		if c.Resource != t.at && b.settledBefore(t.at) != nil {
			return false
		}
		b.settleClaim(id, c, t, wire.Resource{}, false)
	default:
		return b.takeOver(id, c, t)
	}
	return true
}
