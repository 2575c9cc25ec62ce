package ledger_test

import (
	"fmt"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// openContest hands a claim that is contested to a panel, once (DISP-29).
func (w *twin) openContest(c *twinClaim) {
	if w.caseOf(c.id) != nil {
		return
	}
	x := twinCase{id: c.id, sort: record.CaseContest, at: c.at, party: c.by, against: c.from, digest: c.evidence, entered: w.now, until: c.ends}
	w.toPanel(&x)
	w.cases = append(w.cases, x)
	w.event("contest opened")
}

// closeContest ends the case of a claim that stands no more (DISP-29).
func (w *twin) closeContest(id wire.Hash) {
	c := w.caseOf(id)
	switch {
	case c == nil || c.sort != record.CaseContest || c.over():
	case c.state == record.CaseFinal:
		w.endCase(c, record.CaseFinal)
	default:
		w.endCase(c, record.CaseWithdrawn)
	}
}

// keepClaim lets a claim stand until what was decided of it can be carried out.
func (w *twin) keepClaim(id wire.Hash, until uint64) {
	c := w.claim(id)
	if c == nil {
		return
	}
	x := *c
	if x.extend(w); x.ends < until {
		x.ends, x.next = until, until
		w.putClaim(&x)
	}
}

// claimEnds is when a claim that stands lapses; 0 where none does.
func (w *twin) claimEnds(id wire.Hash) uint64 {
	c := w.claim(id)
	if c == nil {
		return 0
	}
	return c.ends + w.stalled - c.stalled
}

// brokenClaimAward is of giving a claimant what was awarded (DISP-18): a freeze, or a
// contest that is no claim's, is in the way; claims are not, which lapse.
func (w *twin) brokenClaimAward(add breaks, t *twinTitle, c *twinCase) {
	x := w.claim(c.id)
	if x == nil {
		return
	}
	for _, y := range t.against {
		other := y.kind == record.Freeze || y.kind == record.Contest && w.claim(y.act) == nil
		add("DISP-18", other && y.act != c.id && inr.Overlaps(y.at, narrower(t.at, x.at)))
	}
	add("DISP-18", w.awaited(c.id, narrower(t.at, c.at)))
	add("DISP-18", x.stage != record.Marked && x.at != t.at && t.opened == w.block)
}

// decideClaim carries out a final decision on a claim (CLAIM-28, DISP-19): what the
// claimant still claims is its own at its claim's grade, or the claim ends.
func (w *twin) decideClaim(c *twinCase) {
	w.noting(func() {
		x := w.claim(c.id)
		switch {
		case x == nil:
		case c.verdict != tx.VerdictClaimant || x.stage == record.Marked:
			w.event("contest lost")
			w.dropClaim(x.id)
		case x.opens(w.titleOf(x.at)) || !w.titleOf(x.at).grade.Settled():
			w.event("contest won, opens")
			w.settleClaim(x, w.titleOf(x.at), wire.Resource{}, false)
		default:
			w.event("contest won against a holder")
			if !w.takeOver(x, w.titleOf(x.at)) {
				panic(fmt.Sprintf("the twin did what DISP-18 refuses of %v", x.at))
			}
		}
		w.showClaims()
	})
}
