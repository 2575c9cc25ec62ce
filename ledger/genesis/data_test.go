package genesis

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
)

// dataDir holds real statistics of the registries, beside the repository.
const dataDir = "../../../shared/data"

// realStats reads real files, or skips the test when the data are not there:
// they are not part of the repository. Nothing else in this package skips.
func realStats(tb testing.TB, names ...string) []Stats {
	tb.Helper()
	if _, err := os.Stat(dataDir); err != nil {
		tb.Skipf("real registry statistics are not beside the repository: %v", err)
	}
	var out []Stats
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(dataDir, name))
		if err != nil {
			tb.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			raw = gunzip(tb, raw)
		}
		out = append(out, Stats{Name: name, Raw: raw})
	}
	return out
}

func gunzip(tb testing.TB, raw []byte) []byte {
	tb.Helper()
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		tb.Fatal(err)
	}
	if raw, err = io.ReadAll(z); err != nil {
		tb.Fatal(err)
	}
	return raw
}

var (
	november = []string{
		"stats-20251128/delegated-afrinic-latest.txt.gz", "stats-20251128/delegated-apnic-latest.txt.gz",
		"stats-20251128/delegated-lacnic-latest.txt.gz", "stats-20251128/reconstructed-arin.psv.gz",
		"stats-20251128/reconstructed-ripencc.psv.gz",
	}
	june  = swap(november, "20251128", "20250602")
	y2014 = []string{
		"stats-20140701/delegated-afrinic-latest.gz", "stats-20140701/delegated-apnic-latest.gz",
		"stats-20140701/delegated-lacnic-latest.gz", "stats-20140701/delegated-ripencc-latest.gz",
	}
)

func swap(names []string, from, to string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ReplaceAll(n, from, to)
	}
	return out
}

// realSets are all statistics among the data, and a few lists that are none.
var realSets = map[string]struct {
	files []string
	want  Counts // of titles that are neither available nor reserved
	again bool   // files of the same kinds as another set's, read where all is
}{
	"November 2025":                {november, Counts{3687354056, 253982, 68800, 47228}, false},
	"June 2025":                    {june, Counts{3687255368, 250935, 67762, 46550}, true},
	"July 2014":                    {y2014, Counts{1867113064, 86527, 16042, 41620}, false},
	"all five":                     {[]string{"base-all-five-20250915.psv.gz"}, Counts{3686844360, 252551, 68351, 46937}, true},
	"extended afrinic 2018":        {[]string{"extended-opaque/delegated-afrinic-extended-20181013.gz"}, Counts{112306432, 3636, 811, 1664}, false},
	"extended 2021":                {extended("20210407"), Counts{306125568, 22664, 12557, 14106}, false},
	"extended 2022":                {extended("20220331"), Counts{305614336, 23306, 13136, 14752}, false},
	"extended 2024":                {extended("20240105"), Counts{305794048, 24235, 13957, 15665}, false},
	"extended afrinic 2026":        {[]string{"extended-opaque/delegated-afrinic-extended-20260418.gz"}, Counts{116035328, 5476, 1604, 2709}, false},
	"lists that are no statistics": {[]string{"events-20250915-20251128.psv.gz", "asn-20240105/asn-arin.csv.gz", "iana/delegated-iana-latest.2019"}, Counts{}, false},
}

func extended(day string) []string {
	return []string{"extended-opaque/delegated-afrinic-extended-" + day + ".gz", "extended-opaque/delegated-lacnic-extended-" + day + ".gz"}
}

func TestRealData_GEN10(t *testing.T) {
	for name, set := range realSets {
		if set.again && !whole() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			stats := realStats(t, set.files...)
			rows, rep, err := Rows(stats)
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, rep)
			checkDisjoint(t, rows)
			for i, f := range rep.Files {
				checkFile(t, f, stats[i].Raw)
			}
			if rep.Totals.Counts != set.want {
				t.Errorf("totals %+v, want %+v", rep.Totals.Counts, set.want)
			}
			checkSources(t, rep.Totals)
		})
	}
}

// checkFile compares what the report says of a file with the file itself.
func checkFile(t *testing.T, f FileReport, raw []byte) {
	t.Helper()
	if want := recordLines(raw); f.Rows != want {
		t.Errorf("%s: %d rows accounted for, the file has %d", f.Name, f.Rows, want)
	}
	if strings.Contains(f.Name, "iana") {
		if f.Rejected != f.Rows || f.Rows == 0 {
			t.Errorf("%+v: IANA's rows are no registry's", f)
		}
		return
	}
	// The registries' own files are disjoint and well formed: nothing is lost.
	if f.Class != "derived" && f.Taken != f.Rows {
		t.Errorf("%s: %d of %d rows were taken", f.Name, f.Taken, f.Rows)
	}
	// LACNIC's basic files of 2025 state more AS rows than they list; all other
	// summary lines agree with the rows.
	odd := strings.Contains(f.Name, "delegated-lacnic-latest.txt")
	if f.Class != "derived" && (len(f.Warnings) > 0) != odd {
		t.Errorf("%s: warnings %q", f.Name, f.Warnings)
	}
}

