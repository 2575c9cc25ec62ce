package genesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

func TestContest_GEN6(t *testing.T) {
	for _, c := range readVectors(t).Contests {
		t.Run(c.Why, func(t *testing.T) {
			var in []Stats
			for _, f := range c.Files {
				in = append(in, Stats{Name: f.Name, Raw: []byte(strings.Join(f.Rows, "\n") + "\n")})
			}
			for range 2 {
				checkContest(t, in, c.Titles, c.Verdicts, c.Refused)
				slices.Reverse(in)
			}
		})
	}
}

func checkContest(t *testing.T, in []Stats, titles []string, verdicts map[string][]string, refused bool) {
	t.Helper()
	rows, rep, err := Rows(in)
	if refused != (err != nil) {
		t.Fatalf("refused %v, error %v", refused, err)
	}
	if err != nil {
		return
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%v %s %s", r.Resource, r.Source.Registry, r.State))
	}
	if !slices.Equal(got, titles) {
		t.Errorf("titles %q, want %q", got, titles)
	}
	for name, want := range verdicts {
		var got []string
		for _, l := range rep.Lines {
			if l.File == name {
				got = append(got, fmt.Sprintf("%d %s", l.Line, l.Verdict))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: verdicts %q, want %q; %+v", name, got, want, rep.Lines)
		}
	}
	checkReport(t, rep)
	checkDisjoint(t, rows)
}

// randomFiles are files full of conflicts in a little space.
func randomFiles(rnd *rand.Rand) []Stats {
	var out []Stats
	for i := range 1 + rnd.IntN(4) {
		var b strings.Builder
		if whole := rnd.IntN(2) == 0; whole {
			b.WriteString("2|nro|20240101|0|19700101|20240101|+0000\n")
		}
		for range rnd.IntN(30) {
			reg := record.Registries[rnd.IntN(5)]
			status := []string{"allocated", "assigned", "available", "reserved"}[rnd.IntN(4)]
			switch rnd.IntN(3) {
			case 0:
				fmt.Fprintf(&b, "%s|DE|ipv4|193.0.0.%d|%d|20240101|%s\n", reg, rnd.IntN(64), 1+rnd.IntN(32), status)
			case 1:
				fmt.Fprintf(&b, "%s|DE|asn|%d|%d|20240101|%s\n", reg, 64480+rnd.IntN(32), 1+rnd.IntN(12), status)
			case 2:
				n := 1 << rnd.IntN(6)
				fmt.Fprintf(&b, "%s|DE|ipv6|2a00::%x|%d|20240101|%s\n", reg, rnd.IntN(64)/n*n, 128-bitsOf(n), status)
			}
		}
		out = append(out, Stats{Name: fmt.Sprintf("file %d", i), Raw: []byte(b.String())})
	}
	return out
}

func bitsOf(n int) (k int) {
	for ; n > 1; n /= 2 {
		k++
	}
	return k
}

// TestSettle_GEN6_agrees_with_the_oracle asks of every number, alone, which row
// is the best over it; that is the law without its algorithm.
func TestSettle_GEN6_agrees_with_the_oracle(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var files []*statsFile
		var rows []row
		for i, in := range randomFiles(rnd) {
			f, more, err := readStats(in, i, rows)
			if err != nil {
				t.Fatal(err)
			}
			files, rows = append(files, f), more
		}
		c := settle(files, rows)
		checkOracle(t, c)
		checkReport(t, c.report())
		checkDisjoint(t, c.titles())
	}
}

