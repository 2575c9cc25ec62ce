package ledger

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// worstStatement is the most records that one step of a page changes: a title of
// a hundred and more bits that is cut around a block, with what is written once a
// page: the feed, two pages, two due items, the balances.
const worstStatement = 1 + 129 + 1 + 4 + len(record.Registries)

// Any one fits an empty ledger block.
const _ = uint(BlockChangesMax - endChanges - worstStatement)

// settling is a page of statements on its way into the register.
type settling struct {
	*block
	registry string
	date     uint64
	act      wire.Hash // that entered the page
	balances map[string]*record.Balance
}

// The ways in which a statement ends.
type settled int

const (
	settledDone settled = iota // it is settled, or passed over
	settledFull                // the ledger block has no room; it goes on in the next
	settledLate                // it has to wait for another day
)

// dueSource settles a registry's first page, as far as the ledger block has room
// and the day's share goes.
//
// specs/21 SRC-6: Pages of one registry are settled in the order in which they
// were entered, later by the growth of the seconds that the chain stood still.
func (b *block) dueSource(k tree.Key, d *record.Due) (done bool) {
	if !b.fits(worstStatement) {
		return false
	}
	registry := record.Registries[d.Sort]
	f := b.feed(registry)
	s := b.sheet(registry, f.First)
	if at := s.Ripe + b.chain.Stalled - s.Stalled; f.Line == 0 && at > b.now.Time {
		b.remove(k)
		b.queueSheet(registry, f, s, at)
		b.putFeed(registry, f)
		return true
	}
	p := &settling{block: b, registry: registry, date: s.Date, act: s.Act, balances: map[string]*record.Balance{}}
	switch p.page(f, s) {
	case settledFull:
		b.partly = true
		b.putFeed(registry, f)
		return false
	case settledLate:
		b.remove(k)
		b.queueSheet(registry, f, s, (b.now.Time/daySeconds+1)*daySeconds)
	default:
		b.remove(k)
		b.nextSheet(registry, f)
	}
	b.putFeed(registry, f)
	return true
}

// page settles the statements of a page that are not settled yet.
//
// specs/21 SRC-7: A page that falls due MUST be dropped if fewer of the registrars
// that attested its file are left than the parameter asks.
func (p *settling) page(f *record.Feed, s *record.Sheet) (how settled) {
	left := p.apart(s.Basis, func(wire.Address) bool { return true })
	if f.Line == 0 && uint64(len(left)) < p.params.Attestations {
		return settledDone
	}
	list, err := tx.ParseStatements(p.registry, s.Lines)
	if err != nil {
		panic(fmt.Errorf("%w: a page of %s: %w", ErrCorrupt, p.registry, err))
	}
	for how == settledDone && f.Line < uint64(len(list)) {
		if how = p.settle(&list[f.Line]); how == settledDone {
			f.Line++
		}
	}
	p.putBalances()
	return how
}

// settle settles one statement, if the day's share allows it.
func (p *settling) settle(s *tx.Statement) settled {
	if !p.fits(worstStatement) {
		return settledFull
	}
	if !p.affords(s.Block) {
		return settledLate
	}
	how := settledDone
	if t, ok := p.titleOf(s.Block); ok {
		p.over(t, s)
	} else {
		how = p.inside(s)
	}
	if how == settledDone {
		p.spend(s.Block)
	}
	return how
}

// nextSheet takes the first page away and queues the one behind it.
func (b *block) nextSheet(registry string, f *record.Feed) {
	b.remove(record.SheetKey(registry, f.First))
	f.First, f.Line, f.At = f.First+1, 0, 0
	if f.First < f.Last {
		s := b.sheet(registry, f.First)
		b.queueSheet(registry, f, s, s.Ripe)
	}
}

func (b *block) sheet(registry string, n uint64) *record.Sheet {
	leaf, ok := b.e.Get(record.SheetKey(registry, n))
	if !ok {
		panic(fmt.Errorf("%w: no page %d of %s", ErrCorrupt, n, registry))
	}
	return wire.Own[record.Sheet](leaf.Data)
}
