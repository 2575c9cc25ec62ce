package archive

import (
	"fmt"
	"io"

	"ipledger/ledger/chain"
)

// SegmentBlocks is how many heights a segment has: at a block every two seconds
// half an hour, which an interrupted export writes again at most.
const SegmentBlocks = 1_000

// AnswerBytes is what a node puts into one answer before it stops (ARCH-8).
const AnswerBytes = 4 << 20

// AnswerBytesMax bounds such an answer: a last block may come on top.
const AnswerBytesMax = AnswerBytes + BlockBytesMax + 1<<10

const magic = "ipledger-blocks/1\n"

// Name is the file of the segment whose first entry is of a height.
func Name(first uint64) string { return fmt.Sprintf("blocks-%016d.bin", first) }

// SegmentEnd is the last height of the segment that holds a height.
//
// specs/24 ARCH-2: A segment MUST hold the blocks whose heights, less 1, have
// the same quotient by 1,000, as far as they lie within first and last.
func SegmentEnd(height uint64) uint64 { return (height-1)/SegmentBlocks*SegmentBlocks + SegmentBlocks }

// Writer writes a segment. Close it to make it whole.
type Writer struct {
	out   *parter
	bytes uint64
	last  uint64 // height
	set   chain.ValidatorSet
}

// NewWriter begins a segment on w.
func NewWriter(w io.Writer) (*Writer, error) {
	out, err := newParter(w, magic)
	return &Writer{out: out}, err
}

// Bytes is what the entries so far take.
func (w *Writer) Bytes() uint64 { return w.bytes }

// Count is the number of entries so far.
func (w *Writer) Count() uint64 { return w.out.count }

// Add writes the next block.
//
// specs/24 ARCH-5: The entries of a segment MUST be of heights that follow each
// other; the first MUST have its validator set, another exactly if it is not
// that of the entry before.
func (w *Writer) Add(b *Block) error {
	if err := b.check(); err != nil {
		return err
	}
	first := w.out.count == 0
	if !first && b.Header.Height != w.last+1 {
		return malformed("ARCH-5", "block %d after block %d", b.Header.Height, w.last)
	}
	raw := b.encode(first || b.Set.Hash() != w.set.Hash())
	if len(raw) > BlockBytesMax {
		return malformed("ARCH-4", "block %d has %d bytes", b.Header.Height, len(raw))
	}
	w.last, w.set = b.Header.Height, b.Set
	w.bytes += uint64(len(raw))
	return w.out.put(raw)
}

// Close writes the end of the segment.
func (w *Writer) Close() error { return w.out.close() }

// Reader reads a segment, an entry at a time.
type Reader struct {
	in   *parts
	last uint64
	set  chain.ValidatorSet
}

// NewReader begins to read a segment from r, which should be buffered.
func NewReader(r io.Reader) (*Reader, error) {
	in, err := newParts(r, magic, "ARCH-3")
	return &Reader{in: in}, err
}

// Next is the next block; more is false after the last, when the end has been
// checked. An error that does not wrap ErrForm is the reader's own.
//
// specs/24 ARCH-3: ... a reader MUST refuse an entry beyond its bounds before it
// decodes it, and a segment that is cut short, is followed by anything, or ends
// with another number or hash.
func (r *Reader) Next() (b *Block, more bool, err error) {
	raw, more, err := r.in.next(BlockBytesMax)
	if err != nil || !more {
		return nil, false, err
	}
	if r.in.count > SegmentBlocks {
		return nil, false, malformed("ARCH-3", "more than %d entries", SegmentBlocks)
	}
	if b, err = decode(raw, r.set); err != nil {
		return nil, false, err
	}
	if r.in.count > 1 && b.Header.Height != r.last+1 {
		return nil, false, malformed("ARCH-5", "block %d after block %d", b.Header.Height, r.last)
	}
	r.last, r.set = b.Header.Height, b.Set
	return b, true, nil
}
