package ledger

import (
	"bytes"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// ClaimRestSeconds is for how long a claim or a succession waits for the words of
// registrars: they send notices and see documents in that time.
const ClaimRestSeconds = 30 * 24 * 3600

// claim enters an account's claim. One on evidence stands against its title at
// once, another when registrars have attested it.
func (b *block) claim(v tx.Verified, body *tx.Claim) error {
	author := v.Author()
	c := &record.Claim{
		Rules: record.Rules, Account: author, Resource: body.Resource, Grade: record.Grade(body.Grade),
		Evidence: body.Evidence, Entered: b.now.Time,
	}
	t, err := b.claimable(c)
	if err != nil {
		return err
	}
	if err := b.countClaims(author); err != nil {
		return err
	}
	if c.Grade != record.GradeA {
		c.Stage = record.Attesting
		b.putClaim(v.ID(), c, b.now.Time+ClaimRestSeconds)
		return nil
	}
	e, err := b.proof(v.Chain(), author, body.Resource, body.Evidence, body.Expiry)
	if err != nil {
		return err
	}
	c.Issuer, c.Proved = e.Issuer, e.Signed
	if !e.Title {
		// specs/20 CLAIM-21: a checklist of a CA that no registry CA certified is
		// evidence for a grant: such a claim is entered as a caution and no more.
		return b.mark(v.ID(), c, t)
	}
	return b.stand(v.ID(), c, t)
}

// claimable finds the title that a claim is made on.
//
// specs/20 CLAIM-5: A claim names a block that one title covers, unclaimed or
// held: the whole of the title, or a part that may be a title; a claim of grade C,
// one to the author's own title and a succession the whole.
func (b *block) claimable(c *record.Claim) (titled, error) {
	t, ok := b.titleOf(c.Resource)
	switch {
	case !ok:
		return t, tx.Refuse("CLAIM-5", "resource", "no title covers %v", c.Resource)
	case t.State != record.Unclaimed && t.State != record.Held:
		return t, tx.Refuse("CLAIM-5", "resource", "the title %v is %v", t.at, t.State)
	case c.Succession && (t.Holder != c.From || t.Holder == c.Account || !t.Grade.Settled()):
		return t, tx.Refuse("CLAIM-22", "subject", "the title %v is held by %v at grade %v", t.at, t.Holder, t.Grade)
	case t.at == c.Resource:
		return t, b.betters(c, t)
	case c.Grade == record.GradeC || c.Succession || t.Holder == c.Account:
		return t, tx.Refuse("CLAIM-5", "resource", "%v is a part of the title %v", c.Resource, t.at)
	}
	return t, b.cuttable(c.Resource)
}

// betters checks a claim to the claimant's own title.
//
// specs/20 CLAIM-7: An account claims its own title only at a better grade, or
// at the same once a registrar on which it rests was removed for cause.
func (b *block) betters(c *record.Claim, t titled) error {
	if t.Holder != c.Account || c.Succession || rank(c.Grade) > rank(t.Grade) {
		return nil
	}
	if rank(c.Grade) == rank(t.Grade) && slices.ContainsFunc(t.Basis, func(who wire.Address) bool { return !b.inOffice(who) }) {
		return nil
	}
	return tx.Refuse("CLAIM-7", "grade", "the author holds the title %v at grade %v", t.at, t.Grade)
}

// rank orders grades by what they prove.
//
// specs/20 CLAIM-13: A is the best grade, then B, then C; T ranks with A.
func rank(g record.Grade) int {
	switch g {
	case record.GradeA, record.GradeT:
		return 3
	case record.GradeB:
		return 2
	case record.GradeC:
		return 1
	}
	return 0
}

// countClaims keeps specs/20 CLAIM-8: An account has at most 64 claims and
// successions open.
func (b *block) countClaims(who wire.Address) error {
	if n := len(b.claimsOf(who).IDs); n >= record.ClaimsMax {
		return tx.Refuse("CLAIM-8", "account", "it has %d claims and successions open", n)
	}
	return nil
}

// claimsOf is a copy of the index of an account's open claims.
func (b *block) claimsOf(who wire.Address) *record.Claims {
	if leaf, ok := b.e.Get(record.ClaimsKey(who)); ok {
		return wire.Own[record.Claims](leaf.Data)
	}
	return &record.Claims{Rules: record.Rules}
}

func (b *block) putClaimsOf(who wire.Address, x *record.Claims) {
	if len(x.IDs) == 0 {
		b.remove(record.ClaimsKey(who))
		return
	}
	b.put(record.ClaimsKey(who), wire.Encode(x))
}

// claimAt is a copy of a claim or a succession that is open.
func (b *block) claimAt(id wire.Hash) (*record.Claim, bool) {
	leaf, ok := b.e.Get(record.ClaimKey(id))
	if !ok {
		return nil, false
	}
	return wire.Own[record.Claim](leaf.Data), true
}

// openClaim is claimAt for an act that names one.
func (b *block) openClaim(id wire.Hash) (*record.Claim, error) {
	c, ok := b.claimAt(id)
	if !ok {
		return nil, tx.Refuse("CLAIM-10", "claim", "no claim or succession %v is open", id)
	}
	return c, nil
}

// putClaim writes a claim, to be looked at again at a moment.
func (b *block) putClaim(id wire.Hash, c *record.Claim, at uint64) {
	if old, ok := b.claimAt(id); ok {
		b.remove(claimDue(id, old))
	} else {
		x := b.claimsOf(c.Account)
		x.IDs = append(x.IDs, id)
		slices.SortFunc(x.IDs, func(p, q wire.Hash) int { return bytes.Compare(p[:], q[:]) })
		b.putClaimsOf(c.Account, x)
	}
	c.At, c.Stalled = at, b.chain.Stalled
	b.writeClaim(id, c)
	d := &record.Due{Rules: record.Rules, Kind: record.DueClaim, Act: id}
	if c.Succession {
		d.Kind = record.DueSuccession
	}
	b.write(claimDue(id, c), d)
}

// writeClaim writes a claim whose time stays as it is.
func (b *block) writeClaim(id wire.Hash, c *record.Claim) { b.put(record.ClaimKey(id), wire.Encode(c)) }

func claimDue(id wire.Hash, c *record.Claim) tree.Key {
	return tree.DueKey(c.At, record.RankClaim, id)
}

// dropClaim ends a claim or a succession, and what it stood for on its title.
func (b *block) dropClaim(id wire.Hash) {
	c, ok := b.claimAt(id)
	if !ok {
		panic(fmt.Errorf("%w: no claim %v", ErrCorrupt, id))
	}
	b.remove(claimDue(id, c))
	b.remove(record.ClaimKey(id))
	b.closeContest(id)
	x := b.claimsOf(c.Account)
	x.IDs = slices.DeleteFunc(x.IDs, func(y wire.Hash) bool { return y == id })
	b.putClaimsOf(c.Account, x)
	if c.Stage != record.Attesting {
		b.unshow(id, c)
		b.reconsider(c.Resource)
	}
}

// overlap is what two blocks have in common.
func overlap(x, y wire.Resource) (common wire.Resource, some bool) {
	return narrower(x, y), inr.Overlaps(x, y)
}
