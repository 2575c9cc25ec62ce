package genesis

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// vectors are specs/vectors/genesis.json.
type vectors struct {
	Rows []struct {
		Line  string `json:"line"`
		Whole bool   `json:"whole"`
		Valid bool   `json:"valid"`
		Why   string `json:"why"`
	} `json:"rows"`
	Contests []struct {
		Why   string `json:"why"`
		Files []struct {
			Name string   `json:"name"`
			Rows []string `json:"rows"`
		} `json:"files"`
		Titles   []string            `json:"titles"`
		Verdicts map[string][]string `json:"verdicts"`
		Refused  bool                `json:"refused"`
	} `json:"contests"`
	ChainIDs []struct {
		ID    string `json:"id"`
		Valid bool   `json:"valid"`
	} `json:"chain_ids"`
	Genesis struct {
		File string `json:"file"`
		Hash string `json:"hash"`
	} `json:"genesis"`
}

func readVectors(t testing.TB) (v vectors) {
	t.Helper()
	raw, err := os.ReadFile("../../specs/vectors/genesis.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestReadRow_GEN2(t *testing.T) {
	for _, c := range readVectors(t).Rows {
		t.Run(c.Why, func(t *testing.T) {
			r, err := readRow(c.Line, c.Whole)
			if c.Valid != (err == nil) {
				t.Fatalf("%q: %+v, %v; want valid %v", c.Line, r, err, c.Valid)
			}
		})
	}
}

func TestReadRow_GEN8(t *testing.T) {
	for _, c := range []struct {
		line   string
		legacy bool
	}{
		{"arin|US|ipv4|4.0.0.0|256|19921201|allocated", true},
		{"arin|US|ipv4|4.0.0.0|256|00000000|allocated", true},
		{"arin|US|ipv4|4.0.0.0|256|19971222|allocated", false},
		{"arin|US|ipv4|23.0.0.0|256|19921201|allocated", false},
		{"arin|US|ipv4|22.255.255.0|512|19921201|allocated", false},
		{"arin|US|asn|1|1|19921201|allocated", false},
	} {
		if r, err := readRow(c.line, true); err != nil || r.legacy != c.legacy {
			t.Errorf("%s: legacy %v, %v", c.line, r.legacy, err)
		}
	}
}

func TestFits_GEN7(t *testing.T) {
	for _, c := range []struct {
		line string
		fit  bool
	}{
		{"afrinic|ZA|ipv4|41.0.0.0|256|20100101|allocated", true},
		{"ripencc|DE|ipv4|41.0.0.0|256|20100101|allocated", false},
		{"ripencc|DE|ipv4|40.255.255.0|512|20100101|allocated", false}, // half of it
		{"ripencc|DE|ipv4|4.0.0.0|256|20100101|allocated", true},       // legacy space fits all
		{"apnic|JP|ipv6|2001:200::|23|20100101|allocated", true},
		{"apnic|JP|ipv6|2001:c00::|22|20100101|allocated", true}, // two runs of its own
		{"arin|US|ipv6|2001:400::|22|20100101|allocated", false},
		{"apnic|JP|ipv6|2410::|12|20240101|allocated", true},
		{"arin|US|ipv6|3000::|16|20240101|allocated", false}, // given to nobody
		{"arin|US|asn|1|1876|20240101|allocated", true},
		{"arin|US|asn|1|1877|20240101|allocated", false},
		{"lacnic|BR|asn|262144|1000|20240101|allocated", true},
		{"lacnic|BR|asn|64496|1|20240101|allocated", false},
	} {
		if r, err := readRow(c.line, true); err != nil || r.fit != c.fit {
			t.Errorf("%s: fit %v, %v; want %v", c.line, r.fit, err, c.fit)
		}
	}
	for f, table := range grants {
		for i, g := range table {
			if int(g.family) != f || g.last.less(g.first) || i > 0 && !table[i-1].last.less(g.first) {
				t.Errorf("entry %d of family %d is out of order: %+v", i, f, g)
			}
		}
	}
}

func TestReadStats_GEN3(t *testing.T) {
	file := "# a comment\r\n\n2.3|lacnic|20240104|4|19870101|20240104|-0300\nlacnic|*|ipv4|*|1|summary\nlacnic|*|asn|*|2|summary\n" +
		"lacnic|BR|ipv4|24.152.0.0|1024|20200310|allocated|310248\nlacnic||asn|27815|2||available\r\n" +
		"apnic|JP|asn|4608|1|20200310|allocated\nnonsense\n"
	f, rows, err := readStats(Stats{Name: "x", Raw: []byte(file)}, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.rows != 4 || len(rows) != 2 || len(f.rejected) != 2 || f.class.String() != "extended" || f.date != 20240104 {
		t.Fatalf("%+v, %d rows", f, len(rows))
	}
	if rows[0].handle != "310248" || rows[1].handle != "" || rows[1].line != 7 || f.rejected[1].Line != 9 {
		t.Errorf("rows %+v, rejected %+v", rows, f.rejected)
	}
	if w := f.warnings(); len(w) != 1 || !strings.Contains(w[0], "states 2 asn rows, 1 were read") {
		t.Errorf("warnings %q", w)
	}
	derived, rows, err := readStats(Stats{Name: "x", Raw: []byte("arin|US|ipv4|4.0.0.0|256|||assigned?\n")}, 0, nil)
	if err != nil || derived.class.String() != "derived" || rows[0].status != "assigned" || rows[0].handle != "" {
		t.Errorf("%+v, %+v, %v", derived, rows, err)
	}
}

func TestReadStats_GEN1(t *testing.T) {
	long := "arin|US|ipv4|4.0.0.0|256|||" + strings.Repeat("x", LineBytesMax) + "\n"
	if f, rows, err := readStats(Stats{Raw: []byte(long)}, 0, nil); err != nil || len(rows) != 0 || len(f.rejected) != 1 {
		t.Errorf("a long line: %d rows, %v", len(rows), err)
	}
	for name, in := range map[string][]Stats{
		"a file still compressed": {{Raw: []byte{0x1f, 0x8b, 8, 0, 0}}},
		"a file too large":        {{Raw: make([]byte, StatsBytesMax+1)}},
		"too many files":          make([]Stats, StatsFilesMax+1),
	} {
		if _, _, err := Rows(in); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestDateIn_GEN4(t *testing.T) {
	for name, want := range map[string]uint32{
		"base-all-five-20250915.psv":              20250915,
		"diff-20250602-20251128.psv":              20251128,
		"stats-20251128/reconstructed-arin.psv":   20251128,
		"20240101/stats-x/reconstructed-arin.psv": 0,
		`stats-20251128\arin.psv`:                 20251128,
		"arin.psv":                                0,
		"serial-1365458399.psv":                   0,
		"99999999.psv":                            0,
		"202511281.psv":                           0,
	} {
		if got := dateIn(name); got != want {
			t.Errorf("dateIn(%q) = %d, want %d", name, got, want)
		}
	}
}

func FuzzReadStats_GEN1(f *testing.F) {
	f.Add([]byte("2|arin|20251128|1|19700101|20251128|+0000\narin|*|ipv4|*|1|summary\narin|US|ipv4|4.0.0.0|300|19920101|allocated|x\n"))
	f.Add([]byte("arin|US|ipv6|2600::|12|||\narin|US|ipv6|2600::|13|||\nripencc|DE|ipv6|2600::|13|||\narin|US|asn|1|9|||"))
	f.Add([]byte("apnic|JP|ipv4|0.0.0.0|4294967296|||\napnic|JP|ipv6|::|0|||\napnic|JP|asn|0|4294967296|||"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, rep, err := Rows([]Stats{{Name: "x", Raw: raw}})
		if err != nil {
			return
		}
		checkReport(t, rep)
		checkDisjoint(t, rows)
	})
}
