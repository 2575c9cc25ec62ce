package genesis

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

var daysAtOnce = flag.Int("days", 0, "how many days of the registries' changes are replayed as one file; 1 is what happened")

// whole reports whether the real files are used whole, as .ci/run does. Without
// -days all changes come as one file into a part of the register.
func whole() bool { return *daysAtOnce > 0 }

// thinned leaves every n-th line of a file that is not used whole, and those that
// are to be kept.
func thinned(s Stats, n int, keep map[string]bool) Stats {
	if whole() {
		return s
	}
	var out []string
	i := 0
	for line := range strings.SplitSeq(string(s.Raw), "\n") {
		if i++; i%n == 0 || keep[line] {
			out = append(out, line)
		}
	}
	return Stats{Name: s.Name, Raw: []byte(strings.Join(out, "\n") + "\n")}
}

// replay is a register that registries' files of each day come into.
type replay struct {
	*market
	rows  []string // lines of the five registries' files, as they stand, ascending
	seen  map[tree.Key]listing
	acts  int
	lines int
}

// listing is what List makes of a leaf of a value.
type listing struct {
	value wire.Hash
	title *Listed
}

// dayOf are the changes of one day: lines that come and that go.
type dayOf struct {
	date       uint32
	come, gone []string
}

// realDays are the changes that the five registries' files showed from 2025-09-15 to
// 2025-11-28, in the order of days.
func realDays(t *testing.T) (days []dayOf) {
	if testing.Short() {
		t.Skip("the registries' real changes are replayed without -short, and day by day by .ci/run")
	}
	raw := realStats(t, "events-20250915-20251128.psv.gz")[0].Raw
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		date, rest, _ := strings.Cut(lines.Text(), "|")
		n, ok := record.ReadDay(strings.ReplaceAll(date, "-", ""))
		if !ok {
			continue
		}
		if len(days) == 0 || days[len(days)-1].date != n {
			days = append(days, dayOf{date: n})
		}
		d := &days[len(days)-1]
		if op, line, _ := strings.Cut(rest, "|"); op == "+" {
			d.come = append(d.come, line)
		} else {
			d.gone = append(d.gone, line)
		}
	}
	return days
}

// baseFile is the registries' rows of 2025-09-15.
func baseFile(t *testing.T, days []dayOf) Stats {
	gone := map[string]bool{}
	for _, d := range days {
		for _, line := range d.gone {
			gone[line] = true
		}
	}
	return thinned(realStats(t, "base-all-five-20250915.psv.gz")[0], 8, gone)
}

// beginReplay is a register made of the registries' rows of a day, with two
// registrars and with holders of some blocks.
func beginReplay(t *testing.T, base Stats, held []wire.Resource) *replay {
	m := &market{t: t, ids: map[string]wire.Address{}, keys: map[string]*ecdsa.PrivateKey{}, number: map[string]uint64{}}
	holdings := &Holdings{Parameters: []Override{{1, Unmetered, 1}, {1, "source_seconds", 0}, {1, "source_share", 1_000_000}}}
	for _, name := range []string{"rex", "sue", "ben", "ana"} {
		m.keys[name] = marketKey(t, name)
		holdings.Accounts = append(holdings.Accounts, Account{Name: name, Jurisdiction: "ZZ",
			TitleKeys: []string{account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&m.keys[name].PublicKey)}.String()}})
	}
	for i, r := range held {
		holdings.Accounts[3].Blocks = append(holdings.Accounts[3].Blocks, Holding{i + 1, r.String()})
	}
	out := build(t, Input{ChainID: "replay-1", Test: true, Members: testMembers(4), Stats: []Stats{base}, Holdings: holdings})
	for _, opened := range out.Accounts {
		m.ids[opened.Name] = opened.ID
	}
	m.state, m.salt, m.last = out.State, out.Hash, ledger.Header{Time: out.Genesis.Time}
	m.register("rex", "sue")
	r := &replay{market: m, seen: map[tree.Key]listing{}}
	for line := range strings.SplitSeq(string(base.Raw), "\n") {
		if line != "" && line[0] != '#' {
			r.rows = append(r.rows, line)
		}
	}
	slices.Sort(r.rows)
	r.rows = slices.Compact(r.rows)
	return r
}

