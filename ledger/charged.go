package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// chargesOver are the charges over a title in their ranks; the list is the caller's.
func chargesOver(t titled) []record.Charge {
	if len(t.folio.Charges) == 0 {
		return nil
	}
	return record.OwnCharges(t.folio.Charges)
}

// putCharges writes the charges over a title, with the due items of those that
// are enforced. The title's counter rises, so that no offer made before comes
// back to life when the charges are again what they were (specs/04 DEAL-2).
func (b *block) putCharges(t titled, list []record.Charge) {
	title := *t.Title
	title.Counter++
	f := b.folio(t.at)
	b.dropEnforcements(t.at, f)
	f.Title, f.Charges = title.Bytes(), record.ChargesBytes(list)
	b.putFolio(t.at, f)
	b.addEnforcements(t.at, list)
}

// addEnforcements queues what is enforced of the charges over a title.
func (b *block) addEnforcements(r wire.Resource, list []record.Charge) {
	for i := range list {
		if c := &list[i]; c.Enforced != 0 {
			b.countTerm(c.Enforced, 1)
			b.write(enforceDue(r, c), &record.Due{
				Rules: record.Rules, Kind: record.DueEnforce, Act: c.Notice, Resource: r, Estate: c.ID,
			})
		}
	}
}

// dropEnforcements takes the items of a folio's enforced charges off the queue.
func (b *block) dropEnforcements(r wire.Resource, f *record.Folio) {
	if len(f.Charges) == 0 {
		return
	}
	list := record.OwnCharges(f.Charges)
	for i := range list {
		if list[i].Enforced != 0 {
			b.countTerm(list[i].Enforced, -1)
			b.remove(enforceDue(r, &list[i]))
		}
	}
}

// roomFrom is the first second from a moment on in which one more enforcement may
// take effect, or one more notice end an estate. It looks at no more seconds than are full, each of 5,000 terms and
// enforcements that somebody paid for.
//
// specs/16 CHARGE-20: It takes effect in the first second from then on in which
// fewer than 5,000 terms and enforcements fall due.
func (b *block) roomFrom(at uint64) uint64 {
	for b.termsAt(at).Count >= record.TermsMax {
		at++
	}
	return at
}

// enforceDue is where the enforcement of a charge over one piece waits.
//
// specs/07 DUE-2: for an enforcement, which a cut of the title may divide, an
// item's id is SHA-256(0x72 ‖ act ‖ block).
func enforceDue(r wire.Resource, c *record.Charge) tree.Key {
	return tree.DueKey(c.Enforced, record.RankIntent, wire.Sum(wire.TagDealing, c.Notice[:], r.Key()))
}

// uncuttable keeps specs/16 CHARGE-19: While an enforcement of a charge over it is
// under way, a title is not cut. Each piece would have an enforcement of its own,
// for which a ledger block must have room.
// specs/20 CLAIM-29: nor is it while a claim's or a succession's window runs over it.
func uncuttable(t titled) error {
	for _, x := range restrictionsOn(t) {
		if x.Kind == record.Claimed {
			return tx.Refuse("CLAIM-29", "resource", "the title %v is claimed by %v until %s", t.at, x.Act, tx.UTC(x.Until))
		}
	}
	for _, c := range chargesOver(t) {
		if c.Enforced != 0 {
			return tx.Refuse("CHARGE-19", "resource", "charge %v over the title %v is enforced, at %s", c.ID, t.at, tx.UTC(c.Enforced))
		}
	}
	return nil
}

// mergeable checks that two titles carry the same charges.
//
// specs/16 CHARGE-7: Halves are merged only if they carry the same charges in
// the same ranks, and no enforcement.
func mergeable(x, y titled) error {
	enforced := func(c record.Charge) bool { return c.Enforced != 0 }
	l, h := chargesOver(x), chargesOver(y)
	if !slices.Equal(l, h) || slices.ContainsFunc(l, enforced) {
		return tx.Refuse("CHARGE-7", "resource", "%v and %v differ in charges, or one is enforced", x.at, y.at)
	}
	return nil
}
