package relay

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ipledger/ledger/wire"
)

func id(n int) wire.Hash { return wire.Sum(0, []byte{byte(n), byte(n >> 8)}) }

func openTest(t *testing.T, name string) *journal {
	t.Helper()
	j, err := openJournal(name, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// TestJournal_RLY1 opens what every cut of a journal leaves: no synced act is
// lost, and no cut is an error.
func TestJournal_RLY1(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	j := openTest(t, name)
	var ends []int64
	for n := range 5 {
		if err := j.put(id(n), bytes.Repeat([]byte{byte(n)}, 100)); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, j.size)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	if err := j.put(id(9), nil); !errors.Is(err, ErrClosed) {
		t.Errorf("after close: %v", err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		for _, tail := range [][]byte{nil, make([]byte, 50)} {
			rows, _, err := parseJournal(append(bytes.Clone(whole[:cut]), tail...))
			if err != nil && cut >= len(journalHead) {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			want := 0
			for _, end := range ends {
				if int64(cut) >= end {
					want++
				}
			}
			if len(rows) < want && err == nil {
				t.Fatalf("cut at %d: %d acts, want %d", cut, len(rows), want)
			}
		}
	}
}

// TestJournal_saysWhatItDrops opens a journal whose second half was zeroed.
func TestJournal_saysWhatItDrops_RLY1(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	raw := []byte(journalHead)
	for n := range 6 {
		raw = append(raw, row{rowPut, id(n), bytes.Repeat([]byte{7}, 100)}.frame()...)
	}
	for _, cut := range []int{0, 1, 200} {
		var out bytes.Buffer
		spoilt := bytes.Clone(raw)
		clear(spoilt[len(raw)-cut:])
		if err := os.WriteFile(name, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := openJournal(name, slog.New(slog.NewTextHandler(&out, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if err := j.close(); err != nil {
			t.Fatal(err)
		}
		if warned := bytes.Contains(out.Bytes(), []byte("level=WARN")); warned != (cut > 0) {
			t.Errorf("%d zeros at the end: warned: %t\n%s", cut, warned, out.String())
		}
	}
}

// TestJournal_flips finds every flipped bit before the last row.
func TestJournal_flips_RLY1(t *testing.T) {
	raw := []byte(journalHead)
	for n := range 3 {
		raw = append(raw, row{rowPut, id(n), bytes.Repeat([]byte{7}, 20)}.frame()...)
	}
	last := len(raw) - len(row{rowPut, id(2), bytes.Repeat([]byte{7}, 20)}.frame())
	for bit := range last * 8 {
		flipped := bytes.Clone(raw)
		flipped[bit/8] ^= 1 << (bit % 8)
		rows, _, err := parseJournal(flipped)
		if err == nil {
			t.Fatalf("bit %d of byte %d goes unnoticed: %d acts of 3", bit%8, bit/8, len(rows))
		}
	}
}

// TestJournal_rewrite keeps what is live while many write at once.
func TestJournal_rewrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	j := openTest(t, name)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for n := range 100 {
				if err := j.put(id(w*1000+n), make([]byte, 4096)); err != nil {
					t.Error(err)
				}
				if n != 50 {
					j.remove(id(w*1000 + n))
				}
			}
		})
	}
	all.Wait()
	if j.size > 2<<20 {
		t.Errorf("%d bytes for %d bytes of acts", j.size, j.bytes)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	again := openTest(t, name)
	defer again.close()
	if len(again.live) != 8 {
		t.Errorf("%d acts, want 8", len(again.live))
	}
	for w := range 8 {
		if again.live[id(w*1000+50)] == nil {
			t.Errorf("act %d is lost", w)
		}
	}
}

// FuzzJournal_RLY1: what is read from a journal is written again as the same bytes.
func FuzzJournal_RLY1(f *testing.F) {
	one := append([]byte(journalHead), row{rowPut, id(1), []byte("act")}.frame()...)
	f.Add(one)
	f.Add(append(one, row{rowRemove, id(1), nil}.frame()...))
	f.Add(one[:len(one)-1])
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, _, err := parseJournal(raw)
		if err != nil || len(rows) == 0 {
			return
		}
		again := []byte(journalHead)
		for _, r := range rows {
			again = append(again, r.frame()...)
		}
		if !bytes.HasPrefix(raw, again) {
			t.Errorf("%x was read, %x is written", raw, again)
		}
	})
}
