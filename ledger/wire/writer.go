package wire

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Writer writes canonical bytes field by field: the same bytes that Encode gets
// by reflection, for records that are written with every act. Its zero value is
// ready; Reset lets it be used again.
type Writer struct{ buf []byte }

// Appender is a record that knows its own fields. Append writes it whole, as
// one value, and the bytes MUST be those of reflection.
type Appender interface{ Append(w *Writer) }

// NewWriter has room for as many bytes before it grows.
func NewWriter(room int) Writer { return Writer{buf: make([]byte, 0, room)} }

// Bytes is what was written. It is valid until the next Reset.
func (w *Writer) Bytes() []byte { return w.buf }

// Reset forgets what was written and keeps the memory.
func (w *Writer) Reset() { w.buf = w.buf[:0] }

// Uint writes a number: its bytes without leading zeros.
func (w *Writer) Uint(v uint64) {
	switch {
	case v == 0:
		w.buf = append(w.buf, 0x80)
	case v < 0x80:
		w.buf = append(w.buf, byte(v))
	default:
		n := (bits.Len64(v) + 7) / 8
		var raw [8]byte
		binary.BigEndian.PutUint64(raw[:], v)
		w.buf = append(append(w.buf, 0x80+byte(n)), raw[8-n:]...)
	}
}

// Bool writes 1 or 0.
func (w *Writer) Bool(v bool) {
	if v {
		w.buf = append(w.buf, 1)
		return
	}
	w.buf = append(w.buf, 0x80)
}

// String writes a string of bytes.
func (w *Writer) String(s []byte) {
	if len(s) == 1 && s[0] < 0x80 {
		w.buf = append(w.buf, s[0])
		return
	}
	w.head(0x80, len(s))
	w.buf = append(w.buf, s...)
}

// Text is String for text.
func (w *Writer) Text(s string) {
	if len(s) == 1 && s[0] < 0x80 {
		w.buf = append(w.buf, s[0])
		return
	}
	w.head(0x80, len(s))
	w.buf = append(w.buf, s...)
}

// Resource writes a block of Internet numbers (specs/02 WIRE-4). It panics if r
// is none, as Encode does.
func (w *Writer) Resource(r Resource) {
	if !r.Valid() {
		panic(fmt.Sprintf("wire: encode resource %v: %v", r, ErrCanonical))
	}
	n := (int(r.Len) + 7) / 8
	w.buf = append(w.buf, 0x80+byte(2+n), byte(r.Family), r.Len)
	w.buf = append(w.buf, r.Addr[:n]...)
}

// List begins a list, which End ends; what is written between is in it.
func (w *Writer) List() (start int) { return len(w.buf) }

// End ends the list that List began at start: its length is known only now, so
// its content moves up to make room for it.
func (w *Writer) End(start int) {
	size := len(w.buf) - start
	w.head(0xc0, size)
	var head [9]byte
	n := copy(head[:], w.buf[start+size:])
	copy(w.buf[start+n:], w.buf[start:start+size])
	copy(w.buf[start:], head[:n])
}

// head writes the head of a string (0x80) or a list (0xc0) of size bytes.
func (w *Writer) head(kind byte, size int) {
	if size < 56 {
		w.buf = append(w.buf, kind+byte(size))
		return
	}
	n := (bits.Len64(uint64(size)) + 7) / 8
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], uint64(size))
	w.buf = append(append(w.buf, kind+55+byte(n)), raw[8-n:]...)
}