func checkOracle(t *testing.T, c *contest) {
	t.Helper()
	for f, base := range map[wire.Family]number{
		wire.IPv4: {lo: 193 << 24}, wire.ASN: {lo: 64480}, wire.IPv6: {hi: 0x2a00 << 48},
	} {
		for i := range uint64(130) {
			n, _ := base.add(number{lo: i})
			want := c.best(f, n)
			k, found := slices.BinarySearchFunc(c.pieces[f], n, func(p piece, n number) int {
				switch {
				case n.less(p.first):
					return 1
				case p.last.less(n):
					return -1
				}
				return 0
			})
			switch {
			case want == nil && found && c.pieces[f][k].row != setAside:
				t.Fatalf("%v is won by nobody, got %+v", n, c.pieces[f][k])
			case want != nil && (!found || c.pieces[f][k].row == setAside || c.compare(&c.rows[c.pieces[f][k].row], want) != 0):
				t.Fatalf("%v is won by %+v", n, *want)
			}
		}
	}
}

// best is the plain answer: the least of all rows that cover n.
func (c *contest) best(f wire.Family, n number) *row {
	if !inr.Registrable(wire.Resource{Family: f, Len: uint8(f.Bits()), Addr: n.left(f)}) {
		return nil
	}
	var best *row
	for i := range c.rows {
		r := &c.rows[i]
		if r.family == f && !n.less(r.first) && !r.last.less(n) && (best == nil || c.compare(r, best) < 0) {
			best = r
		}
	}
	return best
}

func TestRows_GEN6_order_of_files(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		in := randomFiles(rnd)
		want, _, err := Rows(in)
		if err != nil {
			t.Fatal(err)
		}
		rnd.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		got, _, err := Rows(in)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("another order gives other titles (%v)", err)
		}
	}
}

func TestRows_GEN11(t *testing.T) {
	rows, _, err := Rows([]Stats{{Name: "a", Raw: []byte("ripencc|DE|ipv4|193.0.1.0|768|19930901|assigned\n")}})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if rows[0].Resource.String() != "193.0.1.0/24" || rows[1].Resource.String() != "193.0.2.0/23" || rows[0].Source != rows[1].Source {
		t.Errorf("%+v", rows)
	}
	s := rows[0].Source
	if s.First != [16]byte{193, 0, 1} || s.Last != [16]byte{193, 0, 3, 255} || rows[0].HandleKnown() {
		t.Errorf("source %+v", s)
	}
}

func TestRows_GEN9(t *testing.T) {
	basic := "2|apnic|20251129|1|19830613|20251128|+1000\napnic|JP|asn|4608|1|20200310|allocated\n"
	ext := "2|apnic|20251129|1|19830613|20251128|+1000\napnic|JP|asn|4608|1|20200310|allocated|A91\n"
	for _, in := range [][]Stats{{{"a", []byte(basic)}, {"b", []byte(ext)}}, {{"b", []byte(ext)}, {"a", []byte(basic)}}} {
		rows, rep, err := Rows(in)
		if err != nil || len(rows) != 1 || rows[0].Source.Handle != "A91" || !rows[0].HandleKnown() {
			t.Fatalf("%+v, %v", rows, err)
		}
		if len(rep.Lines) != 1 || rep.Lines[0].File != "a" || rep.Lines[0].Verdict != Merged {
			t.Errorf("%+v", rep.Lines)
		}
	}
}

func TestRows_GEN5(t *testing.T) {
	whole := func(day string) []byte {
		return []byte("2|apnic|1|1|19830613|" + day + "|+1000\napnic|JP|asn|4608|1|20200310|allocated\n")
	}
	list := []byte("apnic|JP|asn|4609|1|20200310|allocated\n")
	_, _, err := Rows([]Stats{{"old.txt", whole("20250601")}, {"new.txt", whole("20251128")}})
	if err == nil || !strings.Contains(err.Error(), "old.txt (20250601)") || !strings.Contains(err.Error(), "new.txt (20251128)") {
		t.Errorf("two dates: %v", err)
	}
	if _, _, err = Rows([]Stats{{"new.txt", whole("20251128")}, {"list-20250915.psv", list}}); err == nil {
		t.Error("a list of another date stands beside a whole file")
	}
	if _, _, err = Rows([]Stats{{"new.txt", whole("20251128")}, {"list.psv", list}}); err != nil {
		t.Errorf("a list without a date: %v", err)
	}
}
