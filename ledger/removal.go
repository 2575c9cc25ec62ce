package ledger

import (
	"bytes"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// How much of the register one step of a removal looks at and freezes.
const (
	removalLooks  = 1 << 15
	removalTitles = 256
)

// worstRemoval is the most records that one step changes: the item, twice, and for
// each title the folio and the end of its freeze.
const worstRemoval = 2 + 2*removalTitles

// removedForCause begins to freeze the titles that rest on a registrar that was
// removed for cause, by the act that decided it. Its record says so already.
//
// specs/20 CLAIM-26: From the ledger block after a registrar's removal for cause on,
// the titles that rest on it become qualified for the parameter's seconds, unless
// they are for longer, and frozen for the parameter's seconds of restrictions, in
// the order of blocks, in as many ledger blocks as it takes: at most 256 titles, and
// 32,768 blocks looked at, a ledger block. Routing stays as it was.
func (b *block) removedForCause(act wire.Hash, who wire.Address) {
	first := wire.Resource{Family: wire.IPv4}
	b.queueRemoval(b.now.Time+1, &record.Due{Rules: record.Rules, Kind: record.DueRemoval, Act: act, Account: who, Resource: first})
}

func (b *block) queueRemoval(at uint64, d *record.Due) {
	b.write(tree.DueKey(at, record.RankGovern, removalID(d)), d)
}

// removalID tells one act's removals apart.
//
// specs/07 DUE-2: for a removal an item's id is SHA-256(0x72 ‖ act ‖ account).
func removalID(d *record.Due) wire.Hash { return wire.Sum(wire.TagDealing, d.Act[:], d.Account[:]) }

// dueRemoval freezes some titles, and goes on with the next in the next second.
func (b *block) dueRemoval(k tree.Key, d *record.Due) (done bool) {
	if !b.fits(worstRemoval) {
		return false
	}
	b.remove(k)
	found, next, more := b.restingOn(d.Account, d.Resource)
	for _, at := range found {
		b.suspect(at, d.Act)
	}
	if more {
		on := *d
		on.Resource = next
		b.queueRemoval(b.now.Time+1, &on)
	}
	return true
}

// restingOn finds titles that rest on a registrar, from a block on, and says where
// to go on. A title over that block is looked at again: a merge may have made it.
func (b *block) restingOn(who wire.Address, from wire.Resource) (found []wire.Resource, next wire.Resource, more bool) {
	if t, ok := b.titleOf(from); ok && t.at != from && slices.Contains(t.Basis, who) {
		found = append(found, t.at)
	}
	looks := 0
	for f := from.Family; f <= wire.ASN && !more; f++ {
		start := tree.ResourceKey(wire.Resource{Family: f})
		if f == from.Family {
			start = tree.ResourceKey(from)
		}
		b.e.WalkFrom(tree.RootKey(tree.Subtree(f)), start, func(l tree.Leaf) bool {
			if looks == removalLooks || len(found) == removalTitles {
				next, more = l.Key.Resource(), true
				return false
			}
			looks++
			if rests(&l, who) {
				found = append(found, l.Key.Resource())
			}
			return true
		})
	}
	b.looked += looks
	return found, next, more
}

// rests reports whether a title written at a leaf rests on a registrar.
func rests(l *tree.Leaf, who wire.Address) bool {
	if !bytes.Contains(l.Data, who[:]) {
		return false // most titles: nothing is decoded
	}
	f := wire.Own[record.Folio](l.Data)
	return len(f.Title) > 0 && slices.Contains(record.OwnTitle(f.Title).Basis, who)
}

// suspect makes a title qualified and freezes it, once for each act.
func (b *block) suspect(at wire.Resource, act wire.Hash) {
	t, _ := b.titleOf(at)
	if slices.ContainsFunc(restrictionsOn(t), func(x record.Restriction) bool { return x.Act == act }) {
		return
	}
	b.retitle(t, func(title *record.Title) {
		title.Qualified = max(title.Qualified, b.now.Time+b.params.QualifiedSeconds)
		title.Counter++
	})
	t, _ = b.titleOf(at)
	if len(restrictionsOn(t)) < record.RestrictionsMax {
		b.restrict(t, record.Restriction{Kind: record.Freeze, Act: act, Until: b.now.Time + max(1, b.params.RestrictSeconds), At: at})
	}
}
