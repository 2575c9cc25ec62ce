package ledger_test

import (
	"fmt"
	"math/big"
	"slices"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// twinFeed is what a registry's statements have come to.
type twinFeed struct {
	registry string
	said     []twinSaid // of each registrar the last word
	date     uint64     // of the file that was attested last
	file     wire.Hash
	next     wire.Hash // hash of the page that is awaited
	pages    uint64
	received uint64
	basis    []wire.Address
	waits    []twinPage
	settled  uint64 // pages that wait no more
	at       uint64 // when the first page is due
	balances [3]twinBalance
	day      uint64
}

type twinSaid struct {
	by wire.Address
	tx.SourceAttest
}

type twinPage struct {
	act     wire.Hash
	date    uint64
	basis   []wire.Address
	ripe    uint64
	stalled uint64
	line    int // statements that are settled
	lines   string
}

// twinBalance is what is counted of a registry's numbers of one family.
type twinBalance struct{ listed, began, added, retired, come, gone, spent int64 }

const (
	twinSource = 50
	twinDaily  = 600_000 // of a million
	twinDay    = 24 * 3600
	twinSheets = 1024
)

func (w *twin) feed(registry string) *twinFeed {
	for i := range w.feeds {
		if w.feeds[i].registry == registry {
			return &w.feeds[i]
		}
	}
	return nil
}

// count is how many numbers a block of the random world has.
func count(r wire.Resource) int64 { return new(big.Int).Set(inr.Count(r)).Int64() }

func (w *twin) brokenSourceAct(add breaks, author wire.Address, body tx.Body) {
	switch b := body.(type) {
	case *tx.SourceAttest:
		add("SRC-1", !w.serves(author))
		tomorrow := w.now/twinDay*twinDay + twinDay
		add("SRC-2", b.Date <= w.feed(b.Registry).date || record.Midnight(uint32(b.Date)) > tomorrow)
	case *tx.SourceStatement:
		f := w.feed(b.Registry)
		last := f.received+1 == f.pages
		add("SRC-4", f.received >= f.pages || record.SheetHash(b.Behind, b.Lines) != f.next || last != b.Behind.IsZero())
		add("SRC-5", len(f.waits) >= twinSheets)
	}
}

func (w *twin) doSource(author wire.Address, body tx.Body, id wire.Hash) {
	switch b := body.(type) {
	case *tx.SourceAttest:
		w.attestFile(author, b)
	case *tx.SourceStatement:
		f := w.feed(b.Registry)
		f.waits = append(slices.Clone(f.waits), twinPage{
			act: id, date: f.date, basis: f.basis, ripe: w.now + twinSource, stalled: w.stalled, lines: b.Lines,
		})
		f.received, f.next = f.received+1, b.Behind
		if f.at == 0 {
			f.at = w.now + twinSource
		}
	}
}

// attestFile is a registrar's word on a statement file (SRC-3).
func (w *twin) attestFile(author wire.Address, b *tx.SourceAttest) {
	f := w.feed(b.Registry)
	f.said = slices.DeleteFunc(slices.Clone(f.said), func(x twinSaid) bool { return x.by == author })
	f.said = append(f.said, twinSaid{author, *b})
	var all []wire.Address
	for _, x := range f.said {
		if x.SourceAttest == *b {
			all = append(all, x.by)
		}
	}
	basis := w.different(sortAddresses(all))
	if len(basis) < twinWords {
		return
	}
	f.date, f.file, f.next, f.pages, f.received, f.basis = b.Date, b.File, b.Root, b.Pages, 0, basis
}

// different are as many of some registrars as it takes, that serve and are of
// different organisations.
func (w *twin) different(list []wire.Address) (out []wire.Address) {
	for _, who := range list {
		alone := !slices.ContainsFunc(out, func(x wire.Address) bool { return !w.apart(x, who) })
		if w.serves(who) && alone && len(out) < twinWords {
			out = append(out, who)
		}
	}
	return out
}

// dueSources lists the first page of each registry.
func (w *twin) dueSources() (out []twinDue) {
	for _, f := range w.feeds {
		if f.at != 0 {
			out = append(out, twinDue{f.at, 3, f.waits[0].act, func() { w.duePage(w.feed(f.registry)) }})
		}
	}
	return out
}

// duePage settles a page, as far as its day goes (SRC-6, SRC-7, SRC-13).
func (w *twin) duePage(f *twinFeed) {
	f.waits = slices.Clone(f.waits)
	p := &f.waits[0]
	if at := p.ripe + w.stalled - p.stalled; p.line == 0 && at > w.now {
		f.at = at
		return
	}
	list, err := tx.ParseStatements(f.registry, p.lines)
	if err != nil {
		panic(err)
	}
	if p.line == 0 && len(w.different(p.basis)) < twinWords {
		w.event("page dropped")
		p.line = len(list)
	}
	for ; p.line < len(list); p.line++ {
		s := &list[p.line]
		if !w.affords(f, s.Block) {
			w.event("statement waits for a day")
			f.at = (w.now/twinDay + 1) * twinDay
			return
		}
		w.settleStatement(f, p, s)
		f.balances[s.Block.Family].spent += count(s.Block)
	}
	f.waits, f.settled, f.at = f.waits[1:], f.settled+1, 0
	if len(f.waits) > 0 {
		f.at = f.waits[0].ripe
	}
}

// affords reports whether the day has room for a statement; each midnight works
// off a day's share.
func (w *twin) affords(f *twinFeed, r wire.Resource) bool {
	for today := w.now / twinDay; f.day < today; f.day++ {
		for i := range f.balances {
			b := &f.balances[i]
			b.spent = max(0, b.spent-b.share())
		}
		if f.balances[0].spent == 0 && f.balances[2].spent == 0 {
			f.day = today
			break
		}
	}
	b := f.balances[r.Family]
	return b.spent == 0 || b.spent+count(r) <= b.share()
}

func (b twinBalance) share() int64 { return b.listed * twinDaily / 1_000_000 }

// settleStatement does what a statement says (SRC-8 to SRC-12).
func (w *twin) settleStatement(f *twinFeed, p *twinPage, s *tx.Statement) {
	if t := w.titleOf(s.Block); t != nil {
		switch {
		case t.aside(f, p, s):
		case !t.free():
			w.diverge(t, p, s)
		case s.Source == nil || t.row != *s.Source:
			w.reopen(*t, f, p, s)
		}
		return
	}
	w.openInside(f, p, s)
}

// aside reports whether a statement has nothing to say of a title (SRC-11, SRC-12).
func (t *twinTitle) aside(f *twinFeed, p *twinPage, s *tx.Statement) bool {
	return t.stated > p.date || s.Source == nil && t.row.Registry != f.registry
}

// free reports whether statements change a title.
func (t *twinTitle) free() bool {
	return t.holder.IsZero() && !slices.ContainsFunc(t.against, func(x twinAgainst) bool { return x.kind != record.Diverges })
}

// reopen gives a block in a free title another row, or takes it out.
func (w *twin) reopen(t twinTitle, f *twinFeed, p *twinPage, s *tx.Statement) {
	w.event("statement settled over a title")
	w.closeTitle(t.at)
	for _, piece := range inr.Cut(t.at, s.Block) {
		n := t
		n.at, n.opened, n.against = piece, w.block, w.carriedTo(&t, piece)
		w.openTitle(n)
	}
	n, at := count(s.Block), s.Block.Family
	from := &w.feed(t.row.Registry).balances[at]
	if s.Source == nil {
		from.listed, from.retired = from.listed-n, from.retired+n
		return
	}
	if to := &f.balances[at]; from != to {
		w.event("numbers went to another registry")
		from.listed, from.gone = from.listed-n, from.gone+n
		to.listed, to.come = to.listed+n, to.come+n
	}
	if t.at != s.Block {
		t.opened = w.block
	}
	t.at, t.row, t.state, t.stated, t.against = s.Block, *s.Source, stateOf(s.Source), p.date, nil
	w.openTitle(t)
}

func stateOf(row *record.Source) record.State {
	switch row.Status {
	case "available":
		return record.Available
	case "reserved":
		return record.Reserved
	}
	return record.Unclaimed
}

func (w *twin) closeTitle(at wire.Resource) {
	w.titles = slices.DeleteFunc(w.titles, func(x twinTitle) bool { return x.at == at })
}

func (w *twin) openTitle(t twinTitle) {
	w.stamp++
	t.stamp = w.stamp
	w.titles = append(w.titles, t)
}

// openInside gives what no title covers its row, beside what is bound in it.
func (w *twin) openInside(f *twinFeed, p *twinPage, s *tx.Statement) {
	var kept []wire.Resource
	var free []twinTitle
	for i := range w.titles {
		t := &w.titles[i]
		switch {
		case !inr.Covers(s.Block, t.at):
		case t.aside(f, p, s):
			kept = append(kept, t.at)
		case !t.free():
			kept = append(kept, t.at)
			w.diverge(t, p, s)
		default:
			free = append(free, *t)
		}
	}
	w.event("statement settled around titles")
	slices.SortFunc(kept, inr.Compare)
	var wanted []wire.Resource
	if s.Source != nil {
		wanted = inr.Beside(s.Block, kept)
	}
	opened := map[wire.Resource]uint64{}
	for _, t := range free {
		if slices.Contains(wanted, t.at) && t.row == *s.Source {
			wanted = slices.DeleteFunc(wanted, func(r wire.Resource) bool { return r == t.at })
			continue
		}
		opened[t.at] = t.opened
		w.closeTitle(t.at)
		from := &w.feed(t.row.Registry).balances[t.at.Family]
		from.listed, from.retired = from.listed-count(t.at), from.retired+count(t.at)
	}
	for _, r := range wanted {
		n := twinTitle{at: r, row: *s.Source, state: stateOf(s.Source), stated: p.date, since: w.now, opened: w.block}
		if was, ok := opened[r]; ok {
			n.opened = was
		}
		w.openTitle(n)
		to := &f.balances[r.Family]
		to.listed, to.added = to.listed+count(r), to.added+count(r)
	}
}

// agrees is SRC-10.
func agrees(x *record.Source, y *record.Source) bool {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	date := x.Date != 0 && y.Date != 0 && x.Date != y.Date
	return x.Registry == y.Registry && !differ(x.Handle, y.Handle) && !differ(x.Status, y.Status) && !differ(x.Country, y.Country) && !date
}

// diverge notes on a bound title what a statement says of it (SRC-9).
func (w *twin) diverge(t *twinTitle, p *twinPage, s *tx.Statement) {
	var old *twinAgainst
	for _, x := range t.against {
		if x.kind == record.Diverges {
			old = &x
		}
	}
	mark := func(x twinAgainst) bool { return x.kind == record.Diverges }
	if s.Source != nil && agrees(&t.row, s.Source) {
		if old != nil && inr.Covers(s.Block, old.at) {
			w.event("divergence ended")
			t.strike(mark)
		}
		return
	}
	x := twinAgainst{kind: record.Diverges, act: p.act, at: s.Block, since: w.now, says: "not listed"}
	if s.Source != nil {
		if x.says = s.Source.Handle; x.says == "" {
			x.says = "handle unknown"
		}
	}
	if inr.Covers(s.Block, t.at) {
		x.at = t.at
	}
	if old != nil {
		if old.says == x.says && inr.Covers(old.at, x.at) {
			return
		}
		for x.since = old.since; !inr.Covers(x.at, old.at); {
			x.at = inr.Truncate(x.at, x.at.Len-1)
		}
	}
	w.event("divergence")
	t.strike(mark)
	t.record(x)
}

func (f twinFeed) describe() []string {
	out := []string{fmt.Sprintf("feed %s of %d, %v, awaits %v, %d of %d, on %v, waiting %d after %d, due %d",
		f.registry, f.date, f.file, f.next, f.received, f.pages, f.basis, len(f.waits), f.settled, f.at)}
	for _, p := range f.waits {
		out = append(out, fmt.Sprintf("page of %s by %v of %d on %v, ripe %d, stalled %d, settled %d of %q", f.registry, p.act, p.date, p.basis, p.ripe, p.stalled, p.line, p.lines))
	}
	for i, b := range f.balances {
		out = append(out, fmt.Sprintf("balance of %s, family %d: %+v", f.registry, i, b))
	}
	return out
}
