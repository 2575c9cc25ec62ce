package ledger

import (
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// standingClaim is a claim on a title, and its id.
type standingClaim struct {
	id wire.Hash
	*record.Claim
}

// claimsOn lists the claims and successions that stand against the title over a
// block, by id: a restriction on it names each.
func (b *block) claimsOn(r wire.Resource) (out []standingClaim) {
	t, ok := b.titleOf(r)
	if !ok {
		return nil
	}
	for _, x := range restrictionsOn(t) {
		if n := len(out); n > 0 && out[n-1].id == x.Act {
			continue
		}
		if c, ok := b.claimAt(x.Act); ok {
			out = append(out, standingClaim{x.Act, c})
		}
	}
	return out
}

// contested is the smallest block that holds all of a claim that is contested.
//
// specs/20 CLAIM-14: Contested is what another account claims at an equal or a
// better grade, what an objection with evidence of grade A is to, and what two
// registrars of different organisations object to, for grade A of different
// jurisdictions; of a claim only that part, as the smallest block that holds it.
func (b *block) contestedOf(id wire.Hash, c *record.Claim) (part wire.Resource, some bool) {
	add := func(r wire.Resource) {
		if common, ok := overlap(r, c.Resource); ok {
			part, some = joined(part, common, some), true
		}
	}
	for _, o := range b.claimsOn(c.Resource) {
		if o.id != id && o.Stage != record.Marked && !o.Succession && o.Account != c.Account && rank(o.Grade) >= rank(c.Grade) {
			add(o.Resource)
		}
	}
	for i := range c.Objections {
		add(c.Objections[i].Block)
	}
	for i := range c.Words {
		for j := range c.Words[:i] {
			if b.jointly(&c.Words[i], &c.Words[j], c.Grade) {
				add(narrower(c.Words[i].Block, c.Words[j].Block))
			}
		}
	}
	return part, some
}

// jointly reports whether two registrars object together.
func (b *block) jointly(x, y *record.Word, g record.Grade) bool {
	if x.Kind != record.Objects || y.Kind != record.Objects || !inr.Overlaps(x.Block, y.Block) {
		return false
	}
	p, ok1 := b.registrarAt(x.By)
	q, ok2 := b.registrarAt(y.By)
	if !ok1 || !ok2 || p.Removed != 0 || q.Removed != 0 || p.Organisation == q.Organisation {
		return false
	}
	return g != record.GradeA || p.Jurisdiction != q.Jurisdiction
}

// joined is the smallest block over two; the second alone where there is no first.
func joined(x, y wire.Resource, some bool) wire.Resource {
	if !some {
		return y
	}
	for !inr.Covers(x, y) {
		x = inr.Truncate(x, x.Len-1)
	}
	return x
}

// standsFor is what stands against a title for one claim.
//
// specs/20 CLAIM-15: A title shows each claim's window and what is contested.
func (b *block) standsFor(o standingClaim) (out []record.Restriction) {
	x := record.Restriction{Act: o.id, At: o.Resource, Until: o.Ends}
	switch o.Stage {
	case record.Window:
		part, some := b.contestedOf(o.id, o.Claim)
		if !some || part != o.Resource || o.Succession {
			out = append(out, record.Restriction{Kind: record.Claimed, Act: o.id, At: o.Resource, Until: o.At})
		}
		if some && !o.Succession {
			x.Kind, x.At = record.Contest, part
			out = append(out, x)
		}
		return out
	case record.Disputed, record.Silent, record.Answered:
		x.Kind = record.Contest
	case record.Marked:
		x.Kind = record.Caution
	}
	return append(out, x)
}

// showClaims writes what the claims on the title over a block stand for, where that
// differs from what is written.
func (b *block) showClaims(r wire.Resource) {
	for _, o := range b.claimsOn(r) {
		b.showOne(o)
	}
}

// showOne is showClaims for one claim.
func (b *block) showOne(o standingClaim) {
	want := b.standsFor(o)
	t, ok := b.titleOf(o.Resource)
	if !ok {
		return // a caution on a title that was cut since: each piece has its part
	}
	for _, x := range restrictionsOn(t) {
		if x.Act == o.id && !slices.ContainsFunc(want, func(y record.Restriction) bool { return same(x, y) }) {
			b.takeOff(x)
		}
	}
	for _, y := range want {
		t, _ = b.titleOf(o.Resource)
		if !slices.ContainsFunc(restrictionsOn(t), func(x record.Restriction) bool { return same(x, y) }) {
			b.restrict(t, y)
		}
	}
}

// takeOff takes a restriction of a claim's off the title that it stands against.
func (b *block) takeOff(x record.Restriction) {
	t, _ := b.titleOf(x.At)
	b.unrestrict(t, x.Kind, x.Act)
}

// same reports whether two restrictions say the same, whenever entered.
func same(x, y record.Restriction) bool {
	return x.Kind == y.Kind && x.Act == y.Act && x.At == y.At && x.Until == y.Until
}

// unshow takes off a title all that a claim stood for.
func (b *block) unshow(id wire.Hash, c *record.Claim) {
	t, ok := b.titleOf(c.Resource)
	if !ok {
		return
	}
	for _, x := range restrictionsOn(t) {
		if x.Act == id {
			b.takeOff(x)
		}
	}
}

// reconsider looks anew at the claims on the title over a block, now that one of
// them is gone or has changed: what is no longer contested goes on.
func (b *block) reconsider(r wire.Resource) {
	for _, o := range b.claimsOn(r) {
		if o.Stage == record.Disputed && o.At > b.now.Time+1 {
			b.stretch(o.Claim)
			b.putClaim(o.id, o.Claim, b.now.Time+1)
		}
	}
	b.showClaims(r)
}
