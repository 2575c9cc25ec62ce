package ledger_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinAgainst is what is recorded against a title, beside a hold.
type twinAgainst struct {
	kind  record.RestrictionKind
	act   wire.Hash
	at    wire.Resource
	since uint64 // of a mark
	until uint64
	says  string // of a divergence
}

func (x twinAgainst) describe(title wire.Resource) string {
	if x.kind < record.Caution {
		x.since = 0
	}
	return fmt.Sprintf("against %v stands kind %d at %v by %v from %d until %d %s", title, x.kind, x.at, x.act, x.since, x.until, x.says)
}

func compareAgainst(x, y twinAgainst) int {
	return cmp.Or(bytes.Compare(x.act[:], y.act[:]), cmp.Compare(x.kind, y.kind), inr.Compare(x.at, y.at))
}

// record writes something against a title, in its place.
func (t *twinTitle) record(x twinAgainst) {
	t.against = append(slices.Clone(t.against), x)
	slices.SortFunc(t.against, compareAgainst)
}

// strike takes off a title what is named.
func (t *twinTitle) strike(gone func(twinAgainst) bool) {
	t.against = slices.DeleteFunc(slices.Clone(t.against), gone)
}

// binds reports whether something of a kind is recorded over a part of a block.
func (t *twinTitle) binds(kind record.RestrictionKind, r wire.Resource) bool {
	return slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.kind == kind && inr.Overlaps(x.at, r) })
}

// bound reports whether a freeze or a contest binds a part of a title's block.
func (w *twin) bound(r wire.Resource) bool {
	t := w.titleOf(r)
	return t != nil && (t.binds(record.Freeze, r) || t.binds(record.Contest, r))
}

// brokenAgainst is of acts that what is recorded against a title refuses.
func (w *twin) brokenAgainst(add breaks, author wire.Address, body tx.Body) {
	for _, r := range w.dealtIn(author, body) {
		w.brokenDealing(add, r)
	}
	switch b := body.(type) {
	case *tx.OriginAuthorise:
		w.brokenContested(add, b.Resource)
	case *tx.ProvidersAuthorise:
		if now, takes := w.stated(author, body); !takes || w.service(now.at, author).empty() {
			w.brokenContested(add, b.Resource)
		}
	case *tx.Split:
		w.brokenWindow(add, b.Resource)
	case *tx.Merge:
		w.brokenMarks(add, b.Resource)
	case *tx.TransferRelease:
		if o := w.offer(b.Offer); o != nil && o.accepted != 0 && w.clone().meet(author, b) && w.notWhole(o.at) {
			w.brokenWindow(add, o.at)
		}
	case *tx.TransferAccept:
		if o := w.offer(b.Offer); o != nil && w.notWhole(o.at) {
			w.brokenWindow(add, o.at)
		}
	case *tx.ChargeAccept:
		if o := w.offer(b.Offer); o != nil && o.kind() == tx.KindChargePropose && w.notWhole(o.at) {
			w.brokenWindow(add, o.at)
		}
	}
}

// brokenDealing is of what binds a block of a title.
func (w *twin) brokenDealing(add breaks, r wire.Resource) {
	if t := w.titleOf(r); t != nil {
		add("DISP-1", t.binds(record.Freeze, r))
		add("DISP-2", t.binds(record.Contest, r))
	}
}

// dealtIn are the blocks that an act deals in as DISP-1 says.
func (w *twin) dealtIn(author wire.Address, body tx.Body) []wire.Resource {
	switch b := body.(type) {
	case *tx.TransferOffer:
		return []wire.Resource{b.Resource}
	case *tx.Surrender:
		return []wire.Resource{b.Resource}
	case *tx.List:
		return []wire.Resource{b.Resource}
	case *tx.ChargePropose:
		return []wire.Resource{b.Resource}
	case *tx.ChargeRedeem:
		return []wire.Resource{b.Resource}
	case *tx.GrantOffer:
		return []wire.Resource{b.Resource}
	case *tx.NoticeWithdraw:
		return []wire.Resource{b.Resource}
	case *tx.LeaseOffer:
		return []wire.Resource{b.Resource}
	case *tx.LeaseRenew:
		return []wire.Resource{b.Resource}
	case *tx.ForumSet:
		return []wire.Resource{b.Resource}
	case *tx.Split:
		return []wire.Resource{b.Part}
	case *tx.Merge:
		return []wire.Resource{b.Resource}
	case *tx.TransferAccept:
		return w.offered(b.Offer)
	case *tx.GrantAccept:
		return w.offered(b.Offer)
	case *tx.LeaseAccept:
		return w.offered(b.Offer)
	case *tx.ChargeAccept:
		return w.offered(b.Offer)
	case *tx.TransferRelease: // DISP-4: the last release fails
		if o := w.offer(b.Offer); o != nil && o.accepted != 0 && w.clone().meet(author, b) {
			return []wire.Resource{o.at}
		}
	}
	return nil
}

