package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Reader reads what Writer wrote, field by field. After its first error it reads
// nothing more.
//
// It does not ask whether the bytes are canonical, unless it is strict: of own records
// nobody needs to ask (see Own), of bytes from elsewhere Decode does.
type Reader struct {
	rest   []byte
	err    error
	strict bool // refuse what Writer does not write (see Decode)
}

// FieldReader is a record that knows its own fields: Read reads the whole of
// what Append wrote.
type FieldReader interface{ Read(r *Reader) }

// NewReader reads raw, which must not change as long as anything read of it is
// in use: String does not copy.
func NewReader(raw []byte) Reader { return Reader{rest: raw} }

var errFields = errors.New("wire: the bytes are not those fields")

// Err is the first error.
func (r *Reader) Err() error { return r.err }

// More reports whether the list being read has another value.
func (r *Reader) More() bool { return r.err == nil && len(r.rest) > 0 }

// Close ends a record or a list: nothing may be left.
func (r *Reader) Close() error {
	if r.err == nil && len(r.rest) > 0 {
		r.err = errFields
	}
	return r.err
}

// MustClose is Close for a record of this process's own: failing is a broken
// invariant, and it panics.
func (r *Reader) MustClose(what string) {
	if err := r.Close(); err != nil {
		panic(fmt.Errorf("wire: own %s: %w", what, err))
	}
}

// take reads one value: the payload of a string (kind 0x80) or list (0xc0).
func (r *Reader) take(kind byte) []byte {
	if r.err != nil || len(r.rest) == 0 {
		r.err = errFields
		return nil
	}
	first := r.rest[0]
	if first < 0x80 && kind == 0x80 {
		out := r.rest[:1:1]
		r.rest = r.rest[1:]
		return out
	}
	if first < kind || kind == 0x80 && first >= 0xc0 {
		r.err = errFields
		return nil
	}
	from, size := 1, uint64(first-kind)
	if size > 55 {
		from += int(size - 55)
		size = r.length(from)
	}
	if r.strict && !r.shortest(first, from, size) {
		r.err = errFields
		return nil
	}
	if size > uint64(len(r.rest)-min(from, len(r.rest))) {
		r.err = errFields
		return nil
	}
	end := from + int(size)
	out := r.rest[from:end:end]
	r.rest = r.rest[end:]
	return out
}

// shortest reports whether a value of so many bytes from a place on begins as Writer
// begins it: a byte below 0x80 stands for itself, a length above 55 has no leading
// zero, and one up to 55 is in the first byte.
func (r *Reader) shortest(first byte, from int, size uint64) bool {
	if from > 1 {
		return size > 55 && len(r.rest) > 1 && r.rest[1] != 0
	}
	return first != 0x81 || len(r.rest) > 1 && r.rest[1] >= 0x80
}

// length is the length written in the bytes from the second to the one at to.
func (r *Reader) length(to int) uint64 {
	if to > len(r.rest) {
		return math.MaxUint64
	}
	var raw [8]byte
	copy(raw[9-to:], r.rest[1:to])
	return binary.BigEndian.Uint64(raw[:])
}

// Uint reads a number.
func (r *Reader) Uint() uint64 {
	if r.err == nil && len(r.rest) > 0 && r.rest[0] <= 0x80 && !(r.strict && r.rest[0] == 0) { // most are this small
		v := uint64(r.rest[0] & 0x7f)
		r.rest = r.rest[1:]
		return v
	}
	raw := r.take(0x80)
	if len(raw) > 8 || r.strict && len(raw) > 0 && raw[0] == 0 {
		r.err = errFields
		return 0
	}
	var v uint64
	for _, b := range raw {
		v = v<<8 | uint64(b)
	}
	return v
}

// Byte reads a number of 8 bits.
func (r *Reader) Byte() uint8 {
	v := r.Uint()
	if v > math.MaxUint8 {
		r.err = errFields
	}
	return uint8(v)
}

// Bool reads 1 or 0.
func (r *Reader) Bool() bool {
	v := r.Uint()
	if r.strict && v > 1 {
		r.err = errFields
	}
	return v == 1
}

// String reads a string of bytes. It aliases what is read.
func (r *Reader) String() []byte { return r.take(0x80) }

// Text reads text.
func (r *Reader) Text() string { return string(r.take(0x80)) }

// Fill reads a string of exactly the length of dst.
func (r *Reader) Fill(dst []byte) {
	raw := r.take(0x80)
	if len(raw) != len(dst) {
		r.err = errFields
		return
	}
	copy(dst, raw)
}

// Resource reads a block of Internet numbers.
func (r *Reader) Resource() Resource {
	raw := r.take(0x80)
	if r.err != nil {
		return Resource{}
	}
	got, err := ResourceFromKey(raw)
	if err != nil {
		r.err = err
	}
	return got
}

// List reads a list, whose values the reader it returns reads. Close that one
// into this one with Leave.
func (r *Reader) List() Reader {
	raw := r.take(0xc0)
	return Reader{rest: raw, err: r.err, strict: r.strict}
}

// Leave ends a list that List began, and takes over its error.
func (r *Reader) Leave(list *Reader) {
	if err := list.Close(); err != nil && r.err == nil {
		r.err = err
	}
}
