package rib_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"ipledger/ledger/rib"
	"ipledger/specs"
)

// record is a record of TABLE_DUMP_V2.
func record(kind uint16, size int) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0, 0, 0, 1, 0, 13}, kind)
	return binary.BigEndian.AppendUint32(b, uint32(size))
}

// held is a record of one IPv4 prefix of /32 as some peers have it, each by the AS.
func held(prefix uint32, origins ...uint32) []byte {
	body := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0, 32}, prefix)
	body = binary.BigEndian.AppendUint16(body, uint16(len(origins)))
	for _, as := range origins {
		body = append(body, 0, 0, 0, 0, 0, 0, 0, 9, 0x40, 2, 6, 2, 1)
		body = binary.BigEndian.AppendUint32(body, as)
	}
	return append(record(2, len(body)), body...)
}

// TestRead_binary_DRIFT14: records of many peers in any order give the routes that the
// same as lines give.
func TestRead_binary_DRIFT14(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 31))
	var dump, lines []byte
	entries := 0
	for i := range 5_000 {
		prefix := 0x0a000000 | uint32(i*7919%5_000)
		origins := make([]uint32, 1+random.IntN(40))
		for k := range origins {
			origins[k] = 1 + random.Uint32N(20)
			at := binary.BigEndian.AppendUint32(nil, prefix)
			lines = append(lines, line(at, origins[k])...)
		}
		entries += len(origins)
		dump = append(dump, held(prefix, origins...)...)
	}
	want, err := rib.Read(bytes.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	got, err := rib.Read(iotest.HalfReader(bytes.NewReader(dump)))
	if err != nil || got.Read != entries || got.Lines != entries || !slices.Equal(got.Routes, want.Routes) {
		t.Errorf("got %d routes of %d entries, want %d of %d, %v", len(got.Routes), got.Read, len(want.Routes), entries, err)
	}
	broken := errors.New("the disk")
	if _, err := rib.Read(io.MultiReader(bytes.NewReader(dump[:1000]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a reader's error: got %v", err)
	}
	for _, n := range []int{5, 11, 12, 30, len(dump) - 1} {
		if _, err := rib.Read(bytes.NewReader(dump[:n])); !errors.Is(err, rib.ErrTable) || !strings.Contains(err.Error(), "inside a record") {
			t.Errorf("%d bytes of it: got %v", n, err)
		}
	}
}

func line(at []byte, as uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d/32 %d\n", at[0], at[1], at[2], at[3], as)
}

// nothing is bytes without end, whatever the buffer has.
type nothing struct{}

func (nothing) Read(p []byte) (int, error) { return len(p), nil }

// TestRead_binary_bounded_DRIFT14 ends at the bounds of bytes and routes.
func TestRead_binary_bounded_DRIFT14(t *testing.T) {
	var long []io.Reader
	for range rib.DumpBytesMax / rib.RecordBytesMax {
		long = append(long, bytes.NewReader(record(1, rib.RecordBytesMax)), io.LimitReader(nothing{}, rib.RecordBytesMax))
	}
	if _, err := rib.Read(io.MultiReader(long...)); !errors.Is(err, rib.ErrTable) || !strings.Contains(err.Error(), "of all") {
		t.Errorf("records without end: got %v", err)
	}
	if _, err := rib.Read(new(growing)); !errors.Is(err, rib.ErrTable) || !strings.Contains(err.Error(), "routes") {
		t.Errorf("routes without end: got %v", err)
	}
}

// growing is a table of ever more prefixes.
type growing struct {
	n    uint32
	left []byte
}

func (g *growing) Read(p []byte) (int, error) {
	if len(g.left) == 0 {
		g.n++
		g.left = held(g.n, 1)
	}
	n := copy(p, g.left)
	g.left = g.left[n:]
	return n, nil
}

// BenchmarkRead_binary reads prefixes as 40 peers have them.
func BenchmarkRead_binary(b *testing.B) {
	origins := make([]uint32, 40)
	for i := range origins {
		origins[i] = 3333
	}
	var dump []byte
	for i := range uint32(20_000) {
		dump = append(dump, held(0x0a000000+i, origins...)...)
	}
	b.SetBytes(int64(len(dump)))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := rib.Read(bytes.NewReader(dump)); err != nil || len(got.Routes) != 20_000 {
			b.Fatal(err)
		}
	}
}

// FuzzRead_DRIFT14: whatever stands in records, each entry is counted once, and the
// routes are those of the same as text.
func FuzzRead_DRIFT14(f *testing.F) {
	for _, seed := range binaries(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := rib.Read(bytes.NewReader(raw))
		if err != nil {
			if !errors.Is(err, rib.ErrTable) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if got.Lines != got.Read+got.Comments+got.Unreadable || len(got.Routes) > got.Read*6 {
			t.Fatalf("got %+v", got)
		}
		again, err := rib.Read(strings.NewReader(text(got.Routes)))
		if err != nil || !slices.Equal(again.Routes, got.Routes) || again.Unreadable > 0 {
			t.Fatalf("%v came back as %v, %v", got.Routes, again, err)
		}
	})
}

// binaries are the binary tables of specs/vectors/drift.json.
func binaries(tb testing.TB) (all [][]byte) {
	raw, err := fs.ReadFile(specs.Files, "vectors/drift.json")
	if err != nil {
		tb.Fatal(err)
	}
	var v struct {
		Tables []struct{ Binary string }
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		tb.Fatal(err)
	}
	for _, one := range v.Tables {
		b, err := hex.DecodeString(one.Binary)
		if err != nil {
			tb.Fatal(err)
		}
		if len(b) > 0 {
			all = append(all, b)
		}
	}
	return all
}