// register makes accounts registrars of organisations of their own.
func (m *market) register(names ...string) {
	e := m.state.Edit()
	roll := &record.Roll{Rules: record.Rules}
	if leaf, ok := m.state.Get(record.RollKey); ok {
		roll = wire.Own[record.Roll](leaf.Data)
	}
	for _, name := range names {
		r := &record.Registrar{Rules: record.Rules, Account: m.ids[name], Organisation: name, Jurisdiction: "NL"}
		e.Put(record.Leaf(record.RegistrarKey(r.Account), wire.Encode(r)))
		roll.Registrars = append(roll.Registrars, r.Account)
	}
	slices.SortFunc(roll.Registrars, func(a, b wire.Address) int { return bytes.Compare(a[:], b[:]) })
	e.Put(record.Leaf(record.RollKey, wire.Encode(roll)))
	m.state = e.Freeze()
}

// day lets a day's file come into the register: compared, attested, entered, settled.
func (r *replay) day(d dayOf) {
	r.rows = merged(without(r.rows, d.gone), d.come)
	register, err := r.list()
	if err != nil {
		r.t.Fatal(err)
	}
	files, _, err := Diff(register, []Stats{r.file(d.date)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.last.Time = max(r.last.Time, record.Midnight(d.date))
	r.enter(files)
	r.settle()
}

// without is lines less some of them.
func without(lines, gone []string) []string {
	out := map[string]bool{}
	for _, line := range gone {
		out[line] = true
	}
	return slices.DeleteFunc(lines, func(line string) bool { return out[line] })
}

// merged is ascending lines and others, each once.
func merged(lines, come []string) []string {
	come = slices.Sorted(slices.Values(come))
	out := make([]string, 0, len(lines)+len(come))
	for _, line := range lines {
		for len(come) > 0 && come[0] <= line {
			out, come = append(out, come[0]), come[1:]
		}
		out = append(out, line)
	}
	return slices.Compact(append(out, come...))
}

// list is List, which of a day's leaves reads those alone that changed since the
// day before.
func (r *replay) list() (out []*Listed, err error) {
	for f := tree.IPv4; f <= tree.ASN; f++ {
		r.state.Walk(tree.Key{Subtree: f}, func(l tree.Leaf) bool {
			x := r.seen[l.Key]
			if x.value != l.Value {
				x.value = l.Value
				if x.title, err = listed(l); err != nil {
					return false
				}
				r.seen[l.Key] = x
			}
			if x.title != nil {
				out = append(out, x.title)
			}
			return true
		})
	}
	return out, err
}

// file is the five registries' rows as one file of a day.
func (r *replay) file(date uint32) Stats {
	return Stats{Name: fmt.Sprintf("all-five-%d.psv", date), Raw: []byte(strings.Join(r.rows, "\n") + "\n")}
}

func (r *replay) enter(files []StatementFile) {
	var acts []tx.Verified
	for i := range files {
		f := &files[i]
		if len(f.Lines) == 0 {
			continue
		}
		r.lines += len(f.Lines)
		for _, name := range []string{"rex", "sue"} {
			acts = append(acts, r.sign(name, f.Attestation()))
		}
		pages, _ := f.Pages()
		for _, p := range pages {
			acts = append(acts, r.sign("ben", p))
		}
	}
	r.acts += len(acts)
	r.block(acts)
}

// settle lets ledger blocks go by until no page waits.
func (r *replay) settle() {
	for waits := true; waits; {
		r.block(nil)
		waits = false
		for _, name := range record.Registries {
			if leaf, ok := r.state.Get(record.FeedKey(name)); ok {
				f := wire.Own[record.Feed](leaf.Data)
				waits = waits || f.First < f.Last
			}
		}
	}
}

// run replays all days, some at a time.
func (r *replay) run(days []dayOf) {
	var some dayOf
	for i, d := range days {
		some.date, some.come, some.gone = d.date, append(some.come, d.come...), append(some.gone, d.gone...)
		if whole() && (i+1)%*daysAtOnce == 0 || i == len(days)-1 {
			r.day(cancelled(some))
			some = dayOf{}
		}
	}
}

// cancelled leaves out lines that came and went, or went and came back.
func cancelled(d dayOf) dayOf {
	n := map[string]int{}
	for _, line := range d.come {
		n[line]++
	}
	for _, line := range d.gone {
		n[line]--
	}
	out := dayOf{date: d.date}
	for line, by := range n {
		switch {
		case by > 0:
			out.come = append(out.come, line)
		case by < 0:
			out.gone = append(out.gone, line)
		}
	}
	return out
}

// wanted is the register that genesis would make of the files of the last day.
func (r *replay) wanted(date uint32) []Row {
	rows, _, err := Rows([]Stats{r.file(date)})
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}

// TestReplay plays the real changes of 53 days into a register: it ends as the one
// that genesis makes of the last day's files, title by title and row by row, and
// its numbers are those that the registries' own files of that day have.
func TestReplay_SRC8_SRC11_SRC15_R4(t *testing.T) {
	t.Parallel()
	days := realDays(t)
	r := beginReplay(t, baseFile(t, days), nil)
	r.run(days)
	have, err := List(r.state)
	if err != nil {
		t.Fatal(err)
	}
	want := r.wanted(days[len(days)-1].date)
	for i := range min(len(have), len(want)) {
		if have[i].Resource != want[i].Resource || have[i].Source != want[i].Source {
			t.Fatalf("title %d is %v %+v\nwant %v %+v", i, have[i].Resource, have[i].Source, want[i].Resource, want[i].Source)
		}
	}
	if len(have) != len(want) {
		t.Fatalf("%d titles, want %d", len(have), len(want))
	}
	if whole() {
		r.compareFiles(have)
	}
	if err := ledger.Invariants(r.state, r.last); err != nil {
		t.Error(err)
	}
	t.Logf("%d days, exactly: %d titles; %d statements in %d acts and %d ledger blocks", len(days), len(have), r.lines, r.acts, r.last.Height)
}

// compareFiles compares the rows of the registries that publish whole files with
// those files of 2025-11-28 (the class and, where others overlap, the pieces are
// another matter: the replayed list is a derived one).
func (r *replay) compareFiles(have []*Listed) {
	type said struct {
		first, last [16]byte
		family      wire.Family
		rest        string
	}
	now := map[said]bool{}
	for _, l := range have {
		s := &l.Source
		now[said{s.First, s.Last, l.Resource.Family, fmt.Sprint(s.Registry, s.Status, s.Date, s.Country)}] = true
	}
	missing, all := 0, 0
	for i, in := range realStats(r.t, november[:3]...) {
		_, rows, err := readStats(in, i, nil)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, x := range rows {
			s := x.source()
			if all++; !now[said{s.First, s.Last, x.family, fmt.Sprint(s.Registry, s.Status, s.Date, s.Country)}] {
				missing++
			}
		}
	}
	if missing*1000 > all {
		r.t.Errorf("%d of %d rows of the registries' own files are not in the register", missing, all)
	}
	r.t.Logf("%d rows of AFRINIC's, APNIC's and LACNIC's own files, %d of them not in the register", all, missing)
}

// changedBlocks are blocks of the first register that the files of later days list
// otherwise, one title each, and as many that they leave alone.
func changedBlocks(t *testing.T, base Stats, days []dayOf, n int) (out []wire.Resource) {
	list, _, err := Rows([]Stats{base})
	if err != nil {
		t.Fatal(err)
	}
	gone := map[string]bool{}
	for _, d := range days {
		for _, line := range d.gone {
			gone[strings.Join(strings.Split(line, "|")[2:5], "|")] = true
		}
	}
	var quiet []wire.Resource
	for i := range list {
		l := &list[i]
		first, _ := inr.Ends(l.Resource)
		start, value := rowText(l.Resource, first)
		if !gone[start+"|"+value] {
			quiet = append(quiet, l.Resource)
		} else if len(out) < n/2 {
			out = append(out, l.Resource)
		}
	}
	for i, left := 0, n-len(out); left > 0; i, left = i+len(quiet)/n, left-1 {
		out = append(out, quiet[i])
	}
	return out
}

func rowText(r wire.Resource, first [16]byte) (start, value string) {
	switch r.Family {
	case wire.ASN:
		return fmt.Sprintf("asn|%d", inr.ASNumber(r)), inr.Count(r).String()
	case wire.IPv4:
		return "ipv4|" + r.Prefix().Addr().String(), inr.Count(r).String()
	}
	return "ipv6|" + r.Prefix().Addr().String(), fmt.Sprint(r.Len)
}

// TestReplayHeld plays the same with a thousand titles held by an account, half of
// them among those that change: none of them changes but for its mark, and every
// number beside them comes to have the row it has without holders.
func TestReplayHeld_SRC8_SRC9_R10(t *testing.T) {
	t.Parallel()
	days := realDays(t)
	base := baseFile(t, days)
	held := changedBlocks(t, base, days, 1000)
	if len(held) != 1000 {
		t.Fatalf("%d blocks to hold", len(held))
	}
	r := beginReplay(t, base, held)
	before := map[wire.Resource]record.Title{}
	for _, at := range held {
		title, _ := r.title(at)
		before[at] = *title
	}
	r.run(days)
	marks, agrees := 0, 0
	want := r.wanted(days[len(days)-1].date)
	for _, at := range held {
		title, _ := r.title(at)
		if !sameTitle(title, before[at]) {
			t.Fatalf("%v changed: %+v, it was %+v", at, title, before[at])
		}
		leaf, _ := r.state.Get(tree.ResourceKey(at))
		l, err := listed(leaf)
		if err != nil {
			t.Fatal(err)
		}
		should := disagrees(want, at, &title.Source)
		if should != (l.Mark != nil) {
			t.Errorf("%v: diverges %v, want %v", at, l.Mark != nil, should)
		}
		if l.Mark != nil {
			marks++
		} else {
			agrees++
		}
	}
	r.compareFree(want, held)
	if marks < 100 || agrees < 100 {
		t.Errorf("%d titles diverge, %d do not", marks, agrees)
	}
	t.Logf("%d days: %d titles held, none changed, %d of them diverge; %d statements in %d acts", len(days), len(held), marks, r.lines, r.acts)
}

func sameTitle(a *record.Title, b record.Title) bool {
	return bytes.Equal(a.Bytes(), b.Bytes())
}

// disagrees reports whether the files list some number of a block in a row that
// does not agree with the one given, or in none.
func disagrees(rows []Row, at wire.Resource, s *record.Source) bool {
	var blocks []wire.Resource
	i, _ := slices.BinarySearchFunc(rows, at, func(n Row, r wire.Resource) int { return inr.Compare(n.Resource, r) })
	if i > 0 && inr.Covers(rows[i-1].Resource, at) {
		i--
	}
	for ; i < len(rows) && inr.Overlaps(rows[i].Resource, at); i++ {
		if !s.Agrees(&rows[i].Source) {
			return true
		}
		blocks = append(blocks, narrower(at, rows[i].Resource))
	}
	return len(inr.Beside(at, blocks)) > 0
}

// compareFree compares all titles that nobody holds with the files' titles, less
// what is held.
func (r *replay) compareFree(want []Row, held []wire.Resource) {
	held = slices.Clone(held)
	slices.SortFunc(held, inr.Compare)
	have, err := List(r.state)
	if err != nil {
		r.t.Fatal(err)
	}
	have = slices.DeleteFunc(have, func(l *Listed) bool { return l.Bound })
	k := 0
	for i := range want {
		for len(held) > 0 && inr.Compare(held[0], want[i].Resource) < 0 && !inr.Covers(held[0], want[i].Resource) {
			held = held[1:]
		}
		if len(held) > 0 && inr.Covers(held[0], want[i].Resource) {
			continue
		}
		var inside []wire.Resource
		for _, h := range held {
			if !inr.Covers(want[i].Resource, h) {
				break
			}
			inside = append(inside, h)
		}
		for _, at := range inr.Beside(want[i].Resource, inside) {
			if k >= len(have) || have[k].Resource != at || have[k].Source != want[i].Source {
				r.t.Fatalf("title %d is %v %+v, want %v %+v", k, have[k].Resource, have[k].Source, at, want[i].Source)
			}
			k++
		}
	}
	if k != len(have) {
		r.t.Fatalf("%d titles more than the files have", len(have)-k)
	}
}
