package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// succession enters a request for the title of a holder that is dissolved.
//
// specs/20 CLAIM-22: A succession names a title, whole, and its holder, another
// account than the author.
func (b *block) succession(id wire.Hash, author wire.Address, body *tx.Succession) error {
	c := &record.Claim{
		Rules: record.Rules, Account: author, From: body.Subject, Resource: body.Resource, Succession: true,
		Evidence: body.Documents, Stage: record.Attesting, Entered: b.now.Time,
	}
	if _, err := b.claimable(c); err != nil {
		return err
	}
	if err := b.countClaims(author); err != nil {
		return err
	}
	b.putClaim(id, c, b.now.Time+ClaimRestSeconds)
	return nil
}

// standSuccession opens the window of a succession.
//
// specs/20 CLAIM-22: its window opens with as many attestations as a claim of grade
// B needs; one succession stands on a title.
func (b *block) standSuccession(id wire.Hash, c *record.Claim, t titled) error {
	for _, o := range b.claimsOn(t.at) {
		if o.Succession {
			return tx.Refuse("CLAIM-22", "resource", "succession %v stands on the title %v", o.id, t.at)
		}
	}
	if err := b.makeRoom(id, c, t); err != nil {
		return err
	}
	c.Stage, c.Began = record.Window, b.now.Time
	at := b.now.Time + max(1, b.windowOf(c))
	c.Ends = at
	b.putClaim(id, c, at)
	b.enterStanding(id, c)
	return nil
}

// vetoSuccession is the word of one title key of the holder.
//
// specs/20 CLAIM-23: Any one title key of the holder vetoes a succession, which
// ends it, at any time before it takes effect.
func (b *block) vetoSuccession(author wire.Address, body *tx.SuccessionVeto) error {
	c, ok := b.claimAt(body.Succession)
	if !ok || !c.Succession || c.From != author {
		return tx.Refuse("CLAIM-23", "succession", "no succession %v to the author's titles is open", body.Succession)
	}
	b.dropClaim(body.Succession)
	return nil
}

// succeed gives the successor the title at the end of the window.
//
// specs/20 CLAIM-24: At the end of its window a succession moves the title with its
// charges, leases and authorisations, at the grade it had; the title also rests on
// the registrars that attested. It lapses if the holder holds it no more, or the
// registrars serve no more; it waits for a freeze, a contest, a hold or a recovery.
func (b *block) succeed(id wire.Hash, c *record.Claim) (done bool) {
	t, ok := b.titleOf(c.Resource)
	basis := b.basisOf(c)
	if !ok || t.at != c.Resource || t.Holder != c.From || len(basis) < b.wordsFor(c) {
		b.dropClaim(id)
		return true
	}
	if b.boundAtAll(t, id) || b.recovering(t.Holder) {
		b.putOffClaim(id, c)
		return true
	}
	if !b.fitsSeizure() && (b.partly || b.dues > 0) {
		return false
	}
	if !b.takeOver(id, c, t) {
		b.putOffClaim(id, c)
		return true
	}
	t, _ = b.titleOf(c.Resource)
	b.retitle(t, func(title *record.Title) { title.Basis = restsOnAll(title.Basis, basis) })
	return true
}

// boundAtAll reports whether a restriction binds any part of a title.
func (b *block) boundAtAll(t titled, except wire.Hash) bool {
	return slices.ContainsFunc(restrictionsOn(t), func(x record.Restriction) bool {
		return x.Act != except && (x.Kind == record.Hold || x.Kind == record.Freeze || x.Kind == record.Contest)
	})
}

// restsOnAll is the registrars that a title rests on after others attested too:
// all of these, and of those before as many as there is room for.
func restsOnAll(old, attested []wire.Address) []wire.Address {
	out := slices.Clone(attested[:min(len(attested), record.BasisMax)])
	for _, who := range old {
		if !slices.Contains(out, who) && len(out) < record.BasisMax {
			out = append(out, who)
		}
	}
	slices.SortFunc(out, compareAddresses)
	return out
}
