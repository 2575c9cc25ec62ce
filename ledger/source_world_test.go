package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// enrol makes accounts registrars, each of an organisation of its own name unless
// the name has one behind a stroke: name/organisation.
func (w *world) enrol(names ...string) {
	roll := &record.Roll{Rules: record.Rules}
	if leaf, ok := w.state.Get(record.RollKey); ok {
		roll = wire.Own[record.Roll](leaf.Data)
	}
	for _, text := range names {
		name, organisation, ok := strings.Cut(text, "/")
		if !ok {
			organisation = name
		}
		r := &record.Registrar{Rules: record.Rules, Account: who(name), Organisation: organisation, Jurisdiction: "NL"}
		w.set(record.RegistrarKey(r.Account), wire.Encode(r))
		roll.Registrars = append(roll.Registrars, r.Account)
	}
	slices.SortFunc(roll.Registrars, func(a, b wire.Address) int { return slices.Compare(a[:], b[:]) })
	w.set(record.RollKey, wire.Encode(roll))
}

// dismiss removes a registrar for cause, from the roll too.
func (w *world) dismiss(name string) {
	leaf, _ := w.state.Get(record.RegistrarKey(who(name)))
	r := wire.Own[record.Registrar](leaf.Data)
	r.Removed = w.last.Time
	w.set(record.RegistrarKey(who(name)), wire.Encode(r))
	leaf, _ = w.state.Get(record.RollKey)
	roll := wire.Own[record.Roll](leaf.Data)
	roll.Registrars = slices.DeleteFunc(roll.Registrars, func(a wire.Address) bool { return a == who(name) })
	w.set(record.RollKey, wire.Encode(roll))
}

// attesting is a world with titles that nobody holds and three registrars, two of
// them of one organisation: a week's window, a hundredth a day.
func attesting(w *world, free map[string]string) *world {
	e := w.state.Edit()
	for text, row := range free {
		registry, line, _ := strings.Cut(row, " ")
		var s tx.Statement
		if err := s.Parse(registry, text+"|"+line); err != nil {
			w.t.Fatal(err)
		}
		e.Put(record.FolioLeaf(s.Block, &record.Folio{Title: (&record.Title{Rules: record.Rules, State: s.Source.State(), Source: *s.Source}).Bytes()}))
	}
	w.state = e.Freeze()
	w.count()
	w.enrol("rex", "sue", "tim/sue")
	params := parameters(w.t, w.state)
	params.Attestations, params.SourceSeconds, params.SourceShare = 2, 7*day, 1_000_000
	w.set(record.ParametersKey, wire.Encode(params))
	return w
}

// sourced is that world with what these tests are about.
func sourced(t testing.TB) *world {
	w := newWorld(t, []string{"ana", "ben", "rex", "sue", "tim"}, map[string][]string{"ana": {"61.0.0.0/16", "AS2000"}})
	for _, text := range []string{"61.0.0.0/16", "AS2000"} {
		w.reissue(text, "apnic", text+"|allocated|JP|20200101|extended||ANA")
	}
	return attesting(w, map[string]string{
		"60.0.0.0/16":    "apnic allocated|JP|20200101|extended||OLD",
		"60.1.0.0/17":    "apnic allocated|JP|20200101|extended|60.1.0.0-60.1.191.255|ROW",
		"60.1.128.0/18":  "apnic allocated|JP|20200101|extended|60.1.0.0-60.1.191.255|ROW",
		"60.2.0.0/16":    "apnic available|||extended||",
		"62.0.0.0/16":    "ripencc allocated|NL|20200101|whole||",
		"2400:1000::/32": "apnic allocated|JP|20200101|extended||SIX",
		"AS3000-AS3007":  "apnic allocated|JP|20200101|extended||AS",
	})
}

// reissue gives a held title another source row.
func (w *world) reissue(text, registry, line string) {
	var s tx.Statement
	if err := s.Parse(registry, line); err != nil {
		w.t.Fatal(err)
	}
	title := w.title(text)
	title.Source = *s.Source
	w.plant(text, func(f *record.Folio) { f.Title = title.Bytes() })
}

// pagesOf are the pages of a statement file, one line an item, two a page, with
// the root.
func pagesOf(registry string, lines ...string) (pages []*tx.SourceStatement, root wire.Hash) {
	for len(lines) > 0 {
		n := min(2, len(lines))
		pages = append(pages, &tx.SourceStatement{Registry: registry, Lines: strings.Join(lines[:n], " ")})
		lines = lines[n:]
	}
	for _, p := range slices.Backward(pages) {
		p.Behind = root
		root = record.SheetHash(p.Behind, p.Lines)
	}
	return pages, root
}

// attestFile has registrars attest a file of a day.
func (w *world) attestFile(registry string, date uint64, root wire.Hash, pages int, names ...string) {
	w.t.Helper()
	for _, name := range names {
		w.do(name, &tx.SourceAttest{Registry: registry, Date: date, File: wire.Hash{byte(date)}, Root: root, Pages: uint64(pages)})
	}
}

// today is the header's day as a file date.
func (w *world) today() uint64 { return dateOf(w.last.Time) }

func dateOf(time uint64) uint64 {
	for date := uint64(20270101); ; date++ {
		if _, ok := record.ReadDay(fmt.Sprint(date)); ok && record.Midnight(uint32(date)) > time-day {
			return date
		}
	}
}

// stated attests and enters a file of the day, all of it in one ledger block.
func (w *world) stated(registry string, lines ...string) {
	w.t.Helper()
	pages, root := pagesOf(registry, lines...)
	said := &tx.SourceAttest{Registry: registry, Date: w.today(), File: wire.Hash{1}, Root: root, Pages: uint64(len(pages))}
	acts := []tx.Verified{w.sign("rex", said), w.sign("sue", said)}
	for _, p := range pages {
		acts = append(acts, w.sign("ben", p))
	}
	for i, r := range w.block(1, acts...).Receipts {
		if r.Outcome != ledger.Done {
			w.t.Fatalf("%+v: %s %s", acts[i].Body(), r.Rule, r.Detail)
		}
	}
}

// settle lets the window pass.
func (w *world) settle() { w.awake(7 * day) }

// awake lets time pass in steps that are no halt.
func (w *world) awake(n uint64) {
	const step = 540
	for ; n > step; n -= step {
		now := w.header(step)
		r, err := ledger.Apply(w.state, w.last, now, nil, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		w.state, w.last = r.State, now
	}
	w.block(n)
}

// rows are the titles of a registry's family in a block, as statements; a held one
// names its holder.
func (w *world) rows(text string) (out []string) {
	r := resource(text)
	w.state.Walk(tree.ResourceKey(r), func(l tree.Leaf) bool {
		if title := w.title(l.Key.Resource().String()); title != nil {
			s := tx.Statement{Block: l.Key.Resource(), Source: &title.Source}
			who := ""
			if !title.Holder.IsZero() {
				who = " held"
			}
			out = append(out, title.Source.Registry+" "+s.String()+who)
		}
		return true
	})
	return out
}

// wants compares the titles in a block.
func (w *world) wants(text string, rows ...string) {
	w.t.Helper()
	if got := w.rows(text); !slices.Equal(got, rows) {
		w.t.Fatalf("in %s there are\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(rows, "\n"))
	}
}

// divergence is what a title's mark says: the block and the handle.
func (w *world) divergence(text string) string {
	list, err := record.RestrictionsFromBytes(w.folio(text).Restrictions)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range list {
		if x.Kind == record.Diverges {
			return fmt.Sprintf("%v says %s", x.At, x.Says)
		}
	}
	return ""
}
