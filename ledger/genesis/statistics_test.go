package genesis

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// titles is a state with a title at each of some blocks.
func titlesOf(list map[string]record.Title) tree.State {
	e := tree.State{}.Edit()
	for text, t := range list {
		r, err := inr.Parse(text)
		if err != nil {
			panic(err)
		}
		if t.Rules = 1; t.State == 0 {
			t.State = record.Unclaimed
		}
		e.Put(record.FolioLeaf(r, &record.Folio{Title: t.Bytes()}))
	}
	return e.Freeze()
}

func row4(handle string) record.Source {
	return record.Source{Registry: "ripencc", Handle: handle, Status: "allocated", Date: 20120601, Country: "SE", Class: record.Extended}
}

func written(t *testing.T, s tree.State) string {
	t.Helper()
	var b bytes.Buffer
	sum, err := StatisticsLines(&b, s)
	if err != nil {
		t.Fatal(err)
	}
	return sum.Head(7, 20261130) + b.String()
}

// TestStatistics_FILE12: version line, summaries, lines, to the byte.
func TestStatistics_FILE12(t *testing.T) {
	ann := wire.Address{0xaa}
	reserved := row4("")
	reserved.Status, reserved.Date, reserved.Country = "reserved", 0, ""
	assigned := row4("x")
	assigned.Status, assigned.Registry, assigned.Country = "assigned", "arin", "US"
	got := written(t, titlesOf(map[string]record.Title{
		"5.44.0.0/22":       {State: record.Held, Holder: ann, Source: row4("x"), Grade: record.GradeA},
		"5.44.4.0/23":       {State: record.Held, Holder: ann, Source: row4("x"), Grade: record.GradeA},
		"5.44.6.0/23":       {Source: row4("x")},
		"5.44.8.0/24":       {State: record.Reserved, Source: reserved},
		"2a00:f100::/32":    {State: record.Held, Holder: ann, Source: row4("x"), Grade: record.GradeA},
		"2a00:f101::/32":    {State: record.Held, Holder: ann, Source: row4("x"), Grade: record.GradeA},
		"2a00:f102::/32":    {State: record.Held, Holder: ann, Source: row4("x"), Grade: record.GradeA},
		"AS3333":            {Source: assigned},
		"AS3334-AS3335":     {Source: assigned},
		"AS199936-AS199999": {State: record.Available, Source: reserved},
	}))
	want := `2.3|ipledger|7|7|20120601|20261130|+0000
ipledger|*|ipv4|*|3|summary
ipledger|*|ipv6|*|2|summary
ipledger|*|asn|*|2|summary
ipledger|SE|ipv4|5.44.0.0|1536|20120601|allocated|0xaa00000000000000000000000000000000000000|ripencc
ipledger|SE|ipv4|5.44.6.0|512|20120601|allocated|HANDLE|ripencc
ipledger||ipv4|5.44.8.0|256||reserved||ripencc
ipledger|SE|ipv6|2a00:f100::|31|20120601|allocated|0xaa00000000000000000000000000000000000000|ripencc
ipledger|SE|ipv6|2a00:f102::|32|20120601|allocated|0xaa00000000000000000000000000000000000000|ripencc
ipledger|US|asn|3333|3|20120601|assigned|HANDLE2|arin
ipledger||asn|199936|64||available||ripencc
`
	title := record.Title{Source: row4("x")}
	want = strings.Replace(want, "HANDLE2", holderOf(&record.Title{Source: assigned}), 1)
	if want = strings.Replace(want, "HANDLE", holderOf(&title), 1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestHolderOf_FILE14: an account, or a digest that tells rows apart.
func TestHolderOf_FILE14(t *testing.T) {
	seen := map[string]bool{}
	for i, title := range []record.Title{
		{Holder: wire.Address{1}, Source: row4("x")}, {Source: row4("x")}, {Source: row4("y")}, {Source: row4("")},
		{Source: record.Source{Registry: "arin", Handle: "x"}}, {Source: record.Source{Registry: "ripencc", First: [16]byte{1}}},
		{Source: record.Source{Registry: "ripencc", First: [16]byte{1}, Last: [16]byte{2}}},
	} {
		id := holderOf(&title)
		if seen[id] || len(id) != 40 && i > 0 || len(id) > HandleBytesMax {
			t.Errorf("%d: %q", i, id)
		}
		seen[id] = true
	}
	same, other := record.Title{Source: row4("x")}, record.Title{Source: row4("x")}
	if other.Source.Date = 19990101; holderOf(&same) != holderOf(&other) {
		t.Error("two rows of one holder have two ids")
	}
}

// TestStatistics_FILE13: the reader of registries' statistics takes every line,
// finds the titles' numbers with what was said of each, and no two lines that touch
// say the same.
func TestStatistics_FILE13(t *testing.T) {
	r := rand.New(rand.NewPCG(30, 13))
	for n := range 60 {
		list := map[string]record.Title{}
		for at := uint32(0); at < 256; {
			size := uint32(1) << r.IntN(5)
			if at%size != 0 {
				continue
			}
			title := record.Title{Source: row4(string(rune('a' + r.IntN(2))))}
			if title.Source.Registry = record.Registries[r.IntN(2)]; r.IntN(2) == 0 {
				title.State, title.Holder, title.Grade = record.Held, wire.Address{byte(r.IntN(2))}, record.GradeT
				if title.Holder.IsZero() {
					title.State, title.Grade = record.Unclaimed, record.GradeNone
				}
			}
			if r.IntN(6) > 0 {
				length := 32
				for s := size; s > 1; s /= 2 {
					length--
				}
				list[fmt.Sprintf("5.44.0.%d/%d", at, length)] = title
				list[netip.MustParsePrefix(fmt.Sprintf("2a00:f100:%x::/%d", at, 48-32+length)).Masked().String()] = title
				list[inr.ASBlock(3000*256+at, uint8(length)).String()] = title
			}
			at += size
		}
		s := titlesOf(list)
		text := written(t, s)
		rows, report, err := Rows([]Stats{{Name: "delegated-ipledger-extended-latest", Raw: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		f := report.Files[0]
		if f.Rejected+f.Conflicting+f.Cut+f.Merged != 0 || len(f.Warnings) > 0 || fmt.Sprint(f.Rows) != strings.Split(text, "|")[3] {
			t.Fatalf("case %d: %+v\n%s", n, f, text)
		}
		var total Counts
		for _, row := range rows {
			total.add(row.Resource)
			whole := titleOver(t, s, row.Resource)
			if row.Source.Handle != saidOf(whole).holder || row.Source.Registry != whole.Source.Registry || row.Source.Date != whole.Source.Date {
				t.Fatalf("case %d: %v is %+v, its title %+v", n, row.Resource, row.Source, whole)
			}
		}
		var want Counts
		for at := range list {
			block, _ := inr.Parse(at)
			want.add(block)
		}
		if total.IPv4Addresses != want.IPv4Addresses || total.ASNumbers != want.ASNumbers {
			t.Fatalf("case %d: got %+v, want %+v", n, total, want)
		}
		var before *run
		if err := runs(s, func(x run) {
			if before != nil && before.family == x.family && before.joins(&x) {
				t.Fatalf("case %d: two lines for %+v and %+v", n, before, x)
			}
			before = &x
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// titleOver is the title that covers the first number of a block.
func titleOver(t *testing.T, s tree.State, r wire.Resource) *record.Title {
	t.Helper()
	first := inr.Truncate(r, r.Len)
	first.Len = uint8(r.Family.Bits())
	for _, l := range s.Path(tree.ResourceKey(first)) {
		if title, err := titleAt(l); err == nil && title != nil {
			return title
		}
	}
	t.Fatalf("no title covers %v", first)
	return nil
}

// BenchmarkStatisticsLines is of a million titles, of which every fourth touches one
// of the same holder.
func BenchmarkStatisticsLines(b *testing.B) {
	e := tree.State{}.Edit()
	for i := range uint32(1 << 20) {
		title := record.Title{Rules: 1, State: record.Unclaimed, Source: row4(fmt.Sprint(i * 3 / 4))}
		r := wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{1 + byte(i>>16), byte(i >> 8), byte(i)}}
		e.Put(record.FolioLeaf(r, &record.Folio{Title: title.Bytes()}))
	}
	s := e.Freeze()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := StatisticsLines(io.Discard, s); err != nil {
			b.Fatal(err)
		}
	}
}
