package genesis

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// asListed are titles that nobody holds.
func asListed(rows []Row) (out []*Listed) {
	for i := range rows {
		out = append(out, &Listed{Resource: rows[i].Resource, Source: rows[i].Source})
	}
	return out
}

// anyRows are some lines of a few registries that overlap.
func anyRows(rnd *rand.Rand) (lines []string) {
	for range 2 + rnd.IntN(12) {
		size := 1 << rnd.IntN(11)
		lines = append(lines, fmt.Sprintf("%s|%s|ipv4|60.0.%d.%d|%d|2020010%d|allocated", []string{"apnic", "arin"}[rnd.IntN(2)],
			[]string{"JP", "US"}[rnd.IntN(2)], rnd.IntN(16), 64*rnd.IntN(4), size, 1+rnd.IntN(3)))
	}
	return lines
}

func filesOf(date int, lines []string) []Stats {
	return []Stats{{Name: fmt.Sprintf("list-%d.psv", date), Raw: []byte(strings.Join(lines, "\n") + "\n")}}
}

// TestDiff compares random files with the register of earlier ones: what it states
// makes the register that of the later files, and then there is nothing to state.
func TestDiff_SRC8(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		first, _, err := Rows(filesOf(20250101, anyRows(rnd)))
		if err != nil {
			t.Fatal(err)
		}
		lines := append(anyRows(rnd), "apnic|JP|asn|5000|1||allocated", "arin|US|asn|6000|1||allocated")
		next := filesOf(20250102, lines)
		want, _, _ := Rows(next)
		register := asListed(first)
		files, _, err := Diff(register, next)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if again, err := DecodeStatements(f.Encode()); err != nil || len(again.Lines) != len(f.Lines) {
				t.Fatalf("%v\n%s", err, f.Encode())
			}
			register = Project(register, f.Registry, f.Lines)
		}
		same(t, register, asListed(want), lines)
		if files, _, _ = Diff(register, next); len(files) != 2 || len(files[0].Lines)+len(files[1].Lines) > 0 {
			t.Fatalf("%v is stated again: %+v", lines, files)
		}
	}
}

func same(t *testing.T, have, want []*Listed, lines []string) {
	t.Helper()
	ok := slices.EqualFunc(have, want, func(a, b *Listed) bool { return a.Resource == b.Resource && a.Source == b.Source })
	if !ok {
		t.Fatalf("of\n%s\nthere is\n%s\nwant\n%s", strings.Join(lines, "\n"), words(have), words(want))
	}
}

func words(list []*Listed) string {
	var out []string
	for _, l := range list {
		s := tx.Statement{Block: l.Resource, Source: &l.Source}
		out = append(out, l.Source.Registry+" "+s.String())
	}
	return strings.Join(out, "\n")
}

