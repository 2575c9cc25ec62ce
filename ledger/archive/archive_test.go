package archive_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/archive"
)

func sha(raw []byte) [32]byte { return sha256.Sum256(raw) }

// entries cuts a segment into the bytes of its entries.
func entries(raw []byte) (out [][]byte) {
	for rest := raw[len("ipledger-blocks/1\n"):]; ; {
		n := binary.BigEndian.Uint32(rest)
		if n == 0 {
			return out
		}
		out, rest = append(out, rest[4:4+n]), rest[4+n:]
	}
}

// joinedOf is a segment of entries as they are.
func joinedOf(parts ...[]byte) []byte {
	out := []byte("ipledger-blocks/1\n")
	for _, p := range parts {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(p))), p...)
	}
	out = binary.BigEndian.AppendUint64(append(out, 0, 0, 0, 0), uint64(len(parts)))
	sum := sha(out)
	return append(out, sum[:]...)
}

func swapped(t testing.TB, a, b *archive.Block) []byte {
	return joinedOf(entries(segmentOf(t, a))[0], entries(segmentOf(t, b, a))[1])
}

func joined(t testing.TB, a, b *archive.Block) []byte {
	return joinedOf(entries(segmentOf(t, a))[0], entries(segmentOf(t, b))[0])
}

func headless(t testing.TB, a, b *archive.Block) []byte {
	return joinedOf(entries(segmentOf(t, a, b))[1])
}

// TestNames_ARCH2 divides heights into segments.
func TestNames_ARCH2(t *testing.T) {
	for height, end := range map[uint64]uint64{1: 1000, 1000: 1000, 1001: 2000, 2345: 3000} {
		if got := archive.SegmentEnd(height); got != end {
			t.Errorf("the segment of block %d ends at %d, want %d", height, got, end)
		}
	}
	if got := archive.Name(2001); got != "blocks-0000000000002001.bin" {
		t.Errorf("name %s", got)
	}
}

// TestBounds_ARCH4 writes and reads no entry beyond its bounds.
func TestBounds_ARCH4(t *testing.T) {
	blocks := chainOf(t).blocks
	for why, change := range map[string]func(b *archive.Block){
		"":                        func(*archive.Block) {},
		"too many acts":           func(b *archive.Block) { b.Acts = make([][]byte, archive.ActsMax+1); b.Receipts = b.Acts },
		"acts too large together": func(b *archive.Block) { b.Acts = [][]byte{make([]byte, archive.ActsBytesMax+1)} },
		"a receipt too few":       func(b *archive.Block) { b.Receipts = nil },
		"a receipt too long":      func(b *archive.Block) { b.Receipts = [][]byte{make([]byte, archive.ReceiptBytesMax+1)} },
		"too much evidence":       func(b *archive.Block) { b.Evidence = [][]byte{make([]byte, archive.EvidenceBytesMax+1)} },
		"a slot too few":          func(b *archive.Block) { b.Certificate.Slots = b.Certificate.Slots[:3] },
		"no set":                  func(b *archive.Block) { b.Set = nil },
		"a header out of bounds":  func(b *archive.Block) { b.Header.ChainID = "" },
	} {
		b := *blocks[1]
		change(&b)
		w, err := archive.NewWriter(new(bytes.Buffer))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Add(&b); (err == nil) != (why == "") || err != nil && !errors.Is(err, archive.ErrForm) {
			t.Errorf("%q: %v", why, err)
		}
	}
}

// TestSegment_ARCH5 reads what was written, the set known throughout.
func TestSegment_ARCH5(t *testing.T) {
	blocks := chainOf(t).blocks
	raw := segmentOf(t, blocks...)
	got, err := readAll(raw)
	if err != nil || len(got) != len(blocks) {
		t.Fatalf("%d blocks, %v", len(got), err)
	}
	for i, b := range got {
		if b.Header.Hash() != blocks[i].Header.Hash() || b.Set.Hash() != blocks[i].Set.Hash() || len(b.Acts) != len(blocks[i].Acts) {
			t.Errorf("block %d reads as %+v", i+1, b)
		}
	}
	if again := segmentOf(t, got...); !bytes.Equal(again, raw) {
		t.Error("what was read is written otherwise")
	}
	w, _ := archive.NewWriter(new(bytes.Buffer))
	if err := errors.Join(w.Add(blocks[0]), w.Add(blocks[2])); !errors.Is(err, archive.ErrForm) || !strings.Contains(err.Error(), "ARCH-5") {
		t.Errorf("a gap was written: %v", err)
	}
}

// FuzzSegment_ARCH3: what reads as a segment is written again to the same bytes.
func FuzzSegment_ARCH3(f *testing.F) {
	for _, s := range loadVectors(f).Segments {
		f.Add([]byte(s.Bytes))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if blocks, err := readAll(raw); err == nil && !bytes.Equal(segmentOf(t, blocks...), raw) {
			t.Error("it is written otherwise")
		}
	})
}

// FuzzSnapshot_ARCH9: what reads as a snapshot is written again to one that reads
// the same; its chunks may be cut otherwise.
func FuzzSnapshot_ARCH9(f *testing.F) {
	for _, s := range loadVectors(f).Snapshots {
		f.Add([]byte(s.Bytes))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		head, state, err := archive.ReadSnapshot(bytes.NewReader(raw), valueOf, func(*archive.Head) error { return nil })
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := archive.WriteSnapshot(&out, head, state, nil); err != nil {
			t.Fatal(err)
		}
		again, same, err := archive.ReadSnapshot(&out, valueOf, func(*archive.Head) error { return nil })
		if err != nil || same.Root() != state.Root() || again.After.Header != head.After.Header {
			t.Errorf("it is written otherwise: %v", err)
		}
	})
}

// FuzzAbout_ARCH1: what reads as an ARCHIVE is written again to the same bytes.
func FuzzAbout_ARCH1(f *testing.F) {
	for _, a := range loadVectors(f).About {
		f.Add(a.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := archive.AboutFromText(text); err == nil && a.Text() != text {
			t.Errorf("%q is written as %q", text, a.Text())
		}
	})
}
