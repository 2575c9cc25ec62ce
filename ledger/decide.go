package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// decide enters a vote in a case, and what it brings about.
func (b *block) decide(author wire.Address, body *tx.CaseDecide) error {
	c := b.caseAt(body.Case)
	if c == nil {
		return tx.Refuse("DISP-12", "case", "no case %v", body.Case)
	}
	early := body.Verdict == tx.VerdictAccept || body.Verdict == tx.VerdictDismiss
	if err := b.mayDecide(c, author, early); err != nil {
		return err
	}
	vote := record.Vote{By: author, Says: uint64(body.Verdict), Digest: body.Reasons}
	c.Votes = record.Cast(c.Votes, vote)
	if !b.carried(c, vote) {
		b.putCase(body.Case, c)
		return nil
	}
	c.Votes, c.Reasons = nil, body.Reasons
	switch {
	case body.Verdict == tx.VerdictAccept:
		return b.accept(body.Case, c)
	case body.Verdict == tx.VerdictDismiss:
		c.State = record.CaseDismissed
		b.forgetLater(body.Case, c)
		b.liftWhole(body.Case, c.Resource)
		return nil
	case c.State == record.CaseAppealed:
		c.Verdict = uint64(body.Verdict)
		b.settleFor(c)
	default:
		// specs/22 DISP-16: an appeal may come within the same time.
		c.Verdict, c.State = uint64(body.Verdict), record.CaseDecided
		c.Next, c.Stalled = b.now.Time+max(1, b.params.PanelSeconds), b.chain.Stalled
		c.Until = max(c.Until, c.Next)
		b.keepClaim(body.Case, b.now.Time+3+2*b.params.PanelSeconds+b.params.RestrictSeconds)
	}
	b.putCase(body.Case, c)
	return nil
}

// mayDecide checks that an account has a vote in a case as it stands.
func (b *block) mayDecide(c *record.Case, who wire.Address, early bool) error {
	switch {
	case b.partial(c, who):
		return tx.Refuse("DISP-12", "account", "the author is a party to the case, or recorded the order that it is about")
	case c.State == record.CaseEntered && early:
		if !b.adjudicates(who) {
			return tx.Refuse("DISP-13", "account", "the author is no adjudicator")
		}
	case c.State == record.CaseAccepted && !early:
		if !slices.Contains(c.Panel, who) || !b.adjudicates(who) {
			return tx.Refuse("DISP-15", "account", "the author does not sit on its panel")
		}
		if b.now.Time < c.Hears {
			return tx.Refuse("DISP-15", "case", "its panel decides from %s on, it is %s", tx.UTC(c.Hears), tx.UTC(b.now.Time))
		}
	case c.State == record.CaseAppealed && !early:
		if !b.memberFor(who) {
			return tx.Refuse("DISP-16", "account", "the author is the account of no member")
		}
	default:
		return tx.Refuse("DISP-12", "verdict", "the case is %v: there is no such vote", c.State)
	}
	return nil
}

// partial reports whether an account has no vote in a case.
//
// specs/22 DISP-12: nobody votes who is the party of the case, held the title when it
// was accepted, or before that holds the title that covers its block, or recorded the order.
func (b *block) partial(c *record.Case, who wire.Address) bool {
	o := b.orderAt(c.Order)
	return who == c.Party || who == c.Against || o != nil && who == o.Author ||
		c.State == record.CaseEntered && b.holdsOver(who, c.Resource)
}

// holdsOver reports whether an account holds the title that covers a block.
func (b *block) holdsOver(who wire.Address, r wire.Resource) bool {
	t, ok := b.titleOf(r)
	return ok && t.Holder == who
}

// carried reports whether a vote that was entered decides.
func (b *block) carried(c *record.Case, vote record.Vote) bool {
	switch c.State {
	case record.CaseEntered:
		// specs/22 DISP-13: half of all adjudicators, rounded up.
		return b.halfSay(c.Votes, vote)
	case record.CaseAccepted:
		// specs/22 DISP-15: by two thirds of its seats, rounded up.
		return 3*agree(c.Votes, vote, b.adjudicates) >= 2*len(c.Panel)
	}
	// specs/22 DISP-16: more than half of all members.
	return 2*agree(c.Votes, vote, b.memberFor) > len(b.roll().Members)
}

// accept makes a caution a dispute.
//
// specs/22 DISP-13: Accepted it is a dispute: it freezes its block, and a panel
// hears it.
func (b *block) accept(id wire.Hash, c *record.Case) error {
	c.Until = b.now.Time + b.params.RestrictSeconds
	b.toPanel(id, c)
	b.liftWhole(id, c.Resource)
	return b.freezeWhole(id, c.Resource, c.Until, record.DisputesMax)
}

// toPanel hands a case to a panel that the next ledger block draws.
func (b *block) toPanel(id wire.Hash, c *record.Case) {
	c.State, c.Stalled, c.Next = record.CaseAccepted, b.chain.Stalled, b.now.Time+1
	if t, ok := b.titleOf(c.Resource); ok && c.Against.IsZero() {
		c.Against = t.Holder
	}
	b.putCase(id, c)
}

// claims reports whether an account has a claim that stands on a block.
func (b *block) claims(who wire.Address, r wire.Resource) bool {
	for _, o := range b.claimsOn(r) {
		if o.Account == who && o.Stage != record.Marked && inr.Overlaps(o.Resource, r) {
			return true
		}
	}
	return false
}

// settleFor makes a decision final; a lift carries it out.
//
// specs/22 DISP-18: which any account MAY send for the parameter's seconds after
// it was final.
func (b *block) settleFor(c *record.Case) {
	c.State, c.Votes, c.Stalled = record.CaseFinal, nil, b.chain.Stalled
	c.Next = b.now.Time + b.params.RestrictSeconds
	c.Until = c.Next
}

// forgetLater keeps a case that is over for a time.
//
// specs/22 DISP-27: What is over is kept for the caution's seconds, then forgotten.
func (b *block) forgetLater(id wire.Hash, c *record.Case) {
	c.Votes = nil
	c.Next = b.now.Time + b.params.CautionSeconds
	b.putCase(id, c)
}

// appeal takes a decided case to all members.
//
// specs/22 DISP-16: The party, or the holder of a title against which it stands,
// MAY appeal once, within the same time.
func (b *block) appeal(author wire.Address, body *tx.CaseAppeal) error {
	c := b.caseAt(body.Case)
	if c == nil {
		return tx.Refuse("DISP-16", "case", "no case %v", body.Case)
	}
	if c.Party != author && !b.claims(author, c.Resource) {
		if _, err := b.caseAgainst(body.Case, body.Resource, author); err != nil {
			return tx.Refuse("DISP-16", "account", "neither the party of the case, nor a claimant, nor the holder of a title over %v that it stands against", body.Resource)
		}
	}
	if c.State != record.CaseDecided {
		return tx.Refuse("DISP-16", "case", "it is %v", c.State)
	}
	c.State, c.Appeal, c.Votes = record.CaseAppealed, body.Digest, nil
	c.Next, c.Stalled = b.now.Time+max(1, b.params.PanelSeconds), b.chain.Stalled
	c.Until = max(c.Until, c.Next)
	b.putCase(body.Case, c)
	return nil
}