// TestDiff_held states of what is held only what changes its mark.
func TestDiff_SRC9(t *testing.T) {
	rows, _, err := Rows(filesOf(20250101, []string{"apnic|JP|ipv4|60.0.0.0|1024|20200101|allocated|ANA", "apnic|JP|ipv4|60.0.8.0|1024|20200101|allocated|BEN"}))
	if err != nil {
		t.Fatal(err)
	}
	register := asListed(rows)
	register[0].Bound = true
	step := func(lines []string, want ...string) {
		t.Helper()
		files, _, err := Diff(register, filesOf(20250102, append(lines, "apnic|JP|asn|5000|1||allocated")))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range files[0].Lines {
			if s.Block.Family == wire.IPv4 {
				got = append(got, s.String())
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		register = Project(register, "apnic", files[0].Lines)
	}
	const other = "apnic|JP|ipv4|60.0.8.0|1024|20200101|allocated|BEN"
	ana := func(size int, handle string) string {
		return fmt.Sprintf("apnic|JP|ipv4|60.0.0.0|%d|20200101|allocated|%s", size, handle)
	}
	step([]string{ana(1024, "ANA"), other})
	step([]string{ana(512, "ANA"), "apnic|JP|ipv4|60.0.2.0|512|20200101|allocated|ANA", other})
	step([]string{ana(512, "CAT"), "apnic|JP|ipv4|60.0.2.0|512|20200101|allocated|ANA", other}, "60.0.0.0/23|allocated|JP|20200101|derived||CAT")
	step([]string{ana(512, "CAT"), "apnic|JP|ipv4|60.0.2.0|512|20200101|allocated|ANA", other})
	step([]string{ana(256, "ANA"), "apnic|JP|ipv4|60.0.1.0|768|20200101|allocated|ANA", other}, "60.0.0.0/23|allocated|JP|20200101|derived||ANA")
	step([]string{other}, "60.0.0.0/22")
	step([]string{other})
	step([]string{ana(1024, "ANA"), other}, "60.0.0.0/22|allocated|JP|20200101|derived||ANA")
	step([]string{"apnic|JP|ipv4|60.0.0.0|4096|20210101|allocated|DAN"}, "60.0.0.0/20|allocated|JP|20210101|derived||DAN")
	if got := words(register[:3]); got != "apnic 60.0.0.0/22|allocated|JP|20200101|derived||ANA\napnic 60.0.4.0/22|allocated|JP|20210101|derived|60.0.0.0-60.0.15.255|DAN\napnic 60.0.8.0/21|allocated|JP|20210101|derived|60.0.0.0-60.0.15.255|DAN" {
		t.Fatal(got)
	}
}

// TestDiff_one_registry compares one registry's file: rows of the others take part
// as the register has them, and nothing of theirs is stated.
func TestDiff_GEN6_one_registry(t *testing.T) {
	rows, _, err := Rows(filesOf(20250101, []string{"apnic|JP|ipv4|4.0.0.0|4096|20200101|allocated", "arin|US|ipv4|4.0.4.0|1024|20200101|allocated", "arin|US|ipv4|62.0.0.0|1024|20200101|allocated"}))
	if err != nil {
		t.Fatal(err)
	}
	files, rep, err := Diff(asListed(rows), filesOf(20250102, []string{"apnic|KR|ipv4|4.0.0.0|4096|20200101|allocated"}))
	if err != nil || len(files) != 1 || files[0].Registry != "apnic" || len(rep.Files) != 1 {
		t.Fatalf("%+v, %v", files, err)
	}
	var got []string
	for _, s := range files[0].Lines {
		got = append(got, s.Block.String())
	}
	if want := []string{"4.0.0.0/22", "4.0.8.0/21"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if _, _, err := Diff(nil, []Stats{{Name: "list.psv", Raw: []byte("apnic|KR|ipv4|4.0.0.0|4096|20200101|allocated\n")}}); err == nil {
		t.Fatal("a file without a date is compared")
	}
}

// sourceVectors are specs/vectors/sources.json.
type sourceVectors struct {
	Files []struct {
		Why   string `json:"why"`
		File  string `json:"file"`
		Valid bool   `json:"valid"`
	} `json:"files"`
	Pages []struct {
		Behind wire.Hash `json:"behind"`
		Lines  string    `json:"lines"`
		Hash   wire.Hash `json:"hash"`
	} `json:"pages"`
	Rows []struct {
		A      string `json:"a"`
		B      string `json:"b"`
		Agrees bool   `json:"agrees"`
	} `json:"rows"`
}

// sampleStatements has more statements than one page.
func sampleStatements(n int) *StatementFile {
	f := &StatementFile{Registry: "apnic", Date: 20251128, File: wire.Sum(wire.TagRecord, []byte("a registry's file"))}
	for i := range n {
		at := inr.Truncate(wire.Resource{Family: wire.IPv4, Len: 32, Addr: [16]byte{60, 0, byte(i)}}, 24)
		first, last := inr.Ends(at)
		f.Lines = append(f.Lines, tx.Statement{Block: at, Source: &record.Source{Registry: "apnic", Status: "allocated", Country: "JP", Date: 20251127,
			Class: record.Extended, Handle: fmt.Sprintf("A%08d", i), First: first, Last: last}})
		if i%5 == 4 {
			f.Lines[i].Source = nil
		}
	}
	return f
}

func makeSourceVectors() (v sourceVectors) {
	f := sampleStatements(70)
	good := string(f.Encode())
	add := func(why, old, new string, valid bool) {
		v.Files = append(v.Files, struct {
			Why   string `json:"why"`
			File  string `json:"file"`
			Valid bool   `json:"valid"`
		}{why, strings.Replace(good, old, new, 1), valid})
	}
	add("a file of several pages", "", "", true)
	add("another root", good[strings.Index(good, "\n")-4:strings.Index(good, "\n")], "0000", false)
	add("another number of pages", "|2|", "|3|", false)
	add("another registry", "|apnic|", "|arin|x", false)
	add("no date", "|20251128|", "||", false)
	add("a date with a sign", "|20251128|", "|+20251128|", false)
	add("a digest in upper case", fmt.Sprintf("%x", f.File[:]), strings.ToUpper(fmt.Sprintf("%x", f.File[:])), false)
	add("a line changed", "|JP|", "|KR|", false)
	add("a line twice", "60.0.4.0/24\n", "60.0.4.0/24\n60.0.4.0/24\n", false)
	add("an empty line", "60.0.4.0/24\n", "60.0.4.0/24\n\n", false)
	add("a carriage return", "60.0.4.0/24\n", "60.0.4.0/24\r\n", false)
	pages, _ := f.Pages()
	for _, p := range pages {
		v.Pages = append(v.Pages, struct {
			Behind wire.Hash `json:"behind"`
			Lines  string    `json:"lines"`
			Hash   wire.Hash `json:"hash"`
		}{p.Behind, p.Lines, record.SheetHash(p.Behind, p.Lines)})
	}
	for _, x := range []string{"||||whole||", "allocated|JP|20251127|extended||A1", "assigned|JP|20251127|extended||A1", "allocated|KR|20251127|extended||A1",
		"allocated|JP|20251128|extended||A1", "allocated|JP|20251127|derived||", "allocated|JP|20251127|extended||A2"} {
		const a = "60.0.0.0/24|allocated|JP|20251127|extended||A1"
		var s, y tx.Statement
		if err := errors.Join(s.Parse("apnic", a), y.Parse("apnic", "60.0.0.0/24|"+x)); err != nil {
			continue
		}
		v.Rows = append(v.Rows, struct {
			A      string `json:"a"`
			B      string `json:"b"`
			Agrees bool   `json:"agrees"`
		}{a, "60.0.0.0/24|" + x, s.Source.Agrees(y.Source)})
	}
	return v
}

// TestSourceVectors holds the code to specs/vectors/sources.json.
func TestSourceVectors_SRC4_SRC10_SRC21(t *testing.T) {
	frozen.Hold(t, "sources", frozen.Text(t, makeSourceVectors()))
	var v sourceVectors
	frozen.Read(t, "sources", &v)
	for _, c := range v.Files {
		if _, err := DecodeStatements([]byte(c.File)); (err == nil) != c.Valid {
			t.Errorf("%s: %v", c.Why, err)
		}
	}
	if len(v.Files) < 11 || len(v.Pages) < 2 || len(v.Rows) < 6 {
		t.Errorf("%d files, %d pages, %d rows", len(v.Files), len(v.Pages), len(v.Rows))
	}
}

// TestPages_SRC21 fills pages.
func TestPages_SRC21(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		f := sampleStatements(n)
		pages, root := f.Pages()
		total, at := 0, root
		for i, p := range pages {
			list, err := tx.ParseStatements("apnic", p.Lines)
			if err != nil {
				t.Fatal(err)
			}
			if total += len(list); total < n && len(p.Lines)+1+len(f.Lines[total].String()) <= record.SheetBytesMax && len(list) < record.SheetLinesMax {
				t.Errorf("page %d has room for more", i)
			}
			if record.SheetHash(p.Behind, p.Lines) != at {
				t.Errorf("page %d is not the one awaited", i)
			}
			at = p.Behind
		}
		if total != n || !at.IsZero() || root.IsZero() != (n == 0) {
			t.Errorf("%d of %d statements", total, n)
		}
	}
}

// FuzzDecodeStatements wants what is read to be written as it was.
func FuzzDecodeStatements_SRC21(f *testing.F) {
	for _, c := range makeSourceVectors().Files {
		f.Add([]byte(c.File))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := DecodeStatements(raw); err == nil && string(got.Encode()) != string(raw) {
			t.Fatal("another file is written")
		}
	})
}
