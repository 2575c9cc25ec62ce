package ledger_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// randomFile is a statement file that registrars may attest and anyone enter.
type randomFile struct {
	tx.SourceAttest
	pages []*tx.SourceStatement
}

func setRandomSources(p *record.Parameters) { p.SourceSeconds, p.SourceShare = twinSource, twinDaily }

// twinFeeds are the registries as genesis has them.
func twinFeeds(titles []twinTitle) (out []twinFeed) {
	for _, name := range record.Registries {
		f := twinFeed{registry: name}
		for _, t := range titles {
			if b := &f.balances[t.at.Family]; t.row.Registry == name {
				b.listed, b.began = b.listed+count(t.at), b.began+count(t.at)
			}
		}
		out = append(out, f)
	}
	return out
}

// sourceAct attests a statement file, or enters the page that is awaited.
func (p *pair) sourceAct() (string, tx.Body) {
	registry := "arin"
	if p.pick(4) == 0 {
		registry = "ripencc"
	}
	x := p.files[registry]
	f := p.twin.feed(registry)
	if done := x == nil || f.date == x.Date && f.received == f.pages; done || p.pick(12) == 0 {
		x = p.statementFile(registry, p.someLines()...)
	}
	if f.date == x.Date && p.pick(10) != 0 {
		i := int(min(f.received, uint64(len(x.pages)-1)))
		if p.pick(12) == 0 {
			i = p.pick(len(x.pages))
		}
		return p.someone(), x.pages[i]
	}
	said := x.SourceAttest
	switch p.pick(20) {
	case 0:
		said.Root = wire.Hash{9}
	case 1:
		said.Date = dateOf(p.last.Time + 3*day)
	}
	if p.pick(15) == 0 {
		return p.someone(), &said
	}
	return registrarList[p.pick(len(registrarList))], &said
}

// statementFile is the next file of a registry, of a day of its own.
func (p *pair) statementFile(registry string, lines ...string) *randomFile {
	pages, root := pagesOf(registry, lines...)
	date := p.twin.feed(registry).date + 1
	if _, ok := record.ReadDay(fmt.Sprint(date)); !ok {
		date = max(20200101, (date/100+1)*100+1)
	}
	x := &randomFile{tx.SourceAttest{Registry: registry, Date: date, File: wire.Hash{byte(date), 1}, Root: root, Pages: uint64(len(pages))}, pages}
	files := map[string]*randomFile{registry: x}
	for name, old := range p.files {
		if name != registry {
			files[name] = old
		}
	}
	p.files = files
	return x
}

// someLines are statements about blocks with and without titles.
func (p *pair) someLines() (lines []string) {
	var blocks []wire.Resource
	for range 1 + p.pick(5) {
		r := p.stateable()
		if !slices.ContainsFunc(blocks, func(x wire.Resource) bool { return inr.Overlaps(x, r) }) {
			blocks = append(blocks, r)
		}
	}
	slices.SortFunc(blocks, inr.Compare)
	for _, r := range blocks {
		lines = append(lines, p.line(r))
	}
	return lines
}

func (p *pair) stateable() wire.Resource {
	switch p.pick(8) {
	case 0:
		return resource("60.0.24.0/22")
	case 1:
		return resource("AS2016-AS2019")
	}
	t := p.someTitle(func(t twinTitle) bool { return t.holder.IsZero() || p.pick(3) == 0 })
	r := p.inside(t.at)
	if p.pick(4) == 0 && r.Len > 20 {
		r = inr.Truncate(r, r.Len-1)
	}
	if r.Family == wire.IPv4 && r.Len > 24 {
		r = inr.Truncate(r, 24)
	}
	return r
}

// line is what a registry says of a block: that it lists it no more, or a row.
func (p *pair) line(r wire.Resource) string {
	if p.pick(4) == 0 {
		return r.String()
	}
	status := []string{"allocated", "allocated", "allocated", "available||", "reserved"}[p.pick(5)]
	if status == "available||" {
		return r.String() + "|available|||extended||"
	}
	handle := []string{"", "H1", "H2", "H3"}[p.pick(4)]
	return fmt.Sprintf("%v|%s|US|20200101|extended||%s", r, status, handle)
}

