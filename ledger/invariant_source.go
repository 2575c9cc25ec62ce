package ledger

import (
	"math/big"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// sources keeps R4 and what can be seen of R3 in one state, from the titles that
// were met: numbers by registry and family, and those of titles from genesis.
func (c *checker) sources() {
	come, gone := new(big.Int), new(big.Int)
	for _, name := range record.Registries {
		leaf, ok := c.b.e.Get(record.BalanceKey(name))
		if !ok {
			c.fail("R4", "there is no balance of %s", name)
			continue
		}
		t := must(record.BalanceFromBytes(leaf.Data))
		for f := range t.Listed {
			c.balanced(t, Total{name, wire.Family(f)})
			come.Add(come, t.Come[f].Int())
			gone.Add(gone, t.Gone[f].Int())
		}
		c.feed(name)
	}
	if come.Cmp(gone) != 0 {
		c.fail("R4", "%v numbers came from other registries, %v went to them", come, gone)
	}
}

// balanced keeps specs/21 SRC-15: numbers now MUST be genesis and added and come,
// less no more and gone.
func (c *checker) balanced(t *record.Balance, of Total) {
	now, want := t.Listed[of.Family].Int(), t.Began[of.Family].Int()
	want.Add(want, t.Added[of.Family].Int()).Add(want, t.Come[of.Family].Int())
	want.Sub(want, t.Retired[of.Family].Int()).Sub(want, t.Gone[of.Family].Int())
	if now.Cmp(want) != 0 {
		c.fail("R4", "%v: %v numbers are counted, began, added, come, retired and gone give %v", of, now, want)
	}
	if have := c.totals[of]; now.Cmp(orNone(have)) != 0 {
		c.fail("R4", "%v: %v numbers are counted, its titles have %v", of, now, orNone(have))
	}
	if first := c.first[of]; t.Began[of.Family].Int().Cmp(orNone(first)) < 0 {
		c.fail("R3", "%v: titles from genesis have %v numbers, genesis had fewer: %v", of, first, t.Began[of.Family].Int())
	}
}

func orNone(n *big.Int) *big.Int {
	if n == nil {
		return new(big.Int)
	}
	return n
}

// source counts the numbers of a title (R4), and those of one from genesis (R3).
func (c *checker) source(at wire.Resource, t *record.Title) {
	of := Total{t.Source.Registry, at.Family}
	addTo(c.totals, of, at)
	if t.Stated == 0 {
		addTo(c.first, of, at)
		return
	}
	// specs/21 SRC-14: it rests on the registry's file of that date.
	if f := c.b.feed(t.Source.Registry); t.Stated > f.Date {
		c.fail("R3", "%v rests on the file of %d of %s, of which the last is of %d", at, t.Stated, t.Source.Registry, f.Date)
	}
}

// feed keeps that a registry's waiting pages are there, and the first is queued.
func (c *checker) feed(name string) {
	f := c.b.feed(name)
	if f.Last-f.First > record.SheetsMax || (f.First == f.Last) != (f.At == 0) {
		c.fail("SRC-5", "pages %d to %d of %s wait, due at %d", f.First, f.Last, name, f.At)
		return
	}
	for n := f.First; n < f.Last; n++ {
		if leaf, ok := c.b.e.Get(record.SheetKey(name, n)); !ok {
			c.fail("SRC-5", "page %d of %s is not there", n, name)
		} else if s := must(record.SheetFromBytes(leaf.Data)); n == f.First {
			c.sheet(name, f, s)
		}
	}
}

func (c *checker) sheet(name string, f *record.Feed, s *record.Sheet) {
	c.sheets++
	if _, ok := c.b.e.Get(tree.DueKey(f.At, record.RankClaim, s.Act)); !ok {
		c.fail("DUE-1", "page %d of %s is due at %d without due item", f.First, name, f.At)
	}
}

// sheetDue reports whether a due item is that of its registry's first page.
func (c *checker) sheetDue(k tree.Key, d *record.Due) bool {
	if d.Sort >= uint64(len(record.Registries)) {
		return false
	}
	name := record.Registries[d.Sort]
	f := c.b.feed(name)
	return f.First < f.Last && f.At == dueTime(k) && c.b.sheet(name, f.First).Act == d.Act
}
