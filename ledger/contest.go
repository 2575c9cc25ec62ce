package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// openContest hands a claim that is contested to a panel, once.
//
// specs/22 DISP-29: A claim that is left to adjudicators, or whose window ended
// contested, is a case from then on, accepted at once.
func (b *block) openContest(id wire.Hash, c *record.Claim) {
	if b.caseAt(id) != nil {
		return
	}
	b.toPanel(id, &record.Case{
		Rules: record.Rules, Sort: record.CaseContest, Resource: c.Resource, Party: c.Account, Against: c.From,
		Digest: c.Evidence, Entered: b.now.Time, Until: c.Ends,
	})
}

// closeContest ends the case of a claim that stands no more; it says how, unless it
// was decided.
func (b *block) closeContest(id wire.Hash) {
	c := b.caseAt(id)
	if c == nil || c.Sort != record.CaseContest || c.State > record.CaseFinal {
		return
	}
	if c.State != record.CaseFinal {
		c.State = record.CaseWithdrawn
	}
	b.forgetLater(id, c)
}

// claimEnds is when a claim that stands lapses at the latest; 0 where none does.
//
// specs/22 DISP-29: A case ends with its claim, and lapses no sooner.
func (b *block) claimEnds(id wire.Hash) uint64 {
	c, ok := b.claimAt(id)
	if !ok {
		return 0
	}
	return c.Ends + (b.chain.Stalled - c.Stalled)
}

// keepClaim lets a contested claim stand at least until a time.
//
// specs/22 DISP-29: once a panel has decided it, the claim stands until the decision
// can be final and carried out.
func (b *block) keepClaim(id wire.Hash, until uint64) {
	c, ok := b.claimAt(id)
	if !ok {
		return
	}
	if b.stretch(c); c.Ends < until {
		c.Ends = until
		b.waitOn(id, c, until)
	}
}