// checkSources adds the sources up.
func checkSources(t *testing.T, totals Totals) {
	t.Helper()
	var sum Counts
	for _, c := range totals.BySource {
		sum.IPv4Addresses += c.IPv4Addresses
		sum.IPv4Blocks += c.IPv4Blocks
		sum.IPv6Blocks += c.IPv6Blocks
		sum.ASNumbers += c.ASNumbers
	}
	if sum != totals.Counts {
		t.Errorf("sources add up to %+v, totals are %+v", sum, totals.Counts)
	}
}

// TestFits_GEN7_real_data compares IANA's table with the registries' own files:
// most rows of each family fit, the rest moved between registries, many of them
// when AFRINIC and LACNIC began.
func TestFits_GEN7_real_data(t *testing.T) {
	names := append(slices.Clone(november[:3]), y2014...)
	for i, in := range realStats(t, names...) {
		_, rows, err := readStats(in, i, nil)
		if err != nil {
			t.Fatal(err)
		}
		var all, fit [3]int
		for _, r := range rows {
			all[r.family]++
			if r.fit {
				fit[r.family]++
			}
		}
		for f := range all {
			if 4*fit[f] < 3*all[f] {
				t.Errorf("%s: %d of %d %s rows fit", in.Name, fit[f], all[f], kinds[f])
			}
		}
	}
}

// TestBuild_GEN6_real_data builds from the five registries' rows of one day, with
// the files in another order than the titles are read in, and reads the state file back.
func TestBuild_GEN6_real_data(t *testing.T) {
	in := Input{ChainID: "real-1", Members: testMembers(4), Stats: realStats(t, november...)}
	for i, s := range in.Stats {
		in.Stats[i] = thinned(s, 4, nil)
	}
	rows, _, err := Rows(in.Stats)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(in.Stats)
	out := build(t, in)
	built, err := List(out.State)
	same := func(l *Listed, r Row) bool { return l.Resource == r.Resource && l.Source == r.Source }
	if err != nil || !slices.EqualFunc(built, rows, same) {
		t.Fatalf("another order of the files gives another genesis: %v", err)
	}
	s, err := DecodeState(out.Genesis, bytes.NewReader(out.StateFile), nil)
	if err != nil || s.Root() != out.State.Root() {
		t.Fatalf("the state file does not read back: %v", err)
	}
	t.Logf("%d records, %d bytes of state", s.Len(), len(out.StateFile))
}

// BenchmarkBuild measures the five registries' rows of one day.
func BenchmarkBuild(b *testing.B) {
	in := Input{ChainID: "real-1", Members: testMembers(4), Stats: realStats(b, november...)}
	b.ReportAllocs()
	for b.Loop() {
		build(b, in)
	}
}

// recordLines counts record lines the plain way.
func recordLines(raw []byte) (n int) {
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		version := strings.HasPrefix(line, "2|") || strings.HasPrefix(line, "2.3|")
		if line != "" && line[0] != '#' && !version && !strings.HasSuffix(line, "|summary") {
			n++
		}
	}
	return n
}

func checkReport(tb testing.TB, rep *Report) {
	tb.Helper()
	notTaken := 0
	for _, f := range rep.Files {
		if sum := f.Taken + f.Merged + f.Cut + f.Conflicting + f.Rejected; sum != f.Rows {
			tb.Errorf("%s: verdicts add up to %d, rows are %d", f.Name, sum, f.Rows)
		}
		notTaken += f.Rows - f.Taken
	}
	if len(rep.Lines) != notTaken {
		tb.Errorf("%d lines reported, %d were not taken", len(rep.Lines), notTaken)
	}
	for _, l := range rep.Lines {
		if l.Reason == "" || l.Line == 0 {
			tb.Fatalf("a line without a reason or number: %+v", l)
		}
	}
}

func checkDisjoint(tb testing.TB, rows []Row) {
	tb.Helper()
	for i := range rows {
		r := rows[i].Resource
		if !inr.Registrable(r) {
			tb.Fatalf("%v is never registrable", r)
		}
		if i > 0 && (inr.Compare(rows[i-1].Resource, r) >= 0 || inr.Overlaps(rows[i-1].Resource, r)) {
			tb.Fatalf("%v follows %v", r, rows[i-1].Resource)
		}
	}
}
