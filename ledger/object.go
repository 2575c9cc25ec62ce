package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// object enters an objection to a claim.
//
// specs/20 CLAIM-14: An objection is made while a claim's window runs or it is
// disputed, to the block claimed or to a part of it that may be a title.
func (b *block) object(v tx.Verified, body *tx.ClaimObject) error {
	author := v.Author()
	c, err := b.openClaim(body.Claim)
	if err != nil {
		return err
	}
	if c.Succession || c.Stage != record.Window && c.Stage != record.Disputed || author == c.Account {
		return tx.Refuse("CLAIM-14", "claim", "claim %v of %v is %v", body.Claim, c.Account, c.Stage)
	}
	if !inr.Covers(c.Resource, body.Resource) {
		return tx.Refuse("CLAIM-14", "resource", "%v is not inside %v, which is claimed", body.Resource, c.Resource)
	}
	if body.Resource != c.Resource {
		if err := b.cuttable(body.Resource); err != nil {
			return err
		}
	}
	if body.Evidence.IsZero() {
		err = b.objectForReason(author, c, body)
	} else {
		err = b.objectWithEvidence(v, c, body)
	}
	if err != nil {
		return err
	}
	b.writeClaim(body.Claim, c)
	b.showClaims(c.Resource)
	return nil
}

// objectForReason is the word of a registrar; two are needed to contest anything.
func (b *block) objectForReason(author wire.Address, c *record.Claim, body *tx.ClaimObject) error {
	if _, err := b.registrar(author, b.parties(c)...); err != nil {
		return err
	}
	if slices.ContainsFunc(c.Words, func(x record.Word) bool { return x.By == author && x.Kind != record.Refuses }) {
		return tx.Refuse("CLAIM-10", "account", "%v has given its word", author)
	}
	return b.addWord(c, record.Word{Kind: record.Objects, By: author, Digest: body.Reason, At: b.now.Time, Block: body.Resource})
}

// objectWithEvidence is the objection of one who proves the block, as for a claim
// of grade A.
//
// specs/20 CLAIM-14: an issuing CA stands behind one objection to a claim, the one
// signed last; there are at most 8.
func (b *block) objectWithEvidence(v tx.Verified, c *record.Claim, body *tx.ClaimObject) error {
	e, err := b.proof(v.Chain(), v.Author(), body.Resource, body.Evidence, body.Expiry)
	if err != nil {
		return err
	}
	if !e.Title {
		return tx.Refuse("CLAIM-21", "evidence", "no registry CA certified its issuing CA: it is evidence for a grant")
	}
	i := slices.IndexFunc(c.Objections, func(o record.Objection) bool { return o.Issuer == e.Issuer })
	if i >= 0 && c.Objections[i].Signed >= e.Signed {
		return tx.Refuse("CLAIM-14", "evidence", "its issuing CA objects already, with a checklist signed at %s", tx.UTC(c.Objections[i].Signed))
	}
	if i >= 0 {
		c.Objections = slices.Delete(c.Objections, i, i+1)
	}
	if len(c.Objections) >= record.ObjectionsMax {
		return tx.Refuse("CLAIM-14", "claim", "%d objections stand against it", len(c.Objections))
	}
	c.Objections = append(c.Objections, record.Objection{By: v.Author(), Issuer: e.Issuer, Signed: e.Signed, Block: body.Resource})
	return nil
}

// withdrawClaim takes back a claim or a succession, or one's objections to it.
//
// specs/20 CLAIM-18: Only its author withdraws a claim, and only its author an
// objection; what is no longer contested goes on.
func (b *block) withdrawClaim(author wire.Address, body *tx.ClaimWithdraw) error {
	c, err := b.openClaim(body.Claim)
	if err != nil {
		return err
	}
	if c.Account == author {
		b.dropClaim(body.Claim)
		return nil
	}
	words, objections := len(c.Words), len(c.Objections)
	c.Words = slices.DeleteFunc(c.Words, func(w record.Word) bool { return w.By == author && w.Kind == record.Objects })
	c.Objections = slices.DeleteFunc(c.Objections, func(o record.Objection) bool { return o.By == author })
	if len(c.Words) == words && len(c.Objections) == objections {
		return tx.Refuse("CLAIM-18", "account", "claim %v was made by %v, and the author does not object to it", body.Claim, c.Account)
	}
	b.writeClaim(body.Claim, c)
	b.reconsider(c.Resource)
	return nil
}

// answerClaim is a holder's answer to a claim on its qualified title.
//
// specs/20 CLAIM-17: A claim that the holder answers goes to adjudication: it is
// contested for the parameter's seconds of restrictions, and lapses if nobody has
// decided it by then.
func (b *block) answerClaim(author wire.Address, body *tx.ClaimAnswer) error {
	c, err := b.openClaim(body.Claim)
	if err != nil {
		return err
	}
	t, ok := b.titleOf(c.Resource)
	if c.Stage != record.Silent || !ok || t.Holder != author {
		return tx.Refuse("CLAIM-17", "claim", "it is %v, and not on a qualified title of the author's that waits for an answer", c.Stage)
	}
	b.adjudicate(body.Claim, c)
	return nil
}

// adjudicate leaves a claim to adjudicators, until it lapses.
func (b *block) adjudicate(id wire.Hash, c *record.Claim) {
	c.Stage, c.Ends = record.Answered, b.now.Time+max(1, b.params.RestrictSeconds)
	b.putClaim(id, c, c.Ends)
	b.showClaims(c.Resource)
	b.openContest(id, c)
}
