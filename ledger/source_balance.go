package ledger

import (
	"fmt"
	"math/big"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// of is what is counted of a registry, as the page under way has left it; nil
// for a name that is no registry's.
func (p *settling) of(registry string) *record.Balance {
	if t := p.balances[registry]; t != nil {
		return t
	}
	if _, ok := record.RegistryOf(registry); !ok {
		return nil
	}
	leaf, ok := p.e.Get(record.BalanceKey(registry))
	if !ok {
		panic(fmt.Errorf("%w: no balance of %s", ErrCorrupt, registry))
	}
	t := wire.Own[record.Balance](leaf.Data)
	p.balances[registry] = t
	return t
}

// putBalances writes the balances that the page touched.
func (p *settling) putBalances() {
	for _, name := range record.Registries {
		if t := p.balances[name]; t != nil {
			p.put(record.BalanceKey(name), wire.Encode(t))
		}
	}
}

// count notes what a statement does with the numbers of its block, which were in
// a free title of a registry.
//
// specs/21 SRC-11: what the one loses the other gains (R4). specs/21 SRC-15.
func (p *settling) count(from string, s *tx.Statement) {
	switch {
	case s.Source == nil:
		p.retire(from, s.Block)
	case from != p.registry:
		p.move(from, s.Block)
	}
}

func (p *settling) move(from string, r wire.Resource) {
	to := p.of(p.registry)
	to.Listed.Add(r)
	if old := p.of(from); old != nil {
		old.Listed.Take(r)
		old.Gone.Add(r)
		to.Come.Add(r)
		return
	}
	to.Added.Add(r)
}

func (p *settling) retire(from string, r wire.Resource) {
	if old := p.of(from); old != nil {
		old.Listed.Take(r)
		old.Retired.Add(r)
	}
}

func (p *settling) enter(r wire.Resource) {
	t := p.of(p.registry)
	t.Listed.Add(r)
	t.Added.Add(r)
}

// affords reports whether the day has room for a statement.
//
// specs/21 SRC-13: The statements settled in one day of header time cover at most
// the parameter's share of a registry's numbers in each family. A statement of
// more than a day's share is settled only on a day that is free of earlier ones.
func (p *settling) affords(r wire.Resource) bool {
	t := p.of(p.registry)
	share := sourceShare(p.params, t, r.Family)
	turnSource(p.params, t, p.now.Time)
	spent := t.Spent[r.Family].Int()
	return spent.Sign() == 0 || spent.Add(spent, inr.Count(r)).Cmp(share) <= 0
}

// sourceShare is how many numbers of a family statements of a registry may cover a day.
func sourceShare(params *record.Parameters, t *record.Balance, f wire.Family) *big.Int {
	n := t.Listed[f].Int()
	n.Mul(n, new(big.Int).SetUint64(params.SourceShare))
	return n.Div(n, big.NewInt(1_000_000))
}

// turnSource works off, for each day that went by until a header's time, a day's
// share of what was spent.
func turnSource(params *record.Parameters, t *record.Balance, now uint64) {
	today := now / daySeconds
	if today <= t.Day {
		return
	}
	days := new(big.Int).SetUint64(today - t.Day)
	for f := range t.Spent {
		off := new(big.Int).Mul(sourceShare(params, t, wire.Family(f)), days)
		left := t.Spent[f].Int()
		if left.Sub(left, off); left.Sign() < 0 {
			left.SetInt64(0)
		}
		t.Spent[f] = record.AmountOf(left)
	}
	t.Day = today
}

// SourceDay is how many numbers a registry's statements may cover a day, by family,
// and how many are left of the day of a header's time (specs/21 SRC-13).
func SourceDay(params *record.Parameters, t *record.Balance, now uint64) (share, left record.Amounts) {
	day := *t
	turnSource(params, &day, now)
	for f := range share {
		n := sourceShare(params, &day, wire.Family(f))
		share[f] = record.AmountOf(n)
		if n.Sub(n, day.Spent[f].Int()); n.Sign() > 0 {
			left[f] = record.AmountOf(n)
		}
	}
	return share, left
}

func (p *settling) spend(r wire.Resource) { p.of(p.registry).Spent.Add(r) }
