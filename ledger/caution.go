package ledger

import (
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// caution enters a warning against a block, and the case it may become.
//
// specs/22 DISP-9: Any account but its holder MAY enter a caution against a block
// of a title that is held.
func (b *block) caution(id wire.Hash, author wire.Address, body *tx.Caution) error {
	t, err := b.heldTitle(body.Resource)
	if err != nil {
		return err
	}
	if t.Holder == author {
		return tx.Refuse("DISP-9", "account", "the author holds the title %v", t.at)
	}
	t = b.dropStale(t)
	if err := b.roomForCaution(t, author, body); err != nil {
		return err
	}
	until := b.now.Time + b.params.CautionSeconds
	b.putCase(id, &record.Case{
		Rules: record.Rules, Sort: record.CaseCaution, Resource: body.Resource, Party: author,
		Ground: uint64(body.Ground), Digest: body.Digest, State: record.CaseEntered,
		Entered: b.now.Time, Stalled: b.chain.Stalled, Next: until, Until: until,
	})
	b.restrict(t, record.Restriction{Kind: record.Caution, Act: id, Until: until, At: body.Resource})
	return nil
}

// heldTitle finds the title that covers a block and is held by an account.
func (b *block) heldTitle(r wire.Resource) (titled, error) {
	t, ok := b.titleOf(r)
	if !ok {
		return t, tx.Refuse("TITLE-1", "resource", "no title covers %v", r)
	}
	if t.State != record.Held {
		return t, tx.Refuse("DISP-9", "resource", "the title %v is %v: nobody holds it", t.at, t.State)
	}
	return t, nil
}

// dropStale takes off a title the cautions that are over.
func (b *block) dropStale(t titled) titled {
	list := restrictionsOn(t)
	n := len(list)
	if list = slices.DeleteFunc(list, b.stale); len(list) == n {
		return t
	}
	b.putRestrictions(t, list, record.Caution)
	t, _ = b.titleOf(t.at)
	return t
}

// roomForCaution keeps the bounds of cautions.
//
// specs/22 DISP-9: One stands for each account, block and ground, at most 2 of one
// account's and 12 in all on a title, of them at most 6 of accounts that neither hold
// numbers by title nor are registrars.
func (b *block) roomForCaution(t titled, author wire.Address, body *tx.Caution) error {
	all, own, poor := 0, 0, 0
	for _, x := range restrictionsOn(t) {
		if x.Kind != record.Caution {
			continue
		}
		c := b.caseAt(x.Act)
		if c == nil { // a claim's, with bounds of its own (specs/20 CLAIM-13)
			continue
		}
		all++
		if b.unknown(c.Party) {
			poor++
		}
		if c.Party != author {
			continue
		}
		own++
		if c.Ground == uint64(body.Ground) && inr.Overlaps(x.At, body.Resource) {
			return tx.Refuse("DISP-9", "ground", "the author's caution %v on this ground stands at %v", x.Act, x.At)
		}
	}
	if all >= record.CautionsMax || len(restrictionsOn(t)) >= record.RestrictionsMax || own >= record.CautionsOfOne {
		return tx.Refuse("DISP-9", "resource", "%d cautions stand on the title %v, %d of them the author's", all, t.at, own)
	}
	if poor >= record.CautionsOfPoor && b.unknown(author) {
		return tx.Refuse("DISP-9", "account", "%d cautions of accounts without numbers stand on the title %v; one that holds numbers, or a registrar, may enter one", poor, t.at)
	}
	return nil
}

// unknown reports whether an account is none but its own word says anything of: it
// holds no numbers by title and is no registrar.
func (b *block) unknown(who wire.Address) bool {
	a := b.accountAt(who)
	return (a == nil || a.Holdings == account.Holdings{}) && !b.inOffice(who)
}

// answerCase notes a holder's answer.
//
// specs/22 DISP-11: The holder of a title against which a case stands answers it
// once.
func (b *block) answerCase(author wire.Address, body *tx.CautionAnswer) error {
	c, err := b.caseAgainst(body.Case, body.Resource, author)
	if err != nil {
		return err
	}
	if c.State > record.CaseAppealed {
		return tx.Refuse("DISP-11", "case", "the case is %v", c.State)
	}
	if !c.Answer.IsZero() {
		return tx.Refuse("DISP-11", "case", "it is answered: %v", c.Answer)
	}
	c.Answer = body.Digest
	b.putCase(body.Case, c)
	return nil
}

// caseAgainst finds a case that stands against a title of an account's.
func (b *block) caseAgainst(id wire.Hash, r wire.Resource, holder wire.Address) (*record.Case, error) {
	c := b.caseAt(id)
	if c == nil {
		return nil, tx.Refuse("DISP-11", "case", "no case %v", id)
	}
	t, ok := b.titleOf(r)
	if !ok || t.Holder != holder || b.allStale(t, id) {
		return nil, tx.Refuse("DISP-11", "resource", "case %v stands against no title of the author's over %v", id, r)
	}
	return c, nil
}

// restrictedBy is what a matter recorded against a title.
func restrictedBy(t titled, matter wire.Hash) (out []record.Restriction) {
	for _, x := range restrictionsOn(t) {
		if x.Act == matter && x.Kind != record.Hold {
			out = append(out, x)
		}
	}
	return out
}
