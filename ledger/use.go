package ledger

import (
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// useUp counts what a registrar attests against its share.
//
// specs/20 CLAIM-11: In any time of the parameter's seconds (30 days) a registrar
// attests at most the parameter's share (0.1 %) of the numbers of a registry's
// titles, by family. The time is counted in 30 parts, each whole.
func (b *block) useUp(who wire.Address, registry string, r wire.Resource) error {
	part := b.now.Time / max(1, b.params.AttestSeconds/record.UseParts)
	use := b.recentUse(who, registry, part)
	var sum record.Numbers
	for _, p := range use.Parts {
		sum = sum.Plus(p.Numbers)
	}
	most := b.totalOf(registry).Share(b.params.AttestShare)
	if asked := sum.Plus(record.Count(r)); !asked.Within(most) {
		return tx.Refuse("CLAIM-11", "account", "%v would have attested %+v of %s in %d seconds, at most %+v",
			who, asked, registry, b.params.AttestSeconds, most)
	}
	if n := len(use.Parts); n == 0 || use.Parts[n-1].Part < part {
		use.Parts = append(use.Parts, record.UsePart{Part: part})
	}
	last := &use.Parts[len(use.Parts)-1]
	last.Numbers = last.Numbers.Plus(record.Count(r))
	b.put(record.UseKey(who, registry), wire.Encode(use))
	return nil
}

// recentUse is what a registrar attested of a registry's numbers that still
// counts in a part of time. What counts for a part that is still to come, since
// the parameter changed, counts for this one.
func (b *block) recentUse(who wire.Address, registry string, part uint64) *record.Use {
	use := &record.Use{Rules: record.Rules}
	if leaf, ok := b.e.Get(record.UseKey(who, registry)); ok {
		use = wire.Own[record.Use](leaf.Data)
	}
	use.Parts = slices.DeleteFunc(use.Parts, func(p record.UsePart) bool { return p.Part+record.UseParts < part })
	var list []record.UsePart
	for _, p := range use.Parts {
		p.Part = min(p.Part, part)
		if n := len(list); n > 0 && list[n-1].Part == p.Part {
			list[n-1].Numbers = list[n-1].Numbers.Plus(p.Numbers)
			continue
		}
		list = append(list, p)
	}
	use.Parts = list
	return use
}

// totalOf is how many numbers the titles of a registry's rows have.
func (b *block) totalOf(registry string) record.Numbers {
	if leaf, ok := b.e.Get(record.BalanceKey(registry)); ok {
		return wire.Own[record.Balance](leaf.Data).Numbers()
	}
	return record.Numbers{}
}
