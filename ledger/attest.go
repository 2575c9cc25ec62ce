package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// registrarAt is a copy of a registrar's record.
func (b *block) registrarAt(who wire.Address) (*record.Registrar, bool) {
	leaf, ok := b.e.Get(record.RegistrarKey(who))
	if !ok {
		return nil, false
	}
	return wire.Own[record.Registrar](leaf.Data), true
}

// inOffice reports whether an account is a registrar that was not removed for cause.
func (b *block) inOffice(who wire.Address) bool {
	r, ok := b.registrarAt(who)
	return ok && r.Removed == 0
}

// registrar keeps specs/20 CLAIM-9: Only a registrar that serves attests, refuses,
// notifies, objects for a reason, or attests a name; never for or against itself.
func (b *block) registrar(who wire.Address, parties ...wire.Address) (*record.Registrar, error) {
	r, ok := b.registrarAt(who)
	if !ok || r.Removed != 0 {
		return nil, tx.Refuse("CLAIM-9", "account", "%v is no registrar that serves", who)
	}
	if slices.Contains(parties, who) {
		return nil, tx.Refuse("CLAIM-9", "account", "%v is a party", who)
	}
	return r, nil
}

// parties are the claimant, whom a claim is against, and who holds what is claimed.
func (b *block) parties(c *record.Claim) []wire.Address {
	out := []wire.Address{c.Account, c.From}
	if t, ok := b.titleOf(c.Resource); ok {
		out = append(out, t.Holder)
	}
	return out
}

// attest enters a registrar's word for a claim, which stands once enough have
// given theirs; or its notice of a claim on a qualified title.
func (b *block) attest(author wire.Address, body *tx.ClaimAttest) error {
	c, err := b.openClaim(body.Claim)
	if err != nil {
		return err
	}
	r, err := b.registrar(author, b.parties(c)...)
	if err != nil {
		return err
	}
	// specs/20 CLAIM-10: a notice's date is not after the header's time, and at most
	// the parameter's seconds of attestations before it.
	if body.Noticed > b.now.Time || b.now.Time-body.Noticed > b.params.AttestSeconds {
		return tx.Refuse("CLAIM-10", "noticed", "%s is not in the %d seconds before %s", tx.UTC(body.Noticed), b.params.AttestSeconds, tx.UTC(b.now.Time))
	}
	w := record.Word{Kind: record.Attests, By: author, Digest: body.Notice, Date: body.Noticed, At: b.now.Time, Block: c.Resource}
	switch c.Stage {
	case record.Attesting:
		return b.enterAttestation(body.Claim, c, r, w)
	case record.Silent:
		w.Kind = record.Notifies
		return b.enterNotice(body.Claim, c, w)
	}
	return tx.Refuse("CLAIM-10", "claim", "it needs no registrar's word any more: %v", c.Stage)
}

// enterAttestation notes a word for a claim, and lets it stand when it is enough.
func (b *block) enterAttestation(id wire.Hash, c *record.Claim, r *record.Registrar, w record.Word) error {
	for _, x := range c.Words {
		// specs/20 CLAIM-10: an organisation has one word on whether to attest.
		// specs/20 CLAIM-26: that of a registrar removed since counts for nothing.
		if p, ok := b.registrarAt(x.By); x.By == w.By || ok && p.Removed == 0 && p.Organisation == r.Organisation && x.Kind == record.Attests {
			return tx.Refuse("CLAIM-10", "account", "%v of %q has given its word", x.By, p.Organisation)
		}
	}
	if err := b.addWord(c, w); err != nil {
		return err
	}
	t, err := b.claimable(c)
	if err != nil {
		return err
	}
	if err := b.useUp(w.By, t.Source.Registry, c.Resource); err != nil {
		return err
	}
	b.writeClaim(id, c)
	if len(b.basisOf(c)) < b.wordsFor(c) {
		return nil
	}
	if c.Succession {
		return b.standSuccession(id, c, t)
	}
	return b.stand(id, c, t)
}

// wordsFor is how many registrars a claim needs.
//
// specs/20 CLAIM-11: grade B and a succession need the parameter's number of
// registrars of different organisations (2), grade C one.
func (b *block) wordsFor(c *record.Claim) int {
	if c.Grade == record.GradeC {
		return 1
	}
	return int(b.params.Attestations)
}

// basisOf is the registrars that attest a claim and serve, ascending.
func (b *block) basisOf(c *record.Claim) (out []wire.Address) {
	for _, w := range c.Words {
		if w.Kind == record.Attests && b.inOffice(w.By) {
			out = append(out, w.By)
		}
	}
	slices.SortFunc(out, compareAddresses)
	return out
}

func compareAddresses(x, y wire.Address) int { return bytes.Compare(x[:], y[:]) }

// addWord adds a registrar's word to a claim.
//
// specs/20 CLAIM-10: At most 8 words of one kind stand on one claim.
func (b *block) addWord(c *record.Claim, w record.Word) error {
	n := 0
	for _, x := range c.Words {
		if x.Kind == w.Kind {
			n++
		}
	}
	if n >= record.WordsMax {
		return tx.Refuse("CLAIM-10", "claim", "%d such words stand on it", n)
	}
	c.Words = append(c.Words, w)
	return nil
}

// refuseAttestation notes that a registrar attests nothing, and why.
//
// specs/20 CLAIM-3: Attestations MAY be refused only with a reason's digest.
func (b *block) refuseAttestation(author wire.Address, body *tx.AttestRefuse) error {
	c, err := b.openClaim(body.Claim)
	if err != nil {
		return err
	}
	if _, err := b.registrar(author, b.parties(c)...); err != nil {
		return err
	}
	if c.Stage != record.Attesting || slices.ContainsFunc(c.Words, func(x record.Word) bool { return x.By == author }) {
		return tx.Refuse("CLAIM-10", "claim", "it is %v, or %v has given its word", c.Stage, author)
	}
	if err := b.addWord(c, record.Word{Kind: record.Refuses, By: author, Digest: body.Reason, At: b.now.Time, Block: c.Resource}); err != nil {
		return err
	}
	b.writeClaim(body.Claim, c)
	return nil
}

// attestName notes that a registrar stands by an account's name.
//
// specs/20 CLAIM-25: A registrar attests the name and the jurisdiction that an
// account states; a change of either is self-declared again.
func (b *block) attestName(author wire.Address, body *tx.NameAttest) error {
	if _, err := b.registrar(author, body.Subject); err != nil {
		return err
	}
	a := b.accountAt(body.Subject)
	if a == nil || a.Name != body.Name || a.Jurisdiction != body.Jurisdiction || a.Name == "" {
		return tx.Refuse("CLAIM-25", "name", "account %v does not call itself that", body.Subject)
	}
	b.editAccount(body.Subject, func(a *account.Account) {
		a.Attested = []account.Attested{{By: author, Documents: body.Documents, At: b.now.Time}}
	})
	return nil
}
