package rib_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"ipledger/ledger/rib"
)

// text is routes as lines with the prefix first, NONE as a set.
func text(routes []rib.Route) string {
	var b strings.Builder
	for _, r := range routes {
		origin := fmt.Sprint(r.Origin)
		if r.Origin == rib.NONE {
			origin = "{1,2}"
		}
		fmt.Fprintf(&b, "%v %s\n", r.Prefix, origin)
	}
	return b.String()
}

// TestRead_DRIFT1 accounts for every line.
func TestRead_DRIFT1(t *testing.T) {
	got, err := rib.Read(strings.NewReader("; a table\n\n193.0.0.0/21\t3333\r\n193.0.0.1/21 3333\n % RIS\nno route\n3333 193.0.0.0/21 7\n# end"))
	if err != nil || got.Lines != 8 || got.Comments != 4 || got.Read != 2 || got.Unreadable != 2 || len(got.Routes) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := []rib.Unread{{4, "193.0.0.1/21 has host bits"}, {6, "no form of a route has these fields"}}
	if !slices.Equal(got.Shown, want) {
		t.Errorf("got %v, want %v", got.Shown, want)
	}
	for why, raw := range map[string]string{
		"nothing": "", "comments alone": "; a\n# b\n", "another file": "<html>\n<body>\n", "binary": "\x00\x01\x02\n\xff\xfe",
	} {
		if _, err := rib.Read(strings.NewReader(raw)); !errors.Is(err, rib.ErrTable) {
			t.Errorf("%s: got %v", why, err)
		}
	}
	many, err := rib.Read(strings.NewReader("193.0.0.0/21 1\n" + strings.Repeat("x\n", 100)))
	if err != nil || many.Unreadable != 100 || len(many.Shown) != rib.ShownMax {
		t.Errorf("many: got %+v, %v", many, err)
	}
	broken := errors.New("the disk")
	if _, err := rib.Read(io.MultiReader(strings.NewReader("193.0.0.0/21 1\n"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a reader's error: got %v", err)
	}
}

// TestRead_long_DRIFT1 meets lines that are too long, wherever they stand.
func TestRead_long_DRIFT1(t *testing.T) {
	long := strings.Repeat("7018 ", 1<<14)
	for _, raw := range []string{long + "\n193.0.0.0/21 1\n", "193.0.0.0/21 1\n" + long, "193.0.0.0/21 1\n" + strings.Repeat("1", rib.LineBytesMax+1)} {
		got, err := rib.Read(iotest.OneByteReader(strings.NewReader(raw)))
		if err != nil || got.Lines != 2 || got.Unreadable != 1 || got.Read != 1 {
			t.Errorf("%d bytes: got %+v, %v", len(raw), got, err)
		}
	}
}

// TestRead_DRIFT2 gives the same routes in any order and any number of times.
func TestRead_DRIFT2(t *testing.T) {
	var lines []string
	for i := range 70_000 {
		lines = append(lines, fmt.Sprintf("10.%d.%d.0/24 %d", i>>8&255, i&255, 1+i%7))
	}
	want, err := rib.Read(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil || len(want.Routes) != 70_000 || !slices.IsSortedFunc(want.Routes, rib.Compare) {
		t.Fatalf("got %d routes, %v", len(want.Routes), err)
	}
	lines = append(append(lines, lines...), lines...)
	rand.New(rand.NewPCG(2, 2)).Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
	got, err := rib.Read(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil || !slices.Equal(got.Routes, want.Routes) || got.Read != 210_000 {
		t.Errorf("got %d routes of %d lines, %v", len(got.Routes), got.Read, err)
	}
}

// endless is a table that does not end.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	var b bytes.Buffer
	for b.Len() < 32<<10 {
		e.n++
		fmt.Fprintf(&b, "%d.%d.%d.%d/32 1\n", e.n>>24&255, e.n>>16&255, e.n>>8&255, e.n&255)
	}
	return copy(p, b.Bytes()), nil
}

// TestRead_bounded ends at the bounds of text and routes.
func TestRead_bounded_DRIFT2(t *testing.T) {
	if _, err := rib.Read(new(endless)); !errors.Is(err, rib.ErrTable) || !strings.Contains(err.Error(), "routes") {
		t.Errorf("routes without end: got %v", err)
	}
	if _, err := rib.Read(blank{}); !errors.Is(err, rib.ErrTable) || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("text without end: got %v", err)
	}
}

// blank is a line without end.
type blank struct{}

func (blank) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// FuzzRead_DRIFT1_DRIFT2: whatever is read, each line is counted once, and the routes
// written in one form are the routes that are read of it.
func FuzzRead_DRIFT1_DRIFT2(f *testing.F) {
	for _, seed := range []string{
		"193.0.0.0/21 3333\n", "3333 193.0.0.0/21 345", "193.0.0.0\t21\t3333_12654,7", "2001:db8::/32 {1,2}", "; c\n\r\n",
		"TABLE_DUMP2|1448928000|B|12.0.1.63|7018|193.0.0.0/21|7018 1103 3333|IGP|12.0.1.63|0|0||NAG||",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := rib.Read(bytes.NewReader(raw))
		if err != nil {
			if !errors.Is(err, rib.ErrTable) {
				t.Fatalf("got %v", err)
			}
			return
		}
		lines := bytes.Count(raw, []byte("\n"))
		if !bytes.HasSuffix(raw, []byte("\n")) {
			lines++
		}
		if got.Lines != lines || got.Lines != got.Read+got.Comments+got.Unreadable {
			t.Fatalf("%d lines: %+v", lines, got)
		}
		again, err := rib.Read(strings.NewReader(text(got.Routes)))
		if err != nil || !slices.Equal(again.Routes, got.Routes) || again.Unreadable > 0 {
			t.Fatalf("%v came back as %v, %v", got.Routes, again, err)
		}
	})
}