// offered is what an offer deals in, unless it is one to end or hand on a lease
// that stands (DISP-3).
func (w *twin) offered(id wire.Hash) []wire.Resource {
	o := w.offer(id)
	if o == nil || o.kind() == tx.KindLeaseEnd || o.kind() == tx.KindLeaseAssign {
		return nil
	}
	return []wire.Resource{o.at}
}

func (w *twin) brokenContested(add breaks, r wire.Resource) {
	for i := range w.titles {
		add("DISP-2", inr.Overlaps(w.titles[i].at, r) && w.titles[i].binds(record.Contest, r))
	}
}

// brokenWindow is of cuts that a window over the title refuses (CLAIM-29).
func (w *twin) brokenWindow(add breaks, r wire.Resource) {
	t := w.titleOf(r)
	add("CLAIM-29", t != nil && t.binds(record.Claimed, t.at))
}

// brokenMarks is of halves that bear different marks (DISP-7).
func (w *twin) brokenMarks(add breaks, whole wire.Resource) {
	low, high, ok := inr.Halves(whole)
	if !ok {
		return
	}
	for _, half := range []wire.Resource{low, high} {
		w.brokenWindow(add, half)
		w.brokenDealing(add, half)
	}
	l, h := w.titleOf(low), w.titleOf(high)
	if l == nil || h == nil || l.at != low || h.at != high {
		return
	}
	add("DISP-7", !slices.EqualFunc(w.standing(l), w.standing(h), func(x, y twinAgainst) bool {
		each := x.at == low && y.at == high
		x.at = y.at
		return each && x == y
	}))
}

// carriedTo is what a piece of a cut title carries: what overlaps it, at the
// overlap, but for cautions that are over (DISP-6, DISP-8).
func (w *twin) carriedTo(t *twinTitle, piece wire.Resource) (out []twinAgainst) {
	for _, x := range t.against {
		if inr.Overlaps(x.at, piece) && !w.over(x) {
			if inr.Covers(x.at, piece) {
				x.at = piece
			}
			out = append(out, x)
		}
	}
	slices.SortFunc(out, compareAgainst)
	return out
}

// over reports whether a caution is over that is still written.
func (w *twin) over(x twinAgainst) bool {
	c := w.caseOf(x.act)
	return x.kind == record.Caution && w.claim(x.act) == nil && (c == nil || c.state != record.CaseEntered)
}

// standing is what is recorded against a title and not over (DISP-8).
func (w *twin) standing(t *twinTitle) []twinAgainst {
	return slices.DeleteFunc(slices.Clone(t.against), w.over)
}

// dueAgainst ends the freezes whose time has come.
func (w *twin) dueAgainst() (out []twinDue) {
	for _, t := range w.titles {
		for _, x := range t.against {
			if x.kind == record.Freeze {
				id := wire.Sum(wire.TagDealing, x.act[:], []byte{byte(x.kind)}, x.at.Key())
				out = append(out, twinDue{x.until, 6, id, func() {
					until := w.standsUntil(x)
					w.titleOf(x.at).strike(func(y twinAgainst) bool { return x == y })
					w.touch(x.at)
					if y := x; until > w.now {
						y.until = until
						w.titleOf(x.at).record(y)
					}
				}})
			}
		}
	}
	return out
}

// noting does something, and touches each title whose binding entries changed by it.
func (w *twin) noting(do func()) {
	before := map[wire.Resource][]twinAgainst{}
	for _, t := range w.titles {
		before[t.at] = t.binding()
	}
	do()
	for i := range w.titles {
		if old, was := before[w.titles[i].at]; was && !slices.Equal(old, w.titles[i].binding()) {
			w.touch(w.titles[i].at)
		}
	}
}

// binding is what is recorded against a title beside marks.
func (t *twinTitle) binding() (out []twinAgainst) {
	for _, x := range t.against {
		if !x.kind.Mark() {
			out = append(out, x)
		}
	}
	return out
}

// marks are the marks on a title, in words.
func (t *twinTitle) marks() (out string) {
	for _, x := range t.against {
		if x.kind.Mark() {
			out += x.describe(t.at)
		}
	}
	return out
}