// sourcesSay is what the ledger says of the registries.
func (p *pair) sourcesSay() (out []string) {
	for _, name := range record.Registries {
		x := twinFeed{registry: name}
		if leaf, ok := p.state.Get(record.FeedKey(name)); ok {
			f := wire.Own[record.Feed](leaf.Data)
			x.date, x.file, x.next, x.pages, x.received, x.basis, x.settled, x.at = f.Date, f.File, f.Next, f.Pages, f.Received, f.Basis, f.First, f.At
			for n := f.First; n < f.Last; n++ {
				leaf, _ := p.state.Get(record.SheetKey(name, n))
				s := wire.Own[record.Sheet](leaf.Data)
				page := twinPage{act: s.Act, date: s.Date, basis: s.Basis, ripe: s.Ripe, stalled: s.Stalled, lines: s.Lines}
				if n == f.First {
					page.line = int(f.Line)
				}
				x.waits = append(x.waits, page)
			}
		}
		leaf, _ := p.state.Get(record.BalanceKey(name))
		t := wire.Own[record.Balance](leaf.Data)
		for f := range t.Listed {
			n := func(a record.Amounts) int64 { return new(big.Int).Set(a[f].Int()).Int64() }
			x.balances[f] = twinBalance{n(t.Listed), n(t.Began), n(t.Added), n(t.Retired), n(t.Come), n(t.Gone), n(t.Spent)}
		}
		out = append(out, x.describe()...)
	}
	return out
}

// enters has registrars attest a file of a registry, and its pages entered.
func (p *pair) enters(t *testing.T, registry string, lines ...string) {
	x := p.statementFile(registry, lines...)
	p.tale(t, "reg1", &x.SourceAttest)
	p.tale(t, "reg2", &x.SourceAttest)
	for _, page := range x.pages {
		p.tale(t, p.someone(), page)
	}
}

// sourceStory begins some sequences with statements that come to take effect.
func (p *pair) sourceStory(t *testing.T, i int) {
	switch i % 9 {
	case 1: // more than a day's share, then a halt until the next
		p.enters(t, "arin", "60.0.12.0/23|allocated|US|20200101|extended||H1", "60.0.16.0/21|allocated|US|20200101|extended||H1", "AS2008|reserved|US|20200101|extended||H2")
		p.leap = twinSource
		p.tale(t, "ana", &tx.ContactsErase{Resource: resource("AS2000"), Private: wire.Hash{1}})
		p.leap = twinDay
		p.tale(t, "ana", &tx.ContactsErase{Resource: resource("AS2000"), Private: wire.Hash{1}})
	case 4: // a held title diverges in two parts, is cut, and agrees again
		p.enters(t, "ripencc", "60.0.8.0/24|allocated|US|20200101|extended||H1", "60.0.10.0/23", "AS2001")
		p.leap = twinSource
		p.tale(t, "ana", &tx.Split{Resource: resource("60.0.8.0/23"), Part: resource("60.0.9.0/24")})
		p.enters(t, "ripencc", "60.0.8.0/24|allocated|||whole||", "60.0.10.0/23|allocated|||whole||", "AS2002|allocated|US|20200101|extended||H2")
		p.leap = twinSource
		p.tale(t, "ana", &tx.Surrender{Resource: resource("AS2000-AS2003"), Value: p.stands(resource("AS2000-AS2003"))})
		p.enters(t, "ripencc", "AS2003|allocated|||whole||H3")
		p.leap = twinSource
	case 7: // a row goes to another registry, and a registrar is removed
		p.enters(t, "ripencc", "60.0.12.0/24|allocated|NL|20200101|whole||", "60.0.24.0/22|available|||whole||")
		if p.pick(2) == 0 {
			p.removeRegistrar()
		}
		p.leap = twinSource
	}
}

// sourcesMeet is what becomes of statements in every run.
var sourcesMeet = []string{
	"page dropped", "statement waits for a day", "statement settled over a title", "statement settled around titles",
	"numbers went to another registry", "divergence", "divergence ended",
}
